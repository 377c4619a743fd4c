"""What the parts of a page need of the archive: the rows of a statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Row = Mapping[str, Any]


class ArchiveRows(Protocol):
    """The archive that is served: `pages.Archive`, or what a test uses instead."""

    async def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Returns the rows of a statement."""


class ArchiveWithQueries(ArchiveRows, Protocol):
    """The archive with its named queries."""

    async def count_of(self, query: str, values: Mapping[str, object]) -> int:
        """Returns how many rows a named query has without the limit of its page; 0 if there is no such query."""
