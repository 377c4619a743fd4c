"""Finds citations by a number with letters: 07/2008/CT-BTTTT, 749/QĐ-TTg, 52-NQ/TW, 2290/BTTTT-ƯDCNTT, also in tables and lists."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from scraper.citations.forms.cited_span import CitedSpan, without_overlap
from scraper.citations.forms.issue_dates import DATELINE
from scraper.citations.forms.number_spelling import normalise_code, normalise_number
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.citations.grammar.patterns import GAP, SO, SO_BEFORE, UPPER
from scraper.citations.grammar.word_groups import words_of
from scraper.citations.scan.document_tables import TableCell
from scraper.citations.scan.number_lists import joins, share_tail
from scraper.citations.scan.number_parts import TERM, Number, numbers
from scraper.citations.scan.number_type import JOINT, JOINT_BODIES, type_of_number
from scraper.citations.scan.type_nouns import STATUTES, Noun, is_no_document, name_of, type_noun_before
from scraper.model import CitationKind

# Bodies that every province or office has, and central offices that issue under their own codes.
_BODIES = late_pattern(r"(?:UBND|UB|HĐND|TU|TW|CP|TTG|QH|UBTVQH|CTN|VPCP|HĐBT|HU|ĐU|BCĐ|HĐQT|[SB][A-ZĐ]{2,})\d*$")


def find_numbered(text: str) -> list[CitedSpan]:
    """Returns every numbered citation, in order, including the members of lists with a shared noun or a shared tail."""
    found: list[CitedSpan] = []
    for number in numbers(text):
        floor = found[-1].end if found else 0
        if number.start < floor or _is_foreign(text, number):
            continue
        one = _judged(text, number, found, floor)
        if one is not None:
            found.append(one)
            share_tail(text, found)
    return found


def with_rows(text: str, found: list[CitedSpan], rows: Sequence[Sequence[TableCell]]) -> list[CitedSpan]:
    """Returns the citations found, together with those in the rows of tables. In a number column, everything with the form of a number is a
    citation.
    A noun in the cell before it is its type, and not part of the span. Both arguments are in order.
    """
    starts = [one.start for one in found]
    more: list[CitedSpan] = []
    dropped: set[int] = set()
    for row in rows:
        noun = next((name_of(text[cell.start : cell.end].strip()) for cell in row if cell.column == "type"), "")
        for cell in row:
            if cell.column != "number":
                continue
            inside = range(bisect_left(starts, row[0].start), bisect_left(starts, cell.end))
            here = [at for at in inside if found[at].end > cell.start]
            if not here or found[here[0]].start < cell.start:
                one = _in_cell(text, cell, noun)
                if one is not None:
                    dropped.update(here)
                    more.append(one)
    return without_overlap([*(one for at, one in enumerate(found) if at not in dropped), *more]) if more else found


def _in_cell(text: str, cell: TableCell, noun: str) -> CitedSpan | None:
    """Returns the number at the beginning of a cell, with or without "Số" before it. Returns None if there is none."""
    words = text[cell.start : cell.end]
    number = next(numbers(words), None)
    if number is None or not _BEFORE_IN_CELL.fullmatch(words, 0, number.start) or _is_foreign(words, number):
        return None
    noun = noun if noun in grammar().types else ""
    doc_type, flags = type_of_number(noun, number.codes)
    start, end = cell.start + number.start, cell.start + number.end
    return CitedSpan(
        start, end, CitationKind.NUMBERED, "", doc_type, number.raw, normalise_number(number.raw), False, tuple(number.codes), flags
    )


_BEFORE_IN_CELL = late_pattern(rf"\s{{0,3}}(?:{SO}\s{{0,3}})?")


def _is_foreign(text: str, number: Number) -> bool:
    """Returns whether a number belongs to a licence, a contract, a case or other paper that is not a document, by its code or its position."""
    first = number.codes[0]
    data = grammar()
    if first in data.not_document_codes and not _of_office(text, number):
        return True
    if first in _EUROPEAN or first.startswith("GP"):
        return True
    before = text[number.start - 1] if number.start else ""
    # If it is joined to letters or to another number, it is part of something else, unless the letters are a noun or "số".
    if before.isalpha():
        return (number.dashed and not text.startswith("số", number.start - 2)) or type_noun_before(
            text, number.start, max(0, number.start - 60)
        ) is None
    return before != "" and before in "/-–%"  # "%": of a URL


def _of_office(text: str, number: Number) -> bool:
    """Returns whether a code that is also that of an office follows directly after the noun of a document: "Công văn số 133/CN-VP"."""
    if number.codes[0] not in grammar().office_or_paper_codes:
        return False
    noun = type_noun_before(text, number.start, max(0, number.start - 60))
    return noun is not None and noun.near


_EUROPEAN = frozenset(words_of("foreign", "codes"))


def _judged(text: str, number: Number, found: list[CitedSpan], floor: int) -> CitedSpan | None:
    noun = type_noun_before(text, number.start, floor) or _own_abbreviation(text, number, floor)
    if not _belongs(noun, number) and is_no_document(text, number.start):
        return None
    previous = found[-1] if noun is None and found and joins(text[found[-1].end : number.start]) else None
    if noun is None and previous is None and not _needs_no_noun(text, number):
        return None
    name = noun.name if noun else ""
    if len(number.codes[0]) == 1 and name not in _LETTERED and not _is_code_of(name, number):
        return None
    doc_type, flags = type_of_number(name, number.codes, previous)
    if noun is None and previous is None and (heading := _type_below(text, number)) is not None:
        doc_type = heading
    if not name and _PUBLISHING_ORDER.search(number.raw):
        doc_type = "lệnh"
    start = noun.start if noun else number.start
    return CitedSpan(
        start,
        number.end,
        CitationKind.NUMBERED,
        name,
        doc_type,
        number.raw,
        normalise_number(number.raw),
        previous is not None,
        tuple(number.codes),
        flags,
    )


def _needs_no_noun(text: str, number: Number) -> bool:
    """Returns whether a number without a noun, and outside of a list, is that of a document."""
    marked = SO_BEFORE.search(text, max(0, number.start - 12), number.start) is not None
    return _speaks_for_itself(number, marked=marked) or _is_of_government(text, number, marked) or _heads_its_document(text, number)


def _belongs(noun: Noun | None, number: Number) -> bool:
    """Returns whether a noun is beside its number, or some words before it with its code: "Quyết định chấm dứt hợp đồng lao động số 132/QĐ-PTTH"."""
    if noun is None or noun.near:
        return noun is not None
    first = number.codes[0]
    return grammar().codes.get(first) == noun.name or (noun.name in STATUTES and TERM.match(first) is not None)


def _is_code_of(name: str, number: Number) -> bool:
    """Returns whether the first code of a number, of one letter, is that of a document. In "Nghị định số 99/2013/Đ-CP" a letter was lost."""
    first, rest = number.codes[0], number.codes[1:]
    if first in grammar().codes:
        return bool(rest)
    initials = {word[0].upper() for word in name.split()}
    return rest in (["CP"], ["TTG"]) and first in initials and not number.dashed


_SO_OF_HEADING = late_pattern(rf"(?<!\w)S[ốỐ]{GAP}:?{GAP}$")


def _heads_its_document(text: str, number: Number) -> bool:
    """Returns whether a number is that of the document itself, in its heading: "Số: 185/CTBDU-TTHT, V/v hóa đơn, Bình Dương, ngày 5/9/2023"."""
    return _SO_OF_HEADING.search(text, max(0, number.start - 12), number.start) is not None and DATELINE.match(text, number.end) is not None


_TYPE_BELOW = late_pattern(r"[\s|]{1,8}(?P<noun>[A-ZĐÀ-Ỹ]{3,6}(?:[^\S\n][A-ZĐÀ-Ỹ]{2,6}){1,3})[^\S\n]{0,3}(?:\n|$)")


def _type_below(text: str, number: Number) -> str | None:
    """Returns the type that the heading of a document states below its number and its day: "Số: 146-HĐBT", "Hà Nội, ngày 25 tháng 8 năm 1982",
    "QUYẾT ĐỊNH". Returns None if the number is not in such a heading.
    """
    if _SO_OF_HEADING.search(text, max(0, number.start - 12), number.start) is None:
        return None
    day = DATELINE.match(text, number.end)
    line = _TYPE_BELOW.match(text, day.end()) if day is not None else None
    kind = grammar().types.get(name_of(line["noun"])) if line is not None else None
    return kind.becomes if kind is not None else None


_DAY_AFTER = late_pattern(r"\s{1,3}ngày\s{1,3}\d")


def _is_of_government(text: str, number: Number, marked: bool) -> bool:
    """Returns whether a number without a noun has only the code of the Government, as its documents before 1997 have, and "số" or a day
    beside it: "Căn cứ số 72-CP ngày 20-3-1978".
    """
    return number.codes in (["CP"], ["HĐBT"]) and (marked or _DAY_AFTER.match(text, number.end) is not None)


_ABBREVIATED = late_pattern(rf"(?<![\w/&.-])(?P<noun>[{UPPER}][^\W\d_]{{1,4}}){GAP}(?P<so>{SO}\.?{GAP})?$")


def _own_abbreviation(text: str, number: Number, floor: int) -> Noun | None:
    """Returns the abbreviated noun before a number whose code it is: "KL số 77-KL/TW", "VBHN 21/VBHN-BTC". Returns None if there is none."""
    match = _ABBREVIATED.search(text, max(floor, number.start - 14), number.start)
    if match is None or normalise_code(match["noun"]) != number.codes[0] or number.codes[0] not in grammar().codes:
        return None
    return Noun(match.start(), grammar().codes[number.codes[0]], match["noun"], match["so"] is not None, near=True)


# "08/2009/L-CTN": the order that publishes a law. The laws of 1992 to 1996 have its number too, as 23-L/CTN.
_PUBLISHING_ORDER = late_pattern(r"/\s?L\s?[-–]\s?CTN$")
# Orders of 1945 to 1960 have a single letter: 22-C, 141-B.
_PARTY = ("TW", "TU", "CP", "TTG", "HU", "ĐU")
_LETTERED = ("sắc lệnh", "sắc luật", "lệnh", "luật")


def _speaks_for_itself(number: Number, *, marked: bool) -> bool:
    """Returns whether a number without a noun is that of a document: its codes are a type and a body, or a body that issues documents.
    `marked`: whether "số" comes before it.
    """
    data = grammar()
    first, rest = number.codes[0], number.codes[1:]
    if marked and len(number.codes) > 1 and not set(JOINT).isdisjoint(number.codes):
        return True
    if first in data.codes:
        return bool(rest) and (
            not number.dashed or rest[0] in _PARTY or rest[0] in data.issuers or rest[:1] in JOINT_BODIES or TERM.match(rest[0]) is not None
        )
    if number.dashed:
        return False
    if TERM.match(first):
        return True
    known = first in data.issuers or _BODIES.match(first) is not None
    return known and bool(rest)
