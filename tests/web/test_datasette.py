"""What Datasette serves, requested with its own client."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from datasette.app import Datasette

from benchmarks.serving import served as benchmark_served
from scraper.web.languages import using
from scraper.web.months import calendar
from scraper.web.notices import notices_of
from tests.conftest import PROJECT, Place
from tests.described import metadata, named_queries
from tests.web.site_pages import VALUES

Get = Callable[..., Any]


@pytest.fixture(scope="module")
def get(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Get:
    """Gets a page of the sample's archive."""
    return served(sample.archive, tmp_path_factory.mktemp("served"))


def served(archive: Path, folder: Path, **settings: object) -> Get:
    """Returns a function that gets a page of an archive, served as `datasette .` serves it. It fails on any status but 200, or the one that
    is named; None: any status.
    """
    if archive != folder / "archive.db":
        shutil.copy(archive, folder / "archive.db")
    for name in ("metadata.yml", "settings.json"):
        shutil.copy(PROJECT / name, folder / name)
    datasette = Datasette(
        files=[str(folder / "archive.db")],
        metadata=metadata(),
        settings=json.loads((PROJECT / "settings.json").read_text(encoding="utf-8")) | settings,
        config_dir=None,
    )

    def request(path: str, status: int | None = 200, headers: Mapping[str, str] | None = None, **parameters: str) -> Any:
        async def go() -> Any:
            return await datasette.client.get(path, params=parameters or None, headers=headers)

        response = asyncio.run(go())
        assert status is None or response.status_code == status, f"{path}: {response.status_code} {response.text[:300]}"
        return response

    return request


def csv_rows(response: Any) -> list[dict[str, str]]:
    """Returns the rows of a CSV file, which begins with a byte order mark."""
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_an_archive_of_an_earlier_version_is_not_served(sample: Place, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    shutil.copy(sample.archive, archive)
    with closing(sqlite3.connect(archive)) as database, database:
        database.execute("delete from _sqlite_migrations where name = 'm006_codes_of_rules'")
    command = [sys.executable, "-m", "datasette", str(archive), "--get", "/"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(f"Error: {archive}: was made by an earlier version") and "scrapy reparse" in done.stderr
    assert done.stderr.count("\n") == 1


def test_notices_that_cannot_be_read_in_time_are_no_error(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "archive.db")) as database, database:
        endless = "with recursive numbers (id) as (select 1 union all select id + 1 from numbers)"
        database.execute(f"create view notices as {endless} select id, id as name, id as name_en from numbers")
    datasette = Datasette(files=[str(tmp_path / "archive.db")], settings={"sql_time_limit_ms": 50})
    assert asyncio.run(notices_of(datasette, "archive")) == []


def test_plain_datasette_can_be_measured_beside_the_archive(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "plain.db")) as database, database:
        database.execute("create table articles (id integer primary key)")
    with benchmark_served(tmp_path / "plain.db", "plain", plain=True) as url:
        assert httpx.get(f"{url}/-/plugins.json").json() == []
        assert httpx.get(f"{url}/plain/articles").status_code == 200


def _titles(get: Get, words: str) -> set[str]:
    found = get("/archive/articles.json", _search=words, _shape="objects", _size="100").json()
    assert found.get("truncated") is not True
    return {row["title"] for row in found["rows"]}


def test_search_with_and_without_marks(get: Get) -> None:
    without, with_marks = _titles(get, "nghe an"), _titles(get, "Nghệ An")
    assert len(without) >= 8 and with_marks <= without
    assert "Nghệ An hưởng ứng Ngày Chuyển đổi số quốc gia" in with_marks
    assert _titles(get, "nghê án") == set()  # diacritics that are typed count
    assert _titles(get, "phần mềm nguồn mở") == _titles(get, "phan mem nguon mo") != set()
    assert _titles(get, '"nguồn mở"') and not _titles(get, '"mở nguồn"')


