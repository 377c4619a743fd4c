"""Corrects what a run stored whose clock was ahead, so that nothing waits until that date comes.

A capture keeps its time, which its WARC record has, too. Its place in the order of captures becomes the beginning of the first run that
finds it in the future, because it was made before that run.
"""

from __future__ import annotations

from sqlite_utils import Database

# Times that decide when something is requested again or which of two values is newer, by table. None of them may be in the future.
_TIMES = {
    "articles": ("last_seen",),
    "recheck_times": ("checked_at",),
    "candidates": ("last_listed", "last_requested"),
    "discovered": ("last_seen", "last_tried", "last_read", "last_deep", "read_to_end", "last_new"),
    "failures": ("first_seen", "last_seen", "cleared_at"),
}


def correct(database: Database, source_id: str, now: str) -> int:
    """Corrects the times of a source that are later than `now` (ISO 8601, UTC). Returns the number of captures that were made with a
    clock that was ahead. One transaction. Does nothing if the clock is obviously late now: earlier than the first run of the archive.
    """
    first_run = database.execute("select min(started_at) from runs").fetchone()[0]
    if first_run is not None and now < first_run:
        return 0
    with database.conn:
        found = database.conn.execute(
            "update captures set ordered_at = ? where source_id = ? and captured_at > ? and (ordered_at is null or ordered_at > ?)",
            [now, source_id, now, now],
        ).rowcount
        if found:
            # Before its time, which says that it was set by that clock, is corrected itself.
            database.conn.execute(
                "update candidates set retry_at = ? where source_id = ? and last_requested > ? and retry_at is not null",
                [now, source_id, now],
            )
            for table, columns in _TIMES.items():
                for column in columns:
                    database.conn.execute(f"update {table} set {column} = ? where source_id = ? and {column} > ?", [now, source_id, now])
    return found
