"""The table `source_health`: one row for each source and run that was judged, with the numbers that were compared."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlite_utils import Database

from scraper import clock
from scraper.warc.dates import moment, timestamp

Row = dict[str, Any]

_YEAR = timedelta(days=365)  # of publication, in which the pauses of a source are measured


def earlier(database: Database, source_id: str, run_id: int, good: int, *, replayed: bool) -> list[Row]:
    """Returns the rows of a source from before a run, the newest first, back to the last `good` ones after which it was well. So however
    long a disturbance lasts, the good runs before it are there. JSON columns are decoded. `replayed`: those of runs in which a recording
    answered, else those of the site itself: what a recording lacks says nothing about the site.
    """
    of_source = "source_id = :source and replayed = :replayed and run_id < :run"
    rows = database.query(
        f"select * from source_health where {of_source} and run_id >= coalesce((select run_id from source_health where {of_source}"
        " and state in ('ok', 'quiet') order by run_id desc limit 1 offset :good - 1), 0) order by run_id desc",
        {"source": source_id, "replayed": replayed, "run": run_id, "good": good},
    )
    return [_decoded(row) for row in rows]


# The row of each source that says how it is now. A source whose period is over needs no new row: it is compared with the last judged day.
_NEWEST = """
    select source_health.*, sources.name, sources.site, units.name as unit,
        case when sources.valid_to < (select max(day) from source_health) then 'ended' else state end as state_now
    from sources join source_health on source_health.source_id = sources.id join units on units.id = sources.unit_id
    where run_id = (select run_id from source_health as other where other.source_id = sources.id order by replayed, run_id desc limit 1)
    order by units.sort_key, sources.id
"""
_RECENT = timedelta(days=2)
_MOST_CHANGES = 2000
# Runs after which the state of a source was another one than before. The first run of a source is one only if something is wrong.
_CHANGES = """
    select source_health.*, sources.name, sources.site from source_health join sources on sources.id = source_id
    where state_before is not state and (state_before is not null or state not in ('ok', 'quiet'))
    order by judged_at desc, source_id limit ?
