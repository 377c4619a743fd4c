"""The numbers of a run that the health rules compare, and their results. No behaviour except sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from scraper.store.other_owner import NOT_ONE, SHOWN_NOTHING, Shown, Unofficial


class State(StrEnum):
    """How a source is. The labels name each in English and Vietnamese."""

    OK = "ok"
    QUIET = "quiet"  # nothing new for longer than expected, and nothing is wrong with its pages
    DEGRADED = "degraded"  # its articles come, but less complete or fewer than before
    BROKEN = "broken"  # its articles do not come
    BLOCKED = "blocked"  # the site refuses us
    ENDED = "ended"  # its period is over


# The states that need a person, the worst first.
ALARMS = (State.BLOCKED, State.BROKEN, State.DEGRADED)
WELL = (State.OK, State.QUIET)


@dataclass(slots=True)
class Worse:
    """Articles of a run that lack something. `known`: those of them that had it when they were stored before. `same`: articles that lacked
    it already when they were stored; they are not in `bad`, because nothing about them changed.
    """

    bad: int = 0
    known: int = 0
    same: int = 0

    def add(self, *, now: bool, before: bool | None) -> None:
        """Counts an article. `now`: whether it lacks it. `before`: whether it lacked it when it was stored; None if it was not."""
        self.bad += now and not before
        self.known += now and before is False
        self.same += now and before is True


@dataclass(slots=True)
class RunFacts:
    """What a run received, counted while it goes on. Lists are list pages, sitemaps and feeds that are known or that the block names."""

    lists_with_articles: int = 0
    lists_lost: int = 0  # that showed articles before, and show none now
    lists_empty: int = 0  # that never showed an article
    lists_failed: Counter[str] = field(default_factory=Counter)  # by reason
    start_failed: str = ""  # why the list with which the crawl begins could not be read
    start_language: str | None = None  # of its links; None if that is not clear
    start_lost: bool = False  # whether that list showed articles before, and shows none now
    in_order: int = 0  # lists whose order was judged in this run, and that have the newest articles first
    out_of_order: int = 0  # lists that had the newest articles first, and have them in the opposite order now
    parsed: int = 0  # articles
    generic: Worse = field(default_factory=Worse)  # parsed by the general rules, because no layout fits
    undated: Worse = field(default_factory=Worse)
    empty: Worse = field(default_factory=Worse)  # without a text
    confirmed: int = 0  # known articles whose server said that they are unchanged
    failed: Counter[str] = field(default_factory=Counter)  # articles by reason; each counts once, when it first fails
    known_failed: Counter[str] = field(default_factory=Counter)  # those of them that were stored before
    known_requested: int = 0  # articles that were stored before
    known_read: int = 0  # those of them that were parsed, or called unchanged
    known_changed: int = 0  # those of them that have a content now that they never had

    @property
    def requested(self) -> int:
        """The number of articles that were requested and answered in any way."""
        return self.parsed + self.confirmed + sum(self.failed.values())

    @property
    def lists_read(self) -> int:
        """The number of lists of which a page was parsed."""
        return self.lists_with_articles + self.lists_lost + self.lists_empty


@dataclass(frozen=True, slots=True)
class PastRun:
    """The numbers of an earlier run of the source. `failed`: articles by reason."""

    day: date
    state: State
    parsed: int
    generic: Worse
    undated: Worse
    empty: Worse
    requested: int
    failed: Mapping[str, int]
    known_failed: int
    known_read: int = 0  # 0, too, for runs of a version that did not count the changed ones
    known_changed: int = 0
    order_broken: bool = False
    start_language: str | None = None
    other_owner: bool = False  # whether the site was that of another owner, or had pages of one


@dataclass(frozen=True, slots=True)
class Past:
    """What the archive knows of a source. `runs`: earlier judged runs, the newest first. `articles`: how many it has. `newest`: the day on
    which the source last published something, as far as the archive knows. `longest_pause`: days between two days of publication in the
    last year; `publishing_days`: how many days with an article that year has. `unofficial`: its newest
    articles, if they name no public body. `shown`: what the site showed of these and of betting pages in the run that is judged.
    `watched_since`: the day of its first judged run. `instead`: the articles that its lists name in the run that is judged, if all of
    them are those of another site.
    """

    runs: Sequence[PastRun] = ()
    articles: int = 0
    newest: date | None = None
    longest_pause: int = 0
    publishing_days: int = 0
    unofficial: Unofficial = NOT_ONE
    shown: Shown = SHOWN_NOTHING
    watched_since: date | None = None
    instead: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as expected. `reason`: its code. `bad` of `among`: how many, of how many; in days for pauses. `expected`: so
    much at most (or at least): a share, a number or days. `basis`: `expect` of the source, its `history`, or `limit` for a general rule.
    `target`: the site to which its pages lead now, if that is what was found.
    """

    state: State
    reason: str
    bad: int = 0
    among: int = 0
    expected: float | None = None
    basis: str = "limit"
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a source is after a run. `findings`: everything that is not as expected, the most serious first. `unsteady`: how often it broke
    lately if it breaks and is well again by turns; else 0.
    """

    state: State
    reason: str
    findings: tuple[Finding, ...] = ()
    first_bad_day: date | None = None  # of the present disturbance; None if there is none
    last_good_day: date | None = None  # None: there was no good run yet
    unsteady: int = 0

    @property
    def needs_attention(self) -> bool:
        """Whether a person must look at the source."""
        return self.state in ALARMS

    @property
    def gives_articles(self) -> bool:
        """Whether the site answers as usual, so that an article that is missing is missing."""
        return self.state not in (State.BROKEN, State.BLOCKED)
