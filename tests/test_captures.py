"""Captures are kept byte for byte and repaired after a crash; recordings of other tools answer requests."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.warcwriter import WARCWriter

from scraper.store import lost_captures
from tests.conftest import PROJECT, Place
from tests.server import article, listing, serving_pages
from tests.stored_rows import SOURCE, add_capture, archive_of_source

RECORDING = PROJECT / "samples/sample.warc.gz"


def _records(path: Path) -> list[tuple[str, str, bytes]]:
    with path.open("rb") as file:
        return [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI") or "", record.content_stream().read())
            for record in ArchiveIterator(file)
        ]


def test_every_capture_is_the_recorded_response(place: Place) -> None:
    place.scrapy("crawl", "sample-mst")
    original = {url: body for kind, url, body in _records(RECORDING) if kind == "response"}
    [file] = place.captures.rglob("*.warc.gz")
    kept = [(kind, url, body) for kind, url, body in _records(file) if kind == "response"]
    assert len(kept) == 16  # no page links to one of them
    assert all(body == original[url] for _, url, body in kept)
    # Each row gives the place of its record, which is a gzip member of its own.
    raw = file.read_bytes()
    for url, offset, length in place.rows("select url, warc_offset, warc_length from captures"):
        piece = gzip.decompress(raw[int(str(offset)) : int(str(offset)) + int(str(length))])
        assert piece.startswith(b"WARC/1.1\r\n") and f"WARC-Target-URI: {url}\r\n".encode() in piece


def test_a_half_written_record_is_cut_off_with_a_message(place: Place) -> None:
    place.scrapy("crawl", "sample-mst")
    [file] = place.captures.rglob("*.warc.gz")
    whole = file.read_bytes()
    place.scrapy("crawl", "sample-mic")
    half = gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 500\r\n\r\nHTTP/1.1 200 OK\r\n")[:60]
    file.write_bytes(whole + half)
    done = place.scrapy("crawl", "sample-mst")
    assert f"removed {len(half)} bytes of an incomplete record" in done.stdout
    assert file.read_bytes() == whole
    assert "6 unchanged" in done.stdout


def test_a_whole_record_without_a_row_is_indexed(place: Place) -> None:
    """A crash between writing the file and its index leaves such a record."""
    place.scrapy("crawl", "sample-mst")
    [file] = place.captures.rglob("*.warc.gz")
    with file.open("ab") as out:
        _write(out, "https://mst.sample.test/tin-moi-197251118091012351.htm", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>x</p>")
    done = place.scrapy("crawl", "sample-mst")
    assert "added the missing row for the record" in done.stdout
    assert place.rows("select count(*) from captures where url like '%351.htm'") == [(1,)]


ENDLESS_MEMBER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"\x00\xff\xff\x00\x00"  # its block takes all that follows


@pytest.mark.parametrize("damage", [bytes(40), ENDLESS_MEMBER], ids=["zeros", "endless"])
def test_a_file_that_is_damaged_inside_keeps_its_end_when_the_archive_is_made_again(place: Place, damage: bytes) -> None:
    items = [(f"/tin/hoi-nghi-{number}-cua-so-ve-ngan-sach-{number}.html", f"Hội nghị {number} của sở về ngân sách") for number in range(9)]
    site = {"/": listing(*items)} | {path: article(title, day=f"{1 + at}/05/2012 08:00") for at, (path, title) in enumerate(items)}
    with serving_pages(site) as served:
        given: dict[str, Any] = {"SOURCES_EXTRA": place.source("mau", served.url), "DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0}
        place.scrapy("crawl", "mau", **given)
    [file] = place.captures.rglob("*.warc.gz")
    whole, places = file.read_bytes(), place.rows("select url, warc_offset from captures order by warc_offset")
    lost, at = places[5]
    file.write_bytes(whole[:at] + damage + whole[at + len(damage) :])
    damaged = file.read_bytes()
    place.archive.unlink()
    said = place.scrapy("crawl", "mau", REPLAY=file.parent, **given).stdout
    assert said.count("added the missing row") == len(places) - 1
    assert "the file is left as it is, and its other records stay readable" in said and "removed" not in said
    assert file.read_bytes() == damaged
    # Every other capture has its row at its place, also those after the damage, and nothing was written a second time.
    assert place.rows("select url, warc_offset from captures order by warc_offset") == [one for one in places if one[0] != lost]
    assert place.rows("select count(*) from articles") == [(8,)] and [*place.captures.rglob("*.warc.gz")] == [file]
    # The file is copied back from the backup: a recording of it has the capture that was lost, and then nothing is missing.
    file.write_bytes(whole)
    fault = place.scrapy("captures", "verify", code=1, **given).stdout
    assert lost in fault and "no-row" in fault and "scrapy crawl mau -s REPLAY=captures/mau adds it" in fault
    place.scrapy("crawl", "mau", REPLAY=file.parent, **given)
    assert place.rows("select count(*) from articles") == [(9,)]
    assert "no faults" in place.scrapy("captures", "verify", **given).stdout


def _write(out: io.BufferedIOBase, url: str, content: bytes, **headers: str) -> None:
    writer = WARCWriter(out, gzip=True, warc_version="1.0")
    record = ArcWarcRecord
    made = writer.create_warc_record(
        url, "response", payload=io.BytesIO(content), length=len(content), warc_content_type="application/http; msgtype=response"
    )
    assert isinstance(made, record)
    for name, value in headers.items():
        made.rec_headers.replace_header(name.replace("_", "-"), value)
    writer.write_record(made)


@pytest.mark.parametrize("style", ["wget", "plain", "folder", "two files", "wacz"])
def test_recordings_of_other_tools(place: Place, style: str) -> None:
    raw = gzip.decompress(RECORDING.read_bytes())
    if style == "wget":  # WARC 1.0, URLs in angle brackets, requests between the responses
        raw = raw.replace(b"WARC/1.1\r\n", b"WARC/1.0\r\n")
        lines = [
            b"WARC-Target-URI: <" + line.removeprefix(b"WARC-Target-URI: ") + b">" if line.startswith(b"WARC-Target-URI: ") else line
            for line in raw.split(b"\r\n")
        ]
        replay = place.folder / "wget.warc.gz"
        replay.write_bytes(gzip.compress(b"\r\n".join(lines)))
        # wget compresses record by record; a careless user compresses the file as a whole
        assert "warcio recompress" in place.scrapy("crawl", "sample-mst", code=2, REPLAY=replay).stderr
        replay = place.folder / "wget.warc"
        replay.write_bytes(b"\r\n".join(lines))
    elif style == "plain":
        replay = place.folder / "plain.warc"
        replay.write_bytes(raw)
    elif style == "folder":
        replay = place.folder / "recordings"
        (replay / "inner").mkdir(parents=True)
        (replay / "inner" / "a.warc.gz").write_bytes(RECORDING.read_bytes())
    elif style == "wacz":
        replay = place.folder / "site.wacz"
        with zipfile.ZipFile(replay, "w") as packed:
            packed.writestr("archive/data.warc.gz", RECORDING.read_bytes())
            packed.writestr("datapackage.json", json.dumps({"profile": "data-package"}))
    else:
        records = raw.split(b"WARC/1.1\r\n")[1:]
        first, second = place.folder / "1.warc", place.folder / "2.warc"
        first.write_bytes(b"".join(b"WARC/1.1\r\n" + record for record in records[::2]))
        second.write_bytes(b"".join(b"WARC/1.1\r\n" + record for record in records[1::2]))
        done = place.scrapy("crawl", "sample-mst", REPLAY=f"{first},{second}")
        assert "6 articles:" in done.stdout
        return
    assert "6 articles:" in place.scrapy("crawl", "sample-mst", REPLAY=replay).stdout


def test_what_a_recording_lacks_is_a_recorded_miss(place: Place) -> None:
    raw = gzip.decompress(RECORDING.read_bytes())
    records = [record for record in raw.split(b"WARC/1.1\r\n")[1:] if b"-197250310091512345.htm\r\n" not in record.split(b"\r\n\r\n")[0]]
    replay = place.folder / "less.warc"
    replay.write_bytes(b"".join(b"WARC/1.1\r\n" + record for record in records))
    done = place.scrapy("crawl", "sample-mst", REPLAY=replay)
    assert "5 articles:" in done.stdout and "1 × replay-miss" in done.stdout
    assert place.rows("select stage, reason from failures") == [("fetch", "replay-miss")]
    # The site itself was not requested, so the next live crawl does that.
    assert place.rows("select state, count(*) from candidates where state != 'stored' group by state") == [("new", 1)]


def test_two_runs_of_one_source_do_not_mix(place: Place) -> None:
    import fcntl

    (place.captures / "sample-mst").mkdir(parents=True)
    with (place.captures / "sample-mst" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "another run is crawling sample-mst" in place.scrapy("crawl", "sample-mst", code=3).stderr
        place.scrapy("crawl", "sample-mic")
    place.scrapy("crawl", "sample-mst")


def test_a_record_whose_end_is_missing_is_lost(tmp_path: Path) -> None:
    """The file was cut in the middle of its last record."""
    with archive_of_source(tmp_path) as database:
        captures = [
            add_capture(database, f"{SOURCE.site}/{number}", "2026-11-01T02:00:00Z", warc_offset=100 * number, warc_length=100)
            for number in range(2)
        ]
        file = tmp_path / "captures/mau/a"
        file.parent.mkdir(parents=True)
        file.write_bytes(b"-" * 150)
        [fault] = lost_captures.note(database, tmp_path / "captures", SOURCE.id, "2026-11-02T02:00:00Z")
        assert (fault.code, fault.captures) == ("short", 1)
        assert [lost_captures.is_lost(database, capture_id) for capture_id in captures] == [False, True]
        file.write_bytes(b"-" * 200)  # a backup was copied to its place
        assert lost_captures.note(database, tmp_path / "captures", SOURCE.id, "2026-11-03T02:00:00Z") == []
        assert not any(lost_captures.is_lost(database, capture_id) for capture_id in captures)
