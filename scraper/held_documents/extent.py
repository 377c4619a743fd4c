"""What a file holds: a document, only an annex, a form, a list, a speech; what follows after the first document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from scraper.citations import find
from scraper.held_documents.heading import Heading, noun_of_line, read_heading
from scraper.held_documents.rows_of_pages import Passage, Row
from scraper.held_documents.values import Annex, Place
from scraper.held_documents.words import any_of, words
from scraper.model import Rule
from scraper.rule_codes import RuleCode

_FIRST_ROWS = 14
MOST_ANNEXES = 100
MOST_FOLLOWING = 100
_ANNEX = re.compile(r"\W{0,3}(?:phu\s{0,2}luc|mau\s{1,3}so|bieu\s{1,3}(?:mau|so))(?![a-z])")
_ATTACHED = re.compile(r"\W{0,3}(?:ban\s{1,3}hanh\s{1,3})?(?:kem|dinh\s{1,3}kem)\s{1,3}theo")
_REASONS = (
    ("annex", RuleCode.HELD_NONE_ANNEX),
    ("speech", RuleCode.HELD_NONE_SPEECH),
    ("form", RuleCode.HELD_NONE_FORM),
    ("list", RuleCode.HELD_NONE_LIST),
)


@cache
def _first_words(kind: str) -> re.Pattern[str]:
    return re.compile(rf"\W{{0,4}}(?:{any_of(words()['no_document'][kind])})(?![a-z])")


def judge(rows: Sequence[Row], heading: Heading) -> tuple[bool, Rule]:
    """Returns whether the file begins with a document, and the rule that says how it was recognised or why it does not.

    A document has at least two of: the motto, a number, the place and date. One of them is enough before a type line in capitals.
    """
    if not rows:
        return False, Rule(RuleCode.HELD_NONE_NO_TEXT)
    typed = any(noun_of_line(row) for row in rows[heading.end : heading.end + 6]) or heading.statute is not None
    numbered = heading.number.value is not None or heading.number_empty
    if (reason := _other_paper(rows, heading)) is not None:
        return False, reason
    if heading.marks >= 2 and (numbered or typed):
        return True, Rule(RuleCode.HELD_HEADING)
    if heading.marks == 1 and typed and (numbered or heading.above):
        return True, Rule(RuleCode.HELD_HEADING)
    if not heading.marks and _has_frame(rows):
        return True, Rule(RuleCode.HELD_WITHOUT_HEADING)
    return False, _why_not(rows)


def _other_paper(rows: Sequence[Row], heading: Heading) -> Rule | None:
    """Returns why a text with the marks of a heading is not a document: an agreement, a form that was not filled in, an annex."""
    first = rows[: heading.end + 6]
    if any(row.text.strip()[:8].isupper() and _agreement().match(row.folded.lstrip()) for row in first):
        return Rule(RuleCode.HELD_NONE_FORM)
    if heading.number.value is not None:
        return None
    if any(_open_place().match(row.folded.lstrip()) for row in heading.above):
        return Rule(RuleCode.HELD_NONE_FORM)
    below = rows[heading.end : heading.end + _FIRST_ROWS]
    if not heading.number_empty and any(row.text.lstrip().startswith("(") and _ATTACHED.match(row.folded.lstrip(" (")) for row in below):
        return Rule(RuleCode.HELD_NONE_ANNEX, _cited(below))
    return None


@cache
def _agreement() -> re.Pattern[str]:
    return re.compile(rf"\W{{0,4}}(?:{any_of(words()['agreements'])})(?![a-z])")


@cache
def _open_place() -> re.Pattern[str]:
    return re.compile(rf"\W{{0,4}}(?:{any_of(words()['open_places'])})(?![a-z])")


_BASIS = re.compile(r"\W{0,3}can\s{1,3}cu(?![a-z])")
_ENACTS = re.compile(r"\W{0,3}(?:dieu\s{1,3}1|chuong\s{1,3}[i1])(?![a-z0-9])")


def _has_frame(rows: Sequence[Row]) -> bool:
    """Returns whether the rows are a document whose heading is missing, for example because it is a picture: type line, bases, articles."""
    first = next((at for at, row in enumerate(rows[:_FIRST_ROWS]) if noun_of_line(row)), None)
    if first is None:
        return False
    basis = next((at for at in range(first + 1, min(len(rows), first + 14)) if _BASIS.match(rows[at].folded)), None)
    return basis is not None and any(_ENACTS.match(row.folded) for row in rows[basis : basis + 120])


def _why_not(rows: Sequence[Row]) -> Rule:
    for row in rows[:_FIRST_ROWS]:
        for kind, code in _REASONS:
            if _first_words(kind).match(row.folded.lstrip()) is None:
                continue
            return Rule(code, _cited(rows) if kind == "annex" else None)
    if any(_ATTACHED.match(row.folded.lstrip(" (")) for row in rows[:_FIRST_ROWS]):
        return Rule(RuleCode.HELD_NONE_ANNEX, _cited(rows))
    return Rule(RuleCode.HELD_NONE_NO_HEADING)


def _cited(rows: Sequence[Row]) -> str | None:
    """Returns the number of the document with which an annex was issued, or None."""
    for at, row in enumerate(rows[:_FIRST_ROWS]):
        if _ATTACHED.search(row.folded):
            found = find(Passage(rows[at : at + 4]).text)
            return next((one.number for one in found if one.number), None)
    return None


def annexes_of(rows: Sequence[Row], start: int, stop: int) -> tuple[Annex, ...]:
    """Returns the annexes between two rows: "PHỤ LỤC I", and a title in capitals with "(Ban hành kèm theo ...)" below it."""
    found: list[Annex] = []
    for at in range(start, stop):
        row = rows[at]
        if (_ANNEX.match(row.folded) and len(row.text) < 200 and row.text.strip()[:7].isupper()) or _is_label_of_annex(row):
            found.append(Annex(" ".join(row.text.split()), row.place()))
        elif _ATTACHED.match(row.folded.lstrip(" (")) and row.text.lstrip().startswith("(") and not _just_found(found, rows, at):
            title = next((one for one in range(max(start, at - 6), at) if rows[one].text.isupper()), None)
            if title is not None:
                found.append(Annex(" ".join(rows[title].text.split()), rows[title].place()))
        if len(found) >= MOST_ANNEXES:
            break
    return tuple(found)


_LABEL_OF_ANNEX = re.compile(
    r"\W{0,3}(?:phu\s{0,2}luc|mau\s{1,3}so|bieu\s{1,3}(?:mau|so))\s{0,3}(?:so\s{1,3})?[0-9ivx]{1,5}[a-z0-9./-]{0,8}\W{0,3}$"
)


def _is_label_of_annex(row: Row) -> bool:
    """Returns whether a row has only "Phụ lục II" or "Mẫu số 01"."""
    return len(row.text) < 60 and row.text.strip(" [(*")[:1].isupper() and _LABEL_OF_ANNEX.match(row.folded) is not None


def _just_found(found: Sequence[Annex], rows: Sequence[Row], at: int) -> bool:
    near = {(row.page, row.place().start) for row in rows[max(0, at - 8) : at]}
    return bool(found) and (found[-1].place.page, found[-1].place.start) in near


_MOTTO = re.compile(r"cong\s{1,4}hoa\s{1,4}xa\s{1,4}hoi|doc\s{0,3}lap\W{1,6}tu\s{1,4}do|dang\s{1,4}cong\s{1,4}san\s{1,4}viet\s{1,4}nam\W*$")


def following_documents(rows: Sequence[Row], start: int) -> tuple[Place, ...]:
    """Returns where other documents begin after the first one: a motto with a number of its own. A form has the motto and no number."""
    found: list[Place] = []
    at = start
    while at < len(rows) and len(found) < MOST_FOLLOWING:
        if _MOTTO.search(rows[at].folded):
            first = max(start, at - 4)
            heading = read_heading(rows[first : first + 24])
            if heading.motto and heading.number.value is not None:
                found.append(rows[first_of_heading(rows, first, at)].place())
                at = first + heading.end
                continue
            at += 4
        at += 1
    return tuple(found)


def first_of_heading(rows: Sequence[Row], first: int, motto: int) -> int:
    """Returns the index of the first row of a heading: rows in capitals directly above its motto belong to it."""
    at = motto
    while at > first and rows[at - 1].text.isupper() and not rows[at].after_blank:
        at -= 1
    return at
