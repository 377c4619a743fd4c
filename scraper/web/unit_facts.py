"""What the page of a unit says beside its own row: the units before and after it, and the documents that it cited most."""

from __future__ import annotations

from typing import Any

from scraper.web.archive_rows import ArchiveRows, Row
from scraper.web.document_names import COLUMNS


async def of(archive: ArchiveRows, unit: Row) -> dict[str, Any]:
    """Returns `before` and `after` (units), and `documents`."""
    columns = "select id, full_name, valid_from, valid_to from units"
    return {
        "before": await archive.rows(f"{columns} where ';' || successors || ';' like '%;' || ? || ';%' order by sort_key", [unit["id"]]),
        "after": await archive.rows(
            f"{columns} where ';' || ? || ';' like '%;' || id || ';%' order by sort_key", [unit["successors"] or ""]
        ),
        "documents": await archive.rows(
            f"select documents.id, {COLUMNS}, documents.title, articles, first_cited_on from diffusion"
            " join documents on documents.id = document_id"
            " where diffusion.unit_id = ? and articles > 0 order by articles desc, first_cited_on limit 10",
            [unit["id"]],
        ),
    }
