"""The records that are written: a file for each month, the request of each response, where an imported record comes from, cut bodies."""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from scraper.warc.records import CutOff, pieces, scan, target
from tests.conftest import Place
from tests.server import Answer, article, listing, serving_pages
from tests.warc_records import response_record

SITE = "http://so.cua-bien.test"


def _title(number: int) -> str:
    return f"Sở nghiệm thu đèn biển số {number} trên đảo ngoài khơi của tỉnh"


def _path(number: int) -> str:
    return f"/tin-tuc/so-nghiem-thu-den-bien-so-{number}-tren-dao-ngoai-khoi-{number}.html"


def test_one_file_a_month_with_the_requests(place: Place) -> None:
    pages = {"/": listing((_path(1), _title(1))), _path(1): article(_title(1))}
    with serving_pages(pages) as site:
        for day in ("2026-11-30", "2026-12-01"):
            settings: dict[str, Any] = {
                "SOURCES_EXTRA": place.source("bien", site.url),
                "DOWNLOAD_DELAY": 0,
                "NOW": f"{day}T02:00:00+00:00",
            }
            place.scrapy("crawl", "bien", "-a", "again=yes", **settings)
    files = sorted(path.relative_to(place.captures).as_posix() for path in place.captures.rglob("*.warc.gz"))
    assert files == ["bien/bien-2026-11.warc.gz", "bien/bien-2026-12.warc.gz"]
    records = [record for record, _ in scan(place.captures / files[0])]
    kinds = [record.rec_type for record in records]
    # A run describes itself; each response follows after its request.
    assert kinds[0] == "warcinfo" and kinds[1:] == ["request", "response"] * (len(kinds) // 2) and len(kinds) > 6
    requests = [record for record in records if record.rec_type == "request" and target(record).endswith(_path(1))]
    assert [record.http_headers.protocol for record in requests] == ["GET"]
    sent = dict(requests[0].http_headers.headers)
    assert sent["User-Agent"] and sent["Host"] == site.url.removeprefix("http://") and "Cookie" not in sent
    assert requests[0].rec_headers.get_header("WARC-Concurrent-To") in {
        record.rec_headers.get_header("WARC-Record-ID") for record in records if record.rec_type == "response"
    }
    assert subprocess.run([sys.executable, "-m", "warcio.cli", "check", place.captures / files[0]], check=False).returncode == 0


def _chunked(body: bytes) -> bytes:
    pieces = [body[at : at + 300] for at in range(0, len(body), 300)]
    return b"".join(f"{len(piece):x};x=1\r\n".encode() + piece + b"\r\n" for piece in pieces) + b"0\r\n\r\n"


def test_odd_dates_cut_bodies_and_where_they_come_from(place: Place) -> None:
    _import_odd_records(place)


@pytest.mark.gate
def test_origins_after_a_crash_and_in_a_replay_of_our_own_files(place: Place) -> None:
    recording, source = _import_odd_records(place)
    # After a crash between a record and its row, the row comes back with all that it said.
    sql = "select url, captured_at, status, digest, length, origin, date_rule from captures order by url"
    before = place.rows(sql)
    with closing(sqlite3.connect(place.archive)) as database, database:
        database.execute("delete from captures where url like '%so-1-tren%'")
        database.execute("delete from captures where url like '%so-6-tren%'")
    assert "added the missing row" in place.scrapy("crawl", "bien", REPLAY=recording, SOURCES_EXTRA=source).stdout
    assert place.rows(sql) == before
    # A replay of our own files finds the same, and names the file that was imported first.
    other = Place(place.folder / "other")
    other.folder.mkdir()
    other.scrapy("crawl", "bien", REPLAY=place.captures, SOURCES_EXTRA=source)
    assert [row[:5] for row in other.rows(sql)] == [row[:5] for row in before]


def _import_odd_records(place: Place) -> tuple[Path, Path]:
    """Crawls a recording with odd dates and cut bodies, and checks what is stored. Returns the recording and the file of the source."""
    links = [(_path(number), _title(number)) for number in range(1, 7)]
    bodies = {number: article(_title(number)).encode() for number in range(1, 7)}
    records = [
        response_record(f"{SITE}/", listing(*links).encode(), "2013-03-01T02:00:00Z"),
        response_record(SITE + _path(1), bodies[1][:-20], "20130401020000", ("Content-Length", str(len(bodies[1])))),
        response_record(SITE + _path(2), _chunked(bodies[2]), "2013-04-02T09:00:00+07:00", ("Transfer-Encoding", "chunked")),
        response_record(SITE + _path(3), _chunked(bodies[3])[:-40], "2013-04-03", ("Transfer-Encoding", "Chunked")),
        response_record(SITE + _path(4), bodies[4], "0000-00-00", ("Date", "Wed, 03 Apr 2013 02:00:00 GMT")),
        response_record(SITE + _path(5), bodies[5], "hôm qua".encode().decode("latin-1")),
        response_record(f"http://web.archive.org/web/20130405020000id_/{SITE}:80{_path(6)}", bodies[6], "2024-01-01T00:00:00Z"),
    ]
    recording = place.folder / "odd.warc.gz"
    recording.write_bytes(b"".join(records))
    os.utime(recording, (1_556_935_200, 1_556_935_200))  # 4 May 2019
    source = place.source("bien", SITE)
    place.scrapy("crawl", "bien", REPLAY=recording, SOURCES_EXTRA=source)
    rows = place.rows(
        "select substr(captured_at, 1, 10), date_rule, flags from articles join captures on captures.id = capture_id order by articles.url"
    )
    assert rows == [
        ("2013-04-01", None, "truncated"),
        ("2013-04-02", None, None),
        ("2013-04-03", None, "truncated"),
        ("2013-04-03", "http-date", None),
        ("2019-05-04", "file-time", None),
        ("2013-04-05", "archive-url", None),
    ]
    assert sorted(place.rows("select distinct reason, cleared_at from failures")) == [("truncated", None)]
    assert place.rows("select count(*) from article_text where body like '%;x=1%'") == [(0,)]
    # Copied records are followed back to their file by a metadata record, others by a header of their own.
    offsets = [sum(map(len, records[:number])) for number in range(len(records))]
    assert dict(place.rows("select url, origin from captures where origin is not null")) == {
        f"{SITE}/": "odd.warc.gz#0",
        **{SITE + _path(number): f"odd.warc.gz#{offsets[number]}" for number in range(1, 6)},
        SITE + _path(6): f"http://web.archive.org/web/20130405020000id_/{SITE}:80{_path(6)}",
    }
    files = sorted(place.captures.rglob("*.warc.gz"))
    found = [record for file in files for record, _ in scan(file)]
    stated = {record.rec_headers.get_header("WARC-Source-URI") for record in found} - {None}
    assert len(stated) == 7
    dates = {target(record): record.rec_headers.get_header("WARC-Date") for record in found if record.rec_type == "response"}
    assert dates[SITE + _path(6)] == "2013-04-05T02:00:00Z" and dates[SITE + _path(1)] == "2013-04-01T02:00:00Z"
    return recording, source


@pytest.mark.gate
def test_a_row_with_the_place_of_another_record_gives_no_wrong_page(place: Place) -> None:
    place.scrapy("crawl", "sample-mst")
    [first, second] = place.rows("select id, warc_offset, warc_length from captures where outcome = 'article' order by id limit 2")
    with closing(sqlite3.connect(place.archive)) as database, database:
        database.execute("update captures set warc_offset = ?, warc_length = ? where id = ?", [*second[1:], first[0]])
    before = place.rows("select title, body from articles join article_text on article_id = id order by id")
    place.scrapy("reparse", "sample-mst", "--write", code=1)
    assert place.rows("select title, body from articles join article_text on article_id = id order by id") == before
    assert place.rows("select capture_id, reason from failures where cleared_at is null") == [(first[0], "capture-unreadable")]


@pytest.mark.gate
def test_a_lost_file_is_not_written_again_under_its_name(place: Place) -> None:
    """Its rows name places in it, which must not hold another record."""
    place.scrapy("crawl", "sample-mst")
    [file] = place.captures.rglob("*.warc.gz")
    file.unlink()
    place.scrapy("crawl", "sample-mst", "-a", "again=yes", code=None)
    # The replay has restored the records, in another file.
    assert not file.exists() and [path.name for path in place.captures.rglob("*.warc.gz")] == ["sample-mst-2026-11-001.warc.gz"]
    assert place.rows("select count(*) from articles where title is null or title = ''") == [(0,)]


def test_headers_are_kept_byte_for_byte(place: Place, tmp_path: Path) -> None:
    """Vietnamese servers write a Location in bare UTF-8. The crawl follows it, and so does the crawl of its captures."""
    path, target_path = "/tin-tuc/so-nghiem-thu-den-bien-so-1-tren-dao-ngoai-khoi-1.html", "/tin-tức/đèn-biển-số-1-trên-đảo-1.html"
    received = target_path.encode().decode("latin-1")  # as http.server sends it
    escaped = quote(target_path)
    pages: dict[str, str | Answer] = {
        "/": listing((path, _title(1))),
        path: (302, {"Location": received, "X-Co-Quan": "Sở Đèn".encode().decode("latin-1"), "X-Cu": "\xe9t\xe9"}, b""),
        escaped: article(_title(1)),
    }
    with serving_pages(pages) as site:
        source = place.source("bien", site.url)
        place.scrapy("crawl", "bien", SOURCES_EXTRA=source, DOWNLOAD_DELAY=0, NOW="2026-11-30T02:00:00+00:00")
    assert place.rows("select url from captures where outcome = 'article'") == [(site.url + escaped,)]
    [file] = place.captures.rglob("*.warc.gz")
    data = gzip.decompress(file.read_bytes())
    for header in (b"Location: " + target_path.encode(), "X-Co-Quan: Sở Đèn".encode(), b"X-Cu: \xe9t\xe9"):
        assert header + b"\r\n" in data
    assert subprocess.run([sys.executable, "-m", "warcio.cli", "check", file], check=False).returncode == 0

    other = Place(tmp_path / "other")
    other.folder.mkdir()
    other.scrapy("crawl", "bien", SOURCES_EXTRA=source, REPLAY=place.captures)
    for sql in (
        "select url, captured_at, status, outcome from captures where outcome <> 'robots' order by 1",
        "select url, title from articles",
    ):
        assert other.rows(sql) == place.rows(sql)


def test_a_whole_answer_is_no_revisit_of_one_without_its_end(place: Place) -> None:
    """The connection breaks one byte before the end of a page that the server pads; the second answer is the same page, and whole."""
    page = article(_title(1)).encode()
    with serving_pages({"/": listing((_path(1), _title(1)))}) as site:
        site.cut[_path(1)] = len(page)

        def answer(number: int) -> Answer:
            if number:
                site.cut.pop(_path(1), None)
            return 200, {}, page if number else page + b"\n"

        site.rules[_path(1)] = answer
        settings: dict[str, Any] = {"SOURCES_EXTRA": place.source("bien", site.url), "DOWNLOAD_DELAY": 0}
        for day in ("2026-11-29", "2026-11-30"):
            place.scrapy("crawl", "bien", "-a", "again=yes", NOW=f"{day}T02:00:00+00:00", **settings)
    # The third answer is a revisit of the second one.
    sql = "select id, revisit_of from captures where outcome = 'article' order by id"
    [(first, _), (second, no_revisit), (_, original)] = place.rows(sql)
    assert first != second == original and no_revisit is None
    assert place.rows("select flags from articles") == [(None,)]
    cleared = "select reason, cleared_at is not null from failures where url like '%.html'"
    assert place.rows(cleared) == [("truncated", 1)]
    place.scrapy("reparse", "bien", "--write", SOURCES_EXTRA=settings["SOURCES_EXTRA"])
    assert place.rows(cleared) == [("truncated", 1)]


@pytest.mark.parametrize("length", ["99999999999999999999", "9" * 5000])
def test_a_length_that_no_file_can_have_is_that_of_a_record_without_its_end(tmp_path: Path, length: str) -> None:
    """It ended the process that read the file."""
    file = tmp_path / "long.warc"
    file.write_bytes(f"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {length}\r\n\r\nx".encode())
    with pytest.raises(CutOff):
        [*pieces(file, 0, 1000)]


def test_a_long_record_that_packs_well_has_its_length(tmp_path: Path) -> None:
    """What follows it was subtracted twice, so that `captures verify` missed it and every record after it."""
    records = [gzip.compress(b"WARC/1.1\r\nContent-Length: %d\r\n\r\n" % size + b"a" * size + b"\r\n\r\n") for size in (3_000_000, 5, 6)]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(records))
    found = [(offset, length) for offset, length, _ in pieces(tmp_path / "a.warc.gz", 0, 10_000_000)]
    ends = [*accumulate(map(len, records))]
    assert found == [(end - len(record), len(record)) for end, record in zip(ends, records, strict=True)]
