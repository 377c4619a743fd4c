"""Writes the dependent rows of an article without touching rows that have not changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from scraper.model import Rule


def replace_rows(
    database: Database, table: str, owner: Mapping[str, Any], columns: Sequence[str], rows: Iterable[Sequence[Any]], *, new: bool = False
) -> None:
    """Makes the owner's rows of `table` equal to `rows`, in their order.

    Equal rows stay, so that parsing a page again changes neither rows nor their ids. `new`: the owner was just added and has no rows.
    """
    wanted = [tuple(row) for row in rows]
    if new and not wanted:
        return
    where = " and ".join(f'"{name}" = ?' for name in owner)
    names = ", ".join(f'"{name}"' for name in columns)
    if not new:
        present = database.execute(f'select {names} from "{table}" where {where} order by rowid', list(owner.values())).fetchall()
        if present == wanted:
            return
        database.conn.execute(f'delete from "{table}" where {where}', list(owner.values()))
    all_names = ", ".join(f'"{name}"' for name in [*owner, *columns])
    marks = ", ".join("?" * (len(owner) + len(columns)))
    database.conn.executemany(f'insert into "{table}" ({all_names}) values ({marks})', [(*owner.values(), *row) for row in wanted])


def rule_columns(rule: Rule) -> tuple[str, str | None, str | None]:
    """Returns the columns of a rule: its code, its parameter, and its notes as codes separated by spaces. None if it has none."""
    return rule.code, rule.parameter, " ".join(rule.notes) or None
