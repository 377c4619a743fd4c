"""How sure we are to have seen what a source published in a month: complete, partial or not observed, with reasons. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scraper.store.listed_periods import Period

COMPLETE, PARTIAL, NOT_OBSERVED = "complete", "partial", "not-observed"

# A list counts as up to date if its last reading is at most so many days older than that of the source: it may be looked at weekly.
_LAG = timedelta(days=10)
# Of the articles on all lists, the share that the lists which reach back to a month must show. A small section that begins earlier than the
# others does not say what these showed then.
_ENOUGH = 0.5
# Of the days of a month, the share with a good run below which articles may have come and gone unseen: three days. A weekly crawl has four.
_FEW_DAYS = 0.1
# Articles that are listed without a day and are not stored may belong to any month. Up to so many of a hundred stored ones, no month is
# incomplete because of them: most are links that were always broken.
_UNDATED_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Counts:
    """What the archive has of a month. `articles`: stored. `waiting`, `failed`: listed with a day in it and not stored, because they were
    never requested, or because the request failed. `pages`: list pages that were the first to name one of them."""

    articles: int = 0
    waiting: int = 0
    failed: int = 0
    pages: int = 0


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A list of the source. `articles`: the most that it has shown. `is_open`: it was never read to its end, so it may have older ones."""

    articles: int
    periods: Sequence[Period]
    is_open: bool


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What holds for all months of a source. `good_days`: the days on which its lists could be read (ISO 8601), in order. `undated`:
    articles that are listed without a day and are not stored. `stored`: articles in the archive. `today`: the day of the last crawl."""

    lists: Sequence[ListFacts]
    good_days: Sequence[str]
    undated: int
    stored: int
    today: date


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of a month and its reasons. `lists`: how many lists reach back to it, `lists_open`: how many were not read so far.
    `good_days`, `days`: of the days since the first good run, those with one; None before it."""

    state: str
    reasons: tuple[str, ...]
    lists: int
    lists_open: int
    good_days: int | None
    days: int | None


def judge(month: str, counts: Counts, missing_numbers: int, facts: SourceFacts) -> Verdict:
    """Returns the state of a month (YYYY-MM). `missing_numbers`: article numbers that are missing in the series of that time."""
    first = date.fromisoformat(f"{month}-01")
    last = _end_of(first)
    seen_until = date.fromisoformat(facts.good_days[-1]) if facts.good_days else first
    covering = [one for one in facts.lists if one.periods and _covers(one.periods, first, last, seen_until)]
    lists_open = sum(one.is_open for one in facts.lists) - sum(one.is_open for one in covering)
    good_days, days = _good_days(facts, first, last)
    weight, total = sum(one.articles for one in covering), sum(one.articles for one in facts.lists)
    holds: Mapping[str, bool] = {
        "few-lists": bool(covering) and weight < _ENOUGH * total,
        "list-unread": lists_open > 0,
        "never-requested": counts.waiting > 0,
        "requests-failed": counts.failed > 0,
        "numbers-missing": missing_numbers > 0,
        "few-good-days": days is not None and good_days is not None and good_days < _FEW_DAYS * days,
        "undated-candidates": facts.undated > _UNDATED_SHARE * facts.stored,
        "lists-end-within": bool(covering) and seen_until < last < facts.today,
        "month-not-over": first <= facts.today <= last,
    }
    reasons = [code for code, is_so in holds.items() if is_so]
    if not covering:
        reasons.insert(0, _why_uncovered(facts, first, last))
    nothing = not covering and counts.articles + counts.waiting + counts.failed == 0
    state = NOT_OBSERVED if nothing else PARTIAL if reasons else COMPLETE
    # Of a month of which nothing is known, there is only one reason.
    return Verdict(state, tuple(reasons[:1] if nothing else reasons), len(covering), lists_open, good_days, days)


def _covers(periods: Sequence[Period], first: date, last: date, seen_until: date) -> bool:
    """Returns whether a list has shown what was published from `first` to `last`, or to `seen_until`, the last reading of the source. The
    month in which the list begins counts.
    """
    begins = {True: last.isoformat(), False: first.isoformat()}  # by whether the list has nothing older
    enough = max(first, min(last, seen_until - _LAG)).isoformat()
    return first <= seen_until and any(one.first <= begins[one.from_start] and one.last >= enough for one in periods)


def _why_uncovered(facts: SourceFacts, first: date, last: date) -> str:
    periods = [period for one in facts.lists for period in one.periods]
    if not periods:
        return "no-list"
    if last.isoformat() < min(period.first for period in periods):
        return "before-first-list"
    if first.isoformat() > max(period.last for period in periods):
        return "after-last-list"
    return "lists-end-within" if any(first.isoformat() < one.first <= last.isoformat() for one in periods) else "between-lists"


def _good_days(facts: SourceFacts, first: date, last: date) -> tuple[int | None, int | None]:
    """Returns the number of days with a good run in a month, and the number of its days since the first good run until today."""
    if not facts.good_days:
        return None, None
    begin, end = max(first, date.fromisoformat(facts.good_days[0])), min(last, facts.today)
    if begin > end:
        return None, None
    return sum(begin.isoformat() <= day <= end.isoformat() for day in facts.good_days), (end - begin).days + 1


def _end_of(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def months_between(first: str, last: str) -> Iterator[str]:
    """Yields the months from `first` to `last` (YYYY-MM), both included.

    >>> [*months_between("2025-11", "2026-02")]
    ['2025-11', '2025-12', '2026-01', '2026-02']
    """
    year, month = int(first[:4]), int(first[5:7])
    while f"{year:04}-{month:02}" <= last:
        yield f"{year:04}-{month:02}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
