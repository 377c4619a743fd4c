"""What messages report of a source that breaks and is well again by turns, like a server that does not answer in some nights. Pure.

Each change is reported as long as changes are rare. If a source breaks for the same kind of reason a second time within some days, this
break is reported with the note that the source is unsteady; after that, its changes are silent until something is new: it stays bad for
some days, it breaks for another kind of reason, or it was well for so long that it is steady again. Each of these is reported once.

Other programs do it so: Nagios counts the changes among the last 21 checks, and sends one notice when a service begins to flap and one when
that ends; Prometheus keeps an alert for some time after its cause (`keep_firing_for`). A delay before the first alarm (`for`) is not used:
a run is a night, and a real break must be reported in the first one. The limits are days, not numbers of runs, because a source that fails
is crawled again after an hour.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from scraper.health import reasons
from scraper.health.facts import ALARMS, State
from scraper.health.limits import Limits

UNSTEADY = "unsteady"
# Reasons that a server which does not answer well gives by turns; they are one kind.
_UNANSWERED = "unanswered"
_OF_UNANSWERED = frozenset((reasons.DEAD, reasons.ROBOTS_LOST, reasons.SERVER, reasons.CUT, reasons.LIMITED))
_STOPPED = frozenset((State.BROKEN.value, State.BLOCKED.value))


@dataclass(frozen=True, slots=True)
class JudgedRun:
    """How a source was after a run. `reason`: a code."""

    run_id: int
    day: date
    state: State
    reason: str


@dataclass(frozen=True, slots=True)
class Reported:
    """What a message reports of a source. `key`: differs from that of the last message if there is something new to report: "ok", the
    state that needs a person, or what is new about an unsteady source. `breaks`: of an unsteady source, within the limit. `is_down`: it is
    unsteady, and stays bad now. `is_steady_again`: it is well, and was unsteady before."""

    key: str
    breaks: int = 0
    is_down: bool = False
    is_steady_again: bool = False

    @property
    def is_unsteady(self) -> bool:
        """Whether the source is unsteady."""
        return self.key.startswith(UNSTEADY)


def as_reported(state: State) -> str:
    """Returns the key for the state of a source that is not unsteady: those that need nobody are all the same."""
    return state.value if state in ALARMS else State.OK.value


def reported_after(runs: Iterable[JudgedRun], limits: Limits) -> dict[int, Reported]:
    """Returns what is to be reported after each run of a source, by the id of the run. `runs`: the oldest first."""
    source = _Source(limits)
    return {run.run_id: source.after(run) for run in runs}


@dataclass(slots=True)
class _Source:
    """A source while its runs are read in order. `last_bad`: by kind of reason. `kind`, `since`: of the present disturbance, and since when
    no run was good. `kinds`: for which it is unsteady; none if it is steady. `level`: how often something new was reported since then."""

    limits: Limits
    key: str = State.OK.value
    kind: str = ""
    since: date | None = None
    last_bad: dict[str, date] = field(default_factory=dict)
    begun: list[date] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    level: int = 0
    is_down: bool = False

    def after(self, run: JudgedRun) -> Reported:
        """Returns what is to be reported after the next run."""
        steady_again = False
        if run.state in ALARMS:
            self._bad(run)
        else:
            self.kind, self.since = "", None
            if self.kinds and not any(_within(run.day, day, self.limits.steady_days - 1) for day in self.last_bad.values()):
                self.kinds, self.is_down, steady_again = set(), False, True
            self.key = f"{UNSTEADY}-{self.level}" if self.kinds else State.OK.value
        if not self.kinds:
            return Reported(self.key, is_steady_again=steady_again)
        return Reported(self.key, sum(_within(run.day, day, self.limits.unsteady_days) for day in self.begun), self.is_down)

    def _bad(self, run: JudgedRun) -> None:
        kind = _UNANSWERED if run.reason in _OF_UNANSWERED else run.reason
        begins = self.since is None
        if self.since is None:
            self.since = run.day
            self.begun.append(run.day)
        if self.kinds:
            is_down = (run.day - self.since).days >= self.limits.down_days - 1
            self.level += kind not in self.kinds or (is_down and not self.is_down)
            self.kinds.add(kind)
            self.is_down |= is_down
        elif begins and kind in self.last_bad and _within(run.day, self.last_bad[kind], self.limits.unsteady_days):
            self.kinds, self.level, self.is_down = {kind}, 1, False
        if self.kinds:
            self.key = f"{UNSTEADY}-{self.level}"
        elif not (kind == self.kind == _UNANSWERED and {self.key, run.state.value} <= _STOPPED):  # else only the words for it changed
            self.key = run.state.value
        self.kind, self.last_bad[kind] = kind, run.day


def _within(day: date, before: date, days: float) -> bool:
    """Returns whether `before` is at most so many days before `day`. A day of a clock that was ahead is not."""
    return 0 <= (day - before).days <= days
