"""Resolves citations with a full number: "749/QĐ-TTg", "TCVN ISO 9001:2008"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scraper.citations.forms.agreement import same_day, same_year
from scraper.citations.forms.document_keys import (
    codes_of,
    first_serial,
    fold_number,
    is_local,
    key_type,
    keys_in,
    places_of,
    year_in_number,
)
from scraper.citations.resolving.known_documents import KnownDocument, KnownDocuments
from scraper.citations.resolving.result import STUB, Resolution, ambiguous, confidence_of, resolved, unresolved
from scraper.model import Context, Mention


def full_number(mention: Mention, known: KnownDocuments, context: Context) -> Resolution:
    """Returns the resolution to a known document; otherwise to a stub, if type, number, year and place identify a document."""
    assert mention.number is not None
    local = mention.kind.has_codes and is_local(mention.number)
    places = places_of(mention, context) if local else ()
    keys = keys_in(mention, places if local else (None,))
    in_number = year_in_number(mention.number)
    conflict = in_number is not None and mention.issued_on is not None and int(mention.issued_on[:4]) != in_number
    folded = keys[0].number if keys else fold_number(mention.number)
    candidates = [document for document in known.by_number(folded) if _fits(document, mention, places, context)]
    if len(places) > 1:
        return ambiguous(candidates, "number-several-places", date_conflict=conflict)
    if candidates:
        return _one_of(candidates, mention, conflict)
    if in_number is None and (full := _with_its_year(mention, known)) is not None:
        return resolved(full, "number-without-its-year")
    if keys:
        rule = "number-new"
        return Resolution(STUB, key=keys[0], date_conflict=conflict, rule=rule, confidence=confidence_of(rule))
    return unresolved("number-no-place" if local and not places else "number-no-year", date_conflict=conflict)


def _one_of(candidates: Sequence[KnownDocument], mention: Mention, conflict: bool) -> Resolution:
    """Returns the resolution to the only candidate, or to all of them. `conflict`: the stated date contradicts the number."""
    if len(candidates) > 1:
        return ambiguous(candidates, "number-several", date_conflict=conflict)
    [only] = candidates
    without_year = mention.kind.numbered_by_year and not mention.year and year_in_number(mention.number or "") is None
    conflict = conflict or same_day(mention.issued_on, only.issued_on) is False
    return resolved(only, "number-known-no-year" if without_year else "number-known", date_conflict=conflict)


def _with_its_year(mention: Mention, known: KnownDocuments) -> KnownDocument | None:
    """Returns the document whose number was written without its year: "Nghị định số 72/NĐ-CP ngày 15/7/2013" is 72/2013/NĐ-CP. Returns None
    if there is not exactly one.
    Serial, codes and the whole day must agree, because two documents can share the rest: 749/QĐ-TTg and 749/2008/QĐ-TTg were two series.
    """
    assert mention.number is not None
    if not mention.kind.has_codes or mention.issued_on is None or len(mention.issued_on) < 10 or is_local(mention.number):
        return None
    codes = codes_of(mention.number)
    same = [
        document
        for document in known.by_serial(key_type(mention), first_serial(mention.number))
        if document.number
        and year_in_number(document.number) == mention.year
        and codes_of(document.number) == codes
        and same_day(mention.issued_on, document.issued_on)
    ]
    return same[0] if len(same) == 1 else None


def _fits(document: KnownDocument, mention: Mention, places: Sequence[str], context: Context) -> bool:
    """Returns whether a known document with the same number can be the cited one."""
    assert mention.number is not None
    doc_type = "luật" if document.doc_type == "bộ luật" else document.doc_type
    if mention.kind.has_codes and doc_type not in _types(mention):
        return False
    if document.place is not None and document.place not in places:
        return False
    if year_in_number(mention.number) is not None:
        return True
    if mention.year is None:
        # An article cites no document that is not yet signed. A document without a year in its number can be one of a later year.
        return not _is_later(document, context)
    return same_year(document.year, mention.year) is not False or _slipped_year(document, mention)


def _types(mention: Mention) -> tuple[str, ...]:
    """Returns the types that a number can have. A bare number of the National Assembly can be that of a law or a resolution."""
    if mention.text[:1].isdigit() and mention.number and re.search(r"/QH\d+$", mention.number):
        return "luật", "nghị quyết"
    return key_type(mention), mention.doc_type


def _slipped_year(document: KnownDocument, mention: Mention) -> bool:
    """Returns whether day and month agree and only the year differs. That is a slip, because two documents with one number rarely have
    the same day.
    """
    stated = mention.issued_on
    return stated is not None and len(stated) == 10 and document.issued_on is not None and document.issued_on.isoformat()[5:] == stated[5:]


def _is_later(document: KnownDocument, context: Context) -> bool:
    """Returns whether a document was issued after the article was published."""
    return document.issued_on is not None and context.published is not None and document.issued_on > context.published
