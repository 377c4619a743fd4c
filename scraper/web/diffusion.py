"""How a document spread over the units: what the rows of the query `diffusion_by_unit` say together. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]

REACHED, NOT_YET, NOT_OBSERVED = "reached", "not-yet", "not-observed"
# The days for which the page says the share in words.
NAMED_DAYS = (30, 90, 365, 1000)


@dataclass(frozen=True, slots=True)
class Step:
    """The share of the units that cited a document by a day after the signing. `at_risk`: units that had not cited it before and were
    still seen; `events`: those that cited it on that day."""

    day: int
    share: float
    at_risk: int
    events: int


def curve(rows: Iterable[Row]) -> list[Step]:
    """Returns one minus the Kaplan-Meier estimate over the units that were followed, beginning with 0 on the day of signing.

    >>> [(step.day, step.share) for step in curve([
    ...     {"followed": 1, "exit": 10, "event": 1}, {"followed": 1, "exit": 20, "event": 0},
    ...     {"followed": 1, "exit": 30, "event": 1}, {"followed": 0, "exit": 5, "event": 1}])]
    [(0, 0.0), (10, 0.333333), (30, 1.0)]
    """
    followed = [(row["exit"], row["event"]) for row in rows if row["followed"] and row["exit"] is not None]
    days = Counter(day for day, event in followed if event)
    steps, left = [Step(0, 0.0, len(followed), 0)] if followed else [], 1.0
    for day in sorted(days):
        at_risk = sum(exit_day >= day for exit_day, _ in followed)
        left *= 1 - days[day] / at_risk
        steps.append(Step(day, round(1 - left, 6), at_risk, days[day]))
    return steps


def last_day(rows: Iterable[Row]) -> int | None:
    """Returns the last day after the signing on which a followed unit was seen, where the curve ends. None if there is none."""
    return max((row["exit"] for row in rows if row["followed"] and row["exit"] is not None), default=None)


def share_on(steps: Sequence[Step], day: int) -> float:
    """Returns the share on a day.

    >>> share_on([Step(0, 0.0, 3, 0), Step(10, 0.5, 3, 1)], 30)
    0.5
    """
    return max((step.share for step in steps if step.day <= day), default=0.0)


def counts(rows: Iterable[Row]) -> dict[str, int]:
    """Returns how many units have each status, in the order of the statuses."""
    found = Counter(row["status"] for row in rows)
    return {status: found[status] for status in (REACHED, NOT_YET, NOT_OBSERVED)}