@pytest.mark.parametrize("words", ["07/2008/CT-BTTTT", "chi thi 07/2008/CT-BTTTT", "Chỉ thị 07/2008/ct-btttt"])
def test_search_for_a_number(get: Get, words: str) -> None:
    found = _titles(get, words)
    assert "Nghệ An: Hội thảo phần mềm nguồn mở và tập huấn hệ thống quản lý chất lượng" in found
    assert 6 <= len(found) <= 9


@pytest.mark.parametrize("words", ['"', "AND", "a OR", "NEAR(", "title:", "-", "*", "đ", "()", "''", "🙂", "a" * 3000])
def test_nothing_that_is_typed_is_an_error(get: Get, words: str) -> None:
    get("/archive/articles.json", _search=words)
    get("/archive/search.json", q=words)
    for ending in ("", ".json", ".csv"):  # that no document fits is said, with status 400
        assert get(f"/archive/who_cited{ending}", None, number=words).status_code in (200, 400)
    get("/archive/find_document.json", q=words)


def test_both_placings_of_the_tone_find_the_same(get: Get) -> None:
    """Thanh Hoá and Thanh Hóa, decomposed or not."""

    def value(sql: str, words: str) -> str:
        return str(get("/archive.json", sql=sql, q=words).json()["rows"][0][0])

    spellings = ("Thanh Hoá", "Thanh Hóa", "Thanh Ho\u0301a", "Thanh Hoa\u0301")
    assert len({value("select escape_fts(:q)", words) for words in spellings}) == 1
    assert value("select search_form(:q)", "thuỷ") == value("select search_form(:q)", "thủy")


def test_who_cited(get: Get) -> None:
    for number in ("07/2008/CT-BTTTT", "chi thi 7/2008/ct-btttt", "Chỉ thị số 07/2008/CT-BTTTT"):
        rows = get("/archive/who_cited.json", number=number, _shape="objects").json()["rows"]
        assert [(row["unit"], row["days_after_issue"]) for row in rows] == [
            ("Nghệ An", 197),
            ("Bộ Thông tin và Truyền thông", 199),
            ("Hà Nội", 437),
            ("Bộ Khoa học và Công nghệ", 5914),
        ]


def test_every_named_query_answers(get: Get) -> None:
    queries = named_queries()
    for name, query in queries.items():
        given = {one: VALUES[one] for one in query.get("params", [])}
        answer = get(f"/archive/{name}.json", **given).json()
        assert answer.get("error") is None, name


def test_from_the_home_page_to_an_article_and_a_document(get: Get) -> None:
    home = get("/").text
    assert "Kho lưu trữ tin tức cơ quan nhà nước Việt Nam" in home and ">48<" in home
    document = re.search(r'href="(/archive/documents/\d+)">Chỉ thị 07/2008/CT-BTTTT', home)
    assert document
    page = get(document[1]).text
    assert "2008-12-30" in page and "Bộ Thông tin và Truyền thông" in page and "<mark>" in page
    article = re.search(r'href="(/archive/articles/\d+)" lang="vi">Nghệ An: Hội thảo', page)
    assert article
    shown = get(article[1]).text
    assert f'href="{document[1]}"' in shown and 'class="citation"' in shown and 'class="story"' in shown
    assert "sharepoint/mic-2020" in shown
    _check_digest(shown)


def _check_digest(shown: str) -> None:
    """Checks the article page of the sample's digest: dateline, byline, each story with its day, the citations by story."""
    assert "<dd>Mic.sample.test</dd>" in shown and "<dd>Phòng Công nghệ thông tin - Sở TT&amp;TT Nghệ An</dd>" in shown
    stories = re.findall(r'<li><a href="#(story-\d)" lang="vi">([^<]+)</a>.*?<time datetime="([\d-]+)">', shown)
    assert stories == [
        ("story-1", "Hội thảo giới thiệu phần mềm nguồn mở cho cơ quan nhà nước", "2009-07-14"),
        ("story-2", "Tập huấn áp dụng tiêu chuẩn TCVN ISO 9001:2008", "2009-07-09"),
    ]
    assert re.findall(r'<p class="story" id="(story-\d)">', shown) == ["story-1", "story-2"]
    groups = [part.count('href="/archive/citations/') for part in shown.split('<tr class="group">')[1:]]
    assert groups == [1, 4] and "danhgia" not in shown and "ĐÁNH GIÁ BÀI VIẾT" not in shown