"""


def newest(database: Database) -> list[Row]:
    """Returns the row of each source that says how it is now, ordered by unit and source, with `name`, `site` and `unit` of the source, and
    its state as `state_now`."""
    return [_decoded(row) for row in database.query(_NEWEST)]


def changes(database: Database, most: int) -> list[Row]:
    """Returns the last `most` changes of a state, the newest first, with `name` and `site` of the source; all of the last days, if they
    are more: after Tết, hundreds of sources are quiet no more in one night, and a reader of the feed must not miss the one that broke.
    """
    found = [*database.query(_CHANGES, [_MOST_CHANGES])]
    since = timestamp(moment(found[0]["judged_at"]) - _RECENT) if found else ""
    return [_decoded(row) for place, row in enumerate(found) if place < most or row["judged_at"] >= since]


def watched_since(database: Database, source_id: str) -> date | None:
    """Returns the day of the first judged run of a source in which the site itself answered; None if there was none."""
    sql = "select day from source_health where source_id = ? and replayed = 0 order by run_id limit 1"
    row = database.execute(sql, [source_id]).fetchone()
    return date.fromisoformat(row[0]) if row is not None else None


def count_unjudged(database: Database) -> int:
    """Returns the number of sources that were never judged."""
    sql = "select count(*) from sources where id not in (select source_id from source_health)"
    return int(database.execute(sql).fetchone()[0])


def write(connection: sqlite3.Connection, row: Mapping[str, Any]) -> None:
    """Writes the row of a run. Mappings and lists become JSON. Part of the transaction of `runs.end`, which writes the outcome."""
    values = {name: json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value for name, value in row.items()}
    columns = ", ".join(values)
    connection.execute(f"insert or replace into source_health ({columns}) values ({', '.join('?' * len(values))})", list(values.values()))


def _decoded(row: Mapping[str, Any]) -> Row:
    """Returns a row with its columns of JSON as values."""
    return dict(row) | {name: json.loads(row[name] or "{}") for name in ("article_failures", "list_failures", "findings")}


# --- messages ---------------------------------------------------------------------------------------------


def judged_since(database: Database, day: date) -> list[tuple[str, int, str, str, str]]:
    """Returns source, run, day, state and reason of each judged run since a day, the oldest first, of the sources that needed a person in
    any of them. Runs in which a recording answered say nothing about the site."""
    bad = "select source_id from source_health where day >= :day and replayed = 0 and state in ('degraded', 'broken', 'blocked')"
    return database.execute(
        "select source_id, run_id, day, state, reason from source_health where day >= :day and replayed = 0"
        f" and source_id in ({bad}) order by run_id",
        {"day": day.isoformat()},
    ).fetchall()


def last_reported(database: Database) -> dict[str, tuple[int, str, str]]:
    """Returns by source the run and the state that a message reported last, and when. The last message is that about the last run and not
    the one of the latest time, because the clock may have been ahead. If the period of a source was over by then, that is what the message
    said.
    """
    rows = database.execute(
        "select source_id, case when valid_to < date(reported_at, '+7 hours') then 'ended' else state end, reported_at, max(run_id)"
        " from source_health join sources on sources.id = source_id where reported_at is not null group by source_id"
    )
    return {source_id: (run_id, state, at) for source_id, state, at, run_id in rows.fetchall()}


def mark_reported(database: Database, rows: Sequence[tuple[str, int]]) -> None:
    """Records that a message reported the states of these (source, run) now. One transaction."""
    with database.conn:
        database.conn.executemany(
            "update source_health set reported_at = ? where source_id = ? and run_id = ?",
            [(timestamp(clock.now()), *row) for row in rows],
        )


# --- what a source publishes ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Publishing:
    """How often a source publishes. `newest`: the last day of publication that is known. `longest_pause`: days between two days of
    publication in the year before `newest`; `days`: how many days with an article that year has."""

    articles: int
    newest: date | None
    longest_pause: int
    days: int


def publishing(database: Database, source_id: str, now: datetime) -> Publishing:
    """Returns how often a source publishes. Articles without a date count on the day on which a run after the first one found them."""
    (articles,) = database.execute("select count(*) from articles where source_id = ?", [source_id]).fetchone()
    today = now.astimezone(clock.VIETNAM).date()
    (newest,) = database.execute(
        "select max(day) from (select substr(published_at, 1, 10) as day from articles where source_id = ? and published_at < ?"
        " order by published_at desc limit 1)",
        [source_id, (today + timedelta(days=1)).isoformat()],
    ).fetchone()
    (undated,) = database.execute(
        "select date(max(first_seen), '+7 hours') from articles where source_id = ? and published_at is null"
        " and first_seen > (select min(ended_at) from runs where source_id = ? and command = 'crawl')",
        [source_id, source_id],
    ).fetchone()
    known = [day for text in (newest, undated) if (day := _day(text)) is not None]
    if not known:
        return Publishing(articles, None, 0, 0)
    since = (max(known) - _YEAR).isoformat()
    listed = database.execute(
        "select distinct substr(published_at, 1, 10) from articles where source_id = ? and published_at >= ? and published_at < ?"
        " order by 1",
        [source_id, since, (today + timedelta(days=1)).isoformat()],
    ).fetchall()
    days = [day for (text,) in listed if (day := _day(text)) is not None]
    return Publishing(articles, max(known), max(((after - before).days for before, after in pairwise(days)), default=0), len(days))


def _day(text: str | None) -> date | None:
    """Returns a stored day. A month ("2012-05") counts as its first day."""
    if not text:
        return None
    return date.fromisoformat(text if len(text) == len("2012-05-01") else f"{text[:7]}-01")
