"""Keeps responses: WARC files under captures/, with a row for each record. A source has a file for each month of its captures.

A response is written to a file and flushed before its row is written. The row is committed before any parser runs. After a crash, a file
may end with a record that has no row, or with half a record: `capture_repair.py` repairs that.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import BinaryIO

from sqlite_utils import Database

from scraper import __version__, clock
from scraper.content_coding import TooLarge
from scraper.store.capture_files import missing_or_short
from scraper.store.captures import KeptCapture, add_row, kept
from scraper.warc.dates import moment, timestamp
from scraper.warc.records import NOT_MODIFIED, Original, Place, Response, WarcError, read
from scraper.warc.writing import encode, encode_info, encode_origin, encode_request, encode_revisit, new_record_id

_MOST_OPEN = 8  # files at a time; the versions of a page of a recording are of many months
_SOFTWARE = f"vietnam-government-news-archive/{__version__} warcio"


@dataclass(frozen=True, slots=True)
class Encoded:
    """A response as a WARC record.

    `companion`: a record that is written before it: its request, or from where it was imported. `revisit_of`: the id of the capture that
    has its body, if the record is a revisit.
    """

    record: bytes
    digest: str
    revisit_of: int | None = None
    companion: bytes = b""


def encode_capture(response: Response, limit: int, ip_address: str | None = None, original: KeptCapture | None = None) -> Encoded:
    """Returns the response as an encoded record: a revisit if `original` can be read and has its body. Its companion is the record of its
    request, if that is known.

    This takes about 0.6 ms for a page of 60 kB. `ip_address`: the server's IP address.
    `limit`: the largest body of an original, in bytes.
    """
    record_id = new_record_id()
    if original is not None and not response.truncated and _has_body_of(response, original, limit):
        wanted = Original(original.url, moment(original.captured_at), original.digest)
        encoded = Encoded(encode_revisit(response, wanted, ip_address=ip_address, record_id=record_id), original.digest, original.id)
    else:
        encoded = Encoded(*encode(response, ip_address=ip_address, record_id=record_id))
    if response.posted is None and not response.requested:
        return encoded
    return replace(encoded, companion=encode_request(response, record_id))


def copied_capture(response: Response, record: bytes, digest: str, original: KeptCapture | None) -> Encoded:
    """Returns the record of a recording as it is. Its companion says where it was imported from."""
    companion = encode_origin(response, record, response.origin) if response.origin is not None else b""
    return Encoded(record, digest, original.id if original is not None else None, companion)


def _has_body_of(response: Response, original: KeptCapture, limit: int) -> bool:
    """Returns whether the body is in the original's record, byte for byte. Otherwise it must be stored again, or it would be lost.
    An answer 304 has no body of its own. A whole response is never a revisit of one that lacks its end, although their bytes are the
    same: read again, it would lack its end, too."""
    try:
        found = read(original.place, limit)
    except (WarcError, TooLarge):
        return False
    return response.status == NOT_MODIFIED or (found.body == response.body and not found.truncated)


class CaptureStore:
    """Writes the captures of one run of one source, and finds those of earlier runs."""

    def __init__(
        self, database: Database, folder: Path, source_id: str, run_id: int, *, rotate: int, sync: bool, broken: Collection[Path] = ()
    ) -> None:
        """`rotate`: bytes after which a new file of the month begins. `sync`: wait for the disk after each record. `broken`: files to which
        nothing may be added (`capture_repair`).
        """
        self._database, self._folder, self._source_id, self._run_id = database, folder, source_id, run_id
        self._rotate, self._sync = rotate, sync
        self._files: OrderedDict[str, BinaryIO] = OrderedDict()  # by month, the one written last at the end
        self._described: set[str] = set()  # files to which this run has written its warcinfo record
        # If a row names a place in a file that is lost, another record must never come to that place.
        lost = (folder / one.file for one in missing_or_short(database, folder, source_id))
        self._closed_files = {*lost, *broken}

    def known(self, url: str, captured_at: datetime) -> int | None:
        """Returns the id of the capture with this URL and time, or None if the archive does not have it."""
        row = self._database.execute(
            "select id from captures where source_id = ? and url = ? and captured_at = ?", [self._source_id, url, timestamp(captured_at)]
        ).fetchone()
        return row[0] if row else None

    def restore(self, capture_id: int, response: Response, encoded: Encoded) -> None:
        """Writes the record of a capture again that was lost. One transaction."""
        place = self._write(response, encoded)
        with self._database.conn:
            self._database.conn.execute(
                "update captures set warc_file = ?, warc_offset = ?, warc_length = ?, revisit_of = ?, lost_at = null where id = ?",
                [place.file.relative_to(self._folder).as_posix(), place.offset, place.length, encoded.revisit_of, capture_id],
            )

    def original_of(self, capture_id: int) -> int:
        """Returns the id of the capture that has the body of a capture: its own, or that of its original if it is a revisit."""
        sql = "select coalesce(revisit_of, id) from captures where id = ?"
        return int(self._database.execute(sql, [capture_id]).fetchone()[0])

    def with_body(self, capture_id: int) -> KeptCapture:
        """Returns the capture that has the body of a capture."""
        [found] = kept(self._database, self._folder, "id = ?", [self.original_of(capture_id)])
        return found

    def with_same_body(self, response: Response) -> KeptCapture | None:
        """Returns the capture of the URL of a response that has its body, by its digest. Returns None if there is none, or if the body is
        empty.
        Of several, it is the last one, which was stored because the others could not be its original (`encode_capture`)."""
        if not response.body:
            return None
        where = "source_id = ? and url = ? and digest = ? and status <> ? and revisit_of is null and lost_at is null"
        parameters: list[object] = [self._source_id, response.url, response.payload_digest, NOT_MODIFIED]
        return next(kept(self._database, self._folder, where, parameters, order="captured_at desc, id desc"), None)

    def keep(self, response: Response, encoded: Encoded) -> int:
        """Appends an encoded record, indexes it and returns the id of the capture. Part of the caller's transaction."""
        place = self._write(response, encoded)
        where = (self._database, self._folder, self._source_id, self._run_id)
        return add_row(*where, response, place, digest=encoded.digest, revisit_of=encoded.revisit_of)

    def _write(self, response: Response, encoded: Encoded) -> Place:
        """Appends an encoded record to the file of its month, and returns its place."""
        file = self._open(response.captured_at)
        # The companion comes first: if only half of the two is written, the response is missing, and is requested again.
        file.write(encoded.companion)
        offset = file.tell()
        file.write(encoded.record)
        file.flush()
        if self._sync:
            os.fsync(file.fileno())
        return Place(Path(file.name), offset, len(encoded.record))

    def close(self) -> None:
        """Closes the files of this run."""
        while self._files:
            self._files.popitem()[1].close()

    def _open(self, at: datetime) -> BinaryIO:
        """Returns the file of the month of a capture, open at its end."""
        month = timestamp(at)[: len("2013-03")]
        file = self._files.pop(month, None)
        if file is not None and file.tell() >= self._rotate:
            file.close()
            file = None
        if file is None:
            path = self._path(month)
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("ab")
            if path.name not in self._described:
                self._described.add(path.name)
                file.write(encode_info(_SOFTWARE, path.name, clock.now(), run=str(self._run_id), source=self._source_id))
        self._files[month] = file
        if len(self._files) > _MOST_OPEN:
            self._files.popitem(last=False)[1].close()
        return file

    def _path(self, month: str) -> Path:
        """Returns the file of a month that is not full."""
        folder = self._folder / self._source_id
        names = (f"{self._source_id}-{month}{f'-{number:03d}' if number else ''}.warc.gz" for number in count())
        paths = (path for name in names if (path := folder / name) not in self._closed_files)
        return next(path for path in paths if not path.exists() or path.stat().st_size < self._rotate)
