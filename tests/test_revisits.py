"""Requesting known pages again: conditional requests, revisit records, and what counts as a change of an article."""

from __future__ import annotations

import io
import itertools
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.warc.records import payload_digest, scan, target
from tests.conftest import Place
from tests.server import Answer, Site, article, listing, serving_pages

FIRST = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


def _path(name: str) -> str:
    return f"/tin-tuc/so-bao-cao-ket-qua-{name}-12.html"


def _title(name: str) -> str:
    return f"Sở báo cáo kết quả {name.replace('-', ' ')} của quý với tỉnh"


def _night(place: Place, site: Site, number: int, **settings: Any) -> str:
    """Crawls everything in a night, from 1."""
    at = FIRST + timedelta(days=number - 1)
    given: dict[str, Any] = {"SOURCES_EXTRA": place.source("dem", site.url), "DOWNLOAD_DELAY": 0, "NOW": at.isoformat()} | settings
    return place.scrapy("crawl", "dem", "-a", "again=yes", code=None, **given).stdout  # in some nights the source is degraded


def _html(text: str, **headers: str) -> Answer:
    return (
        200,
        {"Content-Type": "text/html; charset=utf-8"} | {name.replace("_", "-"): value for name, value in headers.items()},
        text.encode(),
    )


def _list(*names: str) -> str:
    return listing(*((_path(name), _title(name)) for name in names))


OLD = ("ky-mot", "ky-hai", "ky-ba")


@pytest.fixture
def nights(place: Place) -> Any:
    """Nights 1, 2, 3, 10 and 11 of a site. Its list answers every conditional request with 304, although an article is new in night 3."""
    clock = itertools.count()
    with serving_pages({}) as site:
        site.pages["/"] = _html(_list(*OLD), ETag='"list"')
        site.pages[_path("ky-mot")] = _html(article(_title("ky-mot")), ETag='"a"', Last_Modified="Mon, 14 May 2012 02:15:00 GMT")
        # an ETag that changes with every answer, and the time of the request as Last-Modified
        site.rules[_path("ky-hai")] = lambda _: _html(article(_title("ky-hai")), ETag=f'"{next(clock)}"')
        site.rules[_path("ky-ba")] = lambda _: _html(
            article(_title("ky-ba")), Last_Modified=format_datetime(FIRST + timedelta(hours=next(clock)), usegmt=True)
        )
        site.stubborn.add("/")
        unmodified = {}
        for number in (1, 2, 3, 10, 11):
            if number == 3:
                site.pages["/"] = _html(_list("ky-moi", *OLD), ETag='"list"')
                site.pages[_path("ky-moi")] = _html(article(_title("ky-moi")))
            if number == 11:  # a 304 that names another ETag than the request contradicts itself
                site.stubborn.add(_path("ky-mot"))
                site.pages[_path("ky-mot")] = _html(article(_title("ky-mot"), day="15/05/2012 10:00"), ETag='"b"')
            site.unmodified.clear()
            _night(place, site, number)
            unmodified[number] = dict(site.unmodified)
        yield place, unmodified


def test_conditional_requests_and_revisits(nights: Any) -> None:
    place, unmodified = nights
    # Nothing is conditional before two visits agreed. A wrong 304 is believed for UNMODIFIED_DAYS_LISTS; then it is known to be wrong.
    assert unmodified == {1: {}, 2: {}, 3: {"/": 1, _path("ky-mot"): 1}, 10: {_path("ky-mot"): 1}, 11: {_path("ky-mot"): 1}}
    assert place.rows("select page_kind, header, verdict, same, different from validators order by 1, 2") == [
        ("article", "ETag", "unreliable", 1, 1),
        ("article", "Last-Modified", "unreliable", 1, 1),
        ("listing", "ETag", "unreliable", 2, 1),
    ]
    assert place.rows("select first_seen from articles where url like '%ky-moi%'")[0][0].startswith("2026-12-10")

    # Every body is stored once. The other captures of a URL point to it.
    sql = "select status, count(*), sum(revisit_of is null), count(distinct digest) from captures where url like ? group by status"
    assert place.rows(sql, "%ky-mot%") == [(200, 3, 2, 2), (304, 3, 0, 1)]
    assert place.rows("select changed from revisions") == [('["published_at"]',)]
    assert place.rows(sql, "%ky-hai%") == [(200, 5, 1, 1)]
    assert place.rows("select count(*) from captures join captures o on o.id = captures.revisit_of where o.revisit_of is not null") == [
        (0,)
    ]
    files = sorted(place.captures.rglob("*.warc.gz"))
    for profile in ("identical-payload-digest", "server-not-modified"):
        records = [
            record for file in files for record, _ in scan(file) if (record.rec_headers.get_header("WARC-Profile") or "").endswith(profile)
        ]
        assert records
        assert {record.rec_headers.get_header("WARC-Refers-To-Target-URI") for record in records} <= {target(record) for record in records}
        assert all(record.rec_headers.get_header("WARC-Refers-To-Date").startswith("2026-12-") for record in records)
    assert subprocess.run([sys.executable, "-m", "warcio.cli", "check", *map(str, files)], check=False).returncode == 0

    # Parsed again, a revisit gives the body of its original.
    before = place.tables()
    assert place.scrapy("reparse", "dem", "--write", SOURCES_EXTRA=place.folder / "dem.toml").returncode == 0
    after = place.tables()
    assert {name for name in before if after[name] != before[name]} == set()

    # A replay of the files gives the same archive, and the same records.
    other = Place(place.folder / "other")
    other.folder.mkdir()
    other.scrapy("crawl", "dem", REPLAY=place.captures, SOURCES_EXTRA=place.folder / "dem.toml")
    for sql in (
        "select c.url, c.captured_at, c.status, c.digest, c.length, c.etag, c.outcome, o.url, o.captured_at from captures c"
        " left join captures o on o.id = c.revisit_of where c.outcome <> 'robots' order by 1, 2",
        "select url, title, published_at, first_seen, last_seen, gone_at, body from articles join article_text on id = article_id"
        " order by 1",
        "select count(*) from revisions",
        "select page_kind, header, verdict, same, different from validators order by 1, 2",
    ):
        assert other.rows(sql) == place.rows(sql)