def test_codes_are_shown_with_their_meaning_in_the_language_of_the_page(sample: Place, tmp_path: Path) -> None:
    archive = tmp_path / "marked.db"
    shutil.copy(sample.archive, archive)
    with closing(sqlite3.connect(archive)) as database, database:
        [(article_id,)] = database.execute("select id from articles where title like 'Nghệ An: Hội thảo%'").fetchall()
        database.execute(
            "update article_fields set rule = 'value-rejected', rule_parameter = '.author',"
            " rule_notes = 'entities-repaired rejected-account', rejected = 'admin <b>' where field = 'author' and article_id = ?",
            [article_id],
        )
        database.execute("update date_readings set verdict = 'too-early', rule = 'no longer described' where article_id = ?", [article_id])
    (tmp_path / "served").mkdir()
    get = served(archive, tmp_path / "served")
    expected = {
        "": (
            ("tác giả", "trang có một giá trị không thể là giá trị của trường này", "tài khoản biên tập"),
            ("<td>bị loại: trước năm 1997</td>", "<td>no longer described"),
            ("đã xong", "thu thập", ">trang khác thay thế</a>"),
            "trang khác thay thế (1)",
        ),
        "/en": (
            ("author", "broken HTML entities were repaired", "rejected: the account of an editor"),
            ("<td>rejected: before 1997</td>", "<td>no longer described"),
            ("finished", "crawl", ">another page instead</a>", "The site answers with another page instead"),
            "another page instead (1)",
        ),
    }
    for start, ((field, *of_the_author), of_the_article, of_the_source, of_the_archive) in expected.items():
        shown = re.sub(r"\s+", " ", get(f"{start}/archive/articles/{article_id}").text)
        [author] = re.findall(rf"<tr><th[^>]*>{field}</th><td>(.*?)</td>", shown)
        assert all(text in author for text in (*of_the_author, "<code>.author</code>", "admin &lt;b&gt;"))
        assert all(text in shown for text in of_the_article)
        source = get(f"{start}/archive/sources/sample-nghe-an").text
        assert all(text in source for text in of_the_source)
        assert of_the_archive in get(start or "/").text
    rows = get("/archive/fields_by_rule.json", _shape="objects").json()["rows"]
    titles = [
        (row["rule"], row["rule_parameter"], row["articles"])
        for row in rows
        if (row["layout"], row["field"]) == ("sharepoint/mic-2020", "title")
    ]
    assert titles == [("layout-selector", "#news_content h1", 16)]


def test_months_that_were_not_observed_are_not_zero(get: Get) -> None:
    rows = get("/archive/articles_per_month.json", unit="ha noi", _shape="objects").json()["rows"]
    crawled = [row for row in rows if row["source_id"] == "sample-ha-noi"]
    [(stored,)] = get("/archive.json", sql="select count(*) from articles where source_id = 'sample-ha-noi'").json()["rows"]
    assert sum(row["articles"] or 0 for row in crawled) == stored
    assert all(row["why"] for row in crawled if row["state"] != "complete")
    page = get("/archive/units/ha-noi").text
    assert page.count('<table class="months">') == 1 and "Số bài theo tháng" in page
    gaps = get("/en/-/gaps").text
    assert 'href="/en/archive/sources/sample-mst"' in gaps and "Lists of the source were not read, or not so far back." in gaps


