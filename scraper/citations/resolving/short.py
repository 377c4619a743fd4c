"""Resolves short citations ("Nghị định 64"). No other module has a rule for them.

A short citation states a type and a serial, and perhaps a year, a day, an issuer, a province or a subject. Numbers begin again each year, so
these documents are tried in this order:

1. those that the same article cites in full (`of_article`),
2. those of the register (`of_register`),
3. at the end of a run, those that other articles of the same source cite in full (`of_source`; `scraper.store.short_citations` reads them).

Everywhere a document is possible if nothing contradicts it (`is_possible`), and the only possible one is chosen. Outside of the article,
something must also agree: `_OF_REGISTER` and `_OF_SOURCE` have the conditions. The time is linear in the number of citations.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Generic, TypeVar

from scraper.citations.context.just_issued import JUST_ISSUED
from scraper.citations.forms.agreement import same_day, same_issuer, same_year
from scraper.citations.forms.document_keys import first_serial, fold_number, key_type, places_of, year_in_number
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.resolving.known_documents import KnownDocument, KnownDocuments
from scraper.citations.resolving.result import AMBIGUOUS, Resolution, ambiguous, confidence_of, resolved, unresolved
from scraper.model import Context, Mention
from scraper.text import fold

T = TypeVar("T")
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ShortCitation:
    """What a short citation states. `published`: the ISO day of its article, None if unknown or of no importance."""

    doc_type: str
    serial: str  # as `first_serial` returns it
    year: int | None = None
    issued_on: str | None = None  # ISO day or month
    issuer: str | None = None
    province: str | None = None
    title: str | None = None
    published: str | None = None
    just_issued: bool = False  # the text says "vừa ban hành"

    @property
    def day(self) -> str | None:
        """Returns the whole day of issue, None if the text states only a month or nothing."""
        return self.issued_on if self.issued_on is not None and len(self.issued_on) == 10 else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """The known facts about a document with the type and the serial of a short citation. An empty set means that nothing is known."""

    target: Hashable  # identifies the document
    year: int | None = None
    days: frozenset[str] = _NOTHING  # ISO days or months
    issuers: frozenset[str] = _NOTHING
    provinces: frozenset[str] = _NOTHING
    titles: frozenset[str] = _NOTHING


# --- what must hold -------------------------------------------------------------------------------


def is_possible(short: ShortCitation, candidate: Candidate) -> bool:
    """Returns whether nothing contradicts that a short citation means a document: year, day, issuer, province, the day of the article, the
    subject. In an article that cites 64/2007/NĐ-CP and 64/2001/NĐ-CP, "Nghị định 64 năm 2001" can only mean the second.
    """
    return not (
        same_year(short.year, candidate.year) is False
        or (candidate.days and short.issued_on is not None and not any(same_day(short.issued_on, day) for day in candidate.days))
        or _issuer_agrees(short, candidate) is False
        or (short.province and candidate.provinces and short.province not in candidate.provinces)
        or (short.published is not None and candidate.days and min(candidate.days) > short.published)
        or _has_another_subject(short, candidate)
    )


def _issuer_agrees(short: ShortCitation, candidate: Candidate) -> bool | None:
    answers = {same_issuer(short.issuer, issuer, short.doc_type) for issuer in candidate.issuers}
    return True if True in answers else False if False in answers else None


def _has_another_subject(short: ShortCitation, candidate: Candidate) -> bool:
    """Returns whether the stated subject shares no word with any known subject. A subject of few words proves nothing."""
    if short.title is None or not candidate.titles:
        return False
    mine = _words(short.title)
    theirs = [words for words in map(_words, candidate.titles) if len(words) > 2]
    return len(mine) > 2 and bool(theirs) and not any(mine & words for words in theirs)


# Words that occur in every subject: "về việc thực hiện các ... trong năm".
_COMMON = frozenset(
    re.findall(r"[a-z]+", "ve viec thuc hien cac cua cho trong tai nam va tang cuong day manh tiep tuc giai doan mot so cong tac quy dinh")
)


def _words(title: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", fold(title))) - _COMMON


def _year_and_issuer(short: ShortCitation, candidate: Candidate) -> bool:
    return same_year(short.year, candidate.year) is True and _issuer_agrees(short, candidate) is True


def _day(short: ShortCitation, candidate: Candidate) -> bool:
    return short.day is not None and short.day in candidate.days


# A document that was "just" issued is at most three months old; if it is of the year before, one month.
_JUST, _JUST_LAST_YEAR = timedelta(days=92), timedelta(days=31)


def _just_issued(short: ShortCitation, candidate: Candidate) -> bool:
    """Returns whether the article says "vừa ban hành" of a document of the last weeks: "Thủ tướng vừa ban hành Chỉ thị 16" on 1 April 2020."""
    if not short.just_issued or short.published is None or len(candidate.days) != 1:
        return False
    published, issued = date.fromisoformat(short.published), date.fromisoformat(min(candidate.days))
    longest = _JUST if issued.year == published.year else _JUST_LAST_YEAR
    return issued <= published <= issued + longest and _issuer_agrees(short, candidate) is True


def _letter_and_issuer(short: ShortCitation, candidate: Candidate) -> bool:
    """Returns whether the serial has a letter ("Nghị quyết 36a của Chính phủ") and the issuer agrees. Such a number is inserted between
    two others, so it rarely occurs twice.
    """
    return not short.serial.isdigit() and _issuer_agrees(short, candidate) is True


_RETURNING = 20  # smaller serials are used again each January, for the programmes of the year
_TERM = 5  # years


def _near_year_and_issuer(short: ShortCitation, candidate: Candidate) -> bool:
    """Returns whether the issuer agrees, and the year too, or the document is of the years in which an article means it without the year:
    that of the article, and the four before for a serial that is not used again each January.
    """
    if _issuer_agrees(short, candidate) is not True:
        return False
    if short.year is not None or candidate.year is None or short.published is None:
        return short.year is not None and short.year == candidate.year
    published = int(short.published[:4])
    digits = re.match(r"\d*", short.serial)
    returning = digits is None or not digits[0] or int(digits[0]) < _RETURNING
    return candidate.year == published if returning else published - _TERM <= candidate.year <= published


@dataclass(frozen=True, slots=True)
class _Rule:
    """What must agree so that a possible document is chosen. `single`: only if no other document is possible."""

    code: str  # reference/rules.csv
    agrees: Callable[[ShortCitation, Candidate], bool]
    single: bool = True


_OF_REGISTER = (
    _Rule("short-year-issuer", _year_and_issuer),
    _Rule("short-day", _day),
    _Rule("short-just-issued", _just_issued, single=False),
    _Rule("short-lettered", _letter_and_issuer),
)
SAME_SOURCE = "short-same-source"
_OF_SOURCE = (_Rule(SAME_SOURCE, _day), _Rule(SAME_SOURCE, _near_year_and_issuer))


def _choose(short: ShortCitation, possible: Sequence[Candidate], rules: Iterable[_Rule]) -> tuple[Candidate, str] | None:
    """Returns the only possible document that a rule chooses, and the code of the rule. Returns None if no rule applies."""
    for rule in rules:
        if rule.single and len(possible) > 1:
            continue
        agreeing = [candidate for candidate in possible if rule.agrees(short, candidate)]
        if len(agreeing) == 1:
            return agreeing[0], rule.code
    return None


# --- 1. the article -------------------------------------------------------------------------------

# Limit of full citations with one type and one serial that state different things. An article has one or two. A text with more is a table,
# or an attack on running time; then a short citation is not resolved.
MOST = 40


class FullCitations(Generic[T]):
    """The full citations of an article by type and first serial. Each statement is stored once, with a value of the caller."""

    def __init__(self) -> None:
        self._groups: defaultdict[tuple[str, str], dict[Candidate, T]] = defaultdict(dict)

    def add(self, full: Mention, target: Hashable, value: T, known: KnownDocument | None = None) -> None:
        """Add a citation whose number has letters. `known`: its document, whose day and issuer are used if the citation states none."""
        if full.number is None:
            return
        group = self._groups[key_type(full), first_serial(full.number)]
        if len(group) > MOST:
            return
        of_register = _candidate(known) if known is not None else Candidate(target)
        said = Candidate(
            target,
            year_in_number(full.number) or full.year,
            frozenset((full.issued_on,)) if full.issued_on else of_register.days,
            frozenset((full.issuer,)) if full.issuer else of_register.issuers,
            frozenset((full.province,)) if full.province else _NOTHING,
        )
        group.setdefault(said, value)

    def of(self, mention: Mention) -> dict[Hashable, T] | None:
        """Returns the documents that a short citation can mean, by target. Returns None if there are too many to try."""
        group = self._groups.get((mention.doc_type, first_serial(mention.number or "")), {})
        if len(group) > MOST:
            return None
        short = replace(_short(mention), title=None)
        found: dict[Hashable, T] = {}
        for candidate, value in group.items():
            if is_possible(short, candidate):
                found.setdefault(candidate.target, value)
        return found


def with_full_numbers(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Returns the citations of a text. The field `resolved` of a short one is set if exactly one full number of the text is possible."""
    if not any(mention.kind.is_short for mention in mentions):
        return tuple(mentions)
    full: FullCitations[str] = FullCitations()
    for mention in mentions:
        if mention.kind.has_codes and mention.number:
            full.add(mention, fold_number(mention.number), mention.number)
    return tuple(_with_full_number(mention, full) for mention in mentions)


