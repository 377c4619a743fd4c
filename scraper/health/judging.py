"""Judges a run: reads the past of its source, applies the rules and makes the row of `source_health`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlite_utils import Database

from scraper import clock
from scraper.health import reasons
from scraper.health.facts import Finding, Judgement, Past, PastRun, RunFacts, State, Worse
from scraper.health.limits import Limits
from scraper.health.rules import RunEnd, judge
from scraper.health.unsteady import JudgedRun, reported_after
from scraper.model import Source
from scraper.store import failures, other_owner, replaced_nights, runs, source_health
from scraper.warc.dates import timestamp

# Outcomes of runs that say nothing about the site: it was not requested, or the run was ended by something else.
NOT_JUDGED = frozenset(
    (runs.SHUTDOWN, runs.TIME_USED, runs.NOT_WRITABLE, runs.DAMAGED, runs.END_FAILED, "outside-window", "start_error", "cancelled")
)


@dataclass(frozen=True, slots=True)
class Judged:
    """How a source is after a run. `row`: of `source_health`; it is written together with the outcome of the run."""

    judgement: Judgement
    row: Mapping[str, Any]


def judge_run(
    database: Database, source: Source, run_id: int, facts: RunFacts, end: RunEnd, limits: Limits, listed: Collection[str] = ()
) -> Judged | None:
    """Returns how a source is after a run. Writes nothing. Returns None if the run says nothing about the site. `listed`: keys of the
    articles that its lists named, without scheme."""
    if end.outcome in NOT_JUDGED or not (end.responses or end.failed):
        return None
    rows = source_health.earlier(database, source.id, run_id, int(limits.runs_before), replayed=not end.is_live)
    publishing = source_health.publishing(database, source.id, clock.now())
    unofficial = other_owner.find(database, source)
    past = Past(
        [_past_run(row) for row in rows],
        publishing.articles,
        publishing.newest,
        publishing.longest_pause,
        publishing.days,
        unofficial,
        other_owner.shown_in(database, source, run_id, unofficial.ids),
        source_health.watched_since(database, source.id),
        replaced_nights.shown_instead(database, source.id, run_id, listed) if end.is_live else 0,
    )
    if end.is_live and source.valid_to is not None and source.valid_to < end.day:
        judgement = Judgement(State.ENDED, reasons.SOURCE_ENDED)
    else:
        judgement = _with_target(database, run_id, judge(facts, end, past, source.expect, limits))
        if end.is_live:
            judgement = replace(judgement, unsteady=_breaks(rows, JudgedRun(run_id, end.day, judgement.state, judgement.reason), limits))
    return Judged(judgement, _row(source.id, run_id, facts, end, judgement, rows[0]["state"] if rows else None))


def _breaks(rows: Sequence[Mapping[str, Any]], now: JudgedRun, limits: Limits) -> int:
    """Returns how often an unsteady source broke lately; 0 if it is steady. `rows`: of the runs before, the newest first."""
    before = [JudgedRun(row["run_id"], date.fromisoformat(row["day"]), State(row["state"]), row["reason"]) for row in reversed(rows)]
    reported = reported_after([*before, now], limits)[now.run_id]
    return max(reported.breaks, 1) if reported.is_unsteady else 0


def _with_target(database: Database, run_id: int, judgement: Judgement) -> Judgement:
    """Returns the judgement with the site to which the pages lead, if they lead away."""
    if not any(one.reason == reasons.MOVED for one in judgement.findings):
        return judgement
    target = failures.target_of_run(database, run_id, "off-site")
    found = tuple(replace(one, target=target) if one.reason == reasons.MOVED else one for one in judgement.findings)
    return replace(judgement, findings=found)


def _past_run(row: dict[str, Any]) -> PastRun:
    return PastRun(
        date.fromisoformat(row["day"]),
        State(row["state"]),
        row["articles_parsed"],
        _worse_of(row, "generic"),
        _worse_of(row, "undated"),
        _worse_of(row, "empty"),
        row["articles_requested"],
        row["article_failures"],
        row["known_failed"],
        row["known_read"] or 0,
        row["known_changed"] or 0,
        any(one["reason"] == reasons.ORDER for one in row["findings"]),
        row["start_language"],
        any(one["reason"] == reasons.OTHER_OWNER for one in row["findings"]),
    )


def _row(source_id: str, run_id: int, facts: RunFacts, end: RunEnd, judgement: Judgement, before: str | None) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "run_id": run_id,
        "day": end.day.isoformat(),
        "state": judgement.state.value,
        "reason": judgement.reason,
        "first_bad_day": judgement.first_bad_day.isoformat() if judgement.first_bad_day else None,
        "last_good_day": judgement.last_good_day.isoformat() if judgement.last_good_day else None,
        "state_before": before,
        "unsteady": judgement.unsteady,
        "replayed": int(not end.is_live),
        "responses": end.responses,
        "lists_with_articles": facts.lists_with_articles,
        "lists_without_articles": facts.lists_empty + facts.lists_lost,
        "lists_lost": facts.lists_lost,
        "lists_failed": sum(facts.lists_failed.values()),
        "start_language": facts.start_language,
        "articles_requested": facts.requested,
        "articles_parsed": facts.parsed,
        "articles_unchanged": facts.confirmed,
        "articles_failed": sum(facts.failed.values()),
        "known_requested": facts.known_requested,
        "known_failed": sum(facts.known_failed.values()),
        "known_read": facts.known_read,
        "known_changed": facts.known_changed,
        **_columns("generic", facts.generic),
        **_columns("undated", facts.undated),
        **_columns("empty", facts.empty),
        "article_failures": dict(facts.failed),
        "list_failures": dict(facts.lists_failed),
        "findings": [_finding(one) for one in judgement.findings],
        "judged_at": timestamp(clock.now()),
    }


def _worse_of(row: dict[str, Any], kind: str) -> Worse:
    return Worse(row[kind], row[f"{kind}_known"], row[f"{kind}_same"])


def _columns(kind: str, worse: Worse) -> dict[str, int]:
    return {kind: worse.bad, f"{kind}_known": worse.known, f"{kind}_same": worse.same}


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "state": one.state.value,
        "reason": one.reason,
        "bad": one.bad,
        "among": one.among,
        "expected": round(one.expected, 4) if one.expected is not None else None,
        "basis": one.basis,
    } | ({"target": one.target} if one.target else {})
