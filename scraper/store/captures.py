"""Keeps responses: WARC files under captures/, and their index in archive.db. A source has a file for each month of its captures.

A response whose body an earlier capture of the same URL has, or that is an answer 304, becomes a revisit record without a body. Its row
names the capture that has the body (`revisit_of`), which is never a revisit itself.

A response is written to a file and flushed before its index row is written. The row is committed before any parser runs. After a crash, a
file may end with a record that has no row, or with half a record. `repair` indexes the former, cuts off the latter, and reports both.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import BinaryIO

from sqlite_utils import Database
from warcio.recordloader import ArcWarcRecord

from scraper import __version__, clock
from scraper.content_coding import TooLarge
from scraper.model import Capture
from scraper.store.capture_files import missing_or_short
from scraper.urls import without_session
from scraper.warc.dates import moment, timestamp
from scraper.warc.fast_scan import record_from
from scraper.warc.records import (
    NOT_MODIFIED,
    CutOff,
    Origin,
    Original,
    PackedWhole,
    Place,
    Response,
    WarcError,
    decode,
    origin_of,
    own_response,
    read,
    refers_to,
    response_of,
    scan,
)
from scraper.warc.writing import encode, encode_info, encode_origin, encode_request, encode_revisit, payload_digest

_MOST_OPEN = 8  # files at a time; the versions of a page of a recording are of many months
_LONGEST_RECORD = 1 << 31  # bytes; a file of our own holds no longer one
_MOST_SAID = 20  # rows added for records without one that are named; of a lost archive, all rows are missing
_SOFTWARE = f"vietnam-government-news-archive/{__version__} warcio"


@dataclass(frozen=True, slots=True)
class KeptCapture:
    """The index row of a capture. `original`: of a revisit, the place of the record that has the body."""

    id: int
    source_id: str
    url: str
    captured_at: str
    status: int
    place: Place
    digest: str = ""
    original: Place | None = None


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


class CaptureStore:
    """Writes the captures of one run of one source, and finds those of earlier runs."""

    def __init__(
        self, database: Database, folder: Path, source_id: str, run_id: int, *, rotate: int, sync: bool, broken: Collection[Path] = ()
    ) -> None:
        """`rotate`: bytes after which a new file of the month begins. `sync`: wait for the disk after each record. `broken`: files to which
        nothing may be added (`repair`).
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
                [self._relative(place.file), place.offset, place.length, encoded.revisit_of, capture_id],
            )

    def original_of(self, capture_id: int) -> int:
        """Returns the id of the capture that has the body of a capture: its own, or that of its original if it is a revisit."""
        sql = "select coalesce(revisit_of, id) from captures where id = ?"
        return int(self._database.execute(sql, [capture_id]).fetchone()[0])

    def with_body(self, capture_id: int) -> KeptCapture:
        """Returns the capture that has the body of a capture."""
        [found] = kept(self._database, self._folder, "id = ?", [self.original_of(capture_id)])
        return found

    def with_same_body(self, url: str, body: bytes) -> KeptCapture | None:
        """Returns the capture of a URL that has this body, by its digest. Returns None if there is none, or if the body is empty.
        Of several, it is the last one, which was stored because the others could not be its original (`encode_capture`)."""
        if not body:
            return None
        where = "source_id = ? and url = ? and digest = ? and status <> ? and revisit_of is null and lost_at is null"
        parameters: list[object] = [self._source_id, url, payload_digest(body), NOT_MODIFIED]
        return next(kept(self._database, self._folder, where, parameters, order="captured_at desc, id desc"), None)

    def keep(self, response: Response, encoded: Encoded) -> int:
        """Appends an encoded record, indexes it and returns the id of the capture. Part of the caller's transaction."""
        place = self._write(response, encoded)
        return _index(self._database, self._source_id, self._run_id, response, encoded, self._relative(place.file), place)

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

    def _relative(self, file: Path) -> str:
        return file.relative_to(self._folder).as_posix()

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


STATED = "status, content_type, length, etag, last_modified"  # the columns of a capture that its response states


