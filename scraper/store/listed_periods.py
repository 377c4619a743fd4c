"""The stretches of time of which the lists of a source have shown all articles: the table `listed_periods`.

A list that shows the newest articles first, and was read down to some day, has shown what was published since that day. If the next reading
comes down to the day of the last one, nothing is missing between the two, and their periods become one. If it does not, there is a hole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low

from sqlite_utils import Database

NEWEST_FIRST, OLDEST_FIRST, MIXED, UNKNOWN = "newest-first", "oldest-first", "mixed", "unknown"  # orders of a list

# An article that was published more than a year before all others of its list has a wrong date, or it says nothing of the time between.
_OUTLIER = timedelta(days=366)
# A list without an order shows what is new only if it was read a short time ago: nightly, or weekly with one week left out.
_SHORT_TIME = timedelta(days=15)
_BOTTOM = 3  # articles at the end of a page; one of them may have a wrong date


@dataclass(frozen=True, slots=True)
class Period:
    """Days of publication, both included (ISO 8601). `from_start`: the list was read to its end, so it has nothing older."""

    first: str
    last: str
    from_start: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What the reading of a list has shown. `days`: the known days of publication of its articles. `last_days`: those of its last page, in
    the order of the list. `read_on`: the day of the reading in Viet Nam. `order`: as in `discovered`. `to_end`: it was read to its end.
    `joins`: it came to articles that earlier runs had listed. `articles`: their number."""

    days: Sequence[str]
    last_days: Sequence[str]
    read_on: str
    order: str
    to_end: bool
    joins: bool
    articles: int


def period_of(shown: Shown, before: Iterable[Period]) -> Period | None:
    """Returns the period that a reading covers, or None if it says nothing. `before`: the periods that earlier readings covered. Pure."""
    days = sorted(day for day in shown.days if day <= shown.read_on)
    if shown.to_end and days:
        while len(days) > 1 and date.fromisoformat(days[1]) - date.fromisoformat(days[0]) > _OUTLIER:
            days = days[1:]
        return Period(days[0], shown.read_on, from_start=True)
    if shown.order == NEWEST_FIRST and shown.last_days:
        return Period(min(max(shown.last_days[-_BOTTOM:]), shown.read_on), shown.read_on)
    latest = max((period.last for period in before if period.last <= shown.read_on), default="")
    if shown.joins and latest and date.fromisoformat(latest) + _SHORT_TIME >= date.fromisoformat(shown.read_on):
        return Period(latest, shown.read_on)
    if shown.order == UNKNOWN and shown.last_days:  # too few days to know the order, so the middle of the page counts
        return Period(min(median_low(shown.last_days), shown.read_on), shown.read_on)
    return None


def merged(periods: Iterable[Period]) -> list[Period]:
    """Returns periods without overlaps, in order. Those that share a day, or follow each other, become one.

    >>> merged([Period("2026-03-05", "2026-03-09"), Period("2026-01-01", "2026-03-01"), Period("2026-03-01", "2026-03-04")])
    [Period(first='2026-01-01', last='2026-03-09', from_start=False)]
    """
    found: list[Period] = []
    for one in sorted(periods, key=lambda period: (period.first, not period.from_start)):
        if found and one.first <= (date.fromisoformat(found[-1].last) + timedelta(days=1)).isoformat():
            last = found.pop()
            one = Period(last.first, max(last.last, one.last), last.from_start or (one.from_start and one.first <= last.first))
        found.append(one)
    return found


def record(database: Database, source_id: str, kind: str, name: str, shown: Shown) -> None:
    """Adds what a reading of a list has shown. One transaction. `kind`, `name`: of the list, as in `discovered`."""
    where = [source_id, kind, name]
    most, before = of_lists(database, source_id).get((kind, name), (0, []))
    period = period_of(shown, before)
    if period is None:
        return
    rows = [(*where, one.first, one.last, int(one.from_start), max(most, shown.articles)) for one in merged([*before, period])]
    with database.conn:
        database.conn.execute("delete from listed_periods where source_id = ? and kind = ? and name = ?", where)
        sql = "insert into listed_periods (source_id, kind, name, first_day, last_day, from_start, articles) values (?, ?, ?, ?, ?, ?, ?)"
        database.conn.executemany(sql, rows)


def of_lists(database: Database, source_id: str) -> dict[tuple[str, str], tuple[int, list[Period]]]:
    """Returns, by kind and name of a list, the most articles that it has shown, and its periods in order."""
    found: dict[tuple[str, str], tuple[int, list[Period]]] = {}
    sql = "select kind, name, first_day, last_day, from_start, articles from listed_periods where source_id = ?"
    for kind, name, first, last, start, articles in database.execute(f"{sql} order by kind, name, first_day", [source_id]).fetchall():
        most, periods = found.get((kind, name), (0, []))
        found[kind, name] = (max(most, articles), [*periods, Period(first, last, bool(start))])
    return found
