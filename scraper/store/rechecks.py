"""Chooses the known articles that a run requests again, to find the edited and the vanished ones.

Articles of the last 60 days are requested once a week, older ones in rotation, at least twice a year. Each night takes its share of both,
those whose last request is the oldest first, so that no night has them all: two weeks after a first crawl of 20,000 old articles, 148 are
requested in each night. A share is taken only of articles that were not requested for some days, so that a small source costs nothing
in most nights. What is overdue is added, up to the budget.

An article that was missing at its last request is requested again by the first run a day later, because it counts as gone only if two runs
find it missing (`absences.py`). Several others are requested with it: if these are missing, too, the site is out of order.

The table `recheck_times` has the last request of each article, whatever the answer (`recheck_triggers.py`). So a run counts and finds the
oldest ones with an index, and does not read all articles of its source.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import nsmallest

from sqlite_utils import Database

from scraper import clock
from scraper.store.absences import A_DAY
from scraper.warc.dates import timestamp

_RECENT = timedelta(days=60)  # how long after its publication an article is requested every week; most edits and removals are early
_A_ZONE = timedelta(days=1)  # two times that are compared as text may be of different time zones
_NEVER = datetime(1, 1, 2, tzinfo=UTC)
_SAME_NIGHT = timedelta(hours=18)  # requests of this night, and not of the one before
# Other articles that are requested with each suspected one, and at least. With four of them, one missing article is a fifth, the share that
# may be missing (`absences.MOST_AT_ONCE`); the fifth allows for those that vanish in the same night.
_OTHERS_EACH, _FEWEST_OTHERS = 5, 8
# Suspected articles of one run. More are missing only if the site was rebuilt, and then not all of them are requested each night.
_MOST_SUSPECTED = 10


@dataclass(frozen=True, slots=True)
class _Known:
    """An article of the archive. `url`: that of its capture. `checked`: its last request, whatever the answer."""

    id: int
    key: str
    url: str
    published: datetime  # or first seen, if that is not known
    checked: datetime


@dataclass(frozen=True, slots=True)
class Rechecks:
    """What a run requests again. `articles`: key and URL. `needed`: requests that every run must send, so that all articles are in time.
    `late`: articles that are already later than promised and are not requested now."""

    articles: tuple[tuple[str, str], ...]
    needed: int
    late: int


@dataclass(frozen=True, slots=True)
class _Rhythm:
    """How often the articles of a group are requested. `runs`: one in so many articles is taken in each run. `rest`: how long an article is
    not requested again. `due`: when it is requested in any case. `promised`: the longest time between two requests."""

    runs: int
    rest: timedelta
    due: timedelta
    promised: timedelta


# A run that begins a little earlier than a week before must not wait for the next one.
_WEEKLY = _Rhythm(7, timedelta(days=3), timedelta(days=6, hours=12), timedelta(days=8))
# In 300 runs a year, 137 fall between the 14th day and half a year. So all articles are requested twice a year, and none too late.
_ROTATION = _Rhythm(135, timedelta(days=14), timedelta(days=170), timedelta(days=183))


@dataclass(frozen=True, slots=True)
class _Group:
    """Articles with one rhythm. `wanted`: how many of them this run should request. `late`: those of them that are later than promised.
    `oldest`: the wanted ones with the oldest requests, the oldest first: all of them, or as many as the run may request."""

    rhythm: _Rhythm
    number: int
    wanted: int
    late: int
    oldest: Sequence[_Known]


def plan(database: Database, source_id: str, now: datetime, budget: int) -> Rechecks:
    """Returns which articles of a source are to be requested again; those that are gone, too, because they may come back.

    A budget of B requests in each of R runs a year suffices for B x R / 2 old articles without any recent one. If it does not suffice, both
    groups get their part, the oldest requests first, and `needed` is larger than the budget. `now`: when the run begins.
    """
    articles = _Articles(database, source_id)
    first = _first(articles, now, budget)
    budget -= len(first)
    taken = {one.id for one in first}
    recent = [one for one in articles.published_since(now - _RECENT) if one.id not in taken]
    groups = (_recent_group(recent, now), _old_group(articles, [*first, *recent], now, budget))
    for_old = min(groups[1].wanted, max(budget - groups[0].wanted, budget // 2))
    parts = (max(budget - for_old, 0), for_old)
    chosen = [one for group, part in zip(groups, parts, strict=True) for one in group.oldest[:part]]
    return Rechecks(
        tuple((one.key, one.url) for one in (*first, *chosen)),
        sum(-(-group.number // group.rhythm.runs) for group in groups),
        sum(max(group.late - part, 0) for group, part in zip(groups, parts, strict=True)),
    )


def _first(articles: _Articles, now: datetime, budget: int) -> list[_Known]:
    """Returns the suspected articles and the others that are requested with them, those with the oldest request first."""
    suspected = articles.suspected(now - A_DAY, min(max(budget // (1 + _OTHERS_EACH), min(budget, 1)), _MOST_SUSPECTED))
    number = max(_FEWEST_OTHERS, _OTHERS_EACH * len(suspected)) if suspected else 0
    return [*suspected, *articles.not_missing(min(number, budget - len(suspected)))]


def _recent_group(recent: Collection[_Known], now: datetime) -> _Group:
    rested = [one for one in recent if one.checked <= now - _WEEKLY.rest]
    overdue, requested = _overdue_and_requested(recent, _WEEKLY, now)
    oldest = nsmallest(_wanted(len(recent), overdue, requested, _WEEKLY, now), rested, key=lambda one: (one.checked, one.id))
    return _Group(_WEEKLY, len(recent), len(oldest), sum(now - one.checked > _WEEKLY.promised for one in oldest), oldest)


def _old_group(articles: _Articles, others: Sequence[_Known], now: datetime, budget: int) -> _Group:
    """Returns the group of all articles but `others`."""

    def count(since: timedelta, before: str = "<=") -> int:
        moment = now - since
        return articles.count(before, moment) - sum((one.checked <= moment) is (before == "<=") for one in others)

    number = articles.count() - len(others)
    wanted = _wanted(number, count(_ROTATION.due), count(_SAME_NIGHT, ">"), _ROTATION, now)
    wanted = min(wanted, count(_ROTATION.rest))
    ids = {one.id for one in others}
    oldest = articles.checked_until(now - _ROTATION.rest, min(wanted, budget) + len(others))
    return _Group(
        _ROTATION,
        number,
        wanted,
        min(count(_ROTATION.promised), wanted),
        [one for one in oldest if one.id not in ids][: min(wanted, budget)],
    )


def _overdue_and_requested(group: Collection[_Known], rhythm: _Rhythm, now: datetime) -> tuple[int, int]:
    due_from, tonight = now - rhythm.due, now - _SAME_NIGHT
    return sum(one.checked <= due_from for one in group), sum(one.checked > tonight for one in group)


def _wanted(number: int, overdue: int, requested: int, rhythm: _Rhythm, now: datetime) -> int:
    """Returns how many articles of a group this run should request. `requested`: how many were requested in this night."""
    return max(overdue, _share(number, rhythm.runs, now) - requested)


def _share(number: int, runs: int, now: datetime) -> int:
    """Returns the part of `number` that falls to this day, if `runs` days share it as evenly as whole numbers can."""
    day = now.astimezone(clock.VIETNAM).toordinal()
    return number * (day + 1) // runs - number * day // runs


class _Articles:
    """The articles of a source, found by their last requests."""

    def __init__(self, database: Database, source_id: str) -> None:
        self._database, self._source_id = database, source_id

    def count(self, comparison: str = "", moment: datetime | None = None) -> int:
        """Returns the number of articles, or of those whose last request is until ("<=") or after (">") a moment."""
        sql, values = "select count(*) from recheck_times where source_id = ?", [self._source_id]
        if moment is not None:
            sql, values = f"{sql} and checked_at {comparison} ?", [*values, timestamp(moment)]
        return int(self._database.execute(sql, values).fetchone()[0])

    def checked_until(self, moment: datetime, most: int) -> list[_Known]:
        """Returns the articles whose last request is until a moment, the oldest first."""
        where = "articles.id in (select article_id from recheck_times where source_id = ? and checked_at <= ? order by checked_at limit ?)"
        return self._select(where, [self._source_id, timestamp(moment), most])

    def published_since(self, moment: datetime) -> list[_Known]:
        """Returns the articles that were published after a moment or, if that is not known, first seen after it."""
        bound = timestamp(moment - _A_ZONE)
        found = [
            *self._select("articles.source_id = ? and published_at >= ?", [self._source_id, bound]),
            *self._select("articles.source_id = ? and first_seen >= ? and published_at is null", [self._source_id, bound]),
        ]
        return [one for one in found if one.published >= moment]

    def suspected(self, moment: datetime, most: int) -> list[_Known]:
        """Returns the articles that were missing in no run that counts, or for the first time in a run that began until a moment: a request
        now decides whether they are gone."""
        where = (
            "articles.id in (select article_id from absences left join runs on runs.id = first_run_id where absences.source_id = ?"
            " and returned_at is null and confirmed_at is null and coalesce(runs.started_at, '') <= ?)"
        )
        return self._select(where, [self._source_id, timestamp(moment)])[:most]

    def not_missing(self, most: int) -> list[_Known]:
        """Returns the articles that neither are gone nor were missing at their last request, those with the oldest request first."""
        where = (
            "articles.id in (select article_id from recheck_times as times where source_id = ? and not exists"
            " (select 1 from absences where absences.article_id = times.article_id and returned_at is null) order by checked_at limit ?)"
        )
        return self._select(where, [self._source_id, most])

    def _select(self, where: str, values: Sequence[object]) -> list[_Known]:
        """Returns the articles for which an SQL condition holds, those with the oldest request first."""
        sql = (
            "select articles.id, key, coalesce(captures.url, articles.url), coalesce(published_at, first_seen), checked_at"
            " from articles join recheck_times on article_id = articles.id left join captures on captures.id = capture_id"
            f" where {where} order by checked_at, articles.id"
        )
        rows = self._database.execute(sql, values).fetchall()
        return [_Known(one, key, url, _time(published), _time(checked)) for one, key, url, published, checked in rows]


def _time(stamp: str) -> datetime:
    if not stamp:
        return _NEVER
    value = datetime.fromisoformat(stamp)
    return value if value.tzinfo is not None else value.replace(tzinfo=clock.VIETNAM)
