"""Resolves the citations of an article, each to one document, to several candidates, or to none.

Nothing is guessed. Every result has the code of its rule; `reference/rules.csv` describes the codes. The time is linear in the number of
citations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import replace

from scraper.citations.context.defined_names import DEFINED_AS
from scraper.citations.forms.document_keys import fold_number, key_type
from scraper.citations.resolving.full_numbers import full_number
from scraper.citations.resolving.known_documents import KnownDocuments
from scraper.citations.resolving.result import AMBIGUOUS, RESOLVED, STUB, UNRESOLVED, Resolution, confidence_of
from scraper.citations.resolving.short import full_citations, resolve_short
from scraper.citations.resolving.statutes import named
from scraper.model import Context, Mention


def resolve(mentions: Sequence[Mention], known: KnownDocuments, context: Context) -> tuple[Resolution, ...]:
    """Returns the resolution of each citation of one article. The citations must be in reading order. `known`: the documents to look up."""
    if not mentions:
        return ()
    results = [_without_the_others(mention, known, context) for mention in mentions]
    _share(mentions, results)
    full = full_citations(mentions, results)
    for index, mention in enumerate(mentions):
        if mention.kind.is_short:
            results[index] = resolve_short(mention, full, known, context)
    _use_definitions(mentions, results)
    return tuple(results)


def _use_definitions(mentions: Sequence[Mention], results: list[Resolution]) -> None:
    """Resolve a citation with a short form that the text defines like the document that it stands for."""
    forms = {index: name for index, mention in enumerate(mentions) if (name := _defined_as(mention)) is not None}
    if not forms:
        return
    wanted = set(forms.values())
    found: defaultdict[str, dict[Hashable, Resolution]] = defaultdict(dict)
    for index, (mention, result) in enumerate(zip(mentions, results, strict=True)):
        name = mention.number or mention.text
        if index not in forms and name in wanted:
            found[name].setdefault(result.target, result)
    for index, name in forms.items():
        if len(found[name]) == 1:
            [(target, result)] = found[name].items()
            if target is not None:
                rule = "short-defined" if mentions[index].kind.is_short else "name-defined"
                results[index] = replace(result, date_conflict=False, rule=rule, confidence=confidence_of(rule))


def _defined_as(mention: Mention) -> str | None:
    """Returns the number or the name of the document for which the citation is a short form that the text defines, or None."""
    flag = next((flag for flag in mention.flags if flag.startswith(DEFINED_AS)), None)
    return flag.removeprefix(DEFINED_AS) if flag is not None else None


def _without_the_others(mention: Mention, known: KnownDocuments, context: Context) -> Resolution:
    """Returns the resolution of one citation. A short citation needs the results of the others, so it is resolved after them."""
    if mention.kind.is_short:
        return Resolution(UNRESOLVED)
    return (named if mention.kind.is_name else full_number)(mention, known, context)


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
