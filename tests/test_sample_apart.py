"""The invented sample and real data never share an archive: the sample is marked, moved away and refused."""

from __future__ import annotations

import os
import pty
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from scraper.crawl.source_lock import lock_source
from tests.conftest import PROJECT, Place
from tests.server import article, listing, serving_pages
from tests.web.test_datasette import csv_rows, served

ITEMS = [
    (f"/tin/hoi-nghi-{number}-ve-chi-thi-07-{number}.html", f"Hội nghị {number} về Chỉ thị 07/2008/CT-BTTTT của Bộ")
    for number in range(1, 4)
]
CITING = (
    "Chiều qua, sở họp về việc thực hiện Chỉ thị số 07/2008/CT-BTTTT ngày 30/12/2008 và Kế hoạch 9876/KH-UBND ngày 3/3/2009 của tỉnh.",
    "Các đại biểu nghe báo cáo kết quả của quý, trao đổi về những việc còn chậm và thống nhất cách làm của những tháng tới.",
    "Phát biểu kết thúc, phó giám đốc giao văn phòng theo dõi, đôn đốc và báo cáo lại trước ngày cuối cùng của tháng sau.",
)
PAGES = {"/": listing(*ITEMS), **{url: article(title, *CITING) for url, title in ITEMS}}


def _source(place: Place, site: str) -> Path:
    return place.source("real", site, "Sở Tài chính Cà Mau", "ca-mau")


def test_the_first_real_crawl_moves_the_sample_away(copied: Place, tmp_path: Path) -> None:
    assert copied.rows("select id, name <> name_en from notices") == [("sample", 1)]
    invented = copied.rows("select count(*) from articles")
    (tmp_path / "sample.db").write_text("an earlier sample")
    with serving_pages(PAGES) as site, closing(sqlite3.connect(copied.archive)) as reader:
        reader.execute("select count(*) from articles").fetchall()  # a Datasette that has the file open
        path = _source(copied, site.url)
        # What cannot begin moves nothing.
        copied.scrapy("crawl", "real", code=2, SOURCES_EXTRA=path, REPLAY=tmp_path / "nothing.warc.gz")
        done = copied.scrapy("update", "real", SOURCES_EXTRA=path, DOWNLOAD_DELAY=0)
    assert "archive.db held the invented sample; it is sample-2.db now, and a new archive.db begins" in done.stdout
    assert (tmp_path / "sample.db").read_text() == "an earlier sample"
    with closing(sqlite3.connect(tmp_path / "sample-2.db")) as moved:
        assert moved.execute("select count(*) from articles").fetchall() == invented
        assert moved.execute("pragma integrity_check").fetchone() == ("ok",)
    assert copied.rows("select source_id, count(*) from articles group by 1") == [("real", 3)]
    assert copied.rows("select count(*) from notices") == [(0,)]
    assert copied.rows("select count(*) from diffusion join articles on articles.id = first_article_id") == [(2,)]
    before = copied.archive.read_bytes()
    for command in (("crawl", "sample-mic"), ("update", "sample-mic", "sample-mst")):
        refused = copied.scrapy(*command, code=2).stderr
        assert "holds real data" in refused and "ARCHIVE=sample.db" in refused
    assert "not both" in copied.scrapy("update", "sample-mic", "real", code=2, SOURCES_EXTRA=path).stderr
    assert copied.archive.read_bytes() == before
    # The moved sample is still an archive, with its captures.
    assert copied.scrapy("reparse", "sample-mst", "--write", ARCHIVE=tmp_path / "sample-2.db").stdout


def test_the_sample_is_marked_on_every_page_and_in_every_export(sample: Place, tmp_path: Path) -> None:
    get = served(sample.archive, tmp_path)
    vi, en = (
        "Đây là bản mẫu: các bài và trang trong tệp này do dự án tự viết",
        "This is the sample: the articles and pages in this file were invented",
    )
    for path in (
        "/",
        "/archive",
        "/archive/articles",
        "/archive/articles/1",
        "/archive/sources/sample-mic",
        "/archive/most_cited",
        "/-/plugins",
    ):
        page, english = get(path).text, get(f"/en{path}").text
        assert (page.count(vi), page.count(en), english.count(vi), english.count(en)) == (1, 0, 0, 1), path
    assert vi in get("/archive/nothing", status=404).text
    total = sample.rows("select count(*) from article_text")[0][0]
    rows = csv_rows(get("/archive/article_text.csv", _stream="1"))  # texts with line breaks and quotes
    assert len(rows) == total and all(row["notice"].startswith(vi) and en in row["notice"] for row in rows)
    assert {tuple(row) for row in rows} == {(*(name for (name,) in _columns(sample)), "notice")}
    assert get("/archive/most_cited.csv", _dl="1").text.splitlines()[1].endswith('by the project"')
    assert get("/archive/most_cited.csv", _header="off").text.splitlines()[0].endswith('by the project"')
    assert vi in get("/archive/articles.json").json()["notice"]
    assert all(vi in row["notice"] for row in get("/archive/articles.json", _shape="array").json())
    assert vi in get("/archive.json", sql="select 1").json()["notice"]
    assert vi not in get("/archive/articles.json", _shape="array", _nl="on").text  # escaped as JSON
    assert get("/archive/articles.json", _shape="array", _nl="on").text.count('"notice"') == 48


def _columns(place: Place) -> list[tuple[str]]:
    return [(str(name),) for (name,) in place.rows("select name from pragma_table_info('article_text')")]


