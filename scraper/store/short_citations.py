"""Resolves short citations that other articles of a source explain: "Kế hoạch 581 của UBND tỉnh", cited in full by another article.

This module only reads rows and writes the result. `scraper.citations.resolving.short` has the rules. They choose among the documents that
the same source cites in full in the same year, with the same type and serial. The decision is made from stored rows at the end of a run,
so the order in which articles arrive does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from scraper.citations.forms.document_keys import first_serial
from scraper.citations.resolving.result import confidence_of
from scraper.citations.resolving.short import SAME_SOURCE, Candidate, ShortCitation, of_source
from scraper.model import CitationKind, Source
from scraper.store.citations import count_again, resolve_again, set_resolution
from scraper.store.documents import ArchiveDocuments


@dataclass(frozen=True, slots=True)
class _Row:
    """A stored short citation that its own article does not resolve."""

    id: int
    article_id: int
    short: ShortCitation
    document: int | None  # the document that an earlier run found


def conclude(database: Database, source: Source) -> int:
    """Resolves short citations that other articles of the source explain. Returns how many citations changed.

    If a conclusion of an earlier run no longer holds, it is removed: the article is resolved again on its own.
    """
    wanted = _plan(database, source.id)
    before = {one.id: one.document for one in wanted}
    stale = sorted({one.article_id for one, document in wanted.items() if one.document not in (None, document)})
    if stale:
        known = ArchiveDocuments(database)
        for article_id in stale:
            resolve_again(database, source, article_id, known, keep_same_source=False)
        wanted = _plan(database, source.id)
    with database.conn:
        touched: set[int] = set()
        for one, document in wanted.items():
            if document is not None and document != one.document:
                set_resolution(database, one.id, ("resolved", document, 0, SAME_SOURCE, confidence_of(SAME_SOURCE)))
                database.conn.execute("delete from citation_candidates where citation_id = ?", [one.id])
                touched.add(document)
        count_again(database, touched)
    after = {one.id: document for one, document in wanted.items()}
    return sum(before.get(citation) != after.get(citation) for citation in before.keys() | after.keys())


def _plan(database: Database, source_id: str) -> dict[_Row, int | None]:
    """Returns each open short citation of a source, with the document that other articles give for it, or None."""
    open_rows = _open(database, source_id)
    full = _full_citations(database, source_id, {(one.short.doc_type, one.short.serial) for one in open_rows})
    plan: dict[_Row, int | None] = {}
    for one in open_rows:
        short = one.short
        document = of_source(short, full.get((short.doc_type, short.serial, (short.published or "")[:4]), ()))
        plan[one] = document if isinstance(document, int) else None
    return plan


def _open(database: Database, source_id: str) -> list[_Row]:
    rows = database.execute(
        "select c.id, article_id, type, number, c.year, stated_date, stated_issuer, stated_province, stated_title,"
        " substr(published_at, 1, 10), case when rule = ? then document_id end"
        " from citations c join articles on articles.id = article_id"
        " where source_id = ? and kind = ? and number is not null and published_at is not null"
        " and (c.status <> 'resolved' or rule = ?)"
        " order by c.id",
        [SAME_SOURCE, source_id, CitationKind.SHORT.value, SAME_SOURCE],
    ).fetchall()
    return [
        _Row(row_id, article_id, ShortCitation(doc_type, first_serial(number), *stated), document)
        for row_id, article_id, doc_type, number, *stated, document in rows
    ]


def _full_citations(database: Database, source_id: str, wanted: set[tuple[str, str]]) -> Mapping[tuple[str, str, str], Sequence[Candidate]]:
    """Returns the documents that the source cites in full, by type, serial and year of the article. Only for the pairs in `wanted`."""
    found: defaultdict[tuple[str, str, str], list[Candidate]] = defaultdict(list)
    for doc_type, serial in sorted(wanted):
        # A key is type|number|year|place, and "0" is the character after "/". The range holds all keys of the type with this serial.
        prefix = f"{doc_type}|{serial}"
        # Facts of a stub summarise its citations in all sources. They are left out, because other sources must not decide.
        rows = database.execute(
            "select substr(published_at, 1, 4), d.id, d.year,"
            " stated_date, case when d.confidence is not null then d.issued_on end, stated_issuer,"
            " case when d.confidence is not null then d.issuer end, stated_province, stated_title"
            " from documents d join citations c on c.document_id = d.id join articles on articles.id = article_id"
            " where d.key >= ? and d.key < ? and c.kind = ? and source_id = ? and published_at is not null",
            [f"{prefix}/", f"{prefix}0", CitationKind.NUMBERED.value, source_id],
        ).fetchall()
        of_document: defaultdict[tuple[str, int, int | None], list[Sequence[str | None]]] = defaultdict(list)
        for published, document, year, *stated in rows:
            of_document[published, document, year].append(stated)
        for (published, document, year), lines in sorted(of_document.items(), key=lambda group: group[0][:2]):
            stated_days, days, stated_issuers, issuers, provinces, titles = (_values(column) for column in zip(*lines, strict=True))
            candidate = Candidate(document, year, stated_days | days, stated_issuers | issuers, provinces, titles)
            found[doc_type, serial, published].append(candidate)
    return found


def _values(column: Sequence[str | None]) -> frozenset[str]:
    return frozenset(value for value in column if value)
