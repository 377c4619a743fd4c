"""Finds articles: ids first, then the texts of one page. Every step is bounded."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from scraper.store.published_days import published_day
from scraper.web.search_expressions import Rank
from scraper.web.typed_dates import next_date

MOST = 10_000  # hits that are counted and can be paged
PAGE = 20
_LONGEST_BODY = 100_000  # characters in which the words around a hit are looked for
_MOST_CHECKS = 30_000  # articles whose words are checked one by one, the newest first
_FASTER = 25  # times: to read the hits in their order, instead of checking articles one by one
_MOST_SORTED = 1_000  # hits of a better rank that are read and sorted
_AT_ONCE = 200  # articles that are checked by one statement
_MATCHES = "exists (select 1 from articles_fts where articles_fts match ? and rowid = articles.id)"
Order = Literal["relevance", "newest", "oldest"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles count: of a unit, a period, a section, or those that cite one of some documents. `since`, `until`: the first and the
    last day, month or year, as `typed_date` returns it."""

    unit: str | None = None
    since: str | None = None
    until: str | None = None
    section: str | None = None
    documents: tuple[int, ...] | None = None

    def condition(self) -> tuple[str, list[object]]:
        """Returns the condition on the table articles, "" if everything counts, and its values."""
        parts: list[str] = []
        values: list[object] = []
        for sql, value in (
            ("unit_id = ?", self.unit),
            # Days as texts, so that the index of the days can be used.
            ("published_at >= ?", self.since),
            ("published_at < ?", None if self.until is None else next_date(self.until)),
            ("section = ?", self.section),
        ):
            if value is not None:
                parts.append(f"articles.{sql}")
                values.append(value)
        if self.documents is not None:
            parts.append("articles.id in (select article_id from citations where document_id in (select value from json_each(?)))")
            values.append(json.dumps(self.documents))
        return "".join(f" and {part}" for part in parts), values


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the answer. `total`: all hits, or 10,000 if there are `more`. `ids`: with the code of the rank of each.

    `units`, `years` and `sections`: how many hits each has; None if there are more than can be counted.
    """

    total: int
    more: bool
    ids: Sequence[tuple[int, str]]
    units: Counter[str] | None = None
    years: Counter[int | None] | None = None
    sections: Counter[str | None] | None = None


@dataclass(slots=True)
class ArticleSearch:
    """One search on one connection. Without ranks, all articles that pass the filters are found."""

    connection: sqlite3.Connection
    ranks: Sequence[Rank]
    filters: Filters
    order: Order = "relevance"
    _by_filter: bool = field(init=False, default=False)  # the filters leave few articles, so these are checked one by one
    _sql: str = field(init=False)
    _values: list[object] = field(init=False)

    def __post_init__(self) -> None:
        self._sql, self._values = self.filters.condition()

    def page(self, number: int) -> Found:
        """Returns a page of hits; the first one has the number 1."""
        first = (number - 1) * PAGE
        everything = self.ranks[-1].expression if self.ranks else None
        self._by_filter = everything is not None and self._leaves_few(everything)
        rows = self._all(everything)
        if rows is None:
            return Found(MOST, True, self._of_many(first, first + PAGE))
        ordered = self._ordered(rows, first + PAGE)
        return Found(
            len(rows),
            False,
            ordered[first : first + PAGE],
            Counter(row[2] for row in rows),
            Counter(row[3] for row in rows),
            Counter(row[4] for row in rows),
        )

    def _leaves_few(self, expression: str) -> bool:
        """Returns whether the filters leave few articles, and the words do not."""
        if not self._sql:
            return False
        most = min(_MOST_CHECKS, self._articles() // _FASTER)
        sql = f"select count(*) from (select 1 from articles where true{self._sql} limit {most + 1})"
        return int(self.connection.execute(sql, self._values).fetchone()[0]) <= most and self._is_common(expression)

    def _articles(self) -> int:
        return int(self.connection.execute("select max(id) from articles").fetchone()[0] or 0)

    def _is_common(self, expression: str) -> bool:
        sql = f"select count(*) from (select 1 from articles_fts where articles_fts match ? limit {MOST + 1})"
        return int(self.connection.execute(sql, [expression]).fetchone()[0]) > MOST

    def _from(self, expression: str | None) -> tuple[str, list[object]]:
        """Returns the part of a query from "from" on, and its values."""
        if expression is None:
            return f"from articles where true{self._sql}", self._values
        if not self._sql:
            return "from articles_fts where articles_fts match ?", [expression]
        if self._by_filter:
            return f"from articles where {_MATCHES}{self._sql}", [expression, *self._values]
        # `cross join` keeps SQLite from running the full-text query once for each article.
        joined = "from articles_fts cross join articles on articles.id = articles_fts.rowid where articles_fts match ?"
        return joined + self._sql, [expression, *self._values]

    def _all(self, expression: str | None) -> list[tuple[Any, ...]] | None:
        """Returns all hits, the newest first: id, day, unit, year, section. None if there are more than can be counted."""
        columns = "articles.id, published_at, unit_id, published_year, section"
        source, values = self._from(expression)
        if expression is not None and not self._sql:
            # The ids first: an article is only read if all can be counted, and the full-text query runs only once.
            ids = [int(row[0]) for row in self.connection.execute(f"select rowid {source} limit {MOST + 1}", values)]
            if len(ids) > MOST:
                return None
            source, values = "from articles where id in (select value from json_each(?))", [json.dumps(ids)]
        elif self._is_over(source, values):
            return None
        rows = self.connection.execute(f"select {columns} {source}", values).fetchall()
        return sorted(rows, key=lambda row: (row[1] or "", row[0]), reverse=True)

    def _is_over(self, source: str, values: Sequence[object]) -> bool:
        return int(self.connection.execute(f"select count(*) from (select 1 {source} limit {MOST + 1})", values).fetchone()[0]) > MOST

    def _ordered(self, rows: Sequence[tuple[Any, ...]], end: int) -> list[tuple[int, str]]:
        """Returns the hits in their order, at least the first `end` of them."""
        last = self.ranks[-1].code if self.ranks else "all"
        newest = [int(row[0]) for row in rows]
        if self.order != "relevance":
            dated = [int(row[0]) for row in rows if row[1]]
            undated = [int(row[0]) for row in rows if not row[1]]
            return [(key, last) for key in (newest if self.order == "newest" else dated[::-1] + undated)]
        left = dict.fromkeys(newest)
        found: list[tuple[int, str]] = []
        for rank in self.ranks[:-1]:
            better = self._of_rank(rank, list(left), end - len(found))
            found += [(key, rank.code) for key in better]
            if len(found) >= end:
                return found
            left = _without(left, better)
        return found + [(key, last) for key in left]

    def _of_rank(self, rank: Rank, keys: Sequence[int], enough: int) -> list[int]:
        """Returns those of some hits that have a rank: all of them, or at least `enough`, in the given order."""
        if not self._sql or not self._is_common(rank.expression):
            sql = "select rowid from articles_fts where articles_fts match ?"
            matching = {int(row[0]) for row in self.connection.execute(sql, [rank.expression])}
            return [key for key in keys if key in matching]
        found: list[int] = []
        sql = f"select id from articles where id in (select value from json_each(?)) and {_MATCHES}"
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            matching = {int(row[0]) for row in self.connection.execute(sql, [json.dumps(some), rank.expression])}
            found += [key for key in some if key in matching]
            if len(found) >= enough:
                break
        return found

    def _of_many(self, first: int, end: int) -> list[tuple[int, str]]:
        """Returns hits number `first` to `end` of more than can be counted. The last rank is only searched if needed."""
        if not self.ranks or self.order != "relevance":
            code = self.ranks[-1].code if self.ranks else "all"
            return [(key, code) for key in self._some(self.ranks[-1].expression if self.ranks else None, end)][first:]
        found: dict[int, str] = {}
        for rank in self.ranks:
            for key in self._some(rank.expression, end) if rank is self.ranks[-1] else self._of_better_rank(rank.expression, end):
                found.setdefault(key, rank.code)
            if len(found) >= end:
                break
        return list(found.items())[first:end]

    def _of_better_rank(self, expression: str, end: int) -> list[int]:
        """Returns the hits of a rank that is not the last one by date: all of them, or at least the first `end`."""
        if self._sql:
            rows = self._all(expression)
            return self._some(expression, end) if rows is None else [int(row[0]) for row in rows]
        sql = f"select rowid from articles_fts where articles_fts match ? limit {MOST + 1}"
        ids = [int(row[0]) for row in self.connection.execute(sql, [expression])]
        if len(ids) > MOST:
            return self._some(expression, end)
        # Of many, the first ones are met soon if all articles are walked through by date; few are read and sorted.
        walk = " indexed by articles_newest_first" if len(ids) > _MOST_SORTED else ""
        sql = f"select id from articles{walk} where id in (select value from json_each(?)) order by published_at desc, id desc limit ?"
        return [int(row[0]) for row in self.connection.execute(sql, [json.dumps(ids), end])]

    def _reach(self, expression: str) -> int:
        """Returns the id at which as many hits were met as are counted: the smaller it is, the more of all articles are hits."""
        sql = f"select max(rowid) from (select rowid from articles_fts where articles_fts match ? limit {MOST})"
        return int(self.connection.execute(sql, [expression]).fetchone()[0] or 0)

    def _some(self, expression: str | None, end: int) -> list[int]:
        """Returns the first `end` of many hits by date."""
        if self.order == "oldest":
            order, dated = "published_at, articles.id desc", " and published_at is not null"
        else:
            order, dated = "published_at desc, articles.id desc", ""
        if expression is None:
            sql = f"select articles.id from articles where true{dated}{self._sql} order by {order} limit ?"
            return [int(row[0]) for row in self.connection.execute(sql, [*self._values, end])]
        if end * self._reach(expression) / MOST < _MOST_CHECKS:
            # There are so many hits that a walk through the articles soon meets enough of them.
            matches = _MATCHES
        else:
            matches = "articles.id in (select rowid from articles_fts where articles_fts match ?)"
        sql = (
            f"select articles.id from articles indexed by articles_newest_first where {matches}{dated}{self._sql} order by {order} limit ?"
        )
        return [int(row[0]) for row in self.connection.execute(sql, [expression, *self._values, end])]


def _without(keys: Mapping[int, None], others: Sequence[int]) -> dict[int, None]:
    gone = set(others)
    return {key: None for key in keys if key not in gone}


def texts(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Returns what a page shows of each article, by its id."""
    cursor = connection.execute(
        "select articles.id, title, summary, substr(body, 1, ?) as body, section, citation_count, language,"
        f" {published_day()} as day,"
        " articles.unit_id, units.name as unit, articles.source_id, sources.name as source,"
        " (select group_concat(tag, ' · ') from article_tags where article_id = articles.id) as tags"
        " from articles left join article_text on article_id = articles.id join sources on sources.id = articles.source_id"
        " join units on units.id = articles.unit_id where articles.id in (select value from json_each(?))",
        [_LONGEST_BODY, json.dumps(list(ids))],
    )
    names = [column[0] for column in cursor.description]
    rows = (dict(zip(names, row, strict=True)) for row in cursor)
    return {row["id"]: row for row in rows}
