"""Keeps responses: WARC files under captures/, and their index in archive.db.

A response is written to a file and flushed before its index row is written. The row is committed before any parser runs. After a crash, a
file may end with a record that has no row, or with half a record. `repair` indexes the former, cuts off the latter, and reports both.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlite_utils import Database

from scraper import __version__, clock
from scraper.model import Capture
from scraper.warc.records import (
    CutOff,
    Place,
    Response,
    WarcError,
    decode,
    encode,
    encode_info,
    encode_request,
    moment,
    read,
    scan,
    stored_url,
    timestamp,
)

_SOFTWARE = f"vietnam-government-news-archive/{__version__} warcio"


@dataclass(frozen=True, slots=True)
class KeptCapture:
    """The index row of a capture."""

    id: int
    source_id: str
    url: str
    captured_at: str
    status: int
    place: Place


class CaptureStore:
    """Writes the captures of one run of one source, and finds those of earlier runs."""

    def __init__(self, database: Database, folder: Path, source_id: str, run_id: int, *, rotate: int, sync: bool) -> None:
        """`rotate`: bytes after which a new file begins. `sync`: wait for the disk after each record."""
        self._database, self._folder, self._source_id, self._run_id = database, folder, source_id, run_id
        self._rotate, self._sync = rotate, sync
        self._file: BinaryIO | None = None
        self._path = Path()

    def known(self, url: str, captured_at: datetime) -> int | None:
        """Returns the id of the capture with this URL and time, or None if the archive does not have it."""
        row = self._database.execute(
            "select id from captures where source_id = ? and url = ? and captured_at = ?", [self._source_id, url, timestamp(captured_at)]
        ).fetchone()
        return row[0] if row else None

    def keep(self, response: Response, record: bytes, digest: str) -> int:
        """Appends an encoded record, indexes it and returns the id of the capture. One transaction."""
        file = self._open(response.captured_at)
        offset = file.tell()
        file.write(record)
        if response.posted is not None:
            file.write(encode_request(response, record))
        file.flush()
        if self._sync:
            os.fsync(file.fileno())
        place = Place(Path(self._path), offset, len(record))
        return _index(self._database, self._source_id, self._run_id, response, digest, self._relative(place.file), place)

    def close(self) -> None:
        """Closes the file of this run."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _relative(self, file: Path) -> str:
        return file.relative_to(self._folder).as_posix()

    def _open(self, at: datetime) -> BinaryIO:
        if self._file is not None and self._file.tell() >= self._rotate:
            self.close()
        if self._file is None:
            folder = self._folder / self._source_id
            folder.mkdir(parents=True, exist_ok=True)
            stamp = clock.now().strftime("%Y%m%d%H%M%S")
            self._path = next(
                path
                for n in range(10_000)
                if not (path := folder / f"{self._source_id}-{stamp}-{self._run_id:05d}-{n:03d}.warc.gz").exists()
            )
            self._file = self._path.open("ab")
            self._file.write(encode_info(_SOFTWARE, self._path.name, at))
        return self._file


def _index(database: Database, source_id: str, run_id: int | None, response: Response, digest: str, warc_file: str, place: Place) -> int:
    headers = {name.lower(): value for name, value in reversed(response.headers)}
    with database.conn:
        cursor = database.conn.execute(
            "insert into captures (source_id, run_id, url, captured_at, status, content_type, digest, length,"
            " warc_file, warc_offset, warc_length, etag, last_modified) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                source_id,
                run_id,
                response.url,
                timestamp(response.captured_at),
                response.status,
                headers.get("content-type"),
                digest,
                len(response.body),
                warc_file,
                place.offset,
                place.length,
                headers.get("etag"),
                headers.get("last-modified"),
            ],
        )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def kept(database: Database, folder: Path, where: str = "1", parameters: list[object] | None = None) -> Iterator[KeptCapture]:
    """Yields the indexed captures that match the SQL condition `where`, in the order of their capture."""
    rows = database.execute(
        "select id, source_id, url, captured_at, status, warc_file, warc_offset, warc_length from captures"
        f" where {where} order by captured_at, id",
        parameters or [],
    )
    for row in rows.fetchall():
        yield KeptCapture(row[0], row[1], row[2], row[3], row[4], Place(folder / row[5], row[6], row[7]))


def later_pages(database: Database, capture: KeptCapture) -> list[KeptCapture]:
    """Returns the captures of the later pages of the article whose first page is `capture`, in page order."""
    folder = capture.place.file.parent.parent  # captures/<source>/<file>
    return list(kept(database, folder, "continues = ?", [capture.id]))


def set_outcome(database: Database, capture_id: int, outcome: str) -> None:
    """Records the outcome of a capture that holds no page: redirect, robots or not-modified. One transaction."""
    with database.conn:
        database.conn.execute("update captures set outcome = ? where id = ?", [outcome, capture_id])


def set_later_pages(database: Database, first_id: int, later_ids: Sequence[int]) -> None:
    """Records that captures are the later pages of the article whose first page is the capture `first_id`. One transaction."""
    with database.conn:
        for capture_id in later_ids:
            database.conn.execute("update captures set continues = ?, outcome = 'part' where id = ?", [first_id, capture_id])


def load(capture: KeptCapture, limit: int) -> Capture:
    """Returns a kept capture as the reader expects it.

    Raises:
        WarcError: if its file or record is missing or broken.
        TooLarge: if its body has more than `limit` bytes.
        CannotDecode: if its content encoding cannot be undone.
    """
    # The index has the URL as it was requested; a record that was copied from another tool's file may spell it differently.
    return replace(decode(read(capture.place, limit), limit), url=capture.url, captured_at=moment(capture.captured_at))


def repair(database: Database, folder: Path, source_id: str, report: Callable[[str], None]) -> None:
    """Repairs what a crash left at the ends of a source's files: indexes whole records and cuts off half ones.

    `report`: called with a message for each repair.
    """
    ends = dict(
        database.execute(
            "select warc_file, max(warc_offset + warc_length) from captures where source_id = ? group by warc_file", [source_id]
        ).fetchall()
    )
    for path in sorted((folder / source_id).glob("*.warc.gz")):
        name = path.relative_to(folder).as_posix()
        start = ends.get(name, 0)
        if path.stat().st_size <= start:
            continue
        try:
            for record, place in scan(path, start):
                if record.rec_type == "response" and record.http_headers is not None:
                    response = read(place, 1 << 31)
                    row = database.execute(
                        "select 1 from captures where source_id = ? and url = ? and captured_at = ?",
                        [source_id, stored_url(record), timestamp(response.captured_at)],
                    ).fetchone()
                    if row is None:
                        digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
                        _index(database, source_id, None, response, digest, name, place)
                        report(f"{path}: added the missing row for the record at byte {place.offset} ({response.url})")
        except CutOff as error:
            with path.open("r+b") as file:
                lost = path.stat().st_size - error.end
                file.truncate(error.end)
            report(f"{path}: removed {lost} bytes of an incomplete record at byte {error.end}; its page will be requested again")
        except WarcError as error:
            report(f"{error}; the file is left as it is, and the records before that byte stay readable")


def record_of(response: Response, ip_address: str | None = None) -> tuple[bytes, str]:
    """Returns the response as an encoded record, and its digest.

    This takes about 4 ms per page, so the crawl calls it outside the event loop. `ip_address`: the server's IP address.
    """
    return encode(response, ip_address=ip_address)
