"""Known documents for resolving: the protocol of the lookups, documents in memory, and the tables that the project ships."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Protocol

from scraper.citations.forms.document_keys import DocumentKey, codes_of, fold_number, is_local, year_in_number
from scraper.citations.forms.number_spelling import normalise_number
from scraper.citations.forms.statute_keys import amending_key, name_key, title_key
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.citations.issuers.issuer_codes import issuer_of_code
from scraper.reference import day, lines_by_serial, parse_lines, rows, split, units
from scraper.text import squeeze


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A document of a register: a reference table, or a list that a user imported."""

    id: Hashable
    doc_type: str
    number: str | None  # canonical
    year: int | None
    place: str | None  # the id of a unit, as DocumentKey.place
    issuer: str | None
    issued_on: date | None
    title: str | None = None
    names: tuple[str, ...] = ()  # the folded names of a statute
    in_force_from: date | None = None
    in_force_to: date | None = None
    replaced_by: str | None = None
    confidence: str = "medium"

    @property
    def key(self) -> DocumentKey:
        """Returns the key that a full citation of the document has."""
        number = fold_number(self.number) if self.number else "~" + (self.names[0] if self.names else "")
        year = None if self.number and year_in_number(self.number) else self.year
        return DocumentKey("luật" if self.doc_type == "bộ luật" else self.doc_type, number, year, self.place)


class KnownDocuments(Protocol):
    """The lookups that resolving needs. Each returns a document at most once."""

    def by_number(self, folded: str) -> Sequence[KnownDocument]:
        """Returns the documents with this number. `folded`: as `fold_number` returns it."""

    def by_serial(self, doc_type: str, serial: str) -> Sequence[KnownDocument]:
        """Returns the documents of a type whose number begins with this serial, like ("nghị định", "64")."""

    def by_name(self, folded: str) -> Sequence[KnownDocument]:
        """Returns the statutes with this name. `folded`: as `name_key` returns it."""


class DocumentsInMemory:
    """Known documents in three indexes: number, serial and name."""

    def __init__(self, documents: Iterable[KnownDocument]) -> None:
        self._numbers: defaultdict[str, list[KnownDocument]] = defaultdict(list)
        self._serials: defaultdict[tuple[str, str], list[KnownDocument]] = defaultdict(list)
        self._names: defaultdict[str, list[KnownDocument]] = defaultdict(list)
        for document in documents:
            if document.number:
                folded = fold_number(document.number)
                self._numbers[folded].append(document)
                self._serials[document.doc_type, folded.split("/")[0]].append(document)
            for name in dict.fromkeys(document.names):
                self._names[name].append(document)

    def by_number(self, folded: str) -> Sequence[KnownDocument]:
        return self._numbers.get(folded, ())

    def by_serial(self, doc_type: str, serial: str) -> Sequence[KnownDocument]:
        return self._serials.get((doc_type, serial), ())

    def by_name(self, folded: str) -> Sequence[KnownDocument]:
        return self._names.get(folded, ())


# --- the tables that the project ships ----------------------------------------------------------------


class ReferenceDocuments:
    """The documents of the reference tables. A row is parsed only when it is looked up, so that a command starts fast."""

    def by_number(self, folded: str) -> Sequence[KnownDocument]:
        return _indexed(_group(folded)).by_number(folded)

    def by_serial(self, doc_type: str, serial: str) -> Sequence[KnownDocument]:
        return _indexed(_group(serial)).by_serial(doc_type, serial)

    def by_name(self, folded: str) -> Sequence[KnownDocument]:
        return [one for group in _groups_of_names().get(folded, ()) for one in _of_group(group) if folded in one.names]


_FIRST_DIGITS = late_pattern(r"0*(?P<digits>[0-9]*)")


def _group(folded: str) -> str:
    """Returns the group of `lines_by_serial` that holds a folded number: its first digits."""
    return _FIRST_DIGITS.match(folded)["digits"]  # type: ignore[index]


@cache
def _of_group(group: str) -> tuple[KnownDocument, ...]:
    """Returns the documents whose numbers begin with the same digits, each key once."""
    found: dict[str, KnownDocument] = {}
    codified = parse_lines("documents_codified", lines_by_serial("documents_codified").get(group, ()))
    core = parse_lines("documents_core", lines_by_serial("documents_core").get(group, ()))
    for document in (*_laws_of(group), *_core(core), *_codified(codified)):
        key = str(document.key)
        found[key] = _completed(found[key], document) if key in found else document
    return tuple(found.values())


@cache
def _indexed(group: str) -> DocumentsInMemory:
    return DocumentsInMemory(_of_group(group))


STATED_FACTS = ("issuer", "issued_on", "title", "in_force_from", "in_force_to", "replaced_by")


def _completed(first: KnownDocument, other: KnownDocument) -> KnownDocument:
    """Returns `first` with the fields that only another row of the same document states."""
    missing = {name: getattr(other, name) for name in STATED_FACTS if getattr(first, name) is None and getattr(other, name) is not None}
    return replace(first, **missing) if missing else first


