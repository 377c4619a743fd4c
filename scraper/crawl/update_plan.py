"""Which sources `scrapy update` crawls, and why the others are left out. Pure: the clock, the runs and the locks are arguments."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from scraper.clock import VIETNAM
from scraper.model import Source
from scraper.reference import label
from scraper.sources.validity import Standing, standing
from scraper.store.runs import AT_ONCE, EarlierRuns
from scraper.two_languages import VI, Bilingual

LOOK_BACK = timedelta(days=60)  # of earlier runs; a source whose runs are all older is due anyway
_NOT_LATELY = Bilingual(f"not crawled in the last {LOOK_BACK.days} days", f"không được thu thập trong {LOOK_BACK.days} ngày qua")
_CLOCK_ERROR = timedelta(minutes=5)  # by which the clock may have been corrected since a run
_MOST_DOUBLINGS = 10  # of the wait after failed runs; the wait reaches its limit long before


class Decision(StrEnum):
    """What happens with a source."""

    CRAWL = "crawl"
    NOT_DUE = "not-due"
    ENDED = "ended"
    NOT_YET = "not-yet"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Planned:
    """A source, what happens with it and why."""

    source: Source
    decision: Decision
    why: str
    seconds: float = math.inf  # how long its last good run took; endless if it is not known, because a first crawl takes longest
    began: datetime | None = None  # its last run; None if there is none


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often sources are crawled."""

    after: timedelta  # after the beginning of a good run
    retry: timedelta  # after the beginning of a failed one; doubled for each further failed run, up to `after`

    def due_at(self, earlier: EarlierRuns) -> datetime:
        """Returns when a source that was crawled before is due again. A run that was interrupted makes it due at once."""
        if earlier.last_outcome in AT_ONCE:
            return earlier.last_began
        if not earlier.failed_in_a_row:
            return earlier.last_began + self.after
        return earlier.last_began + min(self.retry * (1 << min(earlier.failed_in_a_row - 1, _MOST_DOUBLINGS)), self.after)


def plan(
    sources: Iterable[Source],
    earlier: Mapping[str, EarlierRuns],
    rhythm: Rhythm,
    now: datetime,
    *,
    locked: Collection[str] = (),
    always: bool = False,
    ended: bool = False,
    oldest_first: bool = False,
) -> list[Planned]:
    """Returns what happens with each source. Those that are crawled come first, and of these the ones that took longest, so that none of
    them begins late and delays the end. `oldest_first`: the ones whose last run is the oldest, so that each has its turn although the time
    may not suffice for all.

    `locked`: ids of the sources that another process is crawling. `always`: crawl sources that are not due, too.
    `ended`: also those that ended or have not begun.
    """
    planned = [_planned(source, earlier.get(source.id), rhythm, now, source.id in locked, always, ended) for source in sources]
    if oldest_first:
        never = datetime.min.replace(tzinfo=UTC)
        return sorted(planned, key=lambda one: (one.decision is not Decision.CRAWL, one.began or never))
    return sorted(planned, key=lambda one: (one.decision is not Decision.CRAWL, -one.seconds))


def _planned(
    source: Source, earlier: EarlierRuns | None, rhythm: Rhythm, now: datetime, locked: bool, always: bool, ended: bool
) -> Planned:
    seconds = earlier.seconds if earlier is not None else math.inf
    in_force = standing(source, now.astimezone(VIETNAM).date())
    if in_force is Standing.ENDED and not ended:
        return Planned(source, Decision.ENDED, _ended(source))
    if in_force is Standing.NOT_YET and not ended:
        return Planned(source, Decision.NOT_YET, Bilingual(f"begins on {source.valid_from}", f"bắt đầu ngày {source.valid_from}"))
    if locked:
        return Planned(source, Decision.LOCKED, Bilingual("another process is crawling it now", "tiến trình khác đang thu thập nguồn này"))
    if earlier is None:
        return Planned(source, Decision.CRAWL, _NOT_LATELY)
    due, at = rhythm.due_at(earlier), _time(earlier.last_began)
    outcome = earlier.last_outcome or "interrupted"
    since = Bilingual(f"last run {at}, {outcome}", f"lượt trước {at}, {label('run outcome', outcome, VI)}")
    # A last run in the future had a wrong clock. It must not keep the source waiting until then.
    if due <= now or always or earlier.last_began > now + _CLOCK_ERROR:
        return Planned(source, Decision.CRAWL, since, seconds, earlier.last_began)
    why = Bilingual(f"{since}; due {_time(due)}", f"{since.vi}; đến hạn {_time(due)}")
    return Planned(source, Decision.NOT_DUE, why, seconds, earlier.last_began)


def _ended(source: Source) -> Bilingual:
    now = source.successor
    return Bilingual(
        f"ended on {source.valid_to}" + (f"; now {now}" if now else ""),
        f"đã kết thúc ngày {source.valid_to}" + (f"; nay là {now}" if now else ""),
    )


def _time(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M")


def to_crawl(planned: Iterable[Planned]) -> Iterator[Source]:
    """Yields the sources that are crawled, in order."""
    return (one.source for one in planned if one.decision is Decision.CRAWL)
