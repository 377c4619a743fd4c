"""Chooses the known articles that a run requests again, to find the edited and the vanished ones.

Articles of the last 60 days are requested once a week, older ones in rotation, at least twice a year. Each night takes its share of both,
those whose last request is the oldest first, so that no night has them all: two weeks after a first crawl of 20,000 old articles, 148 are
requested in each night. A share is taken only of articles that were not requested for some days, so that a small source costs nothing
in most nights. What is overdue is added, up to the budget.

An article that was missing at its last request is requested again by the first run a day later, because it counts as gone only if two runs
find it missing (`absences.py`). Several others are requested with it: if these are missing, too, the site is out of order.
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
_NEVER = datetime(1, 1, 2, tzinfo=UTC)
_SAME_NIGHT = timedelta(hours=18)  # requests of this night, and not of the one before
# Other articles that are requested with each suspected one, and at least. With four of them, one missing article is a fifth, the share that
# may be missing (`absences.MOST_AT_ONCE`); the fifth allows for those that vanish in the same night.
_OTHERS_EACH, _FEWEST_OTHERS = 5, 8
# Suspected articles of one run. More are missing only if the site was rebuilt, and then not all of them are requested each night.
_MOST_SUSPECTED = 10


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article of the archive. `published`: or first seen, if that is not known. `checked`: its last request, whatever the answer.
    `missing`: it is gone, or was missing at its last request. `suspected`: of these, a request now decides whether it is gone."""

    key: str
    url: str
    published: datetime
    checked: datetime
    missing: bool = False
    suspected: bool = False


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


def plan(articles: Collection[KnownArticle], now: datetime, budget: int) -> Rechecks:
    """Returns which articles are to be requested again. Pure.

    A budget of B requests in each of R runs a year suffices for B x R / 2 old articles without any recent one. If it does not suffice, both
    groups get their part, the oldest requests first, and `needed` is larger than the budget.
    """
    recent_from = now - _RECENT
    first = _first(articles, budget)
    budget -= len(first)
    first_keys = {one.key for one in first}
    rest = [one for one in articles if one.key not in first_keys]
    recent = [one for one in rest if one.published >= recent_from]
    old = [one for one in rest if one.published < recent_from]
    groups = ((recent, _WEEKLY), (old, _ROTATION))
    wanted = [_wanted(group, rhythm, now) for group, rhythm in groups]
    for_old = min(len(wanted[1]), max(budget - len(wanted[0]), budget // 2))
    chosen = [wanted[0][: max(budget - for_old, 0)], wanted[1][:for_old]]
    waiting = [(one, rhythm) for all_of, taken, (_, rhythm) in zip(wanted, chosen, groups, strict=True) for one in all_of[len(taken) :]]
    late = sum(now - one.checked > rhythm.promised for one, rhythm in waiting)
    needed = sum(-(-len(group) // rhythm.runs) for group, rhythm in groups)
    return Rechecks(tuple((one.key, one.url) for taken in (first, *chosen) for one in taken), needed, late)


def _first(articles: Collection[KnownArticle], budget: int) -> list[KnownArticle]:
    """Returns the suspected articles and the others that are requested with them, those with the oldest request first."""
    suspected = sorted((one for one in articles if one.suspected), key=lambda one: (one.checked, one.key))
    taken = suspected[: min(max(budget // (1 + _OTHERS_EACH), min(budget, 1)), _MOST_SUSPECTED)]
    number = max(_FEWEST_OTHERS, _OTHERS_EACH * len(taken)) if taken else 0
    others = nsmallest(number, (one for one in articles if not one.missing), key=lambda one: (one.checked, one.key))
    return [*taken, *others[: budget - len(taken)]]


def _wanted(group: Sequence[KnownArticle], rhythm: _Rhythm, now: datetime) -> list[KnownArticle]:
    """Returns the articles of a group that this run should request, the oldest request first."""
    rested, due_from, tonight = now - rhythm.rest, now - rhythm.due, now - _SAME_NIGHT
    overdue = sum(one.checked <= due_from for one in group)
    requested = sum(one.checked > tonight for one in group)
    most = max(overdue, _share(len(group), rhythm.runs, now) - requested)
    return nsmallest(most, (one for one in group if one.checked <= rested), key=lambda one: (one.checked, one.key))


def _share(number: int, runs: int, now: datetime) -> int:
    """Returns the part of `number` that falls to this day, if `runs` days share it as evenly as whole numbers can."""
    day = now.astimezone(clock.VIETNAM).toordinal()
    return number * (day + 1) // runs - number * day // runs


def known_articles(database: Database, source_id: str, now: datetime) -> list[KnownArticle]:
    """Returns the articles of a source, also those that are gone, because they may come back. The URL of each is that of its capture.
    `now`: when the run begins that may request them.
    """
    sql = (
        "with known as (select key, coalesce(lost_at, '') as lost, coalesce(captures.url, articles.url) as url,"
        " coalesce(published_at, first_seen) as published,"
        " max(articles.last_seen, coalesce(gone_at, '')) as seen,"
        # Missing in no run that counts, or for the first time at least a day ago.
        " absences.id is not null as missing, absences.id is not null and confirmed_at is null and"
        " coalesce((select started_at from runs where id = first_run_id), '') <= :a_day_ago as suspected"
        " from articles left join captures on captures.id = articles.capture_id"
        " left join absences on absences.article_id = articles.id and returned_at is null where articles.source_id = :source)"
        " select key, url, missing, suspected, published, lost, max(seen,"
        " coalesce((select max(coalesce(ordered_at, captured_at)) from captures where source_id = :source and url = known.url), ''),"
        " coalesce((select max(last_seen) from failures where source_id = :source and url = known.url), ''),"
        " coalesce((select max(last_requested) from candidates where source_id = :source and key = known.key), '')) from known"
    )
    rows = database.execute(sql, {"source": source_id, "a_day_ago": timestamp(now - A_DAY)}).fetchall()
    return [
        # If the capture was lost since the last request, the article is requested as soon as the budget allows.
        KnownArticle(key, url, _time(published), _NEVER if lost > checked else _time(checked), bool(missing), bool(suspected))
        for key, url, missing, suspected, published, lost, checked in rows
    ]


def _time(stamp: str) -> datetime:
    value = datetime.fromisoformat(stamp)
    return value if value.tzinfo is not None else value.replace(tzinfo=clock.VIETNAM)
