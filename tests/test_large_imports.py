"""Imports of large and odd WARC files: in parts, in several processes, killed and continued; and what is left out, with the reason."""

from __future__ import annotations

import functools
import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from benchmarks.forked_commands import as_options, own_environment
from benchmarks.imports import SOURCES, make
from scraper.warc.fast_scan import FastScan, Gap, Span, whole_span
from tests.conftest import PROJECT, Place
from tests.same_rows import differences, rows_of
from tests.server import article, listing
from tests.warc_records import response_record

HOST = "so.ruong-lua.test"
SITE = f"http://{HOST}"


def _path(number: int) -> str:
    return f"/tin-tuc/ruong-lua-vu-dong-xuan-so-{number}-{number}.html"


def _page(number: int, more: str = "") -> bytes:
    return article(f"Ruộng lúa vụ đông xuân số {number} của hợp tác xã {more}", day="14/02/2013 08:30").encode()


@functools.cache  # each has an id of its own
def _record(number: int, day: int, more: str = "") -> bytes:
    return response_record(SITE + _path(number), _page(number, more), f"2013-03-{day:02d}T02:00:00Z")


def _import(place: Place, source: Path, *files: Path, code: int | None = 0, **settings: object) -> dict[str, object]:
    given = [one for name, value in settings.items() for one in ("-s", f"{name}={value}")]
    done = place.scrapy("captures", "import", *map(str, files), "--json", *given, code=code, SOURCES_EXTRA=source)
    return dict(json.loads(done.stdout))


def _source(place: Place, more: str = "") -> Path:
    return place.source("ruong-lua", SITE, "Sở Ruộng Lúa (test)", "hue", more)


def test_dates_that_no_clock_shows_and_odd_urls_end_no_import(place: Place) -> None:
    """A date before or after the web is that of a clock that was not set: the time of the file stands for it. A URL is found under the form
    in which it is requested, and a host in the summary is no longer than one can be.
    """
    odd = [(f"{SITE}{_path(1)}", "9999-12-31T23:59:59Z"), (f"{SITE}{_path(2)}", "0001-01-01T00:00:00Z")]
    odd += [(f"{SITE}/[tin]/{_path(3)[1:]}", "2013-03-01T02:00:00Z"), (f"{SITE}/tin-tức{_path(4)}", "2013-03-01T02:00:00Z")]
    odd += [(url, "2013-03-01T02:00:00Z") for url in ("http://[khong-co/", f"http://{'b' * 5000}.test/", f"{SITE}:hai/")]
    file = place.folder / "odd.warc"
    file.write_bytes(b"".join(response_record(url, _page(number), at) for number, (url, at) in enumerate(odd)))
    os.utime(file, (1_400_000_000, 1_400_000_000))
    report = _import(place, _source(place), file)
    assert (report["in_archive"], report["left_out"]) == ({"article": 4}, {"no-source": 3})
    assert place.rows("select substr(captured_at, 1, 4), count(*) from captures group by 1") == [("2013", 2), ("2014", 2)]
    assert "b" * 253 in str(report["hosts_without_source"]) and "b" * 254 not in str(report["hosts_without_source"])


def test_pages_under_the_other_scheme_than_that_of_the_block_are_not_called_missing(place: Place) -> None:
    """The site moved to https after it was recorded. Its home page and its articles are stored, so the summary leaves nothing out."""
    file = place.folder / "http.warc"
    home = response_record(f"{SITE}/", listing((_path(1), "Ruộng lúa vụ đông xuân số 1 của hợp tác xã")).encode(), "2013-03-01T02:00:00Z")
    file.write_bytes(home + _record(1, 2))
    source = place.source("ruong-lua", SITE.replace("http:", "https:"), "Sở Ruộng Lúa (test)", "hue")
    report = _import(place, source, file)
    assert (report["in_archive"], report["left_out"]) == ({"article": 1, "listing": 1}, {})


