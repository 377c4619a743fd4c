"""The rows of `runs`: one for each execution of a command that wrote to the archive."""

from __future__ import annotations

from collections.abc import Mapping

from sqlite_utils import Database

from scraper import clock
from scraper.warc.records import timestamp


def begin(database: Database, command: str, source_id: str | None, arguments: str, parser: str) -> int:
    """Records the start of a run and returns its id. The outcome stays empty until the end; a run with an empty outcome was interrupted."""
    with database.conn:
        cursor = database.conn.execute(
            "insert into runs (command, source_id, arguments, started_at, parser) values (?, ?, ?, ?, ?)",
            [command, source_id, arguments, timestamp(clock.now().replace(microsecond=0)), parser],
        )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def end(database: Database, run_id: int, outcome: str, counts: Mapping[str, int], *, complete: bool | None = None) -> None:
    """Records how a run ended and what it did. `complete`: for a crawl, whether it read every list to its end."""
    with database.conn:
        database.conn.execute(
            "update runs set ended_at = ?, outcome = ?, captures = ?, articles_new = ?, articles_changed = ?, failures = ?, complete = ?"
            " where id = ?",
            [
                timestamp(clock.now().replace(microsecond=0)),
                outcome,
                counts.get("captures", 0),
                counts.get("new", 0),
                counts.get("changed", 0),
                counts.get("failures", 0),
                complete if complete is None else int(complete),
                run_id,
            ],
        )
