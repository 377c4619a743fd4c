"""The tables `observed` (source x month of publication) and `gaps`, which say what the archive has not seen.

Triggers note the months of which an article or a candidate changed, whoever makes the change. `update` counts only these months of a
source again. The states are then judged for all its months, from the counts, the periods of its lists and its good days: some hundred rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlite_utils import Database

from scraper import clock
from scraper.model import Source
from scraper.store import listed_periods
from scraper.store.number_gaps import NumberGap, number_gaps
from scraper.store.observed_states import (
    COMPLETE,
    PARTIAL,
    Counts,
    ListFacts,
    SourceFacts,
    judge,
    months_between,
)
from scraper.store.observed_triggers import UNDATED
from scraper.warc.dates import moment

_MOST_MONTHS = 12  # of a hole in a series of numbers; if its neighbours are further apart, it says nothing about single months
_EARLIEST = "1997-01"  # before the internet came to Viet Nam, nothing was published


def update(database: Database, source: Source, health: Mapping[str, Any] | None = None) -> None:
    """Writes what was observed of a source, and its gaps. One transaction. Call it when the coverage was counted.

    `health`: the row of `source_health` of the run that is ending, which is written with the outcome of the run, after this.
    """
    today = _last_run(database, source.id)
    noted = database.execute("select month from observed_pending where source_id = ?", [source.id]).fetchall()
    pending = {month if _is_plausible(month, today) else UNDATED for (month,) in noted}
    stored = {row["month"]: row for row in _rows(database, "select * from observed where source_id = ?", source.id)}
    counts = {month: Counts(row["articles"] or 0, row["waiting"], row["failed"], row["list_pages"]) for month, row in stored.items()}
    counts |= {month: _count(database, source.id, month, today) for month in pending}
    holes = number_gaps(_days_of_keys(database, source.id)) if pending or not stored else _stored_number_gaps(database, source.id)
    rows = [*_judged(database, source, counts, holes, today, health)]
    gaps = [*_month_gaps(rows), *_number_rows(source.id, holes)]
    kept = {row["month"] for row in rows}
    with database.conn:
        for month in stored.keys() - kept:
            database.conn.execute("delete from observed where source_id = ? and month = ?", [source.id, month])
        _insert(database, "observed", [row for row in rows if row != stored.get(row["month"])])
        if gaps != _rows(database, "select * from gaps where source_id = ? order by kind, first_month, first_number", source.id):
            database.conn.execute("delete from gaps where source_id = ?", [source.id])
            _insert(database, "gaps", gaps)
        database.conn.execute("delete from observed_pending where source_id = ?", [source.id])


def _last_run(database: Database, source_id: str) -> date:
    """Returns the day in Viet Nam on which the last crawl of a source began. So parsing its captures again, later, gives the same rows.

    The last one is that with the greatest id: the clock of an earlier one may have been ahead.
    """
    sql = "select started_at from runs where source_id = ? and command not in ('reparse', 'resolve') order by id desc limit 1"
    began = database.execute(sql, [source_id]).fetchone()
    return (moment(began[0]) if began is not None else clock.now()).astimezone(clock.VIETNAM).date()


def _rows(database: Database, sql: str, source_id: str) -> list[dict[str, Any]]:
    cursor = database.execute(sql, [source_id])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _insert(database: Database, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        names = list(rows[0])
        sql = f"insert or replace into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))})"
        database.conn.executemany(sql, [list(row.values()) for row in rows])


# --- the counts of a month --------------------------------------------------------------------------------

# A candidate with a page of another kind, or of another source, is not a missing article.
_SETTLED = "('stored', 'not-article', 'part', 'outside')"
_MISSING = f"""
    select coalesce(sum(not failed), 0), coalesce(sum(failed), 0) from (
        select key, max(state in ('failed', 'gone')) as failed from candidates where source_id = :source and key in ({{keys}})
        group by key having {{days}} and max(state in {_SETTLED}) = 0
    ) as listed where not exists (select 1 from articles where source_id = :source and articles.key = listed.key)
"""
_LISTED = "select key from candidates where source_id = :source and listed_day >= :month and listed_day < :after"
_IN_MONTH = _MISSING.format(keys=_LISTED, days="min(listed_day) >= :month")
# A day in the future is that of an event, or an error.
_WITHOUT_DAY = _MISSING.format(
    keys="select key from candidates where source_id = :source and state in ('new', 'requested', 'failed', 'gone')",
    days="(max(listed_day) is null or min(listed_day) >= :after or max(listed_day) < :earliest)",
)
_UNDATED = "source_id = :source and (published_at is null or published_at >= :after or published_at < :earliest)"
_PUBLISHED = "from articles where source_id = :source and published_at >= :month and published_at < :after"
_PAGES = f"""
    select count(distinct where_seen) from candidates where source_id = :source and key in (select key {_PUBLISHED} union {_LISTED})
