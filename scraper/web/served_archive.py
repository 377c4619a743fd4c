"""Which of the databases that Datasette serves is the archive."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING
from weakref import WeakSet

from scraper.store.schema import APPLICATION_ID

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

# Databases that are not archives, as was found when the server started.
_OTHERS: WeakSet[Database] = WeakSet()


def archive_name(datasette: Datasette) -> str | None:
    """Returns the name of the archive: "archive", else the first archive. None if none is served."""
    served = [name for name, database in datasette.databases.items() if not name.startswith("_") and database not in _OTHERS]
    return "archive" if "archive" in served else next(iter(served), None)


async def find_others(datasette: Datasette) -> None:
    """Finds out which databases are not archives. The pages of the archive do not read them."""
    for database in datasette.databases.values():
        if not database.is_memory and not await database.execute_fn(is_archive):
            _OTHERS.add(database)


def is_archive(connection: sqlite3.Connection) -> bool:
    """Returns whether a database is an archive of this project."""
    return bool(connection.execute("pragma application_id").fetchone()[0] == APPLICATION_ID)
