"""Resolving: from a mention to a document, to several candidates, or to none. Nothing is picked by closeness."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from scraper.citations.identity import DocumentKey, document_keys, fold_number, is_local, key_type, places_of, year_in_number
from scraper.citations.known import KnownDocument, KnownDocuments, name_key
from scraper.model import Context, Mention
from scraper.text import fold


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a mention was resolved to.

    `status`: resolved (to `document`, a known one); stub (to `key`, known only from citations); ambiguous (`candidates`);
    unresolved.
    """

    status: str
    document: Hashable = None
    key: DocumentKey | None = None
    candidates: tuple[Hashable, ...] = ()
    date_conflict: bool = False
    rule: str = ""


def resolve(mentions: Sequence[Mention], known: KnownDocuments, context: Context) -> tuple[Resolution, ...]:
    """Resolve the mentions of one article, in reading order. `known` looks documents up."""
    results: list[Resolution | None] = [None] * len(mentions)
    for index, mention in enumerate(mentions):
        if mention.kind in ("numbered", "standard"):
            results[index] = _numbered(mention, known, context)
        elif mention.kind == "named":
            results[index] = _named(mention, known, context)
    _share(mentions, results)
    for index, mention in enumerate(mentions):
        if mention.kind == "short":
            results[index] = _short(mention, index, mentions, results, known, context)
    return tuple(result if result is not None else Resolution("unresolved", rule="no rule for this kind") for result in results)


def _numbered(mention: Mention, known: KnownDocuments, context: Context) -> Resolution:
    assert mention.number is not None
    keys = document_keys(mention, context)
    local = mention.kind == "numbered" and is_local(mention.number)
    places = places_of(mention, context) if local else ()
    in_number = year_in_number(mention.number)
    conflict = in_number is not None and mention.issued_on is not None and int(mention.issued_on[:4]) != in_number
    folded = keys[0].number if keys else fold_number(mention.number)
    candidates = [document for document in known.by_number(folded) if _fits(document, mention, places, context)]
    if len(places) > 1:
        rule = "several provinces of that time can be meant"
        return Resolution("ambiguous" if candidates else "unresolved", candidates=_ids(candidates), date_conflict=conflict, rule=rule)
    if len(candidates) == 1:
        conflict = conflict or _contradicts(candidates[0], mention)
        return Resolution("resolved", candidates[0].id, date_conflict=conflict, rule="one known document has this number")
    if candidates:
        return Resolution("ambiguous", candidates=_ids(candidates), date_conflict=conflict, rule="several known documents have this number")
    if keys:
        return Resolution("stub", key=keys[0], date_conflict=conflict, rule="no known document has this number")
    missing = "province or office" if local and not places else "year"
    return Resolution("unresolved", date_conflict=conflict, rule=f"the {missing} of the number is stated nowhere")


def _ids(documents: Sequence[KnownDocument]) -> tuple[Hashable, ...]:
    return tuple(document.id for document in documents)


def _fits(document: KnownDocument, mention: Mention, places: Sequence[str], context: Context) -> bool:
    """Whether a known document with the same number can be the one that is meant."""
    assert mention.number is not None
    doc_type = "luật" if document.doc_type == "bộ luật" else document.doc_type
    if mention.kind != "standard" and doc_type not in _types(mention):
        return False
    if document.place is not None and document.place not in places:
        return False
    if year_in_number(mention.number) is not None:
        return True
    if mention.year is None:
        # Nobody cites what is not yet signed; a document without year in its number may be one of a later year.
        return not _is_later(document.issued_on, context.published)
    return document.year is None or document.year == mention.year or _slipped_year(document, mention)


def _types(mention: Mention) -> tuple[str, ...]:
    """The types that a number can be of. A bare number of the National Assembly is a law's or a resolution's."""
    if mention.text[:1].isdigit() and mention.number and re.search(r"/QH\d+$", mention.number):
        return "luật", "nghị quyết"
    return key_type(mention), mention.doc_type


def _slipped_year(document: KnownDocument, mention: Mention) -> bool:
    """Day and month as known, the year not: a slip, since two documents of one number hardly share the day."""
    stated = mention.issued_on
    return stated is not None and len(stated) == 10 and document.issued_on is not None and document.issued_on.isoformat()[5:] == stated[5:]


def _is_later(issued: date | None, published: date | None) -> bool:
    return issued is not None and published is not None and issued > published


def _contradicts(document: KnownDocument, mention: Mention) -> bool:
    stated = mention.issued_on
    if stated is None or document.issued_on is None:
        return False
    return not document.issued_on.isoformat().startswith(stated)


