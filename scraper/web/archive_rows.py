"""What the parts of a page need of the archive: the rows of a statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Row = Mapping[str, Any]


class ArchiveRows(Protocol):
    """The archive that is served: `pages.Archive`, or what a test uses instead."""

    async def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Returns the rows of a statement."""
