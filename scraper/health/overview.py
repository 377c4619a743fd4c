"""How all sources are now, and when their states changed: what the command, the pages, the feed and the messages show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils import Database

from scraper.health import reasons, wording
from scraper.health.facts import ALARMS, State
from scraper.store import source_health
from scraper.two_languages import EN, VI

_CHANGES = 50  # that pages and feeds show

# In which order a person wants to see them.
ORDER = (State.BROKEN, State.BLOCKED, State.DEGRADED, State.QUIET, State.OK, State.ENDED)


@dataclass(frozen=True, slots=True)
class Line:
    """How one source was after a run. The texts are in English and Vietnamese, by language."""

    source_id: str
    name: str
    site: str
    unit: str
    state: State
    reason: str
    first_bad_day: str | None
    last_good_day: str | None
    day: str
    judged_at: str
    state_before: State | None
    run_id: int
    findings: tuple[Mapping[str, Any], ...]
    is_live: bool = True  # the site itself answered, not a recording
    unsteady: int = 0  # how often it broke lately if it breaks and is well again by turns; else 0

    def is_stale(self, today: date, days: float) -> bool:
        """Returns whether the last run of a site that is crawled live is more than `days` old, so that its state may be another one."""
        return self.is_live and self.state is not State.ENDED and (today - date.fromisoformat(self.day)).days > days

    @property
    def needs_attention(self) -> bool:
        """Whether a person must look at the source."""
        return self.state in ALARMS

    def state_name(self, language: str) -> str:
        """Returns the name of the state."""
        return wording.state_name(self.state, language)

    def state_name_before(self, language: str) -> str:
        """Returns the name of the state after the run before; empty if there was none."""
        return wording.state_name(self.state_before, language) if self.state_before is not None else ""

    def reason_name(self, language: str) -> str:
        """Returns the short name of the reason."""
        return wording.reason_name(self.reason, language)

    def sentence(self, language: str) -> str:
        """Returns what the reason means and what to do."""
        return wording.sentence(self.reason, language)

    def unsteadiness(self, language: str) -> str:
        """Returns what is said of it if it breaks and is well again by turns, else an empty text."""
        return wording.unsteady(self.unsteady, language)

    def numbers(self, language: str) -> str:
        """Returns the numbers of the most serious finding, or an empty text."""
        return wording.numbers(self.findings[0], language) if self.findings else ""

    def reason_with_numbers(self, language: str) -> str:
        """Returns the short name of the reason, with the numbers of the most serious finding in brackets if it has any."""
        return wording.reason_with_numbers(self.reason, self.findings[0] if self.findings else None, language)

    def others(self, language: str) -> list[str]:
        """Returns the reasons of the other findings, each with its numbers."""
        return [wording.reason_with_numbers(one["reason"], one, language) for one in self.findings[1:] if one["reason"] != self.reason]

    def as_json(self) -> dict[str, Any]:
        """Returns everything as values of JSON."""
        return {
            "source": self.source_id,
            "name": self.name,
            "unit": self.unit,
            "site": self.site,
            "state": self.state.value,
            "reason": self.reason,
            "unsteady": self.unsteady,
            "meaning": {EN: self.sentence(EN), VI: self.sentence(VI)},
            "first_bad_day": self.first_bad_day,
            "last_good_day": self.last_good_day,
            "last_run": self.day,
            "findings": [dict(one) for one in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Overview:
    """How all sources are now. `changes`: the last changes of a state, the newest first. `unjudged`: sources that were never judged."""

    lines: Sequence[Line] = ()
    changes: Sequence[Line] = ()
    unjudged: int = 0


def read(database: Database) -> Overview:
    """Returns how the sources of an archive are now. Writes nothing."""
    return Overview(
        lines(source_health.newest(database)), lines(source_health.changes(database, _CHANGES)), source_health.count_unjudged(database)
    )


def lines(rows: Iterable[Mapping[str, Any]]) -> list[Line]:
    """Returns the lines of rows that `store.source_health` returns."""
    return [_line(row) for row in rows]


def worst_first(found: Iterable[Line]) -> list[Line]:
    """Returns lines in the order in which a person wants to see them."""
    return sorted(found, key=lambda one: ORDER.index(one.state))


def counts(found: Iterable[Line]) -> dict[State, int]:
    """Returns the number of sources by state, in the order of `ORDER`, without states that no source has."""
    numbers = Counter(one.state for one in found)
    return {state: numbers[state] for state in ORDER if numbers[state]}


def as_json(found: Iterable[Line]) -> dict[str, Any]:
    """Returns the number of sources by state, and the lines, as values of JSON."""
    ordered = worst_first(found)
    numbers = {state.value: number for state, number in counts(ordered).items()}
    return {"counts": numbers, "sources": [line.as_json() for line in ordered]}


def _line(row: Mapping[str, Any]) -> Line:
    state = State(row.get("state_now") or row["state"])
    is_now = state.value == row["state"]  # else the period of the source is over since
    return Line(
        row["source_id"],
        row["name"],
        row["site"],
        row.get("unit") or "",
        state,
        row["reason"] if is_now else reasons.SOURCE_ENDED,
        row["first_bad_day"] if is_now else None,
        row["last_good_day"],
        row["day"],
        row["judged_at"],
        State(row["state_before"]) if row["state_before"] else None,
        row["run_id"],
        tuple(row["findings"]) if is_now else (),
        not row["replayed"],
        (row.get("unsteady") or 0) if is_now else 0,
    )