"""


def _is_plausible(month: str, today: date) -> bool:
    return len(month) == len(_EARLIEST) and _EARLIEST <= month <= today.isoformat()[:7]


def _count(database: Database, source_id: str, month: str, today: date) -> Counts:
    """Returns what the archive has of a month."""
    values = {"source": source_id, "month": month, "after": f"{month}~"}
    if month == UNDATED:
        values |= {"after": f"{today.isoformat()[:7]}~", "earliest": _EARLIEST}
        [(articles,)] = database.execute(f"select count(*) from articles where {_UNDATED}", values)
        [(waiting, failed)] = database.execute(_WITHOUT_DAY, values)
        return Counts(articles, waiting, failed, 0)
    [(articles,)] = database.execute(f"select count(*) {_PUBLISHED}", values)
    [(waiting, failed)] = database.execute(_IN_MONTH, values)
    [(pages,)] = database.execute(_PAGES, values)
    return Counts(articles, waiting, failed, pages)


# --- the states of the months -----------------------------------------------------------------------------


def _judged(
    database: Database,
    source: Source,
    counts: Mapping[str, Counts],
    holes: Sequence[NumberGap],
    today: date,
    health: Mapping[str, Any] | None,
) -> Iterator[dict[str, Any]]:
    """Yields the rows of `observed` in the order of their months. Articles without a day have the last one."""
    undated = counts.get(UNDATED, Counts())
    facts = SourceFacts(
        _lists(database, source.id), _good_days(database, source.id, health), undated.waiting + undated.failed,
        sum(one.articles for one in counts.values()), today,
    )  # fmt: skip
    for month in _months(source, counts, facts):
        one = counts.get(month, Counts())
        verdict = judge(month, one, _missing_numbers(holes, month), facts)
        nothing = not one.articles and verdict.state not in (COMPLETE, PARTIAL)
        yield {
            "source_id": source.id,
            "month": month,
            "state": verdict.state,
            "reasons": " ".join(verdict.reasons) or None,
            "articles": None if nothing else one.articles,
            "waiting": one.waiting,
            "failed": one.failed,
            "list_pages": one.pages,
            "lists": verdict.lists,
            "lists_open": verdict.lists_open,
            "numbers_missing": _missing_numbers(holes, month),
            "good_days": verdict.good_days,
            "days": verdict.days,
        }
    if undated.articles or undated.waiting or undated.failed:
        yield {
            "source_id": source.id,
            "month": UNDATED,
            "state": PARTIAL,
            "reasons": "no-day",
            "articles": undated.articles,
            "waiting": undated.waiting,
            "failed": undated.failed,
            "list_pages": 0,
            "lists": 0,
            "lists_open": 0,
            "numbers_missing": 0,
            "good_days": None,
            "days": None,
        }


def _months(source: Source, counts: Mapping[str, Counts], facts: SourceFacts) -> Iterator[str]:
    """Yields the months of a source: from the first in which it existed or of which something is known, to its last crawl or its end."""
    known = [month for month, one in counts.items() if month != UNDATED and one != Counts()]
    first = [*known, *(period.first[:7] for one in facts.lists for period in one.periods)]
    if source.valid_from is not None:
        first.append(source.valid_from.isoformat()[:7])
    now = facts.today.isoformat()[:7]
    last = max([min(now, source.valid_to.isoformat()[:7]) if source.valid_to is not None else now, *known])
    yield from months_between(max(min([*first, last]), _EARLIEST), last)


def _lists(database: Database, source_id: str) -> list[ListFacts]:
    """Returns the lists of a source that say what it published. Left out are those of which another list shows everything, and those that
    do not exist."""
    found = listed_periods.of_lists(database, source_id)
    rows = database.execute(
        "select kind, name, read_to_end is not null, last_read is not null, coalesce(articles, 0) from discovered"
        " where source_id = ? and kind in ('list', 'feed', 'sitemap') and not (kind = 'list' and coalesce(look_reason, '') = 'covered')"
        # The first sitemap has the period of those that it names.
        " and not (kind = 'sitemap' and exists (select 1 from discovered as index_of where index_of.source_id = discovered.source_id"
        " and index_of.kind = 'sitemap' and index_of.name = discovered.found_on))"
        # A link of a menu may lead to a file, a form or another site: that is not a list.
        " and not exists (select 1 from failures where failures.source_id = discovered.source_id and failures.url = name"
        " and +reason in ('not-html', 'login', 'off-site', 'other-part') and cleared_at is null)"
        " and not (look_reason = 'missing' and not exists (select 1 from failures where failures.source_id = discovered.source_id"
        " and failures.url = name and +reason = 'replay-miss' and cleared_at is null)) order by kind, name",
        [source_id],
    ).fetchall()
    facts = []
    for kind, name, is_read, was_received, articles in rows:
        most, periods = found.get((kind, name), (0, []))
        is_open = kind == "list" and not any(period.from_start for period in periods) and not (is_read and was_received)
        facts.append(ListFacts(max(most, articles), periods, is_open))
    return facts


def _good_days(database: Database, source_id: str, health: Mapping[str, Any] | None) -> list[str]:
    """Returns the days on which a list of the source could be read, in order: not those of which the health rules say that it is out of
    order, or refuses its pages, in each run. `health`: the row of `source_health` that is not written yet."""
    rows = database.execute(
        "select day, (select min(state in ('broken', 'blocked')) from source_health where source_id = :source"
        " and source_health.day = coverage.day and not replayed) from coverage where source_id = :source and lists > 0 order by day",
        {"source": source_id},
    )
    is_bad: dict[str, int | None] = dict(rows.fetchall())
    if health is not None and not health["replayed"] and health["day"] in is_bad:
        stored, now = is_bad[health["day"]], int(health["state"] in ("broken", "blocked"))
        is_bad[health["day"]] = now if stored is None else min(stored, now)
    return [day for day, bad in is_bad.items() if not bad]


# --- article numbers --------------------------------------------------------------------------------------


def _days_of_keys(database: Database, source_id: str) -> dict[str, str | None]:
    """Returns the day of publication of every key that an article, or a candidate without one, has."""
    sql = "select key, max(listed_day) from candidates where source_id = ? and state <> 'stored' group by key"
    listed = database.execute(sql, [source_id]).fetchall()
    published = database.execute("select key, substr(published_at, 1, 10) from articles where source_id = ?", [source_id]).fetchall()
    days: dict[str, str | None] = dict(listed)
    return days | {key: day or days.get(key) for key, day in published}


def _missing_numbers(holes: Sequence[NumberGap], month: str) -> int:
    """Returns how many numbers are missing that may be those of articles of a month."""
    around = [one for one in holes if one.first_month and one.first_month <= month <= one.last_month]
    return sum(one.numbers for one in around if len([*months_between(one.first_month, one.last_month)]) <= _MOST_MONTHS)


def _stored_number_gaps(database: Database, source_id: str) -> list[NumberGap]:
    sql = "select first_number, last_number, first_month, last_month from gaps where source_id = ? and kind = 'numbers'"
    return [NumberGap(*row) for row in database.execute(f"{sql} order by first_number", [source_id]).fetchall()]


# --- gaps -------------------------------------------------------------------------------------------------


def _number_rows(source_id: str, holes: Sequence[NumberGap]) -> list[dict[str, Any]]:
    rows = []
    for one in holes:
        numbers = {"first_number": one.first, "last_number": one.last, "size": one.numbers}
        why = {"state": PARTIAL, "reasons": "numbers-missing"}
        rows.append(_gap(source_id, "numbers", one.first_month, one.last_month) | numbers | why)
    return sorted(rows, key=lambda row: (row["first_month"], row["first_number"]))


def _month_gaps(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yields the gaps by month: neighbouring months that have the same state, and are not complete. The present month is left out."""
    gap: dict[str, Any] = {}
    for row in [*rows, {"state": None, "month": UNDATED}]:
        is_gap = row["month"] != UNDATED and row["state"] != COMPLETE and row["reasons"] != "month-not-over"
        if gap and not (is_gap and row["state"] == gap["state"]):
            yield gap | {"reasons": " ".join(gap["reasons"])}
            gap = {}
        if is_gap:
            if not gap:
                gap = _gap(row["source_id"], "months", row["month"], row["month"]) | {"state": row["state"], "reasons": {}}
            listed = row["waiting"] + row["failed"]
            gap |= {"last_month": row["month"], "size": gap["size"] + 1}
            # How much is missing is known only as far as lists name it.
            gap["missing"] = (gap["missing"] or 0) + listed if listed or gap["missing"] is not None else None
            gap["reasons"] |= dict.fromkeys(str(row["reasons"]).split())


def _gap(source_id: str, kind: str, first_month: str, last_month: str) -> dict[str, Any]:
    """Returns a row of `gaps` with its columns in their order."""
    return {
        "source_id": source_id,
        "kind": kind,
        "first_month": first_month,
        "last_month": last_month,
        "first_number": 0,
        "last_number": 0,
        "size": 0,
        "missing": None,
        "state": "",
        "reasons": "",
    }