@cache
def _groups_of_names() -> Mapping[str, Sequence[str]]:
    """Returns, for each name of a statute, the groups that hold a statute with that name."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for group, documents in _laws().items():
        for document in documents:
            for name in document.names:
                found[name][group] = None
    return {name: tuple(groups) for name, groups in found.items()}


@cache
def reference_documents() -> tuple[KnownDocument, ...]:
    """Returns every document of the shipped reference tables, each key once."""
    groups = {**_laws(), **lines_by_serial("documents_core"), **lines_by_serial("documents_codified")}
    return tuple(document for group in groups for document in _of_group(group))


@cache
def _noun(name: str) -> str:
    """Returns the noun of the grammar at the beginning of the name of a document type."""
    text = squeeze(name).lower()
    nouns = sorted(grammar().types, key=len, reverse=True)
    return next((noun for noun in nouns if text.startswith(noun)), text)


@cache
def _types() -> dict[str, str]:
    return {row["type_id"]: _noun(row["name_vi"]) for row in rows("document_types")}


def _core(table: Iterable[Mapping[str, str]]) -> Iterable[KnownDocument]:
    names = _issuer_names()
    for row in table:
        issued = day(row["issued_on"])
        number = normalise_number(row["number"])
        doc_type = _types()[row["type_id"]]
        issuer = _issuer([names[one] for one in split(row["issuer_id"]) if one in names], row["province_id"])
        yield KnownDocument(
            id=row["doc_id"],
            doc_type=doc_type,
            number=number,
            year=year_in_number(number) or (issued.year if issued else None),
            place=(row["province_id"] or None) if is_local(number) else None,
            issuer=issuer or issuer_of_code(codes_of(number), doc_type),
            issued_on=issued,
            title=row["short_title_vi"] or None,
            in_force_from=day(row["in_force_from"]),
            in_force_to=day(row["in_force_to"]),
            replaced_by=row["replaced_by"] or None,
            confidence=row["confidence"] or "medium",
        )


@cache
def _issuer_names() -> Mapping[str, str]:
    return {row["issuer_id"]: row["name_vi"] for row in rows("issuers")}


def _issuer(names: Sequence[str], province_id: str) -> str | None:
    """Returns the name of the issuer; for a joint document all names, separated by "; "; for a local body with its place. Returns None
    if there is none.
    """
    full = units()[province_id].full_name if province_id else ""
    place = f" {full[0].lower()}{full[1:]}" if full else ""
    return "; ".join(name.partition(" (")[0] + place for name in names) or None


def _codified(table: Iterable[Mapping[str, str]]) -> Iterable[KnownDocument]:
    for row in table:
        issued = day(row["issued_on"])
        number = normalise_number(row["number"])
        yield KnownDocument(
            id=row["doc_id"],
            doc_type=_noun(row["type_vi"]),
            number=number,
            year=year_in_number(number) or (issued.year if issued else None),
            place=None,
            issuer=issuer_of_code(codes_of(number), _noun(row["type_vi"])),
            issued_on=issued,
            in_force_from=day(row["in_force_from"]),
            confidence="high",
        )


_KINDS = {"hien-phap": "hiến pháp", "bo-luat": "bộ luật", "luat": "luật", "phap-lenh": "pháp lệnh"}


@cache
def _rows_of_laws() -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Returns the rows of laws.csv in the groups of `lines_by_serial`. The digits at the beginning of a number are the same in every
    spelling, so it need not be normalised here; a test checks that.
    """
    groups: defaultdict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows("laws"):
        groups[_group(row["number"])].append(row)
    return groups


def _laws() -> Mapping[str, Sequence[KnownDocument]]:
    """Returns the statutes of laws.csv by their number, in the groups of `lines_by_serial`."""
    return {group: _laws_of(group) for group in _rows_of_laws()}


@cache
def _laws_of(group: str) -> Sequence[KnownDocument]:
    return tuple(map(_law, _rows_of_laws().get(group, ())))


def _law(row: Mapping[str, str]) -> KnownDocument:
    number = normalise_number(row["number"]) if row["number"] else None
    passed = day(row["passed_on"])
    doc_type = _KINDS[row["kind"]]
    return KnownDocument(
        id=row["law_id"],
        doc_type=doc_type,
        number=number,
        year=passed.year if passed else (year_in_number(number) if number else None),
        place=None,
        issuer="Ủy ban Thường vụ Quốc hội" if doc_type == "pháp lệnh" else "Quốc hội",
        issued_on=passed,
        title=row["name_vi"],
        names=statute_names(row["name_vi"], split(row["aliases"])),
        in_force_from=day(row["in_force_from"]),
        in_force_to=day(row["in_force_to"]),
        replaced_by=row["replaced_by"] or None,
        confidence=row["confidence"],
    )


@cache
def shipped_names() -> Mapping[str, tuple[str, ...]]:
    """Returns the names of the statutes of laws.csv, by their keys."""
    return {str(document.key): document.names for group in _laws().values() for document in group}


def statute_names(title: str, aliases: Sequence[str] = ()) -> tuple[str, ...]:
    """Returns the keys for looking up a statute. An amending law has only its own name, not that of the amended law."""
    keys = [title_key(title)]
    if amending_key(keys[0]) is None:
        keys += [key for key in map(name_key, aliases) if amending_key(key) is None]
    return tuple(dict.fromkeys(key for key in keys if key))