@pytest.mark.gate
def test_real_data_has_no_mark(place: Place, tmp_path: Path) -> None:
    with serving_pages(PAGES) as site:
        place.scrapy("crawl", "real", SOURCES_EXTRA=_source(place, site.url), DOWNLOAD_DELAY=0)
    (tmp_path / "served").mkdir()
    get = served(place.archive, tmp_path / "served")
    assert "notice" not in get("/archive/articles.csv").text and "notice" not in get("/archive/articles.json").json()
    assert '<aside class="notice">' not in get("/archive/articles").text
    # All sources that are known have a row, also those that were never crawled, but none of the sample.
    known = place.scrapy("list", SOURCES_EXTRA=place.folder / "real.toml").stdout.split()
    assert [row[0] for row in place.rows("select id from sources order by id")] == sorted(
        name for name in known if not name.startswith("sample-")
    )
    home = get("/en/").text
    assert "<b>1</b>" in home and "Sở Tài chính Cà Mau" in home and "Bộ Tài chính" not in home
    assert f'The archive knows <a href="/en/archive/sources">{len(known) - 4} sources' in home
    assert "Never crawled" in get("/en/archive/sources/mst").text
    assert "Never crawled" not in get("/en/archive/sources/real").text
    rows = {row["source_id"]: row["articles"] for row in csv_rows(get("/archive/sources_crawled.csv"))}
    assert rows["real"] == "3" and rows["mst"] == "" and len(rows) == len(known) - 4
    # Removing what was crawled leaves the row, as long as the files name the source.
    path = place.folder / "real.toml"
    assert "nothing to remove" in place.scrapy("sources", "remove", "mst", "--yes", code=2).stderr
    assert "stays" in place.scrapy("sources", "remove", "real", "--yes", SOURCES_EXTRA=path).stdout
    assert place.rows("select (select count(*) from articles), count(*), (select count(*) from runs) from sources where id = 'real'") == [
        (0, 1, 0)
    ]
    place.scrapy("sources", "remove", "real", "--yes")
    assert place.rows("select count(*) from sources where id = 'real'") == [(0,)]


def test_removing_a_source_leaves_the_archive_as_if_it_had_never_been_there(copied: Place, sample: Place, tmp_path: Path) -> None:
    mic_only = Place(tmp_path / "mic-only")
    mic_only.folder.mkdir()
    mic_only.scrapy("crawl", "sample-mic")
    refused = copied.scrapy("sources", "remove", "sample-mst", "sample-nghe-an", "sample-ha-noi", code=2)
    assert "sample-mst: 6 articles, 14 citations, 16 captures, 0 failures, 1 run will be removed" in refused.stdout
    assert "WARC files" in refused.stdout and "add --yes" in refused.stderr
    assert copied.tables() == sample.tables()
    copied.scrapy("sources", "remove", "sample-mst", "sample-nghe-an", "sample-ha-noi", "--yes")
    left, expected = copied.tables(), mic_only.tables()
    # The folders of the captures and the ids of rows with a counter differ; everything else is equal.
    assert {name for name, rows in expected.items() if "_fts" not in name and len(left[name]) != len(rows)} == set()
    assert copied.rows("pragma foreign_key_check") == [] and copied.rows("pragma integrity_check") == [("ok",)]
    for table in ("articles", "article_text", "citations", "diffusion", "articles_by_month", "citations_by_year", "coverage", "failures"):
        assert left[table] == expected[table], table
    stubs = "select key, label, issued_on, article_count, citation_count from documents where status = 'stub' or article_count order by key"
    assert copied.rows(stubs) == mic_only.rows(stubs)
    match = "select rowid from articles_fts where articles_fts match 'nghe'"
    assert copied.rows(match) == mic_only.rows(match)
    assert copied.rows("select count(*) from notices where id = 'sample'") == [(1,)]
    # The WARC files are still there, and bring the source back.
    copied.scrapy("crawl", "sample-mst", REPLAY=copied.captures / "sample-mst")
    assert copied.rows("select count(*) from articles where source_id = 'sample-mst'") == [(6,)]


@pytest.mark.gate
def test_a_person_at_a_terminal_decides(copied: Place) -> None:
    def answered(word: str) -> str:
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "scrapy", "sources", "remove", "sample-mst", "-s", f"ARCHIVE={copied.archive}"]
        os.write(ours, f"{word}\n".encode())
        done = subprocess.run(
            [*command, "-s", f"CAPTURES={copied.captures}"],
            cwd=PROJECT,
            stdin=theirs,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        os.close(ours)
        os.close(theirs)
        return done.stdout

    assert "nothing was removed" in answered("n")
    assert copied.rows("select count(*) from sources") == [(4,)]
    assert "sample-mst: removed" in answered("y")
    assert copied.rows("select source_id from articles group by 1") == [("sample-ha-noi",), ("sample-mic",), ("sample-nghe-an",)]
    assert copied.rows("select count(*) from sources") == [(4,)]
    assert "was never crawled into this archive" in copied.scrapy("sources", "remove", "sample-mst", "--yes", code=2).stderr


def test_a_recording_of_the_sample_is_imported_into_the_sample(copied: Place) -> None:
    copied.scrapy("sources", "remove", "sample-mst", "--yes")
    recording = PROJECT / "samples" / "sample.warc.gz"
    done = copied.scrapy("captures", "import", str(recording), "--source", "sample-mst", code=None)
    assert "held the invented sample" not in done.stdout and not done.stderr
    assert copied.rows("select count(*) > 0 from articles where source_id = 'sample-mst'") == [(1,)]
    assert copied.rows("select id from notices") == [("sample",)]


def test_a_source_that_is_being_crawled_is_not_removed(copied: Place) -> None:
    with lock_source(copied.captures, "sample-mst"):
        refused = copied.scrapy("sources", "remove", "sample-mst", "--yes", code=3)
    assert "another run is crawling sample-mst now" in refused.stderr
    assert copied.rows("select count(*) > 0 from articles where source_id = 'sample-mst'") == [(1,)]