def test_a_source_with_the_pages_of_another_is_imported_if_it_is_named(place: Place) -> None:
    """Nothing is requested, so two sources may have the same pages. The crawl of what was found allows that, too."""
    file = place.folder / "both.warc"
    file.write_bytes(_record(1, 2))
    source = _source(place)
    block = source.read_text(encoding="utf-8")
    source.write_text(block + block.replace('"ruong-lua"', '"lua-khac"'), encoding="utf-8")
    given = ("captures", "import", str(file), "-s", f"SOURCES_EXTRA={source}")
    assert "choose with --source" in place.scrapy(*given, code=2).stderr
    done = place.scrapy(*given, "--source", "lua-khac", "--json")
    assert json.loads(done.stdout)["in_archive"] == {"article": 1}


# --- parts of a file ----------------------------------------------------------------------------------------


def _offsets(span: Span) -> tuple[list[int], FastScan]:
    scan = FastScan(span, lambda kind, url: kind == "response", 1024 * 1024)
    return [one.offset if isinstance(one, Gap) else one[1].offset for one in scan], scan


@pytest.mark.parametrize("is_packed", [True, False])
def test_the_parts_of_a_file_hold_each_record_once(tmp_path: Path, *, is_packed: bool) -> None:
    records = [_record(number, 1 + number % 28) for number in range(40)]
    file = tmp_path / "a.warc.gz"
    file.write_bytes(b"".join(records if is_packed else map(gzip.decompress, records)))
    whole = whole_span(file)
    expected, _ = _offsets(whole)
    assert len(expected) == 40
    for size in (700, 1111, whole.stop // 2):
        found: list[int] = []
        end = 0
        for begin in range(0, whole.stop, size):
            span = Span(file, begin, min(begin + size, whole.stop), whole.stop, is_packed, is_exact=begin == 0)
            offsets, scan = _offsets(span)
            assert scan.began is None or scan.began == end  # each part begins where the one before ended
            found, end = found + offsets, scan.ended
        assert found == expected


def test_a_part_that_begins_in_a_file_inside_a_record_is_read_again(place: Place) -> None:
    inside = b"".join(_record(100 + number, 5) for number in range(700))
    block = b"HTTP/1.1 200 OK\r\nContent-Type: application/gzip\r\n\r\n" + inside
    lines = f"WARC-Type: response\r\nWARC-Target-URI: {SITE}/luu-tru.warc.gz\r\nWARC-Date: 2013-03-01T02:00:00Z\r\n"
    holder = f"WARC/1.0\r\n{lines}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"
    file = place.folder / "holder.warc.gz"
    # The record is not compressed further, so the file inside it is there byte for byte.
    file.write_bytes(_record(1, 1) + gzip.compress(holder, 0) + _record(2, 2))
    said = _import(place, _source(place), file, code=None, IMPORT_PART_BYTES=100_000)
    assert said["records"] == 3
    assert {row[0] for row in place.rows("select url from articles")} == {SITE + _path(1), SITE + _path(2)}


# --- the same rows ------------------------------------------------------------------------------------------


def _large(place: Place) -> tuple[list[Path], Path]:
    made = make(place.folder / "set", 30, 2)
    source = place.folder / "sources.toml"
    source.write_text(SOURCES, encoding="utf-8")
    return made.files, source


def _rows(place: Place) -> dict[str, list[tuple[object, ...]]]:
    return {name: rows for name, rows in rows_of(place.archive).items() if name != "imports"}


@pytest.mark.gate
def test_a_killed_import_goes_on_and_ends_with_the_same_tables(place: Place, tmp_path: Path) -> None:
    files, source = _large(place)
    settings = {
        "SOURCES_EXTRA": source,
        "IMPORT_PART_BYTES": 500_000,
        "IMPORT_SMALL_BYTES": 1,
        "IMPORT_FEW_PAGES": 1,
        "NOW": "2026-11-01T02:00:00+07:00",
    }
    whole = Place(tmp_path / "whole")
    whole.folder.mkdir()
    _import(whole, source, *files, code=None, **{name: value for name, value in settings.items() if name != "SOURCES_EXTRA"})
    given = {"ARCHIVE": place.archive, "CAPTURES": place.captures, "IMPORT_PROCESSES": 2} | settings
    command = [sys.executable, "-m", "scrapy", "captures", "import", *map(str, files), "--json", *as_options(given)]
    environment = own_environment()
    kills, parts = 0, 0
    for _ in range(40):
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        goal = _state(place) + 1
        while process.poll() is None and (_state(place) < goal or kills >= 6):
            time.sleep(0.02)
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += 1
        parts = max(parts, len(place.rows("select 1 from import_parts")))
    printed, _ = process.communicate()
    said = json.loads(printed)
    assert kills >= 3 and parts >= 1
    assert said["complete"] and differences(_rows(whole), _rows(place)) == ""
    assert place.rows("select records, kept, stored, left_out from imports") == whole.rows(
        "select records, kept, stored, left_out from imports"
    )
    assert place.rows("select count(*) from import_parts union all select count(*) from import_records") == [(0,), (0,)]
    assert not [*place.folder.glob("archive.db.import-*")]


def _state(place: Place) -> int:
    """Returns how much an import has noted so far."""
    try:
        [(parts,), (captures,)] = place.rows("select count(*) from import_parts union all select count(*) / 20 from captures")
    except sqlite3.Error:  # it is not there yet
        return 0
    return int(parts) + int(captures)


@pytest.mark.gate
def test_several_processes_and_the_crawl_of_the_recording_give_the_same_tables(place: Place, tmp_path: Path) -> None:
    files, source = _large(place)
    settings: dict[str, object] = {
        "IMPORT_PART_BYTES": 500_000,
        "IMPORT_SMALL_BYTES": 1,
        "IMPORT_FEW_PAGES": 1,
        "NOW": "2026-11-01T02:00:00+07:00",
    }
    _import(place, source, *files, code=None, IMPORT_PROCESSES=2, **settings)
    assert place.rows("select count(*) > 40, count(distinct source_id) from captures") == [(1, 4)]
    one, crawled = Place(tmp_path / "one"), Place(tmp_path / "crawled")
    for other in (one, crawled):
        other.folder.mkdir()
    _import(one, source, *files, code=None, IMPORT_PROCESSES=1, **settings)
    assert differences(_rows(one), _rows(place)) == ""
    for name in ("so-mau-a", "so-mau-b", "so-mau-c", "so-mau-d"):
        crawled.scrapy("crawl", name, code=None, SOURCES_EXTRA=source, REPLAY=",".join(map(str, files)), NOW=str(settings["NOW"]))
    assert differences(_rows(crawled), _rows(place)) == ""


# --- what is odd, and what is left out ----------------------------------------------------------------------


def test_what_belongs_to_no_source_or_is_outside_its_dates_is_named(place: Place) -> None:
    file = place.folder / "crawl.warc.gz"
    wrapped = f"http://web.archive.org/web/20130310020000id_/http://www.{HOST}:80{_path(3)}"
    file.write_bytes(
        _record(1, 1)
        + response_record(SITE + _path(2), _page(2), "2019-03-01T02:00:00Z")  # after the end of the source
        + response_record(wrapped, _page(3), "2024-03-01T02:00:00Z")
        + response_record(SITE + _path(4), _page(4), "20130304020000")
        + _record(1, 9, "được mùa")
        + _record(1, 5, "đang cấy")
        + response_record("http://khac.test/a.html", _page(6), "2013-03-01T02:00:00Z")
        + response_record("http://khac.test/b.html", _page(7), "2013-03-01T02:00:00Z")
        + _record(5, 20)[:-40]
    )
    said = _import(place, _source(place, 'valid = ["2010-01-01", "2015-12-31"]'), file, code=1)
    assert said["left_out"] == {"no-source": 2, "outside-period": 1, "cut-off": 1}
    assert said["hosts_without_source"] == {"khac.test": 2}
    assert (said["records"], said["kept"], said["complete"]) == (9, 6, True)
    times = dict(
        place.rows(
            "select articles.url, substr(published_at, 1, 10) || ' ' || substr(captures.captured_at, 1, 10) from articles"
            " join captures on captures.id = capture_id"
        )
    )
    assert times == {SITE + _path(number): f"2013-02-14 2013-03-{day}" for number, day in ((1, "09"), (3, "10"), (4, "04"), (5, "20"))}
    # The versions of a page in the order of time, whatever their order in the file.
    revised = place.rows("select old, seen_at from changes where field = 'title' order by seen_at")
    assert [str(title).rpartition("xã")[2].strip() for title, _ in revised] == ["", "đang cấy"]
    assert place.rows("select reason, url from failures where cleared_at is null and reason <> 'replay-miss' order by 1") == [
        ("outside-period", SITE + _path(2)),
        ("truncated", SITE + _path(5)),
    ]
    again = _import(place, _source(place, 'valid = ["2010-01-01", "2015-12-31"]'), file, code=1)
    assert again["in_archive"] == said["in_archive"] and place.rows("select count(*) from captures") == [(6,)]


def test_a_package_is_read_in_place(place: Place) -> None:
    package = place.folder / "site.wacz"
    with zipfile.ZipFile(package, "w") as file:
        file.writestr("archive/stored.warc.gz", _record(1, 1) + _record(2, 2))
        file.writestr(zipfile.ZipInfo("archive/packed.warc.gz"), _record(3, 3), zipfile.ZIP_DEFLATED)
    _import(place, _source(place), package)
    assert place.rows("select url, origin from captures order by url") == [
        (SITE + _path(1), "stored.warc.gz#0"),
        (SITE + _path(2), f"stored.warc.gz#{len(_record(1, 1))}"),
        (SITE + _path(3), "packed.warc.gz#0"),
    ]


def test_the_archive_is_one_file_after_an_import(place: Place) -> None:
    file = place.folder / "crawl.warc.gz"
    file.write_bytes(_record(1, 1))
    _import(place, _source(place), file)
    assert not [*place.folder.glob("archive.db-*")]


def test_a_recording_without_its_end_is_crawled_as_far_as_it_goes(place: Place) -> None:
    file = place.folder / "cut.warc.gz"
    file.write_bytes(_record(1, 1) + b"\x1f\x8bjunk" * 9 + _record(2, 2) + _record(3, 3)[:-40])
    done = place.scrapy("crawl", "ruong-lua", code=None, SOURCES_EXTRA=_source(place), REPLAY=file)
    assert "cut.warc.gz: damaged at byte" in done.stdout and "cut.warc.gz: cut-off at byte" in done.stdout
    assert {row[0] for row in place.rows("select url from articles")} == {SITE + _path(number) for number in (1, 2, 3)}
    assert place.rows("select url from articles where flags = 'truncated'") == [(SITE + _path(3),)]


def test_a_truncated_later_version_does_not_repeat_the_recording_for_ever(place: Place) -> None:
    file = place.folder / "versions.warc.gz"
    short = response_record(SITE + _path(1), _page(1, "bị ngắt"), "2013-03-05T02:00:00Z", ("Content-Length", "99999"))
    file.write_bytes(_record(1, 1) + short + _record(1, 9, "được mùa"))
    place.scrapy("crawl", "ruong-lua", code=None, SOURCES_EXTRA=_source(place), REPLAY=file)
    assert place.rows("select count(*) from captures") == [(3,)]
    assert place.rows("select title from articles") == [("Ruộng lúa vụ đông xuân số 1 của hợp tác xã được mùa",)]


def test_a_file_packed_together_in_its_middle_leaves_the_records_of_other_files(place: Place) -> None:
    """What is converted of each part has a file of its own, also of a part that is planned later."""
    packed, cut = place.folder / "packed.warc.gz", place.folder / "cut.warc.gz"
    records = [_record(number, 1 + number) for number in range(1, 7)]
    packed.write_bytes(b"".join(records[:4]) + gzip.compress(b"".join(map(gzip.decompress, records[4:])), mtime=0))
    cut.write_bytes(_record(7, 8)[:-40])
    size = len(packed.read_bytes()) // 3 + 1  # three parts
    said = _import(place, _source(place), packed, cut, code=1, IMPORT_PART_BYTES=size)
    assert said["left_out"] == {"cut-off": 1}
    titles = dict(place.rows("select url, title from articles"))
    assert titles == {SITE + _path(number): f"Ruộng lúa vụ đông xuân số {number} của hợp tác xã" for number in range(1, 8)}
