"""The rows of `citations` and `citation_candidates`, and the counts on the documents they point to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from scraper.model import Story
from scraper.reader import Citation
from scraper.store.documents import stub

_COLUMNS = (
    "story_id", "field", "start", "end", "text", "kind", "type", "number", "year", "status", "document_id", "stated_date", "stated_issuer",
    "stated_province", "stated_title", "pinpoint", "relation", "date_conflict", "rule", "flags",
)  # fmt: skip


def store(
    database: Database, article_id: int, citations: Sequence[Citation], *, story_ids: Sequence[int], stories: Sequence[Story]
) -> None:
    """Make an article's citations equal to those read. Part of the caller's transaction. Equal rows keep their ids."""
    wanted = [_row(database, citation, story_ids, stories) for citation in citations]
    columns = ", ".join(f'"{name}"' for name in _COLUMNS)
    present = database.execute(f"select {columns} from citations where article_id = ? order by id", [article_id]).fetchall()
    if present != wanted:
        _replace(database, article_id, present, wanted, citations)
    database.conn.execute("update articles set citation_count = ? where id = ?", [len(wanted), article_id])


def _replace(database: Database, article_id: int, present: list[Any], wanted: list[tuple[Any, ...]], citations: Sequence[Citation]) -> None:
    database.conn.execute(
        "delete from citation_candidates where citation_id in (select id from citations where article_id = ?)", [article_id]
    )
    database.conn.execute("delete from citations where article_id = ?", [article_id])
    columns = ", ".join(f'"{name}"' for name in _COLUMNS)
    marks = ", ".join("?" * len(_COLUMNS))
    for row, citation in zip(wanted, citations, strict=True):
        cursor = database.conn.execute(f"insert into citations (article_id, {columns}) values (?, {marks})", [article_id, *row])
        database.conn.executemany(
            "insert or ignore into citation_candidates (citation_id, document_id) values (?, ?)",
            [(cursor.lastrowid, candidate) for candidate in citation.resolution.candidates],
        )
    place = _COLUMNS.index("document_id")
    before, after = Counter(row[place] for row in present), Counter(row[place] for row in wanted)
    for document_id in (before.keys() | after.keys()) - {None}:
        database.conn.execute(
            "update documents set citation_count = citation_count + ?, article_count = article_count + ? where id = ?",
            [after[document_id] - before[document_id], bool(after[document_id]) - bool(before[document_id]), document_id],
        )


def _row(database: Database, citation: Citation, story_ids: Sequence[int], stories: Sequence[Story]) -> tuple[Any, ...]:
    mention, resolution = citation.mention, citation.resolution
    document_id = resolution.document
    if resolution.status == "stub" and resolution.key is not None:
        document_id = stub(
            database, resolution.key, mention.number if mention.kind != "short" and mention.number else resolution.key.number
        )
    return (
        _story_of(citation, story_ids, stories),
        citation.field,
        mention.start,
        mention.end,
        mention.text,
        mention.kind,
        mention.doc_type,
        mention.number,
        mention.year,
        # A stub is a document too, known from citations alone; its row says so.
        "resolved" if resolution.status == "stub" else resolution.status,
        document_id,
        mention.issued_on,
        mention.issuer,
        mention.province,
        mention.title,
        mention.pinpoint,
        mention.relation,
        int(resolution.date_conflict),
        resolution.rule,
        ";".join(mention.flags) or None,
    )


def _story_of(citation: Citation, story_ids: Sequence[int], stories: Sequence[Story]) -> int | None:
    if citation.field != "body":
        return None
    return next(
        (story_id for story_id, story in zip(story_ids, stories, strict=True) if story.start <= citation.mention.start < story.end), None
    )
