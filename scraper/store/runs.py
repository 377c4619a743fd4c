"""The rows of `runs`: one for each execution of a command that wrote to the archive."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper import clock
from scraper.store import source_health
from scraper.store.patient_connection import database_problem, is_damaged
from scraper.two_languages import Bilingual
from scraper.warc.dates import moment, timestamp

# Outcomes of a run that the site has nothing to do with.
SHUTDOWN = "shutdown"  # ended by a signal
TIME_USED = "time-used"  # ended by --max-minutes
NOT_WRITABLE = "archive-not-writable"
DAMAGED = "archive-damaged"
END_FAILED = "end-failed"  # a fault of the program while the conclusions were drawn


def outcome_of(error: OSError | sqlite3.Error) -> tuple[str, str]:
    """Returns the outcome of a run that could not write to the archive or its captures, and what is wrong."""
    if isinstance(error, sqlite3.Error):
        return DAMAGED if is_damaged(error) else NOT_WRITABLE, database_problem(error)
    return NOT_WRITABLE, Bilingual(f"the archive cannot be written: {error}", f"không ghi được vào kho: {error}")


def begin(database: Database, command: str, source_id: str | None, arguments: str, parser: str) -> int:
    """Records the start of a run and returns its id. The outcome stays empty until the end; a run with an empty outcome was interrupted."""
    with database.conn:
        cursor = database.conn.execute(
            "insert into runs (command, source_id, arguments, started_at, parser) values (?, ?, ?, ?, ?)",
            [command, source_id, arguments, timestamp(clock.now().replace(microsecond=0)), parser],
        )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def end(
    database: Database,
    run_id: int,
    outcome: str,
    counts: Mapping[str, int],
    *,
    complete: bool | None = None,
    concluded: bool | None = None,
    health: Mapping[str, Any] | None = None,
) -> None:
    """Records how a run ended and what it did. For a crawl, `complete`: whether it read every list to its end; `concluded`: whether the
    conclusions about its source and the summaries follow from all that is stored. If not, the next run draws them again. `health`: the row
    of `source_health`; None if the run says nothing about its source. One transaction, so that the state and the outcome agree.
    """
    with database.conn:
        if health is not None:
            source_health.write(database.conn, health)
        database.conn.execute(
            "update runs set ended_at = ?, outcome = ?, captures = ?, articles_new = ?, articles_changed = ?, failures = ?, complete = ?,"
            " concluded = ? where id = ?",
            [
                timestamp(clock.now().replace(microsecond=0)),
                outcome,
                counts.get("captures", 0),
                counts.get("new", 0),
                counts.get("changed", 0),
                counts.get("failures", 0),
                complete,
                concluded,
                run_id,
            ],
        )


GOOD = ("finished", "budget-used")  # outcomes of runs that did all that they were to do
AT_ONCE = ("", SHUTDOWN, TIME_USED, "outside-window")  # outcomes of runs that say nothing about the site; an empty one was interrupted


@dataclass(frozen=True, slots=True)
class EarlierRuns:
    """What the crawls of a source before say about the next one."""

    last_began: datetime
    last_outcome: str  # empty if the run was interrupted, or is going on
    seconds: float  # how long the last good run took; endless if there was none
    failed_in_a_row: int = 0  # runs since the last good one, not counting those of AT_ONCE


def earlier_runs(connection: sqlite3.Connection, since: datetime) -> dict[str, EarlierRuns]:
    """Returns what earlier crawls say about each source that was crawled since a time.

    A run is good if it finished and received something: a run in which every request failed finishes, too.
    """
    rows = connection.execute(
        "select source_id, started_at, coalesce(outcome, ''), ended_at, coalesce(captures, 0), coalesce(failures, 0) from runs"
        " where command = 'crawl' and source_id is not null and started_at >= ? order by source_id, id",
        [timestamp(since)],
    )
    found: dict[str, EarlierRuns] = {}
    for source_id, started_at, outcome, ended_at, captures, failures in rows:
        before = found.get(source_id)
        began = moment(started_at)
        good = outcome in GOOD and (outcome != "finished" or captures > 0 or failures == 0)
        seconds = (moment(ended_at) - began).total_seconds() if good and ended_at else before.seconds if before else math.inf
        failed = 0 if good else (before.failed_in_a_row if before else 0) + (outcome not in AT_ONCE)
        found[source_id] = EarlierRuns(began, outcome if good or outcome != "finished" else "nothing-received", seconds, failed)
    return found


def newest(connection: sqlite3.Connection) -> int:
    """Returns the id of the newest run, 0 if there is none."""
    return int(connection.execute("select coalesce(max(id), 0) from runs").fetchone()[0])


def newest_began(connection: sqlite3.Connection) -> datetime | None:
    """Returns when the newest run began, by the clock of that time; None if there is none."""
    row = connection.execute("select started_at from runs order by id desc limit 1").fetchone()
    return moment(row[0]) if row is not None else None


def began_after(connection: sqlite3.Connection, source_id: str, run_id: int) -> bool:
    """Returns whether a crawl of a source began after another run did."""
    sql = "select 1 from runs where command = 'crawl' and source_id = ? and id > ?"
    return connection.execute(sql, [source_id, run_id]).fetchone() is not None