def _with_full_number(mention: Mention, full: FullCitations[str]) -> Mention:
    numbers = full.of(mention) if mention.kind.is_short and mention.number else None
    return replace(mention, resolved=next(iter(numbers.values()))) if numbers is not None and len(numbers) == 1 else mention


def full_citations(mentions: Sequence[Mention], results: Sequence[Resolution]) -> FullCitations[Resolution]:
    """Returns the citations of an article whose numbers have letters, with their resolutions."""
    full: FullCitations[Resolution] = FullCitations()
    if not any(mention.kind.is_short for mention in mentions):
        return full
    for mention, result in zip(mentions, results, strict=True):
        if mention.kind.has_codes and mention.number:
            full.add(mention, result.target or fold_number(mention.number), result, result.known)
    return full


def resolve_short(mention: Mention, full: FullCitations[Resolution], known: KnownDocuments, context: Context) -> Resolution:
    """Returns the resolution of a short citation: to the only full citation of its article that is possible, otherwise to a document of the
    register.
    """
    return of_article(mention, full) or of_register(mention, known, context)


def of_article(mention: Mention, full: FullCitations[Resolution]) -> Resolution | None:
    """Returns the resolution to a full citation of the same article. Returns None if the article has none that is possible."""
    targets = full.of(mention)
    if targets is None or len(targets) > 1:
        ids = [found.target for found in (targets or {}).values() if found.target is not None]
        rule = "short-in-article-several"
        return Resolution(AMBIGUOUS, candidates=tuple(ids), rule=rule) if len(ids) > 1 else unresolved(rule)
    rule = "short-in-article"
    for found in targets.values():
        confidence = confidence_of(rule) if found.target is not None else None
        return replace(found, date_conflict=False, rule=rule, confidence=confidence)
    return None


