"""The older form of a title, which says everything in one sentence in capitals: "QUYẾT ĐỊNH CỦA BỘ TRƯỞNG BỘ ... SỐ 12/2003/QĐ-... NGÀY
5 THÁNG 3 NĂM 2003 VỀ VIỆC ...". Collections of legal texts had this form until about 2010.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scraper.citations.forms.issue_dates import DATE, parse_date
from scraper.citations.forms.number_shapes import flags_of
from scraper.citations.forms.number_spelling import normalise_number
from scraper.citations.grammar.loader import grammar
from scraper.citations.issuers.issuer_codes import issuer_of_code
from scraper.citations.scan.number_parts import Number, numbers
from scraper.citations.scan.number_type import type_of_number
from scraper.held_documents.bodies import bodies_of
from scraper.held_documents.heading import noun_of_line
from scraper.held_documents.rows_of_pages import Passage, Row, fold_letters
from scraper.held_documents.title import decides
from scraper.held_documents.values import ABSENT, Field, HeldDocument, NumberParts, State
from scraper.held_documents.words import nouns
from scraper.model import Rule
from scraper.rule_codes import RuleCode

_MOST_BEFORE = 3  # rows above the title
_MOST_ROWS = 10
_DATED = re.compile(rf"\s{{1,3}}ngày\s{{1,3}}(?P<date>{DATE})\s{{0,3}}", re.IGNORECASE)
_ABOUT = re.compile(r"(?:ve\s{1,3}viec|v/v|ve)(?![a-z])\s{0,3}")
_OF = re.compile(r"\s{0,3}cua\s{1,3}(?:bo truong\s{1,3}|chu tich\s{1,3}|giam doc\s{1,3}|tong cuc truong\s{1,3}|thong doc\s{1,3})?")


@dataclass(frozen=True, slots=True)
class StatedTitle:
    """What a title says. `end`: the index of the first row below it."""

    held: HeldDocument
    end: int


def read_stated_title(rows: Sequence[Row]) -> StatedTitle | None:
    """Returns the fields of a title in one sentence in capitals, or None if the rows do not begin with one. It must have a number and a
    date, so that no heading of a news report is read as a document.
    """
    for at, row in enumerate(rows[:_MOST_BEFORE]):
        match = noun_of_line(row)
        if match is None:
            continue
        taken = [row]
        for other in rows[at + 1 : at + _MOST_ROWS]:
            if not other.text.isupper() or other.after_blank or (_dated_before(taken) and decides(other)):
                break
            taken.append(other)
        return _parsed(taken, " ".join(match["noun"].split()), at + len(taken))
    return None


def _dated_before(taken: Sequence[Row]) -> bool:
    """Returns whether the rows have the date of the title already."""
    return any("ngay" in row.folded for row in taken)


def _parsed(taken: Sequence[Row], noun: str, end: int) -> StatedTitle | None:
    passage = Passage(taken)
    text = passage.text.replace("\n", " ")
    number = next(numbers(text), None)
    if number is None or number.start > 400 or noun not in nouns() or not re.search(r"[Ss][Ốố]\s*:?\s*$", text[: number.start]):
        return None
    dated = _DATED.match(text, number.end)
    stated = parse_date(dated["date"].lower()) if dated is not None else None
    if dated is None or stated is None:
        return None
    folded = fold_letters(text)
    about = _ABOUT.match(folded, dated.end())
    start = about.end() if about is not None else dated.end()
    rule = Rule(RuleCode.HELD_STATED_TITLE)
    canonical = normalise_number(number.raw)
    doc_type, flags = type_of_number(nouns()[noun], number.codes)
    subject = text[start:].strip(" .;:_*")
    issued_on = stated.iso(None, None)
    year = int(issued_on[:4]) if issued_on else None
    held = HeldDocument(
        is_document=True,
        rule=rule,
        state=State.NUMBERED,
        number=Field(canonical, rule, passage.places(number.start, number.end)),
        parts=_number_parts(canonical, number),
        doc_type=Field(doc_type, rule, passage.places(0, len(noun))),
        issuers=_issuers(taken, number, doc_type, passage),
        issued_on=Field(issued_on, rule, passage.places(dated.start("date"), dated.end("date"))),
        subject=Field(subject, rule, passage.places(start, len(text))) if subject else ABSENT,
        flags=(*flags, *flags_of(canonical, year)),
    )
    return StatedTitle(held, end)


def _number_parts(canonical: str, number: Number) -> NumberParts:
    pieces = re.split(r"[/-]", canonical)
    year = next((int(piece) for piece in pieces[1:] if re.fullmatch(r"(?:19|20)\d\d", piece)), None)
    of_type = number.codes[0] if number.codes[0] in grammar().codes else None
    return NumberParts(pieces[0], year, of_type, tuple(number.codes[1:] if of_type else number.codes))


def _issuers(taken: Sequence[Row], number: Number, doc_type: str, passage: Passage) -> tuple[Field, ...]:
    """Returns the bodies between "CỦA" and "SỐ"; without them those that the number names."""
    rule = Rule(RuleCode.HELD_STATED_TITLE)
    named = issuer_of_code(number.codes, doc_type)
    if named is not None:
        return tuple(Field(name, rule, passage.places(number.start, number.end)) for name in named.split("; "))
    rows: list[Row] = []
    at = 0
    for row in taken:
        stop = min(len(row.text), number.start - at)
        at += len(row.text) + 1
        if stop <= 0:
            break
        of = _OF.search(row.folded[:stop])
        words = row.part(of.end() if of is not None else 0, stop)
        words = words.part(0, len(re.sub(r"\s*S[Ốố]\s*:?\s*$", "", words.text)))
        if (of is not None or rows) and words.text.strip():
            rows.append(words)
    return tuple(bodies_of(rows, joint=False)[-1:])
