"""Captures whose file is missing or was cut: noticed by each run, shown as failures, and restored from a recording or a backup.

Only the sizes of the files are compared with the table, so it costs one query and one look at each file; `scrapy captures verify` reads
every record.
"""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from scraper.model import Failure
from scraper.store import failures
from scraper.store.capture_files import FileFault, missing_or_short
from scraper.two_languages import Message, same

# By the code of a fault; else the file is short.
_WRONG = {"missing": Message("is missing", "không còn"), "unreadable": Message("is unreadable", "không đọc được")}
_STAGE, _REASON = "keep", "capture-lost"
_BEYOND = "source_id = ? and warc_file = ? and warc_offset + coalesce(warc_length, 1) > ?"


def note(database: Database, folder: Path, source_id: str, at: str) -> list[FileFault]:
    """Marks the captures of a source that are lost, and those that are there again. Returns the files in which captures were lost since the
    last time. One transaction. `folder`: of all captures. `at`: now, ISO 8601 in UTC.
    """
    faults = {fault.file: fault for fault in missing_or_short(database, folder, source_id)}
    marked = database.execute("select distinct warc_file from captures where source_id = ? and lost_at is not null", [source_id]).fetchall()
    new: list[FileFault] = []
    with database.conn:
        for fault in faults.values():
            lost = f"{_BEYOND} and lost_at is null"
            where = [source_id, fault.file, fault.size]
            if database.conn.execute(f"update captures set lost_at = ? where {lost}", [at, *where]).rowcount:
                new.append(fault)
            failure = Failure(_STAGE, _REASON, fault.file, message(fault).en)
            failures.record(database, source_id, failure, at=at)
        for (file,) in marked:
            if file not in faults:  # its backup was copied to its place
                database.conn.execute("update captures set lost_at = null where source_id = ? and warc_file = ?", [source_id, file])
        _clear(database, source_id, at)
    return new


def is_lost(database: Database, capture_id: int) -> bool:
    """Returns whether the record of a capture is lost."""
    return database.execute("select 1 from captures where id = ? and lost_at is not null", [capture_id]).fetchone() is not None


def message(fault: FileFault) -> Message:
    """Returns what is wrong with a file, for a person."""
    wrong = _WRONG.get(fault.code) or Message(
        f"is {fault.size} bytes long instead of at least {fault.needed}", f"chỉ dài {fault.size} byte, ít nhất phải {fault.needed}"
    )
    return same(f"{fault.file} ") + wrong + Message(f": {fault.captures} captures are lost", f": mất {fault.captures} bản chụp")


def clear(database: Database, source_id: str, at: str) -> None:
    """Clears the failures of the files whose captures were all restored. One transaction."""
    with database.conn:
        _clear(database, source_id, at)


def _clear(database: Database, source_id: str, at: str) -> None:
    database.conn.execute(
        "update failures set cleared_at = ? where source_id = ? and stage = ? and reason = ? and cleared_at is null and not exists"
        " (select 1 from captures where source_id = failures.source_id and warc_file = failures.url and lost_at is not null)",
        [at, source_id, _STAGE, _REASON],
    )