# --- 2. the register ------------------------------------------------------------------------------


def of_register(mention: Mention, known: KnownDocuments, context: Context) -> Resolution:
    """Returns the resolution to a known document. It is never chosen only because the register knows no other: a rule must apply."""
    documents = known.by_serial(mention.doc_type, first_serial(mention.number or ""))
    if not documents:
        return unresolved("short-unknown")
    short = replace(_short(mention), title=None, published=context.published.isoformat() if context.published else None)
    possible = [one for one in documents if is_possible(short, _candidate(one)) and _is_of_place(one, mention, context)]
    if not possible:
        return unresolved("short-contradicted", date_conflict=_is_of_another_day(short, documents))
    if _YEAR_AFTER_SERIAL.search(mention.number or "") is not None:  # "Nghị định 72/2018" has the year in its number
        possible = [one for one in possible if one.number and year_in_number(one.number)] or possible
    chosen = _choose(short, [_candidate(one) for one in possible], _OF_REGISTER)
    if chosen is not None:
        return resolved(next(one for one in possible if one.id == chosen[0].target), chosen[1])
    if len(possible) > 1:
        return ambiguous(possible, "short-several")
    return unresolved("short-no-year" if short.year is None else "short-no-issuer")


def _is_of_place(document: KnownDocument, mention: Mention, context: Context) -> bool:
    """Returns whether a document is of a place that the text or the site states. A central document is of all places."""
    return document.place is None or document.place in places_of(mention, context)


def _is_of_another_day(short: ShortCitation, documents: Sequence[KnownDocument]) -> bool:
    """Returns whether the stated day contradicts all documents of the stated year. Then the text or the register has a slip."""
    of_year = [one for one in documents if same_year(short.year, one.year)]
    return bool(of_year) and all(same_day(short.issued_on, one.issued_on) is False for one in of_year)


def _candidate(document: KnownDocument) -> Candidate:
    return Candidate(
        document.id,
        document.year,
        frozenset((document.issued_on.isoformat(),)) if document.issued_on is not None else _NOTHING,
        frozenset((document.issuer,)) if document.issuer else _NOTHING,
    )


_YEAR_AFTER_SERIAL = late_pattern(r"[/-](\d{4})$")


def _short(mention: Mention) -> ShortCitation:
    """Returns what a citation states. Its year may be in its number: "Nghị định 72/2018"."""
    year = _YEAR_AFTER_SERIAL.search(mention.number or "")
    return ShortCitation(
        mention.doc_type,
        first_serial(mention.number or ""),
        int(year[1]) if year is not None else mention.year,
        mention.issued_on,
        mention.issuer,
        mention.province,
        mention.title,
        just_issued=JUST_ISSUED in mention.flags,
    )


# --- 3. other articles of the source --------------------------------------------------------------


def of_source(short: ShortCitation, full: Sequence[Candidate]) -> Hashable | None:
    """Returns the target of the only possible document among those that other articles of the source cite in full in the same year, if its
    day agrees, or its issuer and its year. Returns None otherwise.
    """
    chosen = _choose(short, [candidate for candidate in full if is_possible(short, candidate)], _OF_SOURCE)
    return chosen[0].target if chosen is not None else None