def _share(mentions: Sequence[Mention], results: list[Resolution | None]) -> None:
    """A number without year or province takes the document of its other mention in the same article, if there is just one."""
    for index, mention in enumerate(mentions):
        result = results[index]
        if result is None or result.status not in ("unresolved", "ambiguous") or mention.number is None:
            continue
        others = {
            _target(other): other
            for at, other in enumerate(results)
            if at != index and other is not None and other.status in ("resolved", "stub") and _same_number(mentions[at], mention)
        }
        if len(others) == 1:
            other = next(iter(others.values()))
            results[index] = Resolution(
                other.status,
                other.document,
                other.key,
                date_conflict=result.date_conflict,
                rule="the same number stands in full in this article",
            )


def _target(resolution: Resolution) -> tuple[Hashable, str]:
    return resolution.document, str(resolution.key)


def _same_number(one: Mention, other: Mention) -> bool:
    return (
        one.number is not None
        and other.number is not None
        and fold_number(one.number) == fold_number(other.number)
        and key_type(one) == key_type(other)
    )


def _short(
    mention: Mention, index: int, mentions: Sequence[Mention], results: Sequence[Resolution | None], known: KnownDocuments, context: Context
) -> Resolution:
    """A short mention: to the one full mention in the same article that it can stand for, else to the one known document."""
    figure, _, year = (mention.number or "").partition("/")
    figure = figure.lstrip("0") or "0"
    targets: dict[tuple[Hashable, str], Resolution] = {}
    for at, other in enumerate(mentions):
        result = results[at]
        if at == index or result is None or other.kind != "numbered" or not other.number or key_type(other) != mention.doc_type:
            continue
        full_year = year_in_number(other.number) or other.year
        if fold_number(other.number).split("/")[0] == figure and (not year or str(full_year) == year):
            targets[_target(result) if result.status in ("resolved", "stub") else (None, fold_number(other.number))] = result
    if len(targets) == 1:
        found = next(iter(targets.values()))
        return Resolution(found.status, found.document, found.key, found.candidates, rule="the full number stands in this article")
    if targets:
        return Resolution("unresolved", rule="several numbers in this article begin so")
    wanted = int(year) if year else mention.year
    documents = [
        document
        for document in known.by_figure(mention.doc_type, figure)
        if document.place is None
        and (wanted is None or document.year == wanted)
        and (mention.issuer is None or document.issuer is None or fold(document.issuer) == fold(mention.issuer))
        and not _is_later(document.issued_on, context.published)
        and (document.in_force_to is None or context.published is None or document.in_force_to >= context.published)
    ]
    # Type and figure alone are those of many bodies: year or issuer must be stated too.
    if len(documents) == 1 and (wanted is not None or mention.issuer is not None):
        rule = "one known document of that type, figure and " + ("year" if wanted is not None else "issuer")
        return Resolution("resolved", documents[0].id, date_conflict=_contradicts(documents[0], mention), rule=rule)
    if documents:
        return Resolution("ambiguous", candidates=_ids(documents), rule="known documents of that type and figure")
    return Resolution("unresolved", rule="no full number in this article, and no known document")


def _named(mention: Mention, known: KnownDocuments, context: Context) -> Resolution:
    """A statute by name: the one of that name that was in force when the article appeared, or of the year that is stated."""
    documents = [
        document
        for document in known.by_name(name_key(mention.text))
        if document.doc_type == mention.doc_type or (mention.doc_type == "luật" and document.doc_type == "bộ luật")
    ]
    if not documents:
        return Resolution("unresolved", rule="no known statute of that name")
    if mention.year is not None:
        documents = [document for document in documents if document.year == mention.year]
        rule = "the known statute of that name and year"
    elif context.published is not None:
        documents = [document for document in documents if _in_force(document, context.published)]
        rule = "the known statute of that name, in force when the article appeared"
    else:
        rule = "the only known statute of that name"
    if len(documents) == 1:
        return Resolution("resolved", documents[0].id, date_conflict=_contradicts(documents[0], mention), rule=rule)
    if documents:
        return Resolution("ambiguous", candidates=_ids(documents), rule="several known statutes of that name")
    return Resolution("unresolved", rule="no known statute of that name at that time")


def _in_force(document: KnownDocument, on: date) -> bool:
    """In force on a day, or passed and awaited on it."""
    began = document.issued_on or document.in_force_from
    return (began is None or began <= on) and (document.in_force_to is None or on <= document.in_force_to)
