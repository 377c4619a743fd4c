"""Resolves a citation to one document, to several candidates, or to none.
Nothing is guessed. The numbers begin anew each year. So a short citation is never resolved only because the register knows no other
document: year and issuer, or the day, must agree. Every result has the code of its rule; `reference/rules.csv` describes the codes. The
time is linear in the number of citations.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Sequence
from datetime import timedelta

from scraper.citations.context.earlier_citations import Antecedents, first_figure, stated_year
from scraper.citations.context.just_issued import JUST_ISSUED
from scraper.citations.forms.agreement import same_day, same_issuer, same_year
from scraper.citations.forms.document_keys import codes_of, fold_number, is_local, key_type, keys_in, places_of, year_in_number
from scraper.citations.grammar import grammar
from scraper.citations.resolving.known_documents import KnownDocument, KnownDocuments
from scraper.citations.resolving.result import (
    AMBIGUOUS,
    RESOLVED,
    STUB,
    UNRESOLVED,
    Resolution,
    ambiguous,
    confidence_of,
    resolved,
    unresolved,
)
from scraper.citations.resolving.statutes import named
from scraper.model import Context, Mention

__all__ = ["Resolution", "resolve"]


def resolve(mentions: Sequence[Mention], known: KnownDocuments, context: Context) -> tuple[Resolution, ...]:
    """Returns the resolution of each citation of one article. The citations must be in reading order. `known`: the documents to look up."""
    if not mentions:
        return ()
    results = [
        named(mention, known, context)
        if mention.kind == "named"
        else _numbered(mention, known, context)
        if mention.kind in ("numbered", "standard")
        else Resolution(UNRESOLVED)
        for mention in mentions
    ]
    _share(mentions, results)
    full = _full_citations(mentions, results)
    for index, mention in enumerate(mentions):
        if mention.kind == "short":
            results[index] = _short(mention, full, known, context)
    return tuple(results)


# --- full numbers ---------------------------------------------------------------------------------


def _numbered(mention: Mention, known: KnownDocuments, context: Context) -> Resolution:
    assert mention.number is not None
    local = mention.kind == "numbered" and is_local(mention.number)
    places = places_of(mention, context) if local else ()
    keys = keys_in(mention, places if local else (None,))
    in_number = year_in_number(mention.number)
    conflict = in_number is not None and mention.issued_on is not None and int(mention.issued_on[:4]) != in_number
    folded = keys[0].number if keys else fold_number(mention.number)
    candidates = [document for document in known.by_number(folded) if _fits(document, mention, places, context)]
    if len(places) > 1:
        return ambiguous(candidates, "number-several-places", date_conflict=conflict)
    if len(candidates) == 1:
        conflict = conflict or same_day(mention.issued_on, candidates[0].issued_on) is False
        rule = "number-known" if in_number or mention.year or mention.kind == "standard" else "number-known-no-year"
        return resolved(candidates[0], rule, date_conflict=conflict)
    if candidates:
        return ambiguous(candidates, "number-several", date_conflict=conflict)
    if in_number is None and (full := _with_its_year(mention, known)) is not None:
        return resolved(full, "number-without-its-year")
    if keys:
        rule = "number-new"
        return Resolution(STUB, key=keys[0], date_conflict=conflict, rule=rule, confidence=confidence_of(rule))
    return unresolved("number-no-place" if local and not places else "number-no-year", date_conflict=conflict)


def _with_its_year(mention: Mention, known: KnownDocuments) -> KnownDocument | None:
    """Returns the document whose number was written without its year: "Nghị định số 72/NĐ-CP ngày 15/7/2013" is 72/2013/NĐ-CP. Returns None
    if there is not exactly one.
    Figure, codes and the whole day must agree, because two documents can share the rest: 749/QĐ-TTg and 749/2008/QĐ-TTg were two series.
    """
    assert mention.number is not None
    if mention.kind != "numbered" or mention.issued_on is None or len(mention.issued_on) < 10 or is_local(mention.number):
        return None
    codes = codes_of(mention.number)
    same = [
        document
        for document in known.by_figure(key_type(mention), fold_number(mention.number).split("/")[0])
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
    if mention.kind != "standard" and doc_type not in _types(mention):
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


def _share(mentions: Sequence[Mention], results: list[Resolution]) -> None:
    """Resolve a number without a year or province like the same number elsewhere in the article, if that is only one document."""
    if not any(mention.number and result.status in (UNRESOLVED, AMBIGUOUS) for mention, result in zip(mentions, results, strict=True)):
        return
    found: defaultdict[tuple[str, str], dict[Hashable, Resolution]] = defaultdict(dict)
    for mention, result in zip(mentions, results, strict=True):
        if mention.number and result.status in (RESOLVED, STUB):
            found[fold_number(mention.number), key_type(mention)].setdefault(result.target, result)
    rule = "number-in-article"
    for index, (mention, result) in enumerate(zip(mentions, results, strict=True)):
        if mention.number is None or result.status not in (UNRESOLVED, AMBIGUOUS):
            continue
        others = found.get((fold_number(mention.number), key_type(mention)), {})
        if len(others) == 1:
            [other] = others.values()
            results[index] = Resolution(
                other.status,
                other.document,
                other.key,
                date_conflict=result.date_conflict,
                rule=rule,
                confidence=confidence_of(rule),
                known=other.known,
            )


# --- short citations ------------------------------------------------------------------------------


def _full_citations(mentions: Sequence[Mention], results: Sequence[Resolution]) -> Antecedents[Resolution]:
    """Returns the numbered citations of the article by type and figure, with their resolutions."""
    full: Antecedents[Resolution] = Antecedents()
    if all(mention.kind != "short" for mention in mentions):
        return full
    for mention, result in zip(mentions, results, strict=True):
        if mention.kind == "numbered" and mention.number:
            document = result.known
            day = document.issued_on.isoformat() if document is not None and document.issued_on is not None else None
            target = result.target or fold_number(mention.number)
            full.add(mention, target, result, issued_on=day, issuer=document.issuer if document is not None else None)
    return full


def _short(mention: Mention, full: Antecedents[Resolution], known: KnownDocuments, context: Context) -> Resolution:
    """Resolve a short citation: to the only full citation in the article that it can refer to, otherwise to a document of the register."""
    targets = full.of(mention)
    if targets is None or len(targets) > 1:
        ids = [found.target for found in (targets or {}).values() if found.target is not None]
        rule = "short-in-article-several"
        return Resolution(AMBIGUOUS, candidates=tuple(ids), rule=rule) if len(ids) > 1 else unresolved(rule)
    rule = "short-in-article"
    for found in targets.values():
        confidence = confidence_of(rule) if found.target is not None else None
        return Resolution(found.status, found.document, found.key, found.candidates, rule=rule, confidence=confidence, known=found.known)
    return _short_in_register(mention, known, context)


def _short_in_register(mention: Mention, known: KnownDocuments, context: Context) -> Resolution:
    documents = known.by_figure(mention.doc_type, first_figure(mention.number or ""))
    if not documents:
        return unresolved("short-unknown")
    candidates = [document for document in documents if _can_be(document, mention, context)]
    if not candidates:
        return unresolved("short-contradicted", date_conflict=_all_of_another_day(documents, mention))
    if "/" in (mention.number or ""):  # "Nghị định 72/2018" has the year in its number
        candidates = [one for one in candidates if one.number and year_in_number(one.number)] or candidates
    for rule, fits in (
        ("short-year-issuer", _year_agrees),
        ("short-day", _day_agrees),
        ("short-just-issued", _just_issued),
        ("short-lettered", _has_letter),
    ):
        if len(candidates) > 1 and rule != "short-just-issued":
            continue
        agreeing = [document for document in candidates if fits(document, mention, context)]
        if len(agreeing) == 1:
            return resolved(agreeing[0], rule)
    if len(candidates) > 1:
        return ambiguous(candidates, "short-several")
    return unresolved("short-no-year" if stated_year(mention) is None else "short-no-issuer")


def _all_of_another_day(documents: Sequence[KnownDocument], mention: Mention) -> bool:
    """Returns whether the stated day contradicts all documents of the stated year. Then the text or the register has a slip."""
    of_year = [one for one in documents if same_year(stated_year(mention), one.year)]
    return bool(of_year) and all(same_day(mention.issued_on, one.issued_on) is False for one in of_year)


def _can_be(document: KnownDocument, mention: Mention, context: Context) -> bool:
    """Returns whether nothing contradicts a candidate: day, year, issuer, place, and the day of the article."""
    return (
        not _is_later(document, context)
        and same_day(mention.issued_on, document.issued_on) is not False
        and same_year(stated_year(mention), document.year) is not False
        and same_issuer(_issuer(mention), document.issuer, document.doc_type) is not False
        and (document.place is None or document.place in places_of(mention, context))
    )


def _issuer(mention: Mention) -> str | None:
    """Returns the stated issuer. If only one body issues documents of this type, returns that body."""
    kind = grammar().types.get(mention.doc_type)
    return mention.issuer or (kind.issuer if kind is not None else None)


def _issuer_agrees(document: KnownDocument, mention: Mention) -> bool:
    return same_issuer(_issuer(mention), document.issuer, document.doc_type) is True


def _year_agrees(document: KnownDocument, mention: Mention, context: Context) -> bool:
    return same_year(stated_year(mention), document.year) is True and _issuer_agrees(document, mention)


def _day_agrees(document: KnownDocument, mention: Mention, context: Context) -> bool:
    whole_day = mention.issued_on is not None and len(mention.issued_on) == 10
    return whole_day and same_day(mention.issued_on, document.issued_on) is True


# A document that was "just" issued is at most three months old; if it is of the year before, one month.
_JUST, _JUST_LAST_YEAR = timedelta(days=92), timedelta(days=31)


def _just_issued(document: KnownDocument, mention: Mention, context: Context) -> bool:
    """Returns whether the article says "vừa ban hành" of a document of its year: "Thủ tướng vừa ban hành Chỉ thị 16" on 1 April 2020."""
    published, issued = context.published, document.issued_on
    if JUST_ISSUED not in mention.flags or published is None or issued is None:
        return False
    longest = _JUST if issued.year == published.year else _JUST_LAST_YEAR
    return issued <= published <= issued + longest and _issuer_agrees(document, mention)


def _has_letter(document: KnownDocument, mention: Mention, context: Context) -> bool:
    """Returns whether the figure has a letter ("Nghị quyết 36a của Chính phủ") and the issuer agrees. Such a number is inserted between
    two others, so it rarely occurs twice.
    """
    return not first_figure(mention.number or "").isdigit() and _issuer_agrees(document, mention)