def test_months_after_the_last_crawl_are_not_observed(sample: Place, tmp_path: Path) -> None:
    archive = tmp_path / "paused.db"
    shutil.copy(sample.archive, archive)
    with closing(sqlite3.connect(archive)) as database, database:
        [(last,)] = database.execute("select max(month) from observed where month <> 'unknown'").fetchall()
        database.execute("delete from observed where month >= '2026-03' and month <> 'unknown'")
        database.execute("update sources set valid_to = '2026-05-31' where id = 'sample-mst'")
    (tmp_path / "served").mkdir()
    get = served(archive, tmp_path / "served")
    for unit, source, until in (("nghe an", "sample-nghe-an", last), ("Bộ Khoa học và Công nghệ", "sample-mst", "2026-05")):
        rows = get("/archive/articles_per_month.json", unit=unit, _shape="objects").json()["rows"]
        later = [row for row in rows if row["source_id"] == source and row["month"] >= "2026-03"]
        assert {(row["state"], row["articles"]) for row in later} == {("not-observed", None)} and later[0]["month"] == "2026-03"
        assert max(row["month"] for row in later) >= until and (until > "2026-05" or later[-1]["month"] == until)
        assert all("từ đó chưa thu thập" in row["why"] for row in later)
        assert get(f"/archive/sources/{source}").text.count("từ đó chưa thu thập") == len(later)
        assert get(f"/en/archive/sources/{source}").text.count("not crawled since") == len(later)


def test_the_calendar_of_months() -> None:
    row: dict[str, Any] = {"articles": 3, "waiting": 0, "failed": 0, "lists": 2, "why": None}
    rows: list[dict[str, Any]] = [
        row | {"month": "2025-12", "state": "complete", "articles": 0},
        row | {"month": "2026-01", "state": "partial", "waiting": 1200, "why": "vì <x>"},
        row | {"month": "2026-02", "state": "partial"},
        row | {"month": "2026-03", "state": "not-observed", "articles": None},
        row | {"month": "unknown", "state": "partial"},
    ]
    cells = re.findall(r"<td(.*?)</td>", str(calendar(rows)))
    assert len(cells) == 24 and [cell.startswith(">") for cell in cells] == [True] * 11 + [False] * 4 + [True] * 9
    assert [re.sub(r"<.*?>", "", cell.split(">", 1)[1]) for cell in cells[11:15]] == ["0", "3+1.200", "3+?", "–"]
    assert "nêu mà chưa lưu: 1.200; vì &lt;x&gt;" in cells[12] and 'class="not-observed"' in cells[14]
    with using("en"):
        assert "listed, not stored: 1,200; vì" in str(calendar(rows))
    assert str(calendar([])) == ""


def test_every_page_of_a_row_opens(get: Get) -> None:
    tables = get("/archive.json").json()["tables"]
    for table in (table for table in tables if not table["hidden"] and table["count"]):
        listed = get(f"/archive/{table['name']}.json", _size="1").json()
        assert get(f"/archive/{table['name']}").text.count("<h1")
        assert listed["rows"], table["name"]
    get("/archive/sources/sample-nghe-an")
    get("/archive/articles/99999", status=404)


def test_csv_is_whole(get: Get) -> None:
    rows = csv_rows(get("/archive/articles.csv", _stream="1"))
    assert len(rows) == 48
    assert {row["title"] for row in rows} >= {"Tin vắn cải cách hành chính tháng 3/2011"}
    cited = csv_rows(get("/archive/citations.csv", _stream="1", _labels="on"))
    assert len(cited) > 100 and "document_id_label" in cited[0]


def test_keys_are_shown_with_names(get: Get) -> None:
    html = get("/archive/articles").text
    assert "Mẫu: Sở Thông tin và Truyền thông Nghệ An" in html
    assert "Ngày đăng" in html or "Thời điểm đăng" in html
    assert "Văn bản" in get("/archive/documents").text


def test_keys_are_shown_with_names_on_the_page_of_a_row_too(get: Get, sample: Place) -> None:
    [(citation, title, label, document)] = sample.rows(
        "select citations.id, articles.title, label, document_id from citations join articles on articles.id = article_id"
        " join documents on documents.id = document_id order by citations.id limit 1"
    )
    page = get(f"/en/archive/citations/{citation}").text
    assert f">{escape(title)}</a>" in page
    assert f'<a href="/en/archive/documents/{document}">{escape(label)}</a>&nbsp;<em>{document}</em>' in page
    assert "/en/archive/sources/sample-mic" in get("/en/archive/captures/1").text


