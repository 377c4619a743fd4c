"""Repairs what a crash left at the ends of the files of captures: a record without a row, or half a record.

A record is written before its row (`capture_writing.py`), so at most the last records of a file lack one. They get their rows. Half a
record is cut off, and its page is requested again. A file that is damaged in its middle is left as it is, and gets no more records.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlite_utils import Database
from warcio.recordloader import ArcWarcRecord

from scraper.store.capture_files import last_records
from scraper.store.captures import add_row, capture_place
from scraper.two_languages import Message, message_of
from scraper.urls import without_session
from scraper.warc.dates import timestamp
from scraper.warc.fast_scan import record_from
from scraper.warc.records import (
    NOT_MODIFIED,
    CutOff,
    Origin,
    Original,
    PackedWhole,
    Place,
    WarcError,
    origin_of,
    own_response,
    read,
    refers_to,
    response_of,
    scan,
)

_LONGEST_RECORD = 1 << 31  # bytes; a file of our own holds no longer one
_MOST_SAID = 20  # rows added for records without one that are named; of a lost archive, all rows are missing


def repair(database: Database, folder: Path, source_id: str, report: Callable[[Message], object]) -> set[Path]:
    """Repairs what a crash left at the ends of a source's files: indexes whole records and cuts off half ones. Returns the files that
    it cannot repair.

    `report`: called with a message for each repair; of the rows that are added, only the first ones are named.
    """
    broken = set()
    rows = left_out = 0
    last = last_records(database, source_id)

    def leave_out(_: Message) -> None:
        nonlocal left_out
        left_out += 1

    def add(record: ArcWarcRecord, place: Place, origin: Origin | None) -> None:
        nonlocal rows
        _add_missing_row(database, folder, source_id, record, place, origin, report if rows < _MOST_SAID else leave_out)
        rows += 1

    for path in sorted((folder / source_id).glob("*.warc.gz")):
        offset, length = last.get(path.relative_to(folder).as_posix(), (0, None))
        start = offset + (length or 0)
        if path.stat().st_size > start and not _repair_file(path, start, add, report):
            broken.add(path)
    if left_out:
        report(Message(f"{folder / source_id}: {left_out} more messages like these", f"{folder / source_id}: còn {left_out} dòng như vậy"))
    return broken


def _repair_file(
    path: Path, start: int, add: Callable[[ArcWarcRecord, Place, Origin | None], None], report: Callable[[Message], object]
) -> bool:
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
                report(
                    Message(
                        f"{path}: removed {lost} bytes of an incomplete record at byte {error.end}; its page will be requested again",
                        f"{path}: đã cắt {lost} byte của một bản ghi dở dang ở byte {error.end}; trang đó sẽ được yêu cầu lại",
                    )
                )
            else:
                is_whole = False
                report(
                    message_of(error)
                    + Message(
                        "; the file is left as it is, and its other records stay readable",
                        "; tệp được để nguyên, các bản ghi khác trong đó vẫn đọc được",
                    )
                )
    return is_whole


def _add_missing_row(
    database: Database,
    folder: Path,
    source_id: str,
    record: ArcWarcRecord,
    place: Place,
    origin: Origin | None,
    report: Callable[[Message], object],
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
    report(
        Message(
            f"{place.file}: added the missing row for the record at byte {place.offset} ({response.url})",
            f"{place.file}: đã thêm dòng còn thiếu của bản ghi ở byte {place.offset} ({response.url})",
        )
    )
    if original is not None and response.status != NOT_MODIFIED:
        try:
            whole = read(place, _LONGEST_RECORD, capture_place(database, folder, original))
            response = replace(whole, url=response.url, origin=response.origin)
        except WarcError as error:
            report(message_of(error))
    elif is_revisit and original is None:
        report(
            Message(
                f"{place.file}: the archive has no original of the revisit record at byte {place.offset}; give a recording that holds it",
                f"{place.file}: kho không có bản gốc của bản chụp lặp ở byte {place.offset}; hãy đưa một bản ghi có bản gốc đó",
            )
        )
    with database.conn:
        add_row(database, folder, source_id, None, response, place, digest=digest, revisit_of=original)


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