@pytest.mark.gate
def test_a_crash_before_the_rows_of_revisits(nights: Any) -> None:
    place, _ = nights
    sql = "select id, url, captured_at, status, digest, length, etag, revisit_of from captures order by id"
    before = place.rows(sql)
    with closing(sqlite3.connect(place.archive)) as database, database:
        lost = database.execute("delete from captures where run_id = (select max(id) from runs) returning revisit_of").fetchall()
    assert len([revisit_of for (revisit_of,) in lost if revisit_of is not None]) >= 3
    said = place.scrapy("crawl", "dem", REPLAY=place.captures, SOURCES_EXTRA=place.folder / "dem.toml").stdout
    assert said.count("added the missing row") == len(lost)
    assert place.rows(sql) == before


def _record(file: BinaryIO, path: str, kind: str, status: str, body: bytes = b"", date: str = "", **headers: str) -> None:
    """Writes a record as another tool would. Without `status`, it has no HTTP headers."""
    http = StatusAndHeaders(status, [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1") if status else None
    named = {name.replace("_", "-"): value for name, value in headers.items()} | {"WARC-Date": date}
    writer = WARCWriter(file, gzip=True, warc_version="1.0")
    writer.write_record(
        writer.create_warc_record(f"http://dem.test{path}", kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=named)
    )


@pytest.mark.gate
def test_revisits_of_other_tools(place: Place) -> None:
    """The original is in another file, has another URL, or is missing."""
    body = article(_title("ky-mot")).encode()
    digest, home = payload_digest(body), "http://dem.test" + _path("ky-mot")
    first, second = place.folder / "1.warc.gz", place.folder / "2.warc.gz"
    with first.open("wb") as file:
        _record(file, _path("ky-mot"), "response", "200 OK", body, "2013-03-01T02:00:00Z")
    with second.open("wb") as file:
        _record(file, "/", "response", "200 OK", _list("ky-mot", "ky-hai", "ky-ba").encode(), "2013-03-01T02:00:00Z")
        later: str = "2013-06-01T02:00:00Z"
        same: dict[str, Any] = {"WARC_Payload_Digest": digest, "WARC_Refers_To_Target_URI": home}
        _record(file, _path("ky-mot"), "revisit", "", date=later, WARC_Refers_To_Date="2013-03-01T02:00:00Z", **same)
        _record(file, _path("ky-mot"), "revisit", "304 Not Modified", date="2013-09-01T02:00:00Z")
        _record(file, "/tin-tuc/so-bao-cao-ket-qua-ky-mot-13.html", "revisit", "200 OK", date=later, **same)
        _record(file, _path("ky-ba"), "revisit", "200 OK", date=later, WARC_Payload_Digest=payload_digest(b"another"))
    source: dict[str, Any] = {"SOURCES_EXTRA": place.source("dem", "http://dem.test")}
    place.scrapy("crawl", "dem", REPLAY=f"{second},{first}", **source)
    assert place.rows("select title, first_seen, last_seen from articles where url = ?", home) == [
        (_title("ky-mot"), "2013-03-01T02:00:00Z", "2013-09-01T02:00:00Z")
    ]
    sql = "select c.status, c.captured_at, c.outcome, o.captured_at from captures c left join captures o on o.id = c.revisit_of where c.url"
    assert place.rows(f"{sql} = ? order by 2", home) == [
        (200, "2013-03-01T02:00:00Z", "article", None),
        (200, "2013-06-01T02:00:00Z", "article", "2013-03-01T02:00:00Z"),
        (304, "2013-09-01T02:00:00Z", "not-modified", "2013-03-01T02:00:00Z"),
    ]
    assert place.rows("select url like '%ky-ba%', reason from failures where reason like 'revisit%'") == [(1, "revisit-without-original")]
    assert place.rows("select reason from captures where url like '%ky-ba%'") == [("revisit-without-original",)]
    before = place.tables()
    place.scrapy("reparse", "dem", "--write", code=1, **source)  # the body of one page is still missing
    after = place.tables()
    assert {name for name in before if after[name] != before[name]} <= {"failures"}  # seen again, at the time of the capture
    # Without the other file, every revisit of it is a named failure.
    other = Place(place.folder / "other")
    other.folder.mkdir()
    other.scrapy("crawl", "dem", code=1, REPLAY=second, **source)
    assert set(other.rows("select reason from failures")) >= {("revisit-without-original",)}
    assert other.rows("select count(*) from articles") == [(0,)]


def _crawls_of_another_tool(folder: Path) -> tuple[Path, Path]:
    """Returns the files of two crawls. The second has revisits of the article of the first, one at another URL, and an answer 304."""
    body = article(_title("ky-mot")).encode()
    first, second = folder / "1.warc.gz", folder / "2.warc.gz"
    with first.open("wb") as file:
        _record(file, "/", "response", "200 OK", _list("ky-mot").encode(), "2013-03-01T02:00:00Z")
        _record(file, _path("ky-mot"), "response", "200 OK", body, "2013-03-01T02:00:00Z")
    with second.open("wb") as file:
        _record(file, "/", "response", "200 OK", _list("ky-mot", "ky-hai").encode(), "2013-06-01T02:00:00Z")
        same: dict[str, Any] = {
            "WARC_Payload_Digest": payload_digest(body),
            "WARC_Refers_To_Target_URI": "http://dem.test" + _path("ky-mot"),
        }
        for path in (_path("ky-mot"), _path("ky-hai")):
            _record(file, path, "revisit", "", date="2013-06-01T02:00:00Z", WARC_Refers_To_Date="2013-03-01T02:00:00Z", **same)
        _record(file, _path("ky-mot"), "revisit", "304 Not Modified", date="2013-09-01T02:00:00Z")
    return first, second


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (1, 0, 1)], ids=["in-order", "original-last", "revisits-twice"])
def test_revisits_find_an_original_that_was_imported_before_or_after_them(place: Place, order: tuple[int, ...]) -> None:
    files = _crawls_of_another_tool(place.folder)
    source: dict[str, Any] = {"SOURCES_EXTRA": place.source("dem", "http://dem.test")}
    for number in order:
        place.scrapy("captures", "import", str(files[number]), code=None, **source)
    assert place.rows("select replace(url, 'http://dem.test', ''), first_seen, last_seen from articles order by 1 desc") == [
        (_path("ky-mot"), "2013-03-01T02:00:00Z", "2013-09-01T02:00:00Z"),
        (_path("ky-hai"), "2013-06-01T02:00:00Z", "2013-06-01T02:00:00Z"),
    ]
    sql = "select c.status, c.outcome, c.captured_at, o.captured_at from captures c left join captures o on o.id = c.revisit_of"
    original = "2013-03-01T02:00:00Z"
    assert place.rows(f"{sql} where c.url like '%.html' order by 3, 1") == [
        (200, "article", original, None),
        (200, "article", "2013-06-01T02:00:00Z", original),
        (200, "article", "2013-06-01T02:00:00Z", original),
        (304, "not-modified", "2013-09-01T02:00:00Z", original),
    ]
    assert place.rows("select url from failures where reason = 'revisit-without-original' and cleared_at is null") == []
    assert "no faults" in place.scrapy("captures", "verify", **source).stdout
    before = place.tables()
    place.scrapy("reparse", "--write", **source)
    assert {name for name, rows in place.tables().items() if rows != before[name]} == set()


