"""When a source is due, and in which order sources are crawled."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from scraper.crawl.update_plan import Decision, Rhythm, plan
from scraper.model import Source
from scraper.store import runs
from scraper.store.archive import open_archive

NOW = datetime(2026, 11, 29, 19, 0, tzinfo=UTC)  # 2 in the morning of 30 November in Viet Nam
RHYTHM = Rhythm(after=timedelta(hours=20), retry=timedelta(hours=1))


def _source(name: str, valid_to: date | None = None) -> Source:
    return Source(name, name, "ha-noi", f"https://{name}.test", (f"{name}.test",), valid_to=valid_to)


@pytest.fixture
def archive(tmp_path: Path) -> sqlite3.Connection:
    database = open_archive(tmp_path / "archive.db")
    for name in ("so-a", "so-b"):
        database.execute("insert into sources (id, name, unit_id, site, hosts) values (?, ?, 'ha-noi', 'x', '[]')", [name, name])
    return database.conn


def _run(archive: sqlite3.Connection, source: str, hours: float, outcome: str | None, *, captures: int = 3, failures: int = 0) -> None:
    """Adds a run that began some hours before NOW and took two minutes."""
    began = NOW - timedelta(hours=hours)
    row = [source, began.isoformat(), (began + timedelta(minutes=2)).isoformat(), outcome, captures, failures]
    archive.execute(
        "insert into runs (command, source_id, started_at, ended_at, outcome, captures, failures) values ('crawl', ?, ?, ?, ?, ?, ?)", row
    )


@pytest.mark.parametrize(
    ("runs_before", "decision"),
    [
        ([], Decision.CRAWL),
        ([(24, "finished")], Decision.CRAWL),
        ([(23.5, "finished")], Decision.CRAWL),  # a cron job of the same hour that began half an hour late yesterday
        ([(19, "finished")], Decision.NOT_DUE),
        ([(24, "finished"), (0.9, "rate-limited")], Decision.NOT_DUE),
        ([(24, "finished"), (1.1, "rate-limited")], Decision.CRAWL),
        ([(30, "rate-limited"), (5, "rate-limited"), (1.9, "rate-limited")], Decision.NOT_DUE),  # after three failed runs: 4 hours
        ([(30, "rate-limited"), (9, "rate-limited"), (4.1, "rate-limited")], Decision.CRAWL),
        ([(400 - hour, "blocked") for hour in range(380)], Decision.CRAWL),  # never longer than the rhythm of a good source
        ([(30, "rate-limited"), (2, "finished")], Decision.NOT_DUE),
        ([(0.1, "")], Decision.CRAWL),  # interrupted: it crashed
        ([(0.1, "shutdown")], Decision.CRAWL),
    ],
)
def test_when_a_source_is_due(archive: sqlite3.Connection, runs_before: list[tuple[float, str]], decision: Decision) -> None:
    for hours, outcome in runs_before:
        _run(archive, "so-a", hours, outcome or None)
    [planned] = plan([_source("so-a")], runs.earlier_runs(archive, NOW - timedelta(days=60)), RHYTHM, NOW)
    assert planned.decision is decision, planned.why


def test_a_run_that_received_nothing_is_a_failed_one(archive: sqlite3.Connection) -> None:
    _run(archive, "so-a", 2, "finished", captures=0, failures=1)
    [planned] = plan([_source("so-a")], runs.earlier_runs(archive, NOW - timedelta(days=60)), RHYTHM, NOW)
    assert planned.decision is Decision.CRAWL
    assert "nothing-received" in planned.why


def test_an_ended_and_a_locked_source_are_left_out() -> None:
    sources = [_source("so-a", date(2026, 11, 30)), _source("so-b", date(2026, 11, 29)), _source("so-c")]
    planned = {one.source.id: one for one in plan(sources, {}, RHYTHM, NOW, locked={"so-c"})}
    assert planned["so-a"].decision is Decision.CRAWL  # its last day has begun, by the time of Viet Nam
    assert planned["so-b"].decision is Decision.ENDED and "2026-11-29" in planned["so-b"].why
    assert planned["so-c"].decision is Decision.LOCKED


def test_the_slowest_source_begins_first(archive: sqlite3.Connection) -> None:
    _run(archive, "so-a", 30, "finished")
    _run(archive, "so-b", 30, "finished")
    archive.execute("update runs set ended_at = ? where source_id = 'so-b'", [(NOW - timedelta(hours=29)).isoformat()])
    sources = [_source("so-a"), _source("so-b"), _source("so-new")]
    planned = plan(sources, runs.earlier_runs(archive, NOW - timedelta(days=60)), RHYTHM, NOW)
    assert [one.source.id for one in planned] == ["so-new", "so-b", "so-a"]


def test_a_run_from_the_future_does_not_keep_a_source_waiting(archive: sqlite3.Connection) -> None:
    """The clock was a year ahead in that run. Some minutes ahead, it may only have been corrected."""
    for hours, decision in ((-365 * 24, Decision.CRAWL), (-0.05, Decision.NOT_DUE)):
        archive.execute("delete from runs")
        _run(archive, "so-a", hours, "finished")
        [planned] = plan([_source("so-a")], runs.earlier_runs(archive, NOW - timedelta(days=60)), RHYTHM, NOW)
        assert planned.decision is decision, planned.why


def test_a_failed_run_says_nothing_of_how_long_a_source_takes(archive: sqlite3.Connection) -> None:
    for hours, outcome in ((30, "finished"), (2, "rate-limited")):
        _run(archive, "so-a", hours, outcome)
    archive.execute("update runs set ended_at = started_at where outcome = 'rate-limited'")
    assert runs.earlier_runs(archive, NOW - timedelta(days=60))["so-a"].seconds == 120
