"""The rows of `documents`: known ones from the reference data or an imported list, and stubs from citations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlite_utils import Database

from scraper.citations import DocumentKey, KnownDocument, normalise_number, reference_documents
from scraper.citations.forms.document_keys import fold_number, year_in_number
from scraper.citations.resolving.known_documents import STATED_FACTS, shipped_names, statute_names
from scraper.reference import day
from scraper.store.document_labels import STANDARDS, label, label_of_shown, shown_number
from scraper.text import number_form

STATUTES = ("luật", "bộ luật", "pháp lệnh", "hiến pháp")
_COLUMNS = "id, key, type, number, year, unit_id, issuer, issued_on, title, in_force_from, in_force_to, replaced_by"
_REMEMBERED = 16_384  # cached lookups; a run cites few numbers, each of them often


class ArchiveDocuments:
    """The archive's known documents, for resolving. Stubs are left out, since they are known only from citations.

    Each lookup queries the database, so that a list of 159,000 imported documents costs neither time at the start of a run nor memory.
    Results are cached: create a new object after documents were added.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._names: Mapping[str, Sequence[KnownDocument]] | None = None
        self.by_number = lru_cache(_REMEMBERED)(self._by_number)
        self.by_serial = lru_cache(_REMEMBERED)(self._by_serial)

    def _by_number(self, folded: str) -> Sequence[KnownDocument]:
        found = self._documents("number_form = ?", number_form(folded))
        return [document for document in found if document.number and fold_number(document.number) == folded]

    def _by_serial(self, doc_type: str, serial: str) -> Sequence[KnownDocument]:
        # A key is type|number|year|place, and "0" is the character after "/". The range holds all keys of the type with this serial.
        prefix = f"{doc_type}|{serial}"
        return self._documents("key >= ? and key < ?", f"{prefix}/", f"{prefix}0")

    def by_name(self, folded: str) -> Sequence[KnownDocument]:
        """Returns the statutes with a name, folded: "luat vien thong"."""
        if self._names is None:
            self._names = self._statutes()
        return self._names.get(folded, ())

    def _statutes(self) -> Mapping[str, Sequence[KnownDocument]]:
        """Returns the statutes by each of their names: the names in the reference tables, and the title of any other statute."""
        names: defaultdict[str, list[KnownDocument]] = defaultdict(list)
        for document in self._documents(f"type in ({', '.join('?' * len(STATUTES))})", *STATUTES):
            for name in document.names:
                names[name].append(document)
        return names

    def _documents(self, where: str, *parameters: str) -> list[KnownDocument]:
        # Of the stubs there may be a hundred times as many: the condition must be spelled as in the indexes `documents_known`. Documents
        # that are known only from their own file are left out: what a citation resolves to must not depend on the order of the files.
        known = "status <> 'stub' and confidence is not null"
        rows = self._database.execute(f"select {_COLUMNS} from documents where {where} and {known} order by id", parameters)
        return [_known(row) for row in rows.fetchall()]


def _known(row: Sequence[Any]) -> KnownDocument:
    number = normalise_number(row[3], standard=row[2] in STANDARDS) if row[3] else None
    return KnownDocument(
        id=row[0],
        doc_type=row[2],
        number=number,
        year=row[4],
        place=str(row[1]).rpartition("|")[2] or None,
        issuer=row[6],
        issued_on=day(row[7] or ""),
        title=row[8],
        names=_names_of(row[1], row[8]) if row[2] in STATUTES else (),
        in_force_from=day(row[9] or ""),
        in_force_to=day(row[10] or ""),
        replaced_by=row[11],
    )


def _names_of(key: str, title: str | None) -> tuple[str, ...]:
    """Returns all names of a statute: those in the reference tables, and its title in the archive."""
    return tuple(dict.fromkeys([*shipped_names().get(key, ()), *(statute_names(title) if title else ())]))


def load_known(database: Database, documents: Iterable[KnownDocument]) -> None:
    """Inserts or updates known documents. A stub with the same key becomes known and keeps its id. Part of the caller's transaction.

    A missing fact (an empty title, no end of force) does not remove a stored one, except from a stub, whose facts only summarise citations.
    A document whose file is kept stays *held*.
    """
    assignments = ", ".join(
        f"{name} = coalesce(excluded.{name}, case when status <> 'stub' then {name} end)"
        if name in STATED_FACTS
        else "status = case when status = 'held' then 'held' else excluded.status end"
        if name == "status"
        else f"{name} = excluded.{name}"
        for name in _filled()
        if name != "key"
    )
    database.conn.executemany(
        f"{_insert()} on conflict (key) do update set {assignments}", (tuple(row_of(document).values()) for document in documents)
    )


def row_of(document: KnownDocument) -> dict[str, Any]:
    """Returns the columns of `documents` that a known document fills."""
    key = document.key
    shown = shown_number(document.doc_type, document.number) if document.number else None
    return {
        "key": str(key),
        "label": label_of_shown(document.doc_type, shown, document.title),
        "type": document.doc_type,
        "number": shown,
        "number_form": number_form(document.number) if document.number else None,
        "year": document.year,
        "issuer": document.issuer,
        "unit_id": key.unit,
        "issued_on": document.issued_on.isoformat() if document.issued_on else None,
        "title": document.title,
        "status": "known",
        "in_force_from": document.in_force_from.isoformat() if document.in_force_from else None,
        "in_force_to": document.in_force_to.isoformat() if document.in_force_to else None,
        "replaced_by": document.replaced_by,
        "confidence": document.confidence,
    }


@cache
def _filled() -> tuple[str, ...]:
    """Returns the columns that `row_of` fills."""
    return tuple(row_of(KnownDocument(0, "luật", None, None, None, None, None)))


@cache
def _insert() -> str:
    return f"insert into documents ({', '.join(_filled())}) values ({', '.join('?' * len(_filled()))})"


def stub(database: Database, key: DocumentKey, number: str) -> int:
    """Returns the id of the document with this key. Adds it as a stub if there is none. Part of the caller's transaction."""
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


def name_stubs(database: Database, only: str = "") -> None:
    """Gives each stub the spelling of its number that its full citations have most often. Part of the caller's transaction.

    `only`: a condition on the table documents that begins with "and".
    """
    rows = database.execute(
        f"""
        select documents.id, documents.type, documents.label, spelling from documents join (
            select document_id, number as spelling, row_number() over
                (partition by document_id order by count(*) desc, length(number) desc, number) as place
            from citations where number is not null and kind <> 'short'
            and document_id in (select id from documents where status = 'stub' {only}) group by document_id, number
        ) on document_id = documents.id and place = 1
        """
    ).fetchall()
    database.conn.executemany(
        "update documents set label = ?, number = ?, number_form = ? where id = ?",
        (
            [label(doc_type, spelling, None), shown_number(doc_type, spelling), number_form(spelling), document_id]
            for document_id, doc_type, labelled, spelling in rows
            if label(doc_type, spelling, None) != labelled
        ),
    )


def load_reference_documents(database: Database) -> None:
    """Writes the documents of the project's reference tables. Part of the caller's transaction."""
    if database.execute("select 1 from documents limit 1").fetchone():
        load_known(database, reference_documents())
    else:  # a new archive: no row can be there already, and a plain insert takes half the time
        database.conn.executemany(_insert(), _reference_rows())


@cache
def _reference_rows() -> tuple[tuple[Any, ...], ...]:
    """Returns the rows of the reference tables, kept for the next new archive of this process."""
    return tuple(tuple(row_of(document).values()) for document in reference_documents())
