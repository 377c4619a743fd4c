"""Resolving: from a mention to a document, to several candidates, or to none. Nothing is picked by closeness."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from scraper.citations.identity import DocumentKey, document_key, fold_number, is_local, key_type, year_in_number
from scraper.citations.known import KnownDocument, KnownDocuments, name_key
from scraper.model import Context, Mention


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
    key = document_key(mention, context)
    in_number = year_in_number(mention.number)
    conflict = in_number is not None and mention.issued_on is not None and int(mention.issued_on[:4]) != in_number
    folded = fold_number(mention.number) if key is None else key.number
    candidates = [document for document in known.by_number(folded) if _fits(document, mention, key, context)]
    if len(candidates) == 1:
        document = candidates[0]
        conflict = conflict or _contradicts(document, mention)
        return Resolution("resolved", document=document.id, date_conflict=conflict, rule="one known document has this number")
    if candidates:
        return Resolution(
            "ambiguous",
            candidates=tuple(document.id for document in candidates),
            date_conflict=conflict,
            rule="several known documents have this number",
        )
    if key is not None:
        return Resolution("stub", key=key, date_conflict=conflict, rule="no known document has this number")
    missing = "the province" if is_local(mention.number) and not (mention.province or context.province) else "the year"
    return Resolution("unresolved", date_conflict=conflict, rule=f"{missing} of the number is stated nowhere")


def _fits(document: KnownDocument, mention: Mention, key: DocumentKey | None, context: Context) -> bool:
    types = {document.doc_type, "luật" if document.doc_type == "bộ luật" else document.doc_type}
    if mention.kind != "standard" and key_type(mention) not in types and mention.doc_type not in types:
        return False
    place = mention.province or context.province
    if document.place is not None and document.place != place:
        return False
    stated = mention.year if mention.number and year_in_number(mention.number) is None else None
    if stated is not None and document.year is not None and document.year != stated:
        return False
    # Nobody cites what is not yet signed; a document without year in its number may be one of a later year.
    return not (stated is None and _is_later(document.issued_on, context.published))


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
        if (wanted is None or document.year == wanted)
        and document.place is None
        and not _is_later(document.issued_on, context.published)
        and (document.in_force_to is None or context.published is None or document.in_force_to >= context.published)
    ]
    if wanted is not None and len(documents) == 1:
        return Resolution(
            "resolved",
            documents[0].id,
            date_conflict=_contradicts(documents[0], mention),
            rule="one known document of that type, figure and year",
        )
    if documents:
        return Resolution(
            "ambiguous", candidates=tuple(document.id for document in documents), rule="known documents of that type and figure"
        )
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
        return Resolution("ambiguous", candidates=tuple(document.id for document in documents), rule="several known statutes of that name")
    return Resolution("unresolved", rule="no known statute of that name at that time")


def _in_force(document: KnownDocument, on: date) -> bool:
    """In force on a day, or passed and awaited on it."""
    began = document.issued_on or document.in_force_from
    return (began is None or began <= on) and (document.in_force_to is None or on <= document.in_force_to)
