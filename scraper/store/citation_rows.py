"""What `citations` (of articles) and `file_citations` have in common: the columns of a mention and of its resolution, and the candidates.

Everything here is part of the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from scraper.citations import DocumentKey, Resolution
from scraper.model import Mention
from scraper.store.documents import stub

COLUMNS = (
    "start", "end", "text", "kind", "type", "number", "year", "status", "document_id", "stated_date", "stated_issuer", "stated_province",
    "stated_title", "pinpoint", "relation", "date_conflict", "rule", "flags", "confidence",
)  # fmt: skip
_CANDIDATES = {"citations": ("citation_candidates", "citation_id"), "file_citations": ("file_citation_candidates", "file_citation_id")}


def values(database: Database, mention: Mention, resolution: Resolution) -> tuple[Any, ...]:
    """Returns the values of COLUMNS. If the document is a new stub, its row is added."""
    return (
        mention.start,
        mention.end,
        mention.text,
        mention.kind,
        mention.doc_type,
        mention.number,
        mention.year,
        status_of(resolution),
        document_of(database, mention, resolution),
        mention.issued_on,
        mention.issuer,
        mention.province,
        mention.title,
        mention.pinpoint,
        mention.relation,
        int(resolution.date_conflict),
        resolution.rule,
        ";".join(mention.flags) or None,
        resolution.confidence,
    )


def add(database: Database, table: str, row: Mapping[str, Any], resolution: Resolution) -> None:
    """Adds a citation and its candidates. `table`: citations or file_citations. `row`: its values by column."""
    columns, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    cursor = database.conn.execute(f"insert into {table} ({columns}) values ({marks})", [*row.values()])
    assert cursor.lastrowid is not None
    add_candidates(database, table, cursor.lastrowid, resolution)


def add_candidates(database: Database, table: str, citation_id: int, resolution: Resolution) -> None:
    """Adds the candidates of an ambiguous citation. A stub among them was already added with the full citation that names it."""
    candidates, owner = _CANDIDATES[table]
    for candidate in resolution.candidates:
        column, value = ("key", str(candidate)) if isinstance(candidate, DocumentKey) else ("id", candidate)
        sql = f"insert or ignore into {candidates} ({owner}, document_id) select ?, id from documents where {column} = ?"
        database.conn.execute(sql, [citation_id, value])


def status_of(resolution: Resolution) -> str:
    """Returns the status for the row. A stub counts as resolved: it is a document that is known only from citations, and its own row says
    so."""
    return "resolved" if resolution.status == "stub" else resolution.status


def document_of(database: Database, mention: Mention, resolution: Resolution) -> int | None:
    """Returns the id of the document to which a mention was resolved, or None. A new stub is added."""
    if resolution.status == "stub" and resolution.key is not None:
        number = mention.number if not mention.kind.is_short and mention.number else resolution.key.number
        return stub(database, resolution.key, number)
    return resolution.document  # type: ignore[return-value]
