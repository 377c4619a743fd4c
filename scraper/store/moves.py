"""Which articles moved when a site was redesigned: an article of a source, and the same article of a source before it (`successor`).

Nothing is guessed. A rule must find exactly one former article, else all are kept as ambiguous. An id that another rule contradicts is kept
as contradicted. The rules are those of the kind `move` in `reference/rules.csv`:

- `moved-id-in-url`: the id on the new site contains the former one (`reference/former_keys.csv`).
- `moved-same-id`: both sites run on one platform, and the article kept its id.
- `moved-same-text`: title, day and text are the same.

An id is not enough: the day, the title or the text must agree, because ids are used again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlite_utils import Database

from scraper.reference import rows as reference_rows
from scraper.text import fold
from scraper.text_similarity import ALIKE, likeness

_ID = re.compile(r"\d{2,}")  # a key that is a number, and not a URL
_MOST = 50  # articles of one day that have the same title


class MoveRule(StrEnum):
    """How a former article was found. `reference/rules.csv` describes the codes."""

    ID_IN_URL = "moved-id-in-url"
    SAME_ID = "moved-same-id"
    SAME_TEXT = "moved-same-text"


class MoveState(StrEnum):
    """What became of a possible move."""

    MOVED = "moved"  # the one former article
    AMBIGUOUS = "ambiguous"  # several articles fit
    CONTRADICTED = "contradicted"  # the id fits; day, title and text do not


@dataclass(frozen=True, slots=True)
class _Article:
    id: int
    source_id: str
    key: str
    title: str
    day: str | None
    platform: str | None

    def looks_like(self, other: _Article) -> bool:
        return fold(self.title) == fold(other.title) or (self.day is not None and self.day == other.day)


_COLUMNS = (
    "articles.id, articles.source_id, articles.key, articles.title,"
    " case when published_precision <> 'month' then substr(published_at, 1, 10) end, captures.platform"
    " from articles left join captures on captures.id = capture_id"
)


def update(database: Database) -> None:
    """Looks again at the articles that arrived or changed since the last call, and at those that they may have been or become. Part of the
    caller's transaction."""
    before, after = _neighbours(database)
    if before:
        known = sorted({*before, *after})
        in_chain = f"articles.source_id in ({', '.join('?' * len(known))})"
        pending = _articles(database, f"articles.id in (select article_id from moves_pending) and {in_chain}", known)
        concerned = {one.id: one for article in pending for one in _concerned(database, article, before, after)}
        for _, article in sorted(concerned.items()):
            _store(database, article, before)
    database.conn.execute("delete from moves_pending")


def rebuild(database: Database) -> None:
    """Looks again at all articles. Part of the caller's transaction."""
    database.conn.execute("insert or ignore into moves_pending (article_id) select id from articles")
    update(database)


def _neighbours(database: Database) -> tuple[dict[str, list[list[str]]], dict[str, list[str]]]:
    """Returns, for each source that has any, the sources before it by their distance, the nearest first, and those after it."""
    successors = dict(database.execute("select id, successor from sources where successor is not null and successor <> id").fetchall())
    before: dict[str, list[list[str]]] = {}
    after: dict[str, list[str]] = {}
    for source_id in successors:
        later: str | None = successors[source_id]
        chain: list[str] = []
        while later is not None and later not in chain and later != source_id:
            chain.append(later)
            later = successors.get(later)
        after[source_id] = chain
    for distance in range(max(map(len, after.values()), default=0)):
        of_distance: dict[str, list[str]] = {}
        for source_id, chain in sorted(after.items()):
            if distance < len(chain):
                of_distance.setdefault(chain[distance], []).append(source_id)
        for later_id, sources in of_distance.items():
            before.setdefault(later_id, []).append(sources)
    return before, after


def _articles(database: Database, condition: str, values: Sequence[object]) -> list[_Article]:
    return [
        _Article(*row) for row in database.execute(f"select {_COLUMNS} where {condition} order by articles.id", list(values)).fetchall()
    ]


def _concerned(database: Database, article: _Article, before: Collection[str], after: Mapping[str, Sequence[str]]) -> Iterator[_Article]:
    """Yields the articles whose former article may be another one because of `article`: itself, its later ones, and those like it."""
    if article.source_id in before:
        yield article
        yield from _same_day(database, article, [article.source_id])
    later = after.get(article.source_id, ())
    if later:
        places = ", ".join("?" * len(later))
        sql = "select article_id from article_moves where former_id = ?"
        yield from _articles(database, f"articles.id in ({sql})", [article.id])
        for column in ("former_key", "key"):
            yield from _articles(database, f"articles.{column} = ? and articles.source_id in ({places})", [article.key, *later])
        yield from _same_day(database, article, later)


