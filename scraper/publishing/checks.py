"""Checks a database file as a whole: its pages, its foreign keys, its full-text index."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from scraper.store.schema import is_of_archive
from scraper.two_languages import Message, same

_FEW = 5  # faults that are named


def connect_readonly(path: Path) -> sqlite3.Connection:
    """Returns a connection to a file that no process changes; nothing is written beside it."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def database_faults(path: Path) -> list[Message]:
    """Returns what is wrong with a database file; nothing if it is whole. Reads all of it."""
    try:
        with closing(connect_readonly(path)) as database:
            faults = [same(row[0]) for row in database.execute(f"pragma integrity_check({_FEW})") if row[0] != "ok"]
            for table, rowid, parent, _ in database.execute("pragma foreign_key_check").fetchmany(_FEW):
                faults.append(
                    Message(
                        f"row {rowid} of {table} refers to a row of {parent} that is missing",
                        f"dòng {rowid} của {table} trỏ tới một dòng của {parent} không còn",
                    )
                )
            return faults
    except sqlite3.Error as error:
        return [same(str(error))]


def row_counts(path: Path) -> dict[str, int]:
    """Returns the number of rows of each table that people read, by name."""
    with closing(connect_readonly(path)) as database:
        listed = database.execute("select name from sqlite_master where type in ('table', 'view') order by name")
        names = [str(name) for (name,) in listed if is_of_archive(name)]
        return {name: int(database.execute(f'select count(*) from "{name}"').fetchone()[0]) for name in names}