def stated(response: Response) -> list[object]:
    """Returns the values of the columns STATED."""
    headers = {name.lower(): value for name, value in reversed(response.headers)}
    return [response.status, headers.get("content-type"), len(response.body), headers.get("etag"), headers.get("last-modified")]


def _index(
    database: Database, source_id: str, run_id: int | None, response: Response, encoded: Encoded, warc_file: str, place: Place
) -> int:
    """Adds the row of a capture and returns its id. Part of the caller's transaction."""
    cursor = database.conn.execute(
        f"insert into captures (source_id, run_id, url, captured_at, {STATED}, digest,"
        " warc_file, warc_offset, warc_length, revisit_of, origin, date_rule)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            source_id,
            run_id,
            response.url,
            timestamp(response.captured_at),
            *stated(response),
            encoded.digest,
            warc_file,
            place.offset,
            place.length,
            encoded.revisit_of,
            response.origin.uri if response.origin is not None else None,
            (response.origin.date_rule or None) if response.origin is not None else None,
        ],
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def kept(
    database: Database, folder: Path, where: str = "1", parameters: list[object] | None = None, *, order: str = "captured_at, id"
) -> Iterator[KeptCapture]:
    """Yields the indexed captures that match the SQL condition `where`. `order`: the SQL of their order; the default is by their times."""
    columns = "source_id, url, captured_at, status, digest, warc_file, warc_offset, warc_length, revisit_of"
    rows = database.execute(f"select id, {columns} from captures where {where} order by {order}", parameters or [])
    for capture_id, source_id, url, captured_at, status, digest, *place, revisit_of in rows.fetchall():
        original = capture_place(database, folder, revisit_of) if revisit_of is not None else None
        here = Place(folder / place[0], place[1], place[2])
        yield KeptCapture(capture_id, source_id, url, captured_at, status, here, digest, original)