def _noisy(night: int, name: str, *, text: str = "", file: str = "cv-12", day: str = "") -> Answer:
    """Returns an article whose page shows a counter, a token, a relative time, other news and a captcha, which differ in each night."""
    other = "".join(f"<li><a href='{_path(f'khac-{night}-{n}')}'>Tin khác số {night}{n} của tỉnh trong tuần này</a></li>" for n in range(4))
    paragraphs = [
        f"Sở đã họp về {name.replace('-', ' ')} với các huyện, nghe báo cáo của quý và bàn những việc còn chậm trong năm. {text}",
        "Các đại biểu trao đổi, thống nhất cách làm của những tháng tới và giao văn phòng theo dõi, đôn đốc việc thực hiện.",
        f"Xem <a href='/upload/{file}.pdf?token={'ab1c' * 4}{night}'>công văn kèm theo</a> để biết thêm về nội dung của cuộc họp.",
        f"Bài viết đã có {night * 100} lượt đọc",
    ]
    foot = f"<div>Lượt xem: {night * 7}</div><div class='tin-lien-quan'><h3>Tin liên quan</h3><ul>{other}</ul></div>Mã xác nhận: X{night}"
    head = f"<div>Hôm nay, {night:02d}/12/2026</div>"
    return _html(article(_title(name), *paragraphs, day=day or "5 phút trước", foot=foot).replace("<h1>", f"{head}<h1>"))


