"""The rows of `documents`: known ones from the reference data, stubs from citations."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from scraper.citations import DocumentKey, DocumentsInMemory, KnownDocument, display_number, normalise_number, reference_documents
from scraper.citations.identity import year_in_number
from scraper.citations.known import name_key
from scraper.reference import day
from scraper.text import number_form

_STANDARDS = ("tiêu chuẩn", "quy chuẩn")
_STATUTES = ("luật", "bộ luật", "pháp lệnh", "hiến pháp")


class ArchiveDocuments(DocumentsInMemory):
    """The archive's known documents, for resolving. Stubs are left out: what they are known from is citations."""

    def __init__(self, database: Database) -> None:
        """Read all known documents; their ids are those of the rows."""
        super().__init__(_rows(database))


def _rows(database: Database) -> Iterable[KnownDocument]:
    names = {str(document.key): document for document in reference_documents()}
    query = database.execute(
        "select id, key, type, number, year, unit_id, issuer, issued_on, title, in_force_from, in_force_to from documents"
        " where status = 'known'"
    )
    for row in query.fetchall():
        shipped = names.get(row[1])
        yield KnownDocument(
            id=row[0],
            doc_type=row[2],
            number=normalise_number(row[3], standard=row[2] in _STANDARDS) if row[3] else None,
            year=row[4],
            place=row[5],
            issuer=row[6],
            issued_on=day(row[7] or ""),
            title=row[8],
            names=shipped.names if shipped else (name_key(row[8]),) if row[8] and row[2] in _STATUTES else (),
            in_force_from=day(row[9] or ""),
            in_force_to=day(row[10] or ""),
        )


def load_known(database: Database, documents: Iterable[KnownDocument]) -> None:
    """Write or renew known documents. A stub of the same key becomes known and keeps its id. Part of the caller's transaction."""
    for document in documents:
        row = {
            "key": str(document.key),
            "label": label(document.doc_type, document.number, document.title),
            "type": document.doc_type,
            "number": shown_number(document.doc_type, document.number) if document.number else None,
            "number_form": number_form(document.number) if document.number else None,
            "year": document.year,
            "issuer": document.issuer,
            "unit_id": document.key.unit,
            "issued_on": document.issued_on.isoformat() if document.issued_on else None,
            "title": document.title,
            "status": "known",
            "in_force_from": document.in_force_from.isoformat() if document.in_force_from else None,
            "in_force_to": document.in_force_to.isoformat() if document.in_force_to else None,
            "replaced_by": document.replaced_by,
            "confidence": document.confidence,
        }
        assignments = ", ".join(f"{name} = excluded.{name}" for name in row if name != "key")
        database.conn.execute(
            f"insert into documents ({', '.join(row)}) values ({', '.join('?' * len(row))}) on conflict (key) do update set {assignments}",
            list(row.values()),
        )


def stub(database: Database, key: DocumentKey, number: str) -> int:
    """The id of the document of a key, made as a stub where there is none. Part of the caller's transaction."""
    found = database.execute("select id from documents where key = ?", [str(key)]).fetchone()
    if found:
        return int(found[0])
    cursor = database.conn.execute(
        "insert into documents (key, label, type, number, number_form, year, unit_id, status) values (?, ?, ?, ?, ?, ?, ?, 'stub')",
        [
            str(key),
            label(key.doc_type, number, None),
            key.doc_type,
            shown_number(key.doc_type, number),
            number_form(number),
            key.year or year_in_number(number),
            key.unit,
        ],
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def label(doc_type: str, number: str | None, title: str | None) -> str:
    """What people call a document: "Chỉ thị 07/2008/CT-BTTTT", a standard's number, a statute's name."""
    if number is None:
        return title or doc_type.capitalize()
    shown = shown_number(doc_type, number)
    return shown if doc_type in _STANDARDS else f"{doc_type.capitalize()} {shown}"


def shown_number(doc_type: str, number: str) -> str:
    """A canonical number as documents carry it: 749/QĐ-TTg, not 749/QĐ-TTG."""
    return number if doc_type in _STANDARDS else display_number(number)


def load_reference_documents(database: Database) -> None:
    """Write the documents of the project's reference tables. Part of the caller's transaction."""
    load_known(database, reference_documents())
