"""Checks the captures: every record of every file against its row, and every row against its record. Nothing is changed."""

from __future__ import annotations

import base64
import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlite_utils import Database
from warcio.recordloader import ArcWarcRecord

from scraper.store.capture_files import capture_files, missing_or_short
from scraper.two_languages import EMPTY, Message, message_of
from scraper.urls import without_session
from scraper.warc.chunks import join_chunks
from scraper.warc.dates import timestamp
from scraper.warc.records import CutOff, Place, WarcError, parse_record, pieces, stated_time, target

_LONGEST_RECORD = 256 * 1024 * 1024  # bytes; the digest of a longer body is not checked
_ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "md5": hashlib.md5, "sha512": hashlib.sha512}
_CAPTURES = ("response", "revisit")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with a capture. `code`: of the list *capture fault* in labels.csv. `offset`: in the file, in bytes."""

    file: str
    offset: int
    code: str
    url: str = ""
    detail: Message = EMPTY


@dataclass(slots=True)
class Checked:
    """What was checked: the numbers of files, bytes, records and rows, and the faults by code."""

    files: int = 0
    bytes: int = 0
    records: int = 0
    captures: int = 0
    faults: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    url: str
    captured_at: str
    digest: str
    offset: int
    length: int | None
    revisit_of: int | None
    original: int | None  # the id of the capture that it refers to, if the archive has it


def check(
    database: Database,
    folder: Path,
    source_id: str | None = None,
    *,
    is_written: Callable[[str], bool] = lambda source_id: False,
    progress: Callable[[int], object] = lambda size: None,
    result: Checked | None = None,
) -> Iterator[Fault]:
    """Yields the faults of the captures, file by file. `result` gets the numbers.

    `folder`: of all captures. `source_id`: only those of this source. `is_written`: whether a source is being crawled, so that its last
    records may have no row yet. `progress` is called with numbers of bytes.
    """
    counts = result if result is not None else Checked()
    for fault in _faults(database, folder, source_id, is_written, progress, counts):
        counts.faults[fault.code] = counts.faults.get(fault.code, 0) + 1
        yield fault


def _faults(
    database: Database,
    folder: Path,
    source_id: str | None,
    is_written: Callable[[str], bool],
    progress: Callable[[int], object],
    counts: Checked,
) -> Iterator[Fault]:
    for lost in missing_or_short(database, folder, source_id):
        if lost.code != "short":  # of a short file, the records that are lost are found below
            yield Fault(lost.file, 0, lost.code, detail=Message(f"{lost.captures} captures", f"{lost.captures} bản chụp"))
    wanted = folder / source_id if source_id is not None else folder
    for path in capture_files(wanted) if wanted.is_dir() else []:
        name = path.relative_to(folder).as_posix()
        counts.files += 1
        counts.bytes += path.stat().st_size
        yield from _of_file(database, path, name, counts, tail_is_open=is_written(name.partition("/")[0]))
        progress(path.stat().st_size)


def _of_file(database: Database, path: Path, name: str, counts: Checked, *, tail_is_open: bool) -> Iterator[Fault]:
    rows = deque(_rows(database, name))
    last_row = rows[-1].offset if rows else -1
    counts.captures += len(rows)
    at: int | None = 0
    while at is not None:
        end = at
        try:
            for offset, length, data in pieces(path, at, _LONGEST_RECORD):
                yield from _without_record(rows, name, offset)
                row = rows.popleft() if rows and rows[0].offset == offset else None
                counts.records += 1
                record = parse_record(data, path, offset)
                if row is not None:
                    yield from _of_record(record, Place(path, offset, length), name, row)
                elif not (tail_is_open and offset > last_row):
                    yield from _without_row(database, record, name, offset, is_tail=offset > last_row)
                end = offset + length
            at = None
        except WarcError as error:
            if not (isinstance(error, CutOff) and tail_is_open and end > last_row):
                yield Fault(name, end, "cut-off" if isinstance(error, CutOff) else "damaged", detail=message_of(error))
            # The rows say where the next record begins.
            while rows and rows[0].offset <= end:
                lost = rows.popleft()
                yield Fault(name, lost.offset, "no-record", lost.url)
            at = rows[0].offset if rows and rows[0].offset < path.stat().st_size else None
    yield from _without_record(rows, name, None)


def _without_record(rows: deque[_Row], name: str, before: int | None) -> Iterator[Fault]:
    """Yields the rows that name a place before `before` (None: anywhere), at which no record begins."""
    while rows and (before is None or rows[0].offset < before):
        row = rows.popleft()
        yield Fault(name, row.offset, "no-record", row.url)


def _rows(database: Database, file: str) -> Iterator[_Row]:
    sql = (
        "select id, url, captured_at, digest, warc_offset, warc_length, revisit_of,"
        " (select id from captures original where original.id = captures.revisit_of) from captures where warc_file = ? order by warc_offset"
    )
    return (_Row(*row) for row in database.execute(sql, [file]).fetchall())


def _is_capture(record: ArcWarcRecord) -> bool:
    return record.rec_type in _CAPTURES and (record.rec_type == "revisit" or record.http_headers is not None)


def _without_row(database: Database, record: ArcWarcRecord, name: str, offset: int, *, is_tail: bool) -> Iterator[Fault]:
    """Yields the fault of a record without a row. If the same capture has a row at another place, nothing is missing: it was written again
    while this file was damaged. `is_tail`: no row names a later place in the file.
    """
    time, _ = stated_time(record)
    if not _is_capture(record) or time is None:
        return
    source_id, url = name.partition("/")[0], target(record)
    known = "select 1 from captures where source_id = ? and url = ? and captured_at = ?"
    if database.execute(known, [source_id, without_session(url), timestamp(time)]).fetchone() is None:
        advice = Message("the next run of the source adds it", "lượt thu thập tới của nguồn sẽ thêm dòng này")
        if not is_tail:
            command = f"scrapy crawl {source_id} -s REPLAY=captures/{source_id}"
            advice = Message(f"{command} adds it", f"{command} thêm dòng này")
        yield Fault(name, offset, "no-row", url, advice)


def _of_record(record: ArcWarcRecord, place: Place, name: str, row: _Row) -> Iterator[Fault]:
    if not _is_capture(record):
        yield Fault(
            name, place.offset, "other-record", row.url, Message(f"a record of type {record.rec_type}", f"bản ghi loại {record.rec_type}")
        )
        return
    if row.length is not None and row.length != place.length:
        wrong = Message(f"{place.length} bytes, the row says {row.length}", f"{place.length} byte, trong bảng là {row.length}")
        yield Fault(name, place.offset, "length", row.url, wrong)
    time, _ = stated_time(record)
    if time is not None and timestamp(time) != row.captured_at:
        other = f"{target(record)} ({timestamp(time)})"
        wrong = Message(f"{other}, the row says {row.captured_at}", f"{other}, trong bảng là {row.captured_at}")
        yield Fault(name, place.offset, "other-record", row.url, wrong)
        return
    stated = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    if stated and row.digest and stated != row.digest:
        wrong = Message(f"its digest is {stated}, the row says {row.digest}", f"mã băm là {stated}, trong bảng là {row.digest}")
        yield Fault(name, place.offset, "other-record", row.url, wrong)
    elif record.rec_type == "response" and not _has_digest(record, row.digest):
        wrong = Message(f"its body does not have the digest {row.digest}", f"nội dung không có mã băm {row.digest}")
        yield Fault(name, place.offset, "digest", row.url, wrong)
    if record.rec_type == "revisit" and row.original is None:
        wrong = Message("the archive lacks the capture that has its body", "kho thiếu bản chụp chứa nội dung của bản này")
        yield Fault(name, place.offset, "no-original", row.url, wrong)


def _has_digest(record: ArcWarcRecord, digest: str) -> bool:
    """Returns whether the body of a record has a digest. True if the kind of digest is not known, or the record is too long."""
    algorithm, _, value = digest.partition(":")
    if algorithm.lower() not in _ALGORITHMS or int(record.rec_headers.get_header("Content-Length") or 0) > _LONGEST_RECORD // 2:
        return True
    body = record.raw_stream.read()
    # Some tools compute it before, others after the chunks are joined.
    bodies = [body, join_chunks(body)[0]] if record.http_headers.get_header("transfer-encoding") else [body]
    return any(value.upper() in _written(_ALGORITHMS[algorithm.lower()](one).digest()) for one in bodies)


def _written(digest: bytes) -> tuple[str, str, str]:
    """Returns a digest in the forms in which tools write it: base 32, with and without padding, and hexadecimal."""
    base32 = base64.b32encode(digest).decode()
    return base32, base32.rstrip("="), digest.hex().upper()
