"""The rows of the archive that is served, for pages that are not a row of Datasette."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scraper.web.archive_rows import Row

if TYPE_CHECKING:
    from datasette.app import Datasette


class ServedRows:
    """Queries on one archive."""

    def __init__(self, datasette: Datasette, name: str) -> None:
        self._datasette, self._name = datasette, name

    async def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Returns the rows of a statement."""
        return [dict(row) for row in (await self._datasette.get_database(self._name).execute(sql, list(parameters))).rows]

    def document_url(self, document_id: object) -> str:
        """Returns the URL of the page of a document."""
        return str(self._datasette.urls.row(self._name, "documents", str(document_id)))
