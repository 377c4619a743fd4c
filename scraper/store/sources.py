"""The rows of `sources`, written from the TOML blocks so that the archive explains itself."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlite_utils import Database

from scraper.model import Source
from scraper.store import notices


def load_source(database: Database, source: Source) -> None:
    """Inserts or updates the row of a source. Its successor is stored even if that one has no row yet."""
    load_sources(database, [source])


def load_sources(database: Database, sources: Iterable[Source]) -> None:
    """Inserts or updates the rows of sources, whether or not they were ever crawled. Nothing is written if nothing differs."""
    wanted = [_row(source) for source in sources]
    stored = {row["id"]: row for row in database.table("sources").rows}
    changed = [row for row in wanted if stored.get(row["id"]) != row]
    if changed:
        with database.conn:
            database.table("sources").upsert_all(changed, pk="id")
            notices.refresh(database)


def _row(source: Source) -> dict[str, str | None]:
    return {
        "id": source.id,
        "name": source.name,
        "unit_id": source.unit,
        "kind": source.kind or None,
        "site": source.site,
        "hosts": json.dumps(source.hosts),
        "under": source.under,
        "platform": source.platform,
        "listings": json.dumps(source.listings, ensure_ascii=False),
        "valid_from": source.valid_from.isoformat() if source.valid_from else None,
        "valid_to": source.valid_to.isoformat() if source.valid_to else None,
        "successor": source.successor,
        "confidence": source.confidence,
        "basis": source.basis,
    }
