"""The cache of HTTrack (`hts-cache/new.zip`): the pages as they were received, before their links were changed.

Each entry is named by its URL. Its headers are in the extra field of the entry's local header, which Python's `zipfile` does not read.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from scraper.imports.found import Found, Skipped, http_block, warc_record
from scraper.warc.dates import parse_date
from scraper.warc.packages import CANNOT_UNPACK

_LAUNCHED = re.compile(rb"launched on \w+, (\d{1,2} \w+ \d{4} \d\d:\d\d:\d\d)")
_LOCAL_HEADER = 30  # bytes; the lengths of the name and of the extra field are at its end
_LOG = 64 * 1024  # bytes of the log in which its first line must be
_OWN = frozenset({"x-in-cache", "x-statuscode", "x-statusmessage", "x-size", "x-charset", "x-addr", "x-fil", "x-save", "content-length"})


def cached_pages(cache: Path, limit: int) -> Found:
    """Yields the responses in a cache of HTTrack as WARC records. `limit`: the largest body, in bytes.

    The time is that of the start of the mirror, as the log of HTTrack says (the clock of that machine is taken as that of Viet Nam), else
    that of the file. The file's entries have the time of the last change of the page.
    """
    try:
        with zipfile.ZipFile(cache) as package, cache.open("rb") as raw:
            open_cache = _Cache(cache, package, raw, limit, *_mirrored_at(cache))
            for entry in package.infolist():
                url = entry.filename if "://" in entry.filename else f"http://{entry.filename}"
                if url.startswith(("http://", "https://")) and "." in url.split("/")[2]:
                    yield open_cache.response(entry, url)
    except CANNOT_UNPACK as error:
        yield Skipped(f"{cache.parent.name}/{cache.name}", "damaged", f"{error}; the saved files are read instead")


@dataclass(frozen=True, slots=True)
class _Cache:
    """The open cache. `at`, `date_rule`: the time of its responses, and how it was found."""

    path: Path
    package: zipfile.ZipFile
    raw: BinaryIO
    limit: int
    at: datetime
    date_rule: str

    def response(self, entry: zipfile.ZipInfo, url: str) -> bytes | Skipped:
        """Returns the response of an entry as a WARC record, or why there is none."""
        headers = list(_headers(self.raw, entry))
        names = {name.lower(): value for name, value in headers}
        status = int(names["x-statuscode"]) if re.fullmatch(r"\d{3}", names.get("x-statuscode", "")) else 200
        if entry.file_size > self.limit:
            return Skipped(url, "too-large")
        try:
            body = self.package.read(entry)
            if not body and names.get("x-in-cache") == "0" and status == 200:
                body = self._saved(names.get("x-save", ""))
        except CANNOT_UNPACK as error:
            return Skipped(url, "damaged", f"{error}")
        if not body and status == 200:
            return Skipped(url, "no-body", "the cache holds only its headers")
        kept = [(name, value) for name, value in headers if name.lower() not in _OWN]
        if names.get("x-charset") and "charset" not in names.get("content-type", ""):
            kept = [(name, f"{value}; charset={names['x-charset']}" if name.lower() == "content-type" else value) for name, value in kept]
        origin = f"{self.path.parent.name}/{self.path.name}#{entry.header_offset}"
        return warc_record(url, self.at, http_block(status, names.get("x-statusmessage", ""), kept, body), origin, self.date_rule)

    def _saved(self, name: str) -> bytes:
        """Returns the body of a response that is only in a file of the mirror, or nothing if it is not there or too long."""
        mirror = self.path.parent.parent.resolve()
        file = (mirror / name.lstrip("/")).resolve()
        if not name or not file.is_relative_to(mirror) or not file.is_file() or file.stat().st_size > self.limit:
            return b""
        return file.read_bytes()


def _headers(raw: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[tuple[str, str]]:
    """Yields the headers of an entry, from the extra field of its local header."""
    raw.seek(entry.header_offset)
    head = raw.read(_LOCAL_HEADER)
    if not head.startswith(b"PK\x03\x04"):
        return
    raw.seek(int.from_bytes(head[26:28], "little"), 1)
    for line in raw.read(int.from_bytes(head[28:30], "little")).decode("latin-1").split("\r\n"):
        name, colon, value = line.partition(": ")
        if colon and re.fullmatch(r"[\w-]+", name):
            yield name, value.strip()


def _mirrored_at(cache: Path) -> tuple[datetime, str]:
    """Returns when the mirror was begun, and the code of the rule that found it."""
    log = cache.parent.parent / "hts-log.txt"
    try:
        with log.open("rb") as file:
            found = _LAUNCHED.search(file.read(_LOG))
    except OSError:
        found = None
    at = parse_date(f"{found[1].decode('ascii')} +0700") if found is not None else None
    if at is not None:
        return at, "mirror-log"
    return datetime.fromtimestamp(int(cache.stat().st_mtime), UTC), "file-time"
