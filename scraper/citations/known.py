"""Looking up known documents: the question that resolving asks, and an answer held in memory."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Protocol

from scraper.citations.grammar import grammar
from scraper.citations.identity import DocumentKey, codes_of, fold_number, is_local, year_in_number
from scraper.citations.issuers import of_code
from scraper.citations.normalise import normalise_number
from scraper.reference import day, rows, split, units
from scraper.text import fold, squeeze


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A document that somebody vouches for."""

    id: Hashable
    doc_type: str
    number: str | None  # canonical
    year: int | None
    place: str | None  # the id of a unit, as DocumentKey.place
    issuer: str | None
    issued_on: date | None
    title: str | None = None
    names: tuple[str, ...] = ()  # folded names by which a statute is called
    in_force_from: date | None = None
    in_force_to: date | None = None
    replaced_by: str | None = None
    confidence: str = "medium"

    @property
    def key(self) -> DocumentKey:
        """The same key that a full citation of it has."""
        number = fold_number(self.number) if self.number else "~" + (self.names[0] if self.names else "")
        year = None if self.number and year_in_number(self.number) else self.year
        return DocumentKey("luật" if self.doc_type == "bộ luật" else self.doc_type, number, year, self.place)


class KnownDocuments(Protocol):
    """What resolving asks about documents."""

    def by_number(self, folded: str) -> Sequence[KnownDocument]:
        """Those with this number, separators and leading zeros folded."""

    def by_figure(self, doc_type: str, figure: str) -> Sequence[KnownDocument]:
        """Those of a type whose number begins with this figure."""

    def by_name(self, folded: str) -> Sequence[KnownDocument]:
        """Statutes called so, folded."""


class DocumentsInMemory:
    """Known documents, indexed three ways."""

    def __init__(self, documents: Iterable[KnownDocument]) -> None:
        self._numbers: defaultdict[str, list[KnownDocument]] = defaultdict(list)
        self._figures: defaultdict[tuple[str, str], list[KnownDocument]] = defaultdict(list)
        self._names: defaultdict[str, list[KnownDocument]] = defaultdict(list)
        for document in documents:
            if document.number:
                folded = fold_number(document.number)
                self._numbers[folded].append(document)
                self._figures[document.doc_type, folded.split("/")[0]].append(document)
            for name in document.names:
                self._names[name].append(document)

    def by_number(self, folded: str) -> Sequence[KnownDocument]:
        return self._numbers.get(folded, ())

    def by_figure(self, doc_type: str, figure: str) -> Sequence[KnownDocument]:
        return self._figures.get((doc_type, figure), ())

    def by_name(self, folded: str) -> Sequence[KnownDocument]:
        return self._names.get(folded, ())


def name_key(name: str) -> str:
    """A statute's name for comparing: folded, without "Luật" and its like, the year and what stands in brackets."""
    text = re.sub(r"\(.*?\)", " ", fold(name))
    text = re.sub(r"\b(?:nam\s+)?(?:19|20)\d{2}\b|\bsua doi(?: bo sung)?\s*$", " ", text)
    text = re.sub(r"^(?:bo luat|luat|phap lenh|hien phap)\s+", "", squeeze(text))
    return squeeze(re.sub(r"[^a-z0-9&]+", " ", text))


@cache
def reference_documents() -> tuple[KnownDocument, ...]:
    """The documents of the project's own reference tables, each key once; the better vouched for wins."""
    found: dict[str, KnownDocument] = {}
    for document in (*_laws(), *_core(), *_codified()):
        known = found.setdefault(str(document.key), document)
        if known is not document and known.issued_on is None:
            found[str(document.key)] = document
    return tuple(found.values())


def _noun(name: str) -> str:
    """The noun of the grammar that the name of a document type begins with."""
    text = squeeze(name).lower()
    nouns = sorted(grammar().types, key=len, reverse=True)
    return next((noun for noun in nouns if text.startswith(noun)), text)


@cache
def _types() -> dict[str, str]:
    return {row["type_id"]: _noun(row["name_vi"]) for row in rows("document_types")}


def _core() -> Iterable[KnownDocument]:
    names = {row["issuer_id"]: row["name_vi"] for row in rows("issuers")}
    for row in rows("documents_core"):
        issued = day(row["issued_on"])
        number = normalise_number(row["number"])
        yield KnownDocument(
            id=row["doc_id"],
            doc_type=_types()[row["type_id"]],
            number=number,
            year=year_in_number(number) or (issued.year if issued else None),
            place=(row["province_id"] or None) if is_local(number) else None,
            issuer=_issuer([names[one] for one in split(row["issuer_id"]) if one in names], row["province_id"]),
            issued_on=issued,
            title=row["short_title_vi"] or None,
            replaced_by=row["replaced_by"] or None,
            confidence=row["confidence"] or "medium",
        )


def _issuer(names: Sequence[str], province_id: str) -> str | None:
    """The issuer's name, of a joint document all of them; a local one with its place."""
    full = units()[province_id].full_name if province_id else ""
    place = f" {full[0].lower()}{full[1:]}" if full else ""
    return "; ".join(name.partition(" (")[0] + place for name in names) or None


def _codified() -> Iterable[KnownDocument]:
    for row in rows("documents_codified"):
        issued = day(row["issued_on"])
        number = normalise_number(row["number"])
        yield KnownDocument(
            id=row["doc_id"],
            doc_type=_noun(row["type_vi"]),
            number=number,
            year=year_in_number(number) or (issued.year if issued else None),
            place=None,
            issuer=of_code(codes_of(number), _noun(row["type_vi"]), ""),
            issued_on=issued,
            in_force_from=day(row["in_force_from"]),
            confidence="high",
        )


_KINDS = {"hien-phap": "hiến pháp", "bo-luat": "bộ luật", "luat": "luật", "phap-lenh": "pháp lệnh"}


def _laws() -> Iterable[KnownDocument]:
    for row in rows("laws"):
        number = normalise_number(row["number"]) if row["number"] else None
        passed = day(row["passed_on"])
        doc_type = _KINDS.get(row["kind"], _noun(row["name_vi"]))
        names = tuple(dict.fromkeys(name_key(name) for name in (row["name_vi"], *split(row["aliases"]))))
        yield KnownDocument(
            id=row["law_id"],
            doc_type=doc_type,
            number=number,
            year=passed.year if passed else (year_in_number(number) if number else None),
            place=None,
            issuer="Ủy ban Thường vụ Quốc hội" if doc_type == "pháp lệnh" else "Quốc hội",
            issued_on=passed,
            title=row["name_vi"],
            names=names if doc_type != "hiến pháp" else ("hien phap", *names),
            in_force_from=day(row["in_force_from"]),
            in_force_to=day(row["in_force_to"]),
            replaced_by=row["replaced_by"] or None,
            confidence="medium" if row["basis"] == "knowledge" else "high",
        )
