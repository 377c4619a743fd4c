"""Failures as rows: one for each URL, stage and reason, with the first and the last time it occurred."""

from __future__ import annotations

from collections import Counter

from sqlite_utils import Database

from scraper.model import Failure
from scraper.urls import host_of


def record(
    database: Database, source_id: str, failure: Failure, *, at: str, run_id: int | None = None, capture_id: int | None = None
) -> None:
    """Inserts or updates a failure. Part of the caller's transaction. `at`: when it occurred, ISO 8601 in UTC."""
    database.conn.execute(
        "insert into failures (source_id, run_id, capture_id, url, stage, reason, detail, target, first_seen, last_seen)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (source_id, url, stage, reason) do update set"
        " run_id = coalesce(excluded.run_id, run_id), capture_id = coalesce(excluded.capture_id, capture_id), detail = excluded.detail,"
        " target = excluded.target, first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen),"
        " cleared_at = case when cleared_at > excluded.last_seen then cleared_at end",
        [
            source_id,
            run_id,
            capture_id,
            failure.url,
            failure.stage,
            failure.reason,
            failure.detail or None,
            failure.target,
            at,
            at,
        ],
    )


def detail_of(database: Database, source_id: str, url: str, stage: str, reason: str) -> str | None:
    """Returns the detail of a failure, or None if there is no such failure or it has no detail."""
    sql = "select detail from failures where source_id = ? and url = ? and stage = ? and reason = ?"
    row = database.execute(sql, [source_id, url, stage, reason]).fetchone()
    return row[0] if row is not None else None


def clear(database: Database, source_id: str, url: str, at: str) -> None:
    """Marks the failures of a URL as over, because it was read at `at`; that a recording lacked it, whenever that was. Part of the caller's
    transaction.

    Failures about the links of the page (stage discover) stay: only a crawl follows links and can see whether they still fail.
    """
    database.conn.execute(
        "update failures set cleared_at = ? where source_id = ? and url = ? and cleared_at is null"
        " and (last_seen <= ? or reason = 'replay-miss') and stage <> 'discover'",
        [at, source_id, url, at],
    )


def clear_discovery(database: Database, source_id: str, url: str, at: str) -> None:
    """Marks the failures about the links of a page as over, before the links are followed again. Part of the caller's transaction."""
    database.conn.execute(
        "update failures set cleared_at = ? where source_id = ? and url = ? and cleared_at is null and stage = 'discover'",
        [at, source_id, url],
    )


def examples_of_run(database: Database, run_id: int) -> dict[str, str]:
    """Returns one URL of each reason for which URLs failed in a run, if they are not cleared."""
    rows = database.execute("select reason, min(url) from failures where run_id = ? and cleared_at is null group by reason", [run_id])
    return dict(rows.fetchall())


def target_of_run(database: Database, run_id: int, reason: str) -> str | None:
    """Returns where most URLs lead that failed in a run for a reason: scheme and host. None if none of them leads anywhere."""
    rows = database.execute("select target from failures where run_id = ? and reason = ? and target is not null", [run_id, reason])
    sites = Counter(f"{target.partition('://')[0]}://{host}" for (target,) in rows.fetchall() if (host := host_of(target)) is not None)
    return sites.most_common(1)[0][0] if sites else None


def open_of_run(database: Database, run_id: int) -> dict[str, int]:
    """Returns the failures of a run that are not cleared: the number of URLs by reason, the most frequent first."""
    rows = database.execute(
        "select reason, count(*) from failures where run_id = ? and cleared_at is null group by reason order by 2 desc, 1", [run_id]
    )
    return dict(rows.fetchall())