def test_robots_txt_allows_only_the_light_pages(get: Get) -> None:
    assert "Disallow" in get("/robots.txt").text


def test_a_folder_without_an_archive_says_what_to_do(tmp_path: Path) -> None:
    datasette = Datasette(files=[])

    async def go() -> str:
        return str((await datasette.client.get("/")).text)

    assert "make archive" in asyncio.run(go())


@pytest.mark.parametrize("ending", ["", ".json", ".csv"])
def test_the_url_of_a_row_needs_all_keys(get: Get, ending: str) -> None:
    get(f"/archive/coverage/sample-ha-noi{ending}", status=404)


def test_a_database_that_is_not_an_archive_is_served_without_the_pages_of_one(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as database, database:
        database.execute("create table things (name text)")
    datasette = Datasette(files=[str(tmp_path / "other.db")])

    async def go() -> dict[str, tuple[int, str]]:
        paths = ("/", "/-/gaps", "/-/charts", "/-/search?q=a", "/-/who-cited?number=a", "/-/health", "/-/about", "/other", "/other/things")
        found = {path: await datasette.client.get(path) for path in paths}
        return {path: (response.status_code, response.text) for path, response in found.items()}

    found = asyncio.run(go())
    assert {path for path, (status, _) in found.items() if status == 404} == {"/-/gaps", "/-/charts"}
    assert all(status in (200, 404) for status, _ in found.values())
    assert "make archive" in found["/"][1]


def test_the_health_of_the_sources(get: Get, sample: Place, tmp_path: Path) -> None:
    page = get("/-/health").text
    assert page.count('class="state ok"') == 1 + 4 and "Chưa có lượt chạy" not in page
    assert 'href="/archive/sources/sample-mic"' in page and "chưa đủ dữ liệu để so sánh" in page
    assert "too little known to compare" in get("/en/-/health").text
    content = get("/-/health.json").json()
    assert content["counts"] == {"ok": 4} and {one["source"] for one in content["sources"]} >= {"sample-mic", "sample-ha-noi"}
    assert ElementTree.fromstring(get("/-/health.atom").content).findall("{http://www.w3.org/2005/Atom}entry") == []
    assert 'href="/-/health"' in get("/").text

    # One source breaks.
    archive = tmp_path / "broken.db"
    shutil.copy(sample.archive, archive)
    finding = '[{"state": "broken", "reason": "parked-domain", "bad": 1, "among": 1, "expected": null, "basis": "limit"}]'
    with closing(sqlite3.connect(archive)) as database, database:
        columns = "source_id, run_id, day, state, reason, state_before, findings, judged_at, replayed, first_bad_day, last_good_day"
        database.execute(
            f"insert into source_health ({columns}) values ('sample-mic', 99, '2026-11-02', 'broken', 'parked-domain', 'ok', ?,"
            " '2026-11-02T01:00:00Z', 0, '2026-11-02', '2026-11-01')",
            [finding],
        )
    get = served(archive, tmp_path)
    page = get("/-/health").text
    assert page.index('class="state broken"') < page.index('class="state ok"')
    assert "tên miền hết hạn hoặc rao bán" in page and "2026-11-01" in page
    assert "The domain shows the page of a registrar" in get("/en/-/health").text
    [row] = get("/archive/broken_sources.json", _shape="objects").json()["rows"]
    assert (row["source_id"], row["state"], row["first_bad_day"], row["last_good_day"]) == (
        "sample-mic",
        "broken",
        "2026-11-02",
        "2026-11-01",
    )
    assert "tên miền" in row["meaning"].lower() and "domain" not in row["meaning"]
    assert "domain" in get("/en/archive/broken_sources.json", _shape="objects").json()["rows"][0]["meaning"]
    [change] = get("/archive/health_changes.json", _shape="objects").json()["rows"]
    assert (change["state_before"], change["state"]) == ("ok", "broken")
    [entry] = ElementTree.fromstring(get("/-/health.atom").content).findall("{http://www.w3.org/2005/Atom}entry")
    assert "hỏng · broken" in str(entry.findtext("{http://www.w3.org/2005/Atom}title"))
