"""What the files of articles say: their pages, what they cite, the fields of the documents that they are, and the full-text index of them.

All rows of a file are written again when its text is taken again, so that the same bytes and the same code give the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlite_utils import Database

from scraper.attachments.file_text import Font, Page
from scraper.citations import KnownDocument
from scraper.file_reader import FileCitation, FileReading
from scraper.held_documents import Field, HeldDocument
from scraper.store import citation_rows, held_documents
from scraper.store.documents import stub
from scraper.text import fold, search_form


def store(database: Database, file_id: int, reading: FileReading, *, at: str, extractor: str) -> None:
    """Makes the rows of a file those of a reading. One transaction. `at`: when, ISO 8601 in UTC. `extractor`: the version of the code."""
    text, held, document = reading.text, reading.held, reading.document
    with database.conn:
        touched = remove(database, file_id)
        for page in reading.pages:
            _add_page(database, file_id, page)
        for citation in reading.citations:
            _add_citation(database, file_id, citation)
        if held is not None:
            _add_fields(database, file_id, held, document)
        document_id = None
        if document is not None and document.number is not None:  # without a number, no document is certain
            document_id = stub(database, document.key, document.number)
        database.conn.execute(
            "update files set kind = ?, text_state = ?, detail = ?, cut = ?, page_count = ?, font = ?, confidence = ?, extractor = ?,"
            " extracted_at = ?, document_state = ?, document_rule = ?, document_id = ? where id = ?",
            [
                text.kind.value,
                text.state.value,
                text.detail or None,
                text.cut.value or None,
                text.page_count,
                text.font.value if any(page.text for page in reading.pages) else None,
                text.confidence,
                extractor,
                at,
                held.state.value if held is not None else None,
                held.rule.code.value if held is not None else None,
                document_id,
                file_id,
            ],
        )
        for one in sorted(touched | ({document_id} if document_id is not None else set())):
            held_documents.settle(database, one)


def remove(database: Database, file_id: int) -> set[int]:
    """Removes the rows of what a file says. Returns the documents that it was or cited: `held_documents.settle` must decide again what they
    are. Part of the caller's transaction.
    """
    touched = database.execute(
        "select document_id from files where id = :id union select document_id from file_citations where file_id = :id"
        " union select file_citation_candidates.document_id from file_citation_candidates"
        " join file_citations on file_citations.id = file_citation_id where file_id = :id",
        {"id": file_id},
    ).fetchall()
    pages = database.execute("select id, text from file_pages where file_id = ? and text <> ''", [file_id]).fetchall()
    for page_id, text in pages:
        database.conn.execute(
            "insert into file_pages_fts (file_pages_fts, rowid, text, text_folded) values ('delete', ?, ?, ?)", [page_id, *_indexed(text)]
        )
    cited = "select id from file_citations where file_id = ?"
    database.conn.execute(f"delete from file_citation_candidates where file_citation_id in ({cited})", [file_id])
    for table in ("file_citations", "held_fields", "file_pages"):
        database.conn.execute(f"delete from {table} where file_id = ?", [file_id])
    database.conn.execute("update files set document_id = null where id = ?", [file_id])
    return {one for (one,) in touched if one is not None}


def _add_page(database: Database, file_id: int, page: Page) -> None:
    cursor = database.conn.execute(
        "insert into file_pages (file_id, page, name, text, state, font, original, confidence, doubtful_text)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            file_id,
            page.number,
            page.name or None,
            page.text,
            page.state.value,
            page.font.value if page.font is not Font.UNICODE else None,
            page.original,
            page.confidence,
            int(page.doubtful),
        ],
    )
    if page.text:
        database.conn.execute(
            "insert into file_pages_fts (rowid, text, text_folded) values (?, ?, ?)", [cursor.lastrowid, *_indexed(page.text)]
        )


def index_again(database: Database) -> None:
    """Makes the full-text index of the stored pages. Part of the caller's transaction."""
    database.conn.execute("insert into file_pages_fts (file_pages_fts) values ('delete-all')")
    for page_id, text in database.execute("select id, text from file_pages where text <> '' order by id"):
        database.conn.execute("insert into file_pages_fts (rowid, text, text_folded) values (?, ?, ?)", [page_id, *_indexed(text)])


def _indexed(text: str) -> tuple[str, str]:
    """Returns the text of a page as the index holds it: as written (diacritics count), and folded."""
    return search_form(text), fold(text)


def _add_citation(database: Database, file_id: int, citation: FileCitation) -> None:
    stored = citation_rows.values(database, citation.mention, citation.resolution)
    row = {"file_id": file_id, "page": citation.page, "is_basis": int(citation.is_basis), "is_ended": int(citation.is_ended)}
    citation_rows.add(database, "file_citations", row | dict(zip(citation_rows.COLUMNS, stored, strict=True)), citation.resolution)


def _add_fields(database: Database, file_id: int, held: HeldDocument, document: KnownDocument | None) -> None:
    rows = []
    in_full = document.issuer if document is not None else None
    for name, field in _fields(held, in_full):
        place = field.places[0] if field.places else None
        last = field.places[-1] if field.places else None
        same_page = place is not None and last is not None and place.page == last.page
        rows.append(
            [
                file_id,
                name,
                field.value,
                field.rule.code.value,
                field.rule.parameter,
                " ".join(note.value for note in field.rule.notes) or None,
                place.page if place is not None else None,
                place.start if place is not None else None,
                last.end if same_page and last is not None else place.end if place is not None else None,
                field.original,
            ]
        )
    database.conn.executemany(
        'insert into held_fields (file_id, field, value, rule, rule_parameter, rule_notes, page, start, "end", original)'
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _fields(held: HeldDocument, issuer_in_full: str | None) -> Iterator[tuple[str, Field]]:
    """Yields the fields of a document by name, absent ones, too: then the rule says that the file has none. `issuer_in_full`: with its
    place, "Sở Thông tin và Truyền thông tỉnh Nghệ An".
    """
    if not held.is_document:
        return
    yield from (("number", held.number), ("type", held.doc_type), ("superior", held.superior), ("place", held.place))
    yield from (("issuer", one) for one in held.issuers or (held.issuer,))
    if issuer_in_full is not None:
        yield "issuer_in_full", replace(held.issuer, value=issuer_in_full)
    yield from (("issued_on", held.issued_on), ("subject", held.subject), ("in_force_from", held.in_force_from))
    for signer in held.signers:
        yield from (("signer", signer.name), ("position", signer.position), ("authority", signer.authority))
    yield from (("recipient", one) for one in held.recipients)
