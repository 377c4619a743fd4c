"""ARC files, and WARC files that are damaged or packed as a whole. What is whole in them is read; what is not, is named."""

from __future__ import annotations

import gzip
import mmap
import re
import zlib
from pathlib import Path

from scraper.imports.found import Found, Skipped, warc_record
from scraper.warc.records import SOURCE_URI, PackedWhole, Stream, WarcError, pieces

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


def whole_records(path: Path, limit: int) -> Found:
    """Yields the records of a damaged WARC file that are whole. `limit`: the largest record, in bytes."""
    if path.stat().st_size == 0:
        yield Skipped(path.name, "empty")
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as memory:
        mark = b"\x1f\x8b\x08" if memory[:2] == _GZIP else b"WARC/"
        at, damage = 0, Skipped("", "damaged")  # the damage that was not yielded yet, if it has a name
        while at >= 0:
            end, lost = at, damage
            try:
                for offset, length, data in pieces(path, at, limit):
                    if not data.startswith(b"WARC/"):
                        raise WarcError(f"{path}: there is no WARC record at byte {offset}")
                    if damage.name:
                        yield damage
                        damage = lost = Skipped("", "damaged")
                    end = offset + length
                    yield _with_origin(data, f"{path.name}#{offset}")
                break
            except PackedWhole:
                yield from _packed_whole(path, limit)
                return
            except WarcError as error:
                at = memory.find(mark, end + 1)
                if not lost.name:
                    damage = Skipped(f"{path.name}#{end}", "damaged", f"{error}")
        if damage.name:
            yield damage


def _packed_whole(path: Path, limit: int) -> Found:
    """Yields the records of a WARC file that was packed as a whole. Their places are stated in unpacked bytes."""
    with gzip.open(path) as file:
        try:
            for offset, _, data in pieces(path, 0, limit, unpacked=file):
                yield _with_origin(data, f"{path.name}#{offset}")
        except (WarcError, OSError, EOFError, zlib.error) as error:
            yield Skipped(path.name, "damaged", f"{error}; what follows cannot be read")


def _with_origin(data: bytes, origin: str) -> bytes:
    """Returns an unpacked WARC record with the place that it comes from, unless it states another."""
    head = data[: data.find(b"\r\n\r\n")]
    if SOURCE_URI.lower().encode() in head.lower():
        return data
    first, separator, rest = data.partition(b"\r\n")
    return first + separator + f"{SOURCE_URI}: {origin}\r\n".encode() + rest


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


def records_of(path: Path, limit: int) -> Found:
    """Yields what is in an ARC or damaged WARC file."""
    return arc_records(path, limit) if path.name.endswith(ARC_SUFFIXES) or is_arc(path) else whole_records(path, limit)