def test_only_an_edit_of_the_site_is_a_revision(place: Place) -> None:
    names = ("nhieu", "sua", "lat", "tep", "mat", "con", "doi")
    with serving_pages({"/": _list(*names)}) as site:
        for night in (1, 2, 3, 4):
            day = {1: "5 phút trước", 2: "Hôm qua, 08:56", 3: "2 ngày trước", 4: "01/12/2026 08:56"}[night]
            site.pages[_path("nhieu")] = _noisy(night, "nhieu", day=day)
            site.pages[_path("sua")] = _noisy(night, "sua", text="Mức hỗ trợ là 12 triệu." if night < 3 else "Mức hỗ trợ là 13 triệu.")
            site.pages[_path("lat")] = _noisy(1, "lat", text="Máy chủ một." if night % 2 else "Máy chủ hai.", day="29/11/2026 08:00")
            site.pages[_path("tep")] = _noisy(night, "tep", file="cv-12" if night < 4 else "cv-13")
            # One page is missing; one leads to the front page, but is listed; one leads there and is not. Then all are back. In one night,
            # that proves nothing.
            gone = {"mat": (404, {}, b""), "con": (302, {"Location": "/"}, b""), "doi": (302, {"Location": "/"}, b"")}
            site.pages["/"] = _html(_list(*(names if night != 2 else names[:-1])))
            for name, answer in gone.items():
                site.pages[_path(name)] = answer if night == 2 else _noisy(night, name, day="28/11/2026 08:00")
            if night == 4:
                # The rows as an older parser left them: its mistakes are corrected, and are not edits of the site.
                with closing(sqlite3.connect(place.archive)) as database, database:
                    database.execute("update article_text set body = 'Lỗi đọc.'")
                    database.execute("update articles set parser = '0.0.1', title = 'Lỗi' where url like '%nhieu%'")
                    database.execute("update articles set parser = '0.0.1'")
            _night(place, site, night)
            missing = place.rows("select absences.reason from absences join articles on articles.id = article_id order by key")
            assert missing == ([("soft-404",), ("soft-404",), ("not-found",)] if night == 2 else [])
            assert place.rows("select id from articles where gone_at is not null") == []
    rows = place.rows("select url, changed, substr(seen_at, 1, 10) from revisions join articles on articles.id = article_id order by 1, 3")
    found = [(str(url).removeprefix(site.url), changed, seen) for url, changed, seen in rows]
    assert found == sorted(
        [
            (_path("sua"), '["body"]', "2026-12-03"),
            (_path("tep"), '["attachments"]', "2026-12-04"),
            *((_path("lat"), '["body"]', f"2026-12-0{night}") for night in (2, 3, 4)),
        ]
    )
    # Two servers with two versions: two bodies are stored, and four captures.
    assert place.rows("select count(*), sum(revisit_of is null) from captures where url like '%-lat-%'") == [(4, 2)]
    # The first reading of the time stays while the page only says how long ago it was; then the page states it.
    assert place.rows("select published_at from articles where url like '%nhieu%'") == [("2026-12-01T08:56:00+07:00",)]
    notes = "select published_at, rule_notes from articles join article_fields on article_id = id and field = 'published' where url like ?"
    [(published, kept)] = place.rows(notes, "%-sua-%")
    assert published.startswith("2026-12-01T08:5") and kept == "counted-from-capture first-reading-kept"
    before = place.tables()
    place.scrapy("reparse", "dem", "--write", SOURCES_EXTRA=place.folder / "dem.toml")
    after = place.tables()
    assert {name for name in before if after[name] != before[name]} == set()
