"""Resolves statutes that are cited by name: "Luật Báo chí", "Bộ luật Dân sự năm 2015", "Hiến pháp"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from scraper.citations.forms.agreement import same_day
from scraper.citations.forms.document_keys import fold_number
from scraper.citations.forms.number_spelling import normalise_number
from scraper.citations.forms.statute_keys import AMENDING, amending_key, name_key
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.resolving.known_documents import KnownDocument, KnownDocuments
from scraper.citations.resolving.result import Resolution, ambiguous, resolved, unresolved
from scraper.citations.scan.foreign_law_names import MAYBE_FOREIGN
from scraper.model import Context, Mention
from scraper.reference import split

_REVISED = late_pattern(r"\(\s*sửa\s+đổi|sửa\s+đổi\s*\)?\s*$", re.IGNORECASE)


def named(mention: Mention, known: KnownDocuments, context: Context) -> Resolution:
    """Returns the resolution of a cited name: the statute of the stated year, otherwise the one in force when the article was published.
    An amending law is only meant if the citation says so, or if it states the year of the amending law ("Luật Sở hữu trí tuệ năm 2009").
    """
    if MAYBE_FOREIGN in mention.flags:
        return unresolved("name-maybe-foreign")
    key = name_key(mention.text)
    documents = _of_type(known.by_name(key), mention)
    amending = _of_type(known.by_name(AMENDING + key), mention) if mention.year and amending_key(key) is None else []
    if not documents and not amending:
        return unresolved("name-unknown")
    agreeing = [one for one in documents if same_day(mention.issued_on, one.issued_on) is not False]
    if documents and not agreeing and not amending:
        return unresolved("name-contradicted", date_conflict=True)
    if mention.year is not None:
        return _of_year(mention, agreeing, amending)
    if amending_key(key) is not None:
        return _amending(agreeing, context.published)
    if context.published is None:
        return resolved(agreeing[0], "name-only") if len(agreeing) == 1 else ambiguous(agreeing, "name-several")
    return _in_force(mention, agreeing, known, context.published)


def _of_type(documents: Sequence[KnownDocument], mention: Mention) -> list[KnownDocument]:
    """Returns the documents with a matching type. People write "Luật Lao động" for a code; "Bộ luật" for a law is only a mistake."""
    wanted = (mention.doc_type, "bộ luật") if mention.doc_type == "luật" else (mention.doc_type,)
    return [document for document in documents if document.doc_type in wanted]


def _of_year(mention: Mention, documents: Sequence[KnownDocument], amending: Sequence[KnownDocument]) -> Resolution:
    """Returns the statute that was passed in the stated year, otherwise the law that amended it in that year."""
    for candidates, rule in ((documents, "name-year"), (amending, "name-year-amending")):
        of_year = [document for document in candidates if document.year == mention.year]
        if len(of_year) == 1:
            return resolved(of_year[0], rule)
        if of_year:
            return ambiguous(of_year, "name-several")
    return unresolved("name-other-time")


def _amending(documents: Sequence[KnownDocument], published: date | None) -> Resolution:
    """Resolve an amending law without a year: the only one that was passed before the article."""
    passed = [one for one in documents if published is None or one.issued_on is None or one.issued_on <= published]
    if len(passed) == 1:
        return resolved(passed[0], "name-only")
    return ambiguous(passed, "name-several") if passed else unresolved("name-other-time")


def _ended(passed: Sequence[KnownDocument], known: KnownDocuments) -> Resolution:
    """Resolve a statute that was no longer in force: the only one of its name, if statutes with other names replaced it."""
    if len(passed) != 1 or not passed[0].replaced_by:
        return unresolved("name-other-time")
    [ended] = passed
    successors = [one for number in split(ended.replaced_by or "") for one in known.by_number(fold_number(normalise_number(number)))]
    if not successors or any(set(one.names) & set(ended.names) for one in successors):
        return unresolved("name-other-time")
    return resolved(ended, "name-ended")


def _in_force(mention: Mention, documents: Sequence[KnownDocument], known: KnownDocuments, on: date) -> Resolution:
    passed = [one for one in documents if (began := one.issued_on or one.in_force_from) is None or began <= on]
    if _REVISED.search(mention.text) and len(passed) > 1 and all(one.issued_on for one in passed):
        return resolved(max(passed, key=lambda one: one.issued_on or date.min), "name-revised")
    standing = [one for one in passed if one.in_force_to is None or on <= one.in_force_to]
    if len(standing) == 1:
        return resolved(standing[0], "name-in-force")
    if not standing:
        return _ended(passed, known)
    last = _latest(standing, on)
    return resolved(last, "name-latest") if last is not None else ambiguous(standing, "name-several")


def _latest(standing: Sequence[KnownDocument], on: date) -> KnownDocument | None:
    """Returns the statute that replaced the earlier ones with the same name when it came into force. The register may not have their end.
    Returns None if another one may be in force too.
    """
    in_force = [one for one in standing if _has_begun(one, on)]
    if not in_force:
        return None
    last = max(in_force, key=_began)
    others = [one for one in standing if one is not last and (one.in_force_to is not None or _began(one) > _began(last))]
    return None if others else last


_AWAITED = timedelta(days=730)  # no statute waited longer between passing and coming into force


def _has_begun(document: KnownDocument, on: date) -> bool:
    if document.in_force_from is not None:
        return document.in_force_from <= on
    return document.issued_on is not None and document.issued_on + _AWAITED <= on


def _began(document: KnownDocument) -> date:
    return document.in_force_from or document.issued_on or date.min
