"""ARC files, and WARC files that are packed as a whole. What is whole in them is read; what is not, is named."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path

from scraper.imports.found import Found, Skipped, warc_record
from scraper.warc.archived_files import with_origin
from scraper.warc.fast_scan import Span
from scraper.warc.records import Stream, WarcError, pieces

ARC_SUFFIXES = (".arc", ".arc.gz")
_GZIP = b"\x1f\x8b"
_LONGEST_LINE = 64 * 1024  # bytes of the header of an ARC record; the URL is in it
# URL, IP address, date, type, perhaps more fields (version 2), length.
_ARC_HEADER = re.compile(
    rb"^(?P<url>[a-zA-Z][a-zA-Z0-9+.-]*:.*?) (?P<ip>[0-9a-fA-F.:-]+) (?P<date>\d{4,17}) (?P<more>.*?) ?(?P<length>\d{1,15})\s*$"
)


def arc_records(path: Path, limit: int) -> Found:
    """Yields the pages of an ARC file as WARC records. `limit`: the largest record, in bytes.

    The place of a page in a packed file is stated in unpacked bytes.
    """
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        file: Stream = gzip.GzipFile(fileobj=raw) if packed else raw
        try:
            yield from _arc_records(file, path.name, limit)
        except (OSError, EOFError, zlib.error) as error:
            yield Skipped(path.name, "damaged", f"{error}; what follows cannot be read")


def _arc_records(file: Stream, name: str, limit: int) -> Found:
    damaged_at: int | None = None
    while True:
        at = file.tell()
        line = file.readline(_LONGEST_LINE)
        if not line:
            break
        if not line.strip():
            continue
        header = _ARC_HEADER.match(line)
        if header is None:
            # After a damaged record, the next line that is a header begins a record again.
            damaged_at = at if damaged_at is None else damaged_at
            continue
        if damaged_at is not None:
            yield Skipped(f"{name}#{damaged_at}", "damaged", f"{at - damaged_at} bytes are not a record")
            damaged_at = None
        length, url = int(header["length"]), header["url"].decode("utf-8", "replace")
        block = file.read(min(length, limit))
        if len(block) < min(length, limit):
            yield Skipped(f"{name}#{at}", "cut-off", f"{url}: {len(block)} of {length} bytes")
            if block.startswith(b"HTTP/"):
                yield warc_record(url, header["date"].decode(), block, f"{name}#{at}", is_cut=True)
            return
        file.seek(length - len(block), 1)
        if length > limit:
            yield Skipped(f"{name}#{at}", "too-large", url)
        elif url.startswith(("http://", "https://")) and block.startswith(b"HTTP/"):
            yield warc_record(url, header["date"].decode(), block, f"{name}#{at}")
        elif not url.startswith(("filedesc:", "dns:")):
            yield Skipped(f"{name}#{at}", "no-response", url)
    if damaged_at is not None:
        yield Skipped(f"{name}#{damaged_at}", "damaged", "what follows is not a record")


def records_packed_whole(span: Span, name: str, limit: int) -> Found:
    """Yields the records of a WARC file that was packed as a whole. Their places are stated in unpacked bytes. `name`: of the file.
    `limit`: the largest record, in bytes.
    """
    with span.file.open("rb") as raw:
        raw.seek(span.begin)
        with gzip.GzipFile(fileobj=raw) as file:
            try:
                for offset, _, data in pieces(span.file, 0, limit, unpacked=file):
                    yield with_origin(data, f"{name}#{offset}", span.file)
            except (WarcError, OSError, EOFError, zlib.error) as error:
                yield Skipped(name, "damaged", f"{error}; what follows cannot be read")


def is_arc(path: Path) -> bool:
    """Returns whether a file is an ARC file, by its first bytes."""
    return _head(path).startswith(b"filedesc:")


def is_warc(path: Path) -> bool:
    """Returns whether a file is a WARC file, by its first bytes."""
    return _head(path).startswith(b"WARC/")


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(2)
        with gzip.open(path) if head == _GZIP else path.open("rb") as file:
            return bytes(file.read(16))
    except (OSError, EOFError, zlib.error):
        return b""
