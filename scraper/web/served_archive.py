"""Which of the databases that Datasette serves is the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasette.app import Datasette


def archive_name(datasette: Datasette) -> str | None:
    """Returns the name of the archive: "archive", else the first database. None if none is served."""
    served = [name for name in datasette.databases if not name.startswith("_")]
    return "archive" if "archive" in served else next(iter(served), None)
