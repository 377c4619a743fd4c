"""Which articles are reprints of which, over all sources. The tables are updated as articles arrive.

`reprint_keys` finds the few texts that may be alike. `near_duplicates` holds the pairs that are alike. `reprint_of` of every article in a
group, except the first, refers to the first. All three depend only on the texts, not on the order of their arrival. An article that
moved to another site (`moves`) is in the group of its former one, even if its text was edited.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from sqlite_utils import Database

from scraper.text_similarity import ALIKE, likeness

# A standard text that hundreds of pages share would give an endless number of pairs. So many similar texts are not reprints of a report.
_MOST = 200


def note(database: Database, article_id: int, similarity: Iterable[int], *, new: bool = False) -> None:
    """Stores the keys of a new or changed text (`similarity_keys`). Part of the caller's transaction. `update` compares the texts later.
    `new`: the article was just added."""
    keys = set(similarity)
    present = set() if new else {row[0] for row in database.execute("select key from reprint_keys where article_id = ?", [article_id])}
    if keys == present:
        return
    if not new:
        database.conn.execute("delete from reprint_keys where article_id = ?", [article_id])
        database.conn.execute("delete from near_duplicates where article_id = ? or other_id = ?", [article_id, article_id])
    database.conn.executemany("insert into reprint_keys (key, article_id) values (?, ?)", [(key, article_id) for key in sorted(keys)])
    database.conn.execute("insert or ignore into reprints_pending (article_id) values (?)", [article_id])


def update(database: Database) -> None:
    """Compares the texts that arrived or changed since the last call, and marks the first of each group that may have changed. Part of the
    caller's transaction."""
    _compare_pending(database)
    changed = {row[0] for row in database.execute("select article_id from groups_pending")}
    _name_first(database, _grown(database, changed))
    database.conn.execute("delete from groups_pending")


def rebuild(database: Database) -> None:
    """Compares the texts that arrived or changed since the last call, and marks the first of every group. Part of the caller's
    transaction."""
    _compare_pending(database)
    sql = "select article_id from near_duplicates union select other_id from near_duplicates"
    sql += " union select article_id from article_moves union select former_id from article_moves"
    members = {row[0] for row in database.execute(f"{sql} union select id from articles where reprint_of is not null")}
    _name_first(database, members)
    database.conn.execute("delete from groups_pending")


def _compare_pending(database: Database) -> None:
    for (article_id,) in database.execute("select article_id from reprints_pending order by article_id").fetchall():
        _compare(database, article_id)
    database.conn.execute("delete from reprints_pending")


def _grown(database: Database, some: Collection[int]) -> set[int]:
    """Returns these articles with all others of their groups."""
    members: set[int] = set()
    waiting = [*some]
    while waiting:
        article_id = waiting.pop()
        if article_id not in members:
            members.add(article_id)
            waiting += _alike(database, article_id)
    return members


def _alike(database: Database, article_id: int) -> list[int]:
    sql = "select other_id from near_duplicates where article_id = ? union select article_id from near_duplicates where other_id = ?"
    sql += " union select former_id from article_moves where article_id = ? and state = 'moved'"
    sql += " union select article_id from article_moves where former_id = ? and state = 'moved'"
    return [other for (other,) in database.execute(sql, [article_id] * 4)]


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


def _name_first(database: Database, members: Collection[int]) -> None:
    """Writes `reprint_of` of these articles. They are whole groups, and articles that are in no group any more."""
    groups = _groups((one, other) for one in sorted(members) for other in _alike(database, one))
    wanted: dict[int, int] = {}
    for group in groups:
        first = _first(database, group)
        wanted |= {article_id: first for article_id in group if article_id != first}
    for article_id in sorted(members):
        reprint_of = wanted.get(article_id)
        sql = "update articles set reprint_of = ? where id = ? and reprint_of is not ?"
        database.conn.execute(sql, [reprint_of, article_id, reprint_of])


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
