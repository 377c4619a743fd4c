"""Which articles are reprints of which, over all sources. The tables are updated as articles arrive.

`reprint_keys` finds the few texts that may be alike. `near_duplicates` holds the pairs that are alike. `reprint_of` of every article in a
group, except the first, refers to the first. All three depend only on the texts, not on the order of their arrival.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from sqlite_utils import Database

from scraper.text_similarity import ALIKE, likeness, similarity_keys

# A standard text that hundreds of pages share would give an endless number of pairs. So many similar texts are not reprints of a report.
_MOST = 200


def note(database: Database, article_id: int, body: str) -> None:
    """Stores the keys of a new or changed text. Part of the caller's transaction. `rebuild` compares the texts later."""
    keys = set(similarity_keys(body))
    if keys == {row[0] for row in database.execute("select key from reprint_keys where article_id = ?", [article_id])}:
        return
    database.conn.execute("delete from reprint_keys where article_id = ?", [article_id])
    database.conn.executemany("insert into reprint_keys (key, article_id) values (?, ?)", [(key, article_id) for key in sorted(keys)])
    database.conn.execute("delete from near_duplicates where article_id = ? or other_id = ?", [article_id, article_id])
    database.conn.execute("insert or ignore into reprints_pending (article_id) values (?)", [article_id])


def rebuild(database: Database) -> None:
    """Compares the texts that arrived or changed since the last call, and marks the first of each group. Part of the caller's
    transaction."""
    pending = [row[0] for row in database.execute("select article_id from reprints_pending order by article_id")]
    for article_id in pending:
        _compare(database, article_id)
    database.conn.execute("delete from reprints_pending")
    _name_first(database)


def _compare(database: Database, article_id: int) -> None:
    others = database.execute(
        "select distinct theirs.article_id from reprint_keys mine join reprint_keys theirs on theirs.key = mine.key"
        " where mine.article_id = ? and theirs.article_id <> mine.article_id order by 1 limit ?",
        [article_id, _MOST],
    ).fetchall()
    if not others:
        return
    body = _body(database, article_id)
    for (other_id,) in others:
        alike = likeness(body, _body(database, other_id))
        if alike >= ALIKE:
            database.conn.execute(
                "insert or replace into near_duplicates (article_id, other_id, likeness) values (?, ?, ?)",
                [*sorted((article_id, other_id)), round(alike, 3)],
            )


def _body(database: Database, article_id: int) -> str:
    found = database.execute("select body from article_text where article_id = ?", [article_id]).fetchone()
    return found[0] if found else ""


def _name_first(database: Database) -> None:
    groups = _groups(database.execute("select article_id, other_id from near_duplicates order by 1, 2"))
    wanted: dict[int, int] = {}
    for group in groups:
        first = _first(database, group)
        wanted |= {article_id: first for article_id in group if article_id != first}
    present: Mapping[int, int] = dict(database.execute("select id, reprint_of from articles where reprint_of is not null").fetchall())
    for article_id in present.keys() - wanted.keys():
        database.conn.execute("update articles set reprint_of = null where id = ?", [article_id])
    for article_id, first in wanted.items():
        if present.get(article_id) != first:
            database.conn.execute("update articles set reprint_of = ? where id = ?", [first, article_id])


def _groups(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Returns the connected groups of the pairs, each in ascending order."""
    leader: dict[int, int] = {}

    def find(one: int) -> int:
        leader.setdefault(one, one)
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for one, other in pairs:
        low, high = sorted((find(one), find(other)))
        leader[high] = low
    groups: dict[int, list[int]] = defaultdict(list)
    for one in sorted(leader):
        groups[find(one)].append(one)
    return list(groups.values())


def _first(database: Database, group: list[int]) -> int:
    """Returns the first publisher: the site that a copy names at its beginning ("(Mic.gov.vn) -"), else the one with the earliest date."""
    marks = ", ".join("?" * len(group))
    rows = database.execute(
        f"select articles.id, published_at, url, articles.source_id, key, lower(coalesce(dateline, '')) from articles"
        f" left join article_text on article_id = articles.id where articles.id in ({marks})",
        group,
    ).fetchall()

    def order(row: tuple[int, str | None, str, str, str, str]) -> tuple[bool, str, str, str]:
        host = (urlsplit(row[2]).hostname or "").removeprefix("www.")
        named = any(host and host in other[5] for other in rows if other[0] != row[0])
        return (not named, row[1] or "9999", row[3], row[4])

    first: int = min(rows, key=order)[0]
    return first
