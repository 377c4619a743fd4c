"""Writes captures of a source into a WACZ package (version 1.1.1): one file that replayweb.page and pywb open.

The package has a WARC file with the records as they are, an index, the list of pages, and the digests of its files.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from sqlite_utils import Database

from scraper import __version__, clock
from scraper.post_urls import is_post_url
from scraper.scratch_folder import ScratchFolder
from scraper.store.captures import KeptCapture, kept
from scraper.two_languages import Message, message_of, same
from scraper.warc.cdx import cdx_fields, cdx_time, url_sort_key
from scraper.warc.dates import moment, timestamp
from scraper.warc.records import NOT_MODIFIED, WarcError, parse_record, pieces, target
from scraper.warc.writing import encode_info

_SOFTWARE = f"vietnam-government-news-archive/{__version__}"
_LONGEST_RECORD = 1 << 31  # bytes
_BATCH = 500  # captures that are looked up at a time


@dataclass(slots=True)
class Exported:
    """What a package holds, and which captures it lacks because their records cannot be read."""

    captures: int = 0
    pages: int = 0
    lost: list[Message] = field(default_factory=list)


class _Entry:
    """A file of the package that is written piece by piece; its size and digest are known at the end."""

    def __init__(self, package: zipfile.ZipFile, path: str, *, packed: bool) -> None:
        info = zipfile.ZipInfo(path, date_time=clock.now().timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        self._file: IO[bytes] = package.open(info, "w", force_zip64=True)
        self.path, self.size, self._sha256 = path, 0, hashlib.sha256()

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._sha256.update(data)
        self.size += len(data)

    def close(self) -> dict[str, object]:
        """Ends the file and returns its description."""
        self._file.close()
        name = self.path.rpartition("/")[2]
        return {"name": name, "path": self.path, "hash": f"sha256:{self._sha256.hexdigest()}", "bytes": self.size}


def export(
    database: Database,
    folder: Path,
    target: Path,
    source_id: str,
    *,
    since: str = "",
    until: str = "~",
    progress: Callable[[int], object] = lambda number: None,
) -> Exported:
    """Writes the captures of a source to the file `target` and returns what is in it.

    `folder`: of all captures. `since`, `until`: ISO 8601, UTC; captures from the first to before the second. A revisit comes with the
    capture that has its body. `progress` is called with numbers of captures.

    Raises: OSError if the file cannot be written.
    """
    exported = Exported()
    with ScratchFolder(f".{target.name[:100]}.partial", beside=target) as scratch:
        unfinished = scratch / "package"
        with zipfile.ZipFile(unfinished, "w") as package, closing(sqlite3.connect(scratch / "index")) as lines:
            lines.execute("create table lines (key text, time text, fields text)")
            name = f"{source_id}.warc.gz"
            resources = [_write_records(package, name, database, folder, source_id, (since, until), lines, exported, progress)]
            resources.append(_write_index(package, lines))
            resources.append(_write_pages(package, database, source_id, (since, until), exported))
            _write_description(package, source_id, (since, until), resources)
        unfinished.replace(target)
    return exported


_OF_SPAN = "captures.source_id = ? and captures.captured_at >= ? and captures.captured_at < ?"
# The captures of the span and their originals.
_WANTED = f"(({_OF_SPAN}) or captures.id in (select revisit_of from captures where {_OF_SPAN} and revisit_of is not null))"


def _ids(database: Database, source_id: str, span: tuple[str, str]) -> list[int]:
    """Returns the captures of a package in the order of time. An original precedes its revisits."""
    sql = f"select id from captures where {_WANTED} order by captured_at, id"
    return [row[0] for row in database.execute(sql, [source_id, *span, source_id, *span])]


def _write_records(
    package: zipfile.ZipFile,
    name: str,
    database: Database,
    folder: Path,
    source_id: str,
    span: tuple[str, str],
    lines: sqlite3.Connection,
    exported: Exported,
    progress: Callable[[int], object],
) -> dict[str, object]:
    entry = _Entry(package, f"archive/{name}", packed=False)
    entry.write(encode_info(_SOFTWARE, name, clock.now(), source=source_id))
    ids = _ids(database, source_id, span)
    for at in range(0, len(ids), _BATCH):
        batch = ids[at : at + _BATCH]
        types = dict(database.execute(f"select id, content_type from captures where id in ({', '.join(map(str, batch))})").fetchall())
        for capture in kept(database, folder, f"id in ({', '.join(map(str, batch))})"):
            try:
                record, kind, url = _record(capture)
            except WarcError as error:
                exported.lost.append(same(f"{capture.url} ({capture.captured_at}): ") + message_of(error))
                continue
            if capture.status != NOT_MODIFIED:  # an answer 304 would be replayed without its page; its original is in the index
                mime = "warc/revisit" if kind == "revisit" else (types[capture.id] or "unk").partition(";")[0].strip()
                key = capture.url if is_post_url(capture.url) else url  # replay programs look up a form by its fields
                fields = cdx_fields(url, mime, capture.status, capture.digest, entry.size, len(record), name)
                lines.execute("insert into lines values (?, ?, ?)", [url_sort_key(key), cdx_time(moment(capture.captured_at)), fields])
            entry.write(record)
            exported.captures += 1
        progress(len(batch))
    return entry.close()


def _record(capture: KeptCapture) -> tuple[bytes, str, str]:
    """Returns the bytes of a record as they are, its type, and the URL that was requested. Raises WarcError if it cannot be read."""
    place = capture.place
    for offset, length, data in pieces(place.file, place.offset, _LONGEST_RECORD, chunk=place.length or 1):
        record = parse_record(data, place.file, offset)
        with place.file.open("rb") as file:
            file.seek(offset)
            return file.read(length), record.rec_type, target(record)
    raise WarcError(
        Message(f"{place.file}: there is no record at byte {place.offset}", f"{place.file}: không có bản ghi ở byte {place.offset}")
    )


def _write_index(package: zipfile.ZipFile, lines: sqlite3.Connection) -> dict[str, object]:
    entry = _Entry(package, "indexes/index.cdx", packed=True)
    for row in lines.execute("select key || ' ' || time || ' ' || fields || char(10) from lines order by key collate binary, time, rowid"):
        entry.write(row[0].encode())
    return entry.close()


def _write_pages(
    package: zipfile.ZipFile, database: Database, source_id: str, span: tuple[str, str], exported: Exported
) -> dict[str, object]:
    """Writes the list of pages. The title of an article is that of its latest version."""
    entry = _Entry(package, "pages/pages.jsonl", packed=True)
    entry.write(b'{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}\n')
    for page in _pages(database, source_id, span):
        entry.write(json.dumps(page, ensure_ascii=False).encode() + b"\n")
        exported.pages += 1
    return entry.close()


def _pages(database: Database, source_id: str, span: tuple[str, str]) -> Iterator[dict[str, str]]:
    sql = (
        "select captures.id, captures.url, captured_at, coalesce(title, captures.url) from captures"
        " left join articles on articles.source_id = captures.source_id and articles.url = captures.url"
        f" where {_WANTED} and outcome in ('article', 'listing') and status = 200 order by captured_at, captures.id"
    )
    for capture_id, url, at, title in database.execute(sql, [source_id, *span, source_id, *span]):
        yield {"id": str(capture_id), "url": url, "ts": at, "title": title}


def _write_description(package: zipfile.ZipFile, source_id: str, span: tuple[str, str], resources: list[dict[str, object]]) -> None:
    begin, end = f" from {span[0]}" if span[0] else "", f" to before {span[1]}" if span[1] != "~" else ""
    described = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": source_id,
        "description": f"Captures of the source {source_id}{begin}{end}",
        "created": timestamp(clock.now().replace(microsecond=0)),
        "software": _SOFTWARE,
        "resources": resources,
    }
    written = json.dumps(described, indent=2, ensure_ascii=False).encode()
    package.writestr("datapackage.json", written, zipfile.ZIP_DEFLATED)
    digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(written).hexdigest()}"}
    package.writestr("datapackage-digest.json", json.dumps(digest, indent=2), zipfile.ZIP_DEFLATED)