def _same_day(database: Database, article: _Article, sources: Iterable[str]) -> list[_Article]:
    """Returns the other articles of some sources that have the title and the day of `article`."""
    if article.day is None:
        return []
    wanted, found = fold(article.title), []
    for source_id in sources:
        of_day = "articles.source_id = ? and published_at >= ? and published_at < ? and articles.id <> ?"
        named = _articles(database, of_day, [source_id, article.day, f"{article.day}~", article.id])
        found += [one for one in named if one.day == article.day and fold(one.title) == wanted][:_MOST]
    return found


def _store(database: Database, article: _Article, before: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """Writes the moves of an article, and its former key, if they are other ones than before."""
    found = _found(database, article, before[article.source_id])
    present = database.execute("select former_id, rule, state from article_moves where article_id = ? order by 1", [article.id]).fetchall()
    if present != found:
        database.conn.execute("delete from article_moves where article_id = ?", [article.id])
        database.conn.executemany(
            "insert into article_moves (article_id, former_id, rule, state) values (?, ?, ?, ?)", [(article.id, *one) for one in found]
        )
    moved = [former_id for former_id, _, state in found if state == MoveState.MOVED]
    former_key = _key_of(database, moved[0]) if moved else None
    if not found:
        former_key = _former_id(article)  # the URL states it, although the archive does not have the former article
    sql = "update articles set former_key = ? where id = ? and former_key is not ?"
    database.conn.execute(sql, [former_key, article.id, former_key])


def _key_of(database: Database, article_id: int) -> str | None:
    row = database.execute("select key from articles where id = ?", [article_id]).fetchone()
    return row[0] if row is not None else None


def _found(database: Database, article: _Article, before: Sequence[Sequence[str]]) -> list[tuple[int, str, str]]:
    """Returns the former articles of one, each with the rule and the state. `before`: the sources before its source, the nearest first."""
    contradicted: dict[int, str] = {}  # the rule of each
    for sources in before:
        fitting: dict[int, str] = {}
        for rule, former in _by_id(database, article, sources):
            fits = article.looks_like(former) or _alike(database, article.id, former.id)
            (fitting if fits else contradicted).setdefault(former.id, rule)
        is_twice = False
        if not fitting:
            fitting = {one.id: str(MoveRule.SAME_TEXT) for one in _alike_of_day(database, article, sources)}
            # If the site has the article twice, it is not known which of the two moved.
            is_twice = bool(fitting) and bool(_alike_of_day(database, article, [article.source_id]))
        if fitting:
            state = MoveState.AMBIGUOUS if len(fitting) > 1 or is_twice else MoveState.MOVED
            return sorted([*_in_state(contradicted, MoveState.CONTRADICTED), *_in_state(fitting, state)])
    return sorted(_in_state(contradicted, MoveState.CONTRADICTED))


def _in_state(rules: Mapping[int, str], state: MoveState) -> list[tuple[int, str, str]]:
    return [(former_id, rule, str(state)) for former_id, rule in rules.items()]


def _alike_of_day(database: Database, article: _Article, sources: Iterable[str]) -> list[_Article]:
    return [one for one in _same_day(database, article, sources) if _alike(database, article.id, one.id)]


def _by_id(database: Database, article: _Article, sources: Iterable[str]) -> Iterator[tuple[str, _Article]]:
    """Yields the articles of some sources that the id of `article` names, each with the rule."""
    former_id = _former_id(article)
    for source_id in sources:
        if former_id is not None:
            for former in _articles(database, "articles.source_id = ? and articles.key = ?", [source_id, former_id]):
                yield str(MoveRule.ID_IN_URL), former
        if _ID.fullmatch(article.key):
            for former in _articles(database, "articles.source_id = ? and articles.key = ?", [source_id, article.key]):
                if former.platform == article.platform:
                    yield str(MoveRule.SAME_ID), former


def _former_id(article: _Article) -> str | None:
    """Returns the id of the former site that is in the id of an article, like 144805 in 197144805."""
    pattern = _patterns().get(article.platform or "")
    match = pattern.fullmatch(article.key) if pattern is not None else None
    return match[1] if match is not None else None


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    return {row["platform"]: re.compile(row["pattern"]) for row in reference_rows("former_keys")}


def _alike(database: Database, one: int, other: int) -> bool:
    """Returns whether the texts of two articles are the same, or nearly."""
    first, second = (_body(database, article_id) for article_id in (one, other))
    return bool(first) and (fold(first).split() == fold(second).split() or likeness(first, second) >= ALIKE)


def _body(database: Database, article_id: int) -> str:
    row: Any = database.execute("select body from article_text where article_id = ?", [article_id]).fetchone()
    return row[0] if row is not None else ""
