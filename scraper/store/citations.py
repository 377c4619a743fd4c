"""The rows of `citations` and `citation_candidates`, and the counts on the documents that they refer to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlite_utils import Database

from scraper.citations import KnownDocuments, Resolution, context_of, resolve
from scraper.citations.resolving.short import SAME_SOURCE
from scraper.model import CitationKind, Mention, Source, Story
from scraper.reader import Citation, story_at
from scraper.reference import day
from scraper.store import citation_rows
from scraper.store.citation_rows import document_of, status_of

_COLUMNS = ("story_id", "field", *citation_rows.COLUMNS)


def store(
    database: Database,
    article_id: int,
    citations: Sequence[Citation],
    *,
    story_ids: Sequence[int],
    stories: Sequence[Story],
    new: bool = False,
) -> None:
    """Makes the stored citations of an article equal to the given ones. Part of the caller's transaction.

    Equal rows keep their ids. A row that the end of a run resolved (`short_citations`) counts as equal if the article itself still leaves
    the citation open. `new`: the article was just added, and counts its citations already.
    """
    wanted = [_row(database, citation, story_ids, stories) for citation in citations]
    if new:
        _add(database, article_id, wanted, citations)
        _count(database, [], wanted)
        return
    columns = ", ".join(f'"{name}"' for name in _COLUMNS)
    present = database.execute(f"select {columns} from citations where article_id = ? order by id", [article_id]).fetchall()
    if len(present) != len(wanted) or not all(map(_equal, present, wanted)):
        _replace(database, article_id, present, wanted, citations)
    database.conn.execute("update articles set citation_count = ? where id = ?", [len(wanted), article_id])


_STATUS, _DOCUMENT, _RULE = (_COLUMNS.index(name) for name in ("status", "document_id", "rule"))
_RESOLVING = frozenset(_COLUMNS.index(name) for name in ("status", "document_id", "date_conflict", "rule", "confidence"))


def _equal(present: Sequence[Any], wanted: Sequence[Any]) -> bool:
    if present[_RULE] != SAME_SOURCE or wanted[_STATUS] == "resolved":
        return tuple(present) == tuple(wanted)
    return all(one == other for at, (one, other) in enumerate(zip(present, wanted, strict=True)) if at not in _RESOLVING)


def _replace(database: Database, article_id: int, present: list[Any], wanted: list[tuple[Any, ...]], citations: Sequence[Citation]) -> None:
    database.conn.execute(
        "delete from citation_candidates where citation_id in (select id from citations where article_id = ?)", [article_id]
    )
    database.conn.execute("delete from citations where article_id = ?", [article_id])
    _add(database, article_id, wanted, citations)
    _count(database, present, wanted)


def _add(database: Database, article_id: int, wanted: list[tuple[Any, ...]], citations: Sequence[Citation]) -> None:
    """Adds the rows of citations of an article that has none."""
    for row, citation in zip(wanted, citations, strict=True):
        named = {"article_id": article_id} | dict(zip(_COLUMNS, row, strict=True))
        citation_rows.add(database, "citations", named, citation.resolution)


def _count(database: Database, present: list[Any], wanted: list[tuple[Any, ...]]) -> None:
    """Counts on the documents that the citations of an article are no longer `present` and are `wanted`."""
    before, after = Counter(row[_DOCUMENT] for row in present), Counter(row[_DOCUMENT] for row in wanted)
    for document_id in (before.keys() | after.keys()) - {None}:
        database.conn.execute(
            "update documents set citation_count = citation_count + ?, article_count = article_count + ? where id = ?",
            [after[document_id] - before[document_id], bool(after[document_id]) - bool(before[document_id]), document_id],
        )


def resolve_again(
    database: Database, source: Source, article_id: int, known: KnownDocuments, *, keep_same_source: bool = True
) -> tuple[int, int]:
    """Resolves the stored citations of an article again. Returns how many there are and how many changed. One transaction.

    `keep_same_source`: keep what the end of a run resolved (`short_citations`), unless the article itself now names the document.
    """
    [(published,)] = database.execute("select published_at from articles where id = ?", [article_id]).fetchall()
    context = context_of(source, day(published[:10]) if published else None)
    columns = 'id, field, start, "end", text, kind, type, number, year, stated_date, stated_issuer, stated_province, stated_title, flags,'
    stored = "status, document_id, date_conflict, rule, confidence"
    # In reading order, because a short mention refers to an earlier one.
    rows = database.execute(
        f"select {columns} {stored} from citations where article_id = ?"
        " order by case field when 'title' then 0 when 'summary' then 1 else 2 end, start",
        [article_id],
    ).fetchall()
    mentions = [
        Mention(
            start=row[2],
            end=row[3],
            text=row[4],
            kind=CitationKind(row[5]),
            doc_type=row[6],
            number_raw=None,
            number=row[7],
            year=row[8],
            issued_on=row[9],
            issuer=row[10],
            province=row[11],
            title=row[12],
            flags=tuple((row[13] or "").split(";")) if row[13] else (),
        )
        for row in rows
    ]
    changed = 0
    with database.conn:
        touched: set[int] = set()
        for row, mention, resolution in zip(rows, mentions, resolve(mentions, known, context), strict=True):
            before = row[14:]
            if keep_same_source and before[3] == SAME_SOURCE and status_of(resolution) != "resolved":
                continue
            document_id = document_of(database, mention, resolution)
            after = (status_of(resolution), document_id, int(resolution.date_conflict), resolution.rule, resolution.confidence)
            if before == after and not resolution.candidates:
                continue
            others = _candidates(database, row[0])
            set_resolution(database, row[0], after)
            _set_candidates(database, row[0], resolution)
            if before == after and others == _candidates(database, row[0]):
                continue
            changed += 1
            touched |= {document for document in (before[1], after[1]) if document is not None}
        count_again(database, touched)
    return len(rows), changed


def set_resolution(database: Database, citation_id: int, values: tuple[str, int | None, int, str, str | None]) -> None:
    """Writes status, document, date_conflict, rule and confidence of a citation. Part of the caller's transaction."""
    database.conn.execute(
        "update citations set status = ?, document_id = ?, date_conflict = ?, rule = ?, confidence = ? where id = ?",
        [*values, citation_id],
    )


def count_again(database: Database, documents: Iterable[int]) -> None:
    """Counts the citations of some documents again. Part of the caller's transaction."""
    for document_id in documents:
        database.conn.execute(
            "update documents set citation_count = (select count(*) from citations where document_id = documents.id),"
            " article_count = (select count(distinct article_id) from citations where document_id = documents.id) where id = ?",
            [document_id],
        )


def _candidates(database: Database, citation_id: int) -> set[int]:
    return {row[0] for row in database.execute("select document_id from citation_candidates where citation_id = ?", [citation_id])}


def _set_candidates(database: Database, citation_id: int, resolution: Resolution) -> None:
    """Writes the candidates of an ambiguous citation."""
    database.conn.execute("delete from citation_candidates where citation_id = ?", [citation_id])
    citation_rows.add_candidates(database, "citations", citation_id, resolution)


def _row(database: Database, citation: Citation, story_ids: Sequence[int], stories: Sequence[Story]) -> tuple[Any, ...]:
    row = citation_rows.values(database, citation.mention, citation.resolution)
    return _story_of(citation, story_ids, stories), citation.field, *row


def _story_of(citation: Citation, story_ids: Sequence[int], stories: Sequence[Story]) -> int | None:
    if citation.field != "body":
        return None
    story = story_at(stories, citation.mention.start)
    return story_ids[story.position - 1] if story else None
