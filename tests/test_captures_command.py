"""`scrapy captures`: verify, import, export, digests."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.store.archive import open_archive
from scraper.store.capture_files import missing_or_short
from scraper.warc.cdx import url_sort_key
from tests.conftest import Place
from tests.server import article, listing
from tests.warc_records import response_record

HOST = "so.dam-pha.test"
SITE = f"http://{HOST}"


def _title(number: int) -> str:
    return f"Sở đo độ mặn ở đầm phá lần thứ {number} trước mùa nuôi tôm"


def _path(number: int) -> str:
    return f"/tin-tuc/so-do-do-man-o-dam-pha-lan-thu-{number}-truoc-mua-nuoi-tom-{number}.html"


def _page(number: int) -> bytes:
    return article(_title(number), day="14/02/2013 08:30").encode()


def _source(place: Place) -> Path:
    return place.source("dam-pha", SITE, "Sở Đầm Phá (test)", "hue")


# --- verify ---------------------------------------------------------------------------------------------------


def _faults(place: Place) -> list[tuple[str, int]]:
    found = json.loads(place.scrapy("captures", "verify", "--json", code=1).stdout)
    assert sum(found["faults"].values()) == len(found["fault_list"])
    return sorted((one["code"], one["offset"]) for one in found["fault_list"])


def test_verify_names_every_fault(copied: Place) -> None:
    [file] = copied.captures.glob("sample-mst/*.warc.gz")
    places = copied.rows("select id, warc_offset, warc_length from captures where source_id = 'sample-mst' order by warc_offset")
    data = bytearray(file.read_bytes())
    with closing(sqlite3.connect(copied.archive)) as database, database:
        database.execute("delete from captures where id = ?", [places[2][0]])
        database.execute("update captures set warc_length = 1 + warc_length where id = ?", [places[4][0]])
        database.execute("update captures set digest = 'sha1:AAAA' where id = ?", [places[6][0]])
    data[places[9][1] + places[9][2] // 2] ^= 255
    file.write_bytes(data[: places[-1][1] + 20])
    assert _faults(copied) == sorted(
        [
            ("no-row", places[2][1]),
            ("length", places[4][1]),
            ("other-record", places[6][1]),
            ("damaged", places[9][1]),
            ("no-record", places[9][1]),
            ("cut-off", places[-1][1]),
            ("no-record", places[-1][1]),
        ]
    )
    # The sizes of the files show that a file lacks its end, or is missing.
    name, archive = file.relative_to(copied.captures).as_posix(), open_archive(copied.archive, create=False)
    [short] = missing_or_short(archive, copied.captures, "sample-mst")
    needed, size = places[-1][1] + places[-1][2], places[-1][1] + 20
    assert (short.file, short.code, short.needed, short.size, short.captures) == (name, "short", needed, size, 1)
    assert missing_or_short(archive, copied.captures, "sample-mic") == []
    file.unlink()
    [missing] = missing_or_short(archive, copied.captures)
    assert (missing.code, missing.size, missing.captures) == ("missing", 0, len(places) - 1)
    archive.close()


@pytest.mark.gate
def test_verify_of_missing_files_and_unknown_sources(place: Place) -> None:
    place.scrapy("crawl", "sample-mst")
    done = place.scrapy("captures", "verify")
    assert done.stdout.startswith("1 files, ") and " 16 captures: no faults" in done.stdout
    [file] = place.captures.rglob("*.warc.gz")
    file.unlink()
    assert "missing: there is no such file (16 captures)" in place.scrapy("captures", "verify", code=1).stdout
    assert "no such source" in place.scrapy("captures", "verify", "--source", "sample-msd", code=2).stderr


# --- import ---------------------------------------------------------------------------------------------------


def _arc(url: str, body: bytes, date: str, *more: str) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    return f"{' '.join([url, '10.1.2.3', date, 'text/html', *more])} {len(block)}\n".encode() + block + b"\n"


def _httrack(folder: Path) -> None:
    """Writes a mirror as HTTrack 3.49 does: a cache with one page, the mirrored file of another, and its own list of mirrors."""
    (folder / "hts-cache").mkdir(parents=True)
    (folder / "hts-log.txt").write_text(f"HTTrack3 launched on Tue, 12 Mar 2013 09:00:00 at {SITE}/\n", encoding="utf-8")
    (folder / "index.html").write_text("<html><head><title>Local index - HTTrack</title></head></html>", encoding="utf-8")
    with zipfile.ZipFile(folder / "hts-cache/new.zip", "w") as cache:
        entry = zipfile.ZipInfo(SITE + _path(7), (2013, 3, 12, 9, 0, 0))
        entry.extra = b"HTTP/1.1 200 OK\r\nX-In-Cache: 1\r\nX-StatusCode: 200\r\nContent-Type: text/html\r\nX-Charset: utf-8\r\n"
        cache.writestr(entry, _page(7))
        entry.extra = b""  # the directory at the end of the file lacks the headers
    for number in (7, 8):
        file = folder / HOST / _path(number)[1:]
        file.parent.mkdir(parents=True, exist_ok=True)
        comment = f"<!-- Mirrored from {HOST}{_path(number)} by HTTrack Website Copier/3.x [XR&CO'2014], Tue, 12 Mar 2013 02:30:00 GMT -->"
        file.write_bytes(_page(number).replace(b"</html>", b"\n" + comment.encode() + b"\n</html>"))
    (folder / HOST / "logo.png").write_bytes(b"\x89PNG")


def _wget(folder: Path) -> None:
    """Writes what `wget -x -E -k -K` does."""
    root = folder / f"{HOST}"
    (root / "tin-tuc").mkdir(parents=True)
    (root / _path(9)[1:]).write_bytes(_page(9).replace(b"/tin-tuc/", b"../tin-tuc/"))
    (root / f"{_path(9)[1:]}.orig").write_bytes(_page(9))
    (root / "xem.aspx?id=10.html").write_bytes(_page(10))
    (root / "index.html").write_bytes(listing((_path(9), _title(9)), ("/xem.aspx?id=10", _title(10))).encode())
    (root / "trong.html").write_bytes(b"")
    for file in root.rglob("*"):
        os.utime(file, (1_362_300_000, 1_362_300_000))  # 3 March 2013, 08:40 UTC


@pytest.fixture
def files(place: Place) -> list[Path]:
    """Files of eight kinds. Each of the articles 1 to 10 is in one of them."""
    folder = place.folder / "given"
    folder.mkdir()
    junk = b"\x00broken\n" * 20
    (folder / "old.arc").write_bytes(
        b"filedesc://old.arc 0.0.0.0 20090101000000 text/plain 20\n1 0 InternetArchive\n\n"
        + _arc(SITE + _path(1), _page(1), "20130301020000")
        + junk
        + _arc(SITE + _path(2), _page(2), "201303010300", "200", "-", "-", "77", "old.arc")
        + b"dns:so.dam-pha.test 10.1.2.3 20130301020000 text/dns 4\n1234\n"
        + _arc(f"{SITE}:80{_path(3)}", _page(3)[:-9], "20130301020000")[:-10]
    )
    whole = b"".join(gzip.decompress(response_record(SITE + _path(4), _page(4), "2013-03-02T02:00:00Z")) for _ in range(2))
    (folder / "whole.warc.gz").write_bytes(gzip.compress(whole))
    parts = [response_record(f"{SITE}{_path(5)}?utm_source={number}", _page(5), f"2013-03-0{number}T02:00:00Z") for number in (1, 2, 3)]
    damaged = bytearray(b"".join(parts))
    damaged[len(parts[0]) + 200] ^= 255
    (folder / "damaged.warc.gz").write_bytes(damaged)
    with zipfile.ZipFile(folder / "site.wacz", "w") as package:
        others = response_record(f"{SITE}/anh.png", b"\x89PNG", "2013-03-01T02:00:00Z", ("Content-Type", "image/png"))
        others += response_record("http://khac.test/a.html", _page(6), "2013-03-01T02:00:00Z")
        others += response_record(f"{SITE}/mat.html", b"", "2013-03-01T02:00:00Z", status="404 Not Found")
        package.writestr("archive/data.warc.gz", response_record(SITE + _path(6), _page(6), "2013-03-01T02:00:00Z") + others)
    _httrack(folder / "mirror")
    _wget(folder / "wget")
    return [folder / name for name in ("old.arc", "whole.warc.gz", "damaged.warc.gz", "site.wacz", "mirror", "wget")]


def test_import_accepts_or_names_every_page(place: Place, files: list[Path]) -> None:
    source = _source(place)
    done = place.scrapy("captures", "import", *map(str, files), "--source", "dam-pha", "--json", code=1, SOURCES_EXTRA=source)
    said = json.loads(done.stdout)
    assert {str(title) for (title,) in place.rows("select title from articles")} == {_title(number) for number in range(1, 11)}
    named = sorted((one["name"], one["reason"]) for one in said["not_imported"])
    [(at, _)] = [(name, reason) for name, reason in named if name.startswith("old.arc") and reason == "damaged"]
    assert int(at.partition("#")[2]) == files[0].read_bytes().index(b"\x00broken")
    assert sorted((name.partition("#")[0], reason) for name, reason in named) == sorted(
        [
            ("old.arc", "damaged"),
            ("old.arc", "cut-off"),
            ("damaged.warc.gz", "damaged"),
            (f"{SITE}/anh.png", "not-a-page"),
            (f"{SITE}/mat.html", "no-page"),
            (f"{HOST}/logo.png", "not-a-page"),
            (f"{HOST}/trong.html", "empty"),
        ]
    )
    assert said["hosts_without_source"] == {"khac.test": 1} and said["left_out"]["no-source"] == 1
    rows = place.rows("select origin, substr(captured_at, 1, 16), date_rule, flags from captures join articles on capture_id = captures.id")
    facts = {str(origin).partition("#")[0]: (at, rule, flags) for origin, at, rule, flags in rows if "old.arc" not in str(origin)}
    assert facts == {
        "whole.warc.gz": ("2013-03-02T02:00", None, None),
        "damaged.warc.gz": ("2013-03-03T02:00", None, None),
        "data.warc.gz": ("2013-03-01T02:00", None, None),
        "hts-cache/new.zip": ("2013-03-12T02:00", "mirror-log", None),
        f"{HOST}{_path(8)}": ("2013-03-12T02:30", "mirror-comment", None),
        f"{HOST}{_path(9)}": ("2013-03-03T08:40", "file-time", None),
        f"{HOST}/xem.aspx?id=10.html": ("2013-03-03T08:40", "file-time", None),
    }
    # Of the page whose record lacks its end, the rest was read, and it is marked.
    truncated = f"{SITE}{_path(3)}"
    assert place.rows("select url from articles where flags = 'truncated'") == [(truncated,)]
    assert place.rows("select url, reason from failures where cleared_at is null") == [(truncated, "truncated")]
    codes = {row[0] for row in place.rows("select code from rules where kind = 'capture'")}
    assert {rule for _, rule, _ in facts.values()} - {None} <= codes
    assert place.scrapy("captures", "verify").stdout.endswith("no faults\n")


@pytest.mark.gate
def test_what_cannot_be_imported_at_all_is_bad_input(place: Place) -> None:
    text = place.folder / "notes.txt"
    text.write_text("không phải trang\n", encoding="utf-8")
    assert "no page can be read from it" in place.scrapy("captures", "import", str(text), code=2).stderr
    assert "there is no such file" in place.scrapy("captures", "import", str(place.folder / "none"), code=2).stderr
    assert "give one of" in place.scrapy("captures", "look", code=2).stderr
    assert not place.archive.exists()


@pytest.mark.gate
def test_the_same_file_again_adds_nothing(place: Place, files: list[Path]) -> None:
    for number in (1, 0):
        done = place.scrapy("captures", "import", str(files[1]), "--json", SOURCES_EXTRA=_source(place))
        said = json.loads(done.stdout)
        assert said["not_imported"] == [] and said["sources"][0]["new"] == number
    assert place.rows("select count(*) from captures") == [(1,)]


# What the library surt 0.3.1 says, by which pywb indexes.
@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www2.mic.gov.vn", "vn,gov,mic)/"),
        ("https://so.tinh.gov.vn:443/Tin/?b=2&a=1#x", "vn,gov,tinh,so)/tin?a=1&b=2"),
        ("http://127.0.0.1:8080/a//b/../c/", "1,0,0,127:8080)/a/c"),
        ("http://mic.gov.vn/ảnh/bài viết.html?q=đ", "vn,gov,mic)/%e1%ba%a3nh/b%c3%a0i%20vi%e1%ba%bft.html?q=%c4%91"),
        ("https://sở.vn./", "vn,xn--s-lym)/"),
    ],
)
def test_the_keys_of_the_index(url: str, key: str) -> None:
    assert url_sort_key(url) == key


# --- export ---------------------------------------------------------------------------------------------------


def _described(package: zipfile.ZipFile) -> list[dict[str, Any]]:
    described = package.read("datapackage.json")
    digest = json.loads(package.read("datapackage-digest.json"))
    assert digest == {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(described).hexdigest()}"}
    resources: list[dict[str, Any]] = json.loads(described)["resources"]
    for one in resources:
        data = package.read(one["path"])
        assert (one["bytes"], one["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
    return resources


def test_a_package_of_days_that_end_before_they_begin_is_refused(copied: Place) -> None:
    target = copied.folder / "mst.wacz"
    days = ("--from", "2030-01-01", "--to", "2013-12-31")
    done = copied.scrapy("captures", "export", "--wacz", str(target), "--source", "sample-mst", *days, code=2)
    assert "--from 2030-01-01 is after --to 2013-12-31" in done.stderr and not target.exists()


def test_an_exported_package_is_complete_and_can_be_crawled(copied: Place) -> None:
    target = copied.folder / "mst.wacz"
    done = copied.scrapy("captures", "export", "--wacz", str(target), "--source", "sample-mst")
    assert "16 captures, " in done.stdout
    with zipfile.ZipFile(target) as package:
        assert [one["path"] for one in _described(package)] == ["archive/sample-mst.warc.gz", "indexes/index.cdx", "pages/pages.jsonl"]
        lines = package.read("indexes/index.cdx").decode().splitlines()
        records = package.read("archive/sample-mst.warc.gz")
        titles = [json.loads(line)["title"] for line in package.read("pages/pages.jsonl").decode().splitlines()]
    assert lines == sorted(lines) and len(lines) == 16
    for line in lines:
        fields = json.loads(line.split(" ", 2)[2])
        at = int(fields["offset"])
        [record] = ArchiveIterator(io.BytesIO(records[at : at + int(fields["length"])]))
        assert record.rec_headers.get_header("WARC-Target-URI") == fields["url"]
    assert {title for (title,) in copied.rows("select title from articles where source_id = 'sample-mst'")} <= set(titles)
    other = Place(copied.folder / "other")
    other.folder.mkdir()
    other.scrapy("crawl", "sample-mst", REPLAY=target)
    sql = "select url, title, published_at, body from articles join article_text on article_id = id where source_id = ? order by url"
    assert other.rows(sql, "sample-mst") == copied.rows(sql, "sample-mst")


@pytest.mark.gate
def test_an_empty_package_a_second_one_and_digests(place: Place) -> None:
    place.scrapy("crawl", "sample-mst")
    empty = place.folder / "none.wacz"
    arguments = ("captures", "export", "--wacz", str(empty), "--source", "sample-mst", "--to", "2001-01-01")
    place.scrapy(*arguments)
    with zipfile.ZipFile(empty) as package:
        assert package.read("indexes/index.cdx") == b""
    assert "exists already" in place.scrapy(*arguments, code=2).stderr
    listed = place.scrapy("captures", "digests").stdout.split("  ")  # in the form of sha256sum
    [file] = place.captures.rglob("*.warc.gz")
    assert listed == [hashlib.sha256(file.read_bytes()).hexdigest(), f"{file.relative_to(place.captures)}\n"]
