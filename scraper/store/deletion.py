"""Deletes rows together with all rows that depend on them.

Which tables those are is read from the schema: every table with a column `source_id` or `article_id`, and every table whose foreign keys
lead to such a row. So a table that is added later is not forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlite_utils import Database

from scraper.store.schema import is_of_archive

# A row that may refer to an article of another source only loses the reference.
_LOOSE = {("articles", "reprint_of")}


def delete(database: Database, table: str, condition: str, value: str | int) -> None:
    """Deletes the rows of a table for which a condition with one parameter holds, after those that depend on them."""
    for other, column, key in references(database, table):
        chosen = f'"{column}" in (select "{key}" from "{table}" where {condition})'
        if (other, column) in _LOOSE:
            database.conn.execute(f'update "{other}" set "{column}" = null where {chosen}', [value])
        else:
            delete(database, other, chosen, value)
    database.conn.execute(f'delete from "{table}" where {condition}', [value])


def references(database: Database, table: str) -> Iterator[tuple[str, str, str]]:
    """Yields the columns that refer to a table: the other table, its column, and the column that it refers to."""
    owned = {"sources": "source_id", "articles": "article_id"}.get(table)
    for other in _tables(database):
        keys = database.execute(f'pragma foreign_key_list("{other}")').fetchall()
        found = {(row[3], row[4] or "id") for row in keys if row[2] == table}
        if owned is not None and other != table and owned in _columns(database, other):
            found.add((owned, "id"))
        yield from ((other, column, key) for column, key in sorted(found))


def _tables(database: Database) -> Iterable[str]:
    rows = database.execute("select name from sqlite_master where type = 'table' order by name").fetchall()
    return [name for (name,) in rows if is_of_archive(name)]


def _columns(database: Database, table: str) -> set[str]:
    return {row[1] for row in database.execute(f'pragma table_info("{table}")')}