def capture_place(database: Database, folder: Path, capture_id: int) -> Place | None:
    """Returns the place of the record of a capture; None if the archive has no such capture."""
    row = database.execute("select warc_file, warc_offset, warc_length from captures where id = ?", [capture_id]).fetchone()
    return Place(folder / row[0], row[1], row[2]) if row else None


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

    A revisit has the body of its original.

    Raises:
        OriginalMissing: if it is a revisit, and its original is missing or broken.
        WarcError: if its file or record is missing or broken, or is that of another capture.
        TooLarge: if its body has more than `limit` bytes.
        CannotDecode: if its content encoding cannot be undone.
    """
    # The index has the URL as it was requested; a record that was copied from another tool's file may spell it differently.
    response = read(capture.place, limit, capture.original, digest=capture.digest)
    return replace(decode(response, limit), url=capture.url, captured_at=moment(capture.captured_at))


def repair(database: Database, folder: Path, source_id: str, report: Callable[[str], None]) -> set[Path]:
    """Repairs what a crash left at the ends of a source's files: indexes whole records and cuts off half ones. Returns the files that
    it cannot repair.

    `report`: called with a message for each repair; of the rows that are added, only the first ones are named.
    """
    broken = set()
    rows = left_out = 0
    ends = dict(
        database.execute(
            "select warc_file, max(warc_offset + warc_length) from captures where source_id = ? group by warc_file", [source_id]
        ).fetchall()
    )

    def leave_out(_: str) -> None:
        nonlocal left_out
        left_out += 1

    def add(record: ArcWarcRecord, place: Place, origin: Origin | None) -> None:
        nonlocal rows
        _add_row(database, folder, source_id, record, place, origin, report if rows < _MOST_SAID else leave_out)
        rows += 1

    for path in sorted((folder / source_id).glob("*.warc.gz")):
        start = ends.get(path.relative_to(folder).as_posix(), 0)
        if path.stat().st_size > start and not _repair_file(path, start, add, report):
            broken.add(path)
    if left_out:
        report(f"{folder / source_id}: {left_out} more messages like these")
    return broken


def _repair_file(path: Path, start: int, add: Callable[[ArcWarcRecord, Place, Origin | None], None], report: Callable[[str], None]) -> bool:
    """Repairs the end of a file, from byte `start` on. Returns False if it is damaged inside. `add`: called for each capture."""
    is_whole = True
    at: int | None = start
    while at is not None:
        origin: Origin | None = None
        end = at
        try:
            for record, place in scan(path, at, _LONGEST_RECORD):
                if record.rec_type == "revisit" or (record.rec_type == "response" and record.http_headers is not None):
                    add(record, place, origin)
                origin = origin_of(record) if record.rec_type == "metadata" else None
                end = place.offset + (place.length or 0)
            at = None
        except WarcError as error:
            # Whole records after the fault: the file is damaged inside, and its end must not be cut off.
            at = None if isinstance(error, PackedWhole) else record_from(path, end + 1)
            if isinstance(error, CutOff) and at is None:
                with path.open("r+b") as file:
                    lost = path.stat().st_size - error.end
                    file.truncate(error.end)
                report(f"{path}: removed {lost} bytes of an incomplete record at byte {error.end}; its page will be requested again")
            else:
                is_whole = False
                report(f"{error}; the file is left as it is, and its other records stay readable")
    return is_whole


def _add_row(
    database: Database,
    folder: Path,
    source_id: str,
    record: ArcWarcRecord,
    place: Place,
    origin: Origin | None,
    report: Callable[[str], None],
) -> None:
    """Adds the row of a record that has none. A revisit gets the capture that has its body, or none if the archive lacks it.

    `origin`: where a copied record was imported from, as the record before it says.
    """
    is_revisit = record.rec_type == "revisit"
    response = own_response(record, _LONGEST_RECORD) if is_revisit else response_of(record, _LONGEST_RECORD)
    response = replace(response, url=without_session(response.url), origin=response.origin or origin)
    known = "select 1 from captures where source_id = ? and url = ? and captured_at = ?"
    if database.execute(known, [source_id, response.url, timestamp(response.captured_at)]).fetchone() is not None:
        return
    digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    original = _find_original(database, source_id, refers_to(record)) if is_revisit else None
    report(f"{place.file}: added the missing row for the record at byte {place.offset} ({response.url})")
    if original is not None and response.status != NOT_MODIFIED:
        try:
            whole = read(place, _LONGEST_RECORD, capture_place(database, folder, original))
            response = replace(whole, url=response.url, origin=response.origin)
        except WarcError as error:
            report(str(error))
    elif is_revisit and original is None:
        report(f"{place.file}: the archive has no original of the revisit record at byte {place.offset}; give a recording that holds it")
    with database.conn:
        _index(database, source_id, None, response, Encoded(b"", digest, original), place.file.relative_to(folder).as_posix(), place)


def _find_original(database: Database, source_id: str, wanted: Original) -> int | None:
    """Returns the capture that a revisit record refers to, or one with the same digest; None if the archive has neither."""
    of_source = "select coalesce(revisit_of, id) from captures where source_id = ?"
    queries: tuple[tuple[str, list[object]], ...] = (
        (f"{of_source} and url = ? and captured_at = ?", [source_id, wanted.url, timestamp(wanted.captured_at)]),
        # A copied record may spell the URL differently. Only after a crash, so it may look at every capture of the source.
        (f"{of_source} and digest = ? and digest <> '' and status <> {NOT_MODIFIED} order by captured_at", [source_id, wanted.digest]),
    )
    for sql, parameters in queries:
        row = database.execute(f"{sql} limit 1", parameters).fetchone()
        if row is not None:
            return int(row[0])
    return None


def encode_capture(response: Response, limit: int, ip_address: str | None = None, original: KeptCapture | None = None) -> Encoded:
    """Returns the response as an encoded record: a revisit if `original` can be read and has its body. Its companion is the record of its
    request, if that is known.

    This takes about 0.6 ms for a page of 60 kB. `ip_address`: the server's IP address.
    `limit`: the largest body of an original, in bytes.
    """
    if original is not None and not response.truncated and _has_body_of(response, original, limit):
        wanted = Original(original.url, moment(original.captured_at), original.digest)
        encoded = Encoded(encode_revisit(response, wanted, ip_address=ip_address), original.digest, original.id)
    else:
        encoded = Encoded(*encode(response, ip_address=ip_address))
    if response.posted is None and not response.requested:
        return encoded
    return replace(encoded, companion=encode_request(response, encoded.record))


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
