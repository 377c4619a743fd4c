"""Finds numbers with letters (07/2008/CT-BTTTT, 749/QĐ-TTg, 52-NQ/TW, 2290/BTTTT-ƯDCNTT) and lists of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scraper.citations.forms.cited_span import CitedSpan, without_overlap
from scraper.citations.forms.number_form import normalise_code, normalise_number
from scraper.citations.grammar import grammar
from scraper.citations.grammar.patterns import (
    CAPITALS,
    CODE,
    DASH,
    DASHES,
    GAP,
    GLUED_WORDS,
    HEAD,
    JOINT_MARK,
    NOUN,
    RAW,
    SEPARATOR,
    SHORT_NOUN,
    SLASHES,
    SMALL,
    SO,
    SO_BEFORE,
    UPPER,
    WORD,
    YEAR,
)
from scraper.citations.scan.document_tables import Cell
from scraper.citations.scan.literals import code_separators
from scraper.citations.scan.type_nouns import is_no_document, name_of, noun_before
from scraper.model import CitationKind

_TERM = re.compile(r"(?:QH|UBTVQH|HĐND|HĐNN|HDNN)K?(?:\d{1,2}|[IVX]+)$")
# Bodies that every province or office has, and central offices that issue under their own codes.
_BODIES = re.compile(r"(?:UBND|UB|HĐND|TU|TW|CP|TTG|QH|UBTVQH|CTN|VPCP|HĐBT|HU|ĐU|BCĐ|HĐQT|[SB][A-ZĐ]{2,})\d*$")


@dataclass(slots=True)
class Number:
    """A number in the text, with its parts in canonical letters."""

    start: int
    end: int
    raw: str
    codes: list[str]
    dashed: bool  # the first separator is a dash: the Party, or the Government before 1997


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
            _share_tail(text, found)
    return found


def with_rows(text: str, found: list[CitedSpan], rows: Sequence[Sequence[Cell]]) -> list[CitedSpan]:
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


def _in_cell(text: str, cell: Cell, noun: str) -> CitedSpan | None:
    """Returns the number at the beginning of a cell, with or without "Số" before it. Returns None if there is none."""
    words = text[cell.start : cell.end]
    number = next(numbers(words), None)
    if number is None or not _BEFORE_IN_CELL.fullmatch(words, 0, number.start) or _is_foreign(words, number):
        return None
    noun = noun if noun in grammar().types else ""
    doc_type, flags = type_of(noun, number.codes)
    start, end = cell.start + number.start, cell.start + number.end
    return CitedSpan(
        start, end, CitationKind.NUMBERED, "", doc_type, number.raw, normalise_number(number.raw), False, tuple(number.codes), flags
    )


_BEFORE_IN_CELL = re.compile(rf"\s{{0,3}}(?:{SO}\s{{0,3}})?")


def numbers(text: str) -> Iterator[Number]:
    """Returns everything with the form of a number with letters, in order."""
    end = 0
    for separator, letter in code_separators(text):
        if separator < end:
            continue
        head = HEAD.search(text, max(end, separator - 26), letter) if ends_head(text, separator) else None
        if head is None and (damaged := _damaged_head(text, separator, end)) is not None:
            head, letter = damaged, damaged.start("code")
        if head is None or head.start("figure") < end:
            continue
        number = _parse(text, head, letter, end)
        if number is not None:
            end = number.end
            yield number


_SIGNS = frozenset(SLASHES + DASHES + "\u00ad")


def ends_head(text: str, separator: int) -> bool:
    """Returns whether a digit, a digit with a letter, or another separator comes before a separator. Only then HEAD can match."""
    before = text[max(0, separator - 4) : separator].rstrip()  # two blanks, a letter and a digit
    last = before[-1:]
    return last.isdigit() or (before[-2:-1].isdigit() if last.isalpha() else last in _SIGNS)


# "75 TC/TCT", "06/2016 NĐ-CP": a blank instead of the first separator.
_BLANK_HEAD = re.compile(rf"(?<![\d.,/])(?P<figure>\d{{1,5}}[a-z]?(?:/{YEAR})?)\s{{1,2}}(?P<code>[{UPPER}]{{2,8}})$")
# "06/2016NĐ-CP", "48/2014UBTVQH13": the separator after the year was lost; "1727QĐ-UBND": the one after the figure.
_YEAR_HEAD = re.compile(rf"(?<![\d.,/{DASH}])(?P<figure>\d{{1,5}}[{SLASHES}]{YEAR})(?P<code>)$")
_GLUED_HEAD = re.compile(rf"(?<![\d.,/{DASH}])(?P<figure>\d{{1,5}})(?P<code>[{UPPER}][{UPPER}a-z]{{1,7}})$")


def _damaged_head(text: str, separator: int, floor: int) -> re.Match[str] | None:
    """Returns the head of a number that lost the separator before its first code, or None. The code must be a known one.
    If the number has no year, or has a blank instead of the separator ("Thông tư số 75 TC/TCT"), a noun must come before it too.
    """
    before = text[separator - 1 : separator]
    if before.isdigit():
        return _YEAR_HEAD.search(text, max(floor, separator - 12), separator)
    if not before.isalpha():
        return None
    head = _GLUED_HEAD.search(text, max(floor, separator - 14), separator)
    known = grammar().codes.keys() if head is not None else grammar().known_codes
    head = head or _BLANK_HEAD.search(text, max(floor, separator - 23), separator)
    if head is None or normalise_code(head["code"]) not in known or noun_before(text, head.start(), floor) is None:
        return None
    return head


_ASSEMBLY = re.compile(r"(?:QH|UBTVQH)$")
# "2 0 4/QĐ-UBND", "41 7/QĐ-BNN", "12/20 13/QĐ-UBND": OCR split the figure or the year. It is only repaired after "số".
_TORN = re.compile(
    rf"(?<![\d.,/{DASH}])(?P<figure>(?:\d[^\S\n]?){{1,6}})(?:/[^\S\n]?(?P<year>(?:1[^\S\n]?9|2[^\S\n]?0)(?:[^\S\n]?\d){{2}})[^\S\n]?)?$"
)


def _start_of_torn(text: str, start: int, slash: int, floor: int) -> int | None:
    """Returns the start of a figure whose digits were split: "số 2 0 4/QĐ". Returns None if it is not split.
    `start`: the last piece; `slash`: the separator before the first code.
    """
    if not text[start - 2].isdigit():
        return None
    torn = _TORN.search(text, max(floor, slash - 20), slash)
    if torn is None or torn.start() >= start:
        return None
    so = SO_BEFORE.search(text, max(floor, torn.start() - 8), torn.start())
    return torn.start("figure") if so is not None and so.end() == torn.start() else None


def _parse(text: str, head: re.Match[str], letter: int, floor: int) -> Number | None:
    codes: list[str] = []
    at, end = letter, 0
    while len(codes) < 8:
        code, code_end = _code(text, at, first=not codes)
        if code is None:
            break
        codes.append(code)
        end = code_end
        if code in ("QH", "UBTVQH") and (term := _TORN_TERM.match(text, end)) is not None:
            codes[-1], end = code + term[1], term.end()  # "24/2008/QH 12"
            break
        separator = SEPARATOR.match(text, end)
        if separator is not None and _joins_codes(separator, codes):
            at = separator.end()
        elif len(codes) == 1 and codes[0] in grammar().codes and (blank := _LOST_SEPARATOR.match(text, end)) and _is_known(blank[1]):
            at = blank.start(1)
        else:
            break
    if not codes or (
        head.re in (_GLUED_HEAD, _YEAR_HEAD) and not (_TERM.match(codes[0]) or (codes[0] in grammar().codes and len(codes) > 1))
    ):
        return None
    if codes[-1][-1].isdigit():
        end = _without_footnote(codes, end)
    start = head.start("figure")
    if (
        head.re is HEAD
        and text[start - 1] in " \u00a0/"
        and start - 2 >= floor
        and (torn := _start_of_torn(text, start, head.start("sep2" if head["sep2"] else "sep"), floor)) is not None
    ):
        start = torn
    return Number(start, end, text[start:end], codes, head.re is HEAD and head["sep"][0] not in "/\uff0f")


_TORN_TERM = re.compile(r"[^\S\n]{1,2}(1?\d)(?![\w%]|[.,/-]\d)")
_FOOTNOTE = re.compile(r"(?P<code>[^\W\d_]{2,})\d{1,2}$")


def _without_footnote(codes: list[str], end: int) -> int:
    """Returns the end of a number without the mark of a footnote: "1727/QĐ-UBND1".
    A digit is only removed after a code that never has one: the code of the issuer, directly after that of the type.
    """
    mark = _FOOTNOTE.match(codes[-1])
    if mark is None or len(codes) < 2 or codes[-2] not in grammar().codes or codes[-1] in grammar().known_codes:
        return end
    if mark["code"] not in grammar().known_codes - grammar().office_codes or mark["code"] == "NHNN" or _TERM.match(codes[-1]):
        return end  # departments of the State Bank have a digit: 92/2000/QĐ-NHNN7
    digits = len(codes[-1]) - len(mark["code"])
    codes[-1] = mark["code"]
    return end - digits


# "1177/QĐ BGDĐT": the dash was left out.
_LOST_SEPARATOR = re.compile(rf"\s{{1,2}}([{UPPER}][\w&]{{1,9}})(?!\w)")


def _is_known(word: str) -> bool:
    """Returns whether a word in capitals is the code of a body, and no common abbreviation in prose."""
    return word.isupper() and normalise_code(word) in grammar().known_codes and normalise_code(word) not in grammar().codes


def _code(text: str, at: int, *, first: bool) -> tuple[str | None, int]:
    """Returns the code that begins at `at`, in canonical letters, and its end. Returns None as the code if there is none.
    A code has capitals, and one or two small letters in the codes of some offices. A code in small letters counts only if it is known. If a
    word is joined to a code ("NĐ-CPngày", "QĐ-UBNDVề"), the code ends before that word.
    """
    word = WORD.match(text, at)
    if word is None:
        return None, at
    known = grammar().known_codes
    canonical = normalise_code(word[0])
    if canonical == "L" and (numbered := re.compile(r"\.\d{1,3}(?!\d)").match(text, word.end())):
        return f"L{numbered[0]}", numbered.end()  # the laws of 1957: 101-SL/L.003
    if canonical in known or CODE.match(word[0]):
        return canonical, word.end()
    capitals = CAPITALS.match(word[0])
    if capitals is None:
        return None, at
    if len(capitals[0]) > 1 and (length := _before_glued_word(word[0])) is not None:
        return normalise_code(word[0][:length]), at + length
    if not first and normalise_code(capitals[0]) in known:
        return normalise_code(capitals[0]), at + capitals.end()
    return None, at


_GLUED_WORD = re.compile(
    rf"(?P<code>[{UPPER}][{UPPER}{SMALL}\d&]*?)(?P<word>{'|'.join(sorted(GLUED_WORDS, key=len, reverse=True))})\d*$", re.IGNORECASE
)


def _before_glued_word(word: str) -> int | None:
    """Returns the length of a code that is joined to a common word: 4 for "UBNDvề". Returns None for any other word.
    The word must be in small letters. Its first letter may be a capital ("UBNDVề").
    """
    match = _GLUED_WORD.match(word)
    if match is None or not match["word"][1:].islower() or CODE.match(match["code"]) is None:
        return None
    return match.end("code") if match["word"][0].islower() or len(match["code"]) > 1 else None


def _joins_codes(separator: re.Match[str], codes: list[str]) -> bool:
    """Returns whether this separator can join two codes.
    A full stop or an underscore joins letters only without blanks, and a colon only after the mark of a joint document
    ("8652/LN:STC-KBNN"). A dash between blanks joins only a type or an office to what follows.
    """
    before, after = bool(separator["before"]), bool(separator["after"])
    if separator["sign"] in "._":
        return not before and not after
    if separator["sign"] == ":":
        return not before and "\n" not in separator["after"] and JOINT_MARK.match(codes[-1]) is not None
    if "\n" in separator["before"] + separator["after"] and before and after:
        return False
    return not (before and after) or separator["sign"][0] in "/\uff0f" or len(codes) == 1


def _is_foreign(text: str, number: Number) -> bool:
    """Returns whether a number belongs to a licence, a contract, a case or other paper that is no document, by its code or its position."""
    first = number.codes[0]
    data = grammar()
    if first in data.not_document_codes or first.startswith("GP"):
        return True
    before = text[number.start - 1] if number.start else ""
    # If it is joined to letters or to another number, it is part of something else, unless the letters are a noun or "số".
    if before.isalpha():
        return (number.dashed and not text.startswith("số", number.start - 2)) or noun_before(
            text, number.start, max(0, number.start - 60)
        ) is None
    return before != "" and before in "/-–"


def _judged(text: str, number: Number, found: list[CitedSpan], floor: int) -> CitedSpan | None:
    noun = noun_before(text, number.start, floor)
    if (noun is None or not noun.near) and is_no_document(text, number.start):
        return None
    previous = found[-1] if noun is None and found and _joins(text[found[-1].end : number.start]) else None
    if (
        noun is None
        and previous is None
        and not _speaks_for_itself(number, marked=SO_BEFORE.search(text, max(0, number.start - 12), number.start) is not None)
    ):
        return None
    name = noun.name if noun else ""
    if len(number.codes[0]) == 1 and name not in _LETTERED and (number.codes[0] not in grammar().codes or len(number.codes) == 1):
        return None
    doc_type, flags = type_of(name, number.codes, previous)
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


# "08/2009/L-CTN": the order that publishes a law. The laws of 1992 to 1996 have its number too, as 23-L/CTN.
_PUBLISHING_ORDER = re.compile(r"/\s?L\s?[-–]\s?CTN$")
# Orders of 1945 to 1960 have a single letter: 22-C, 141-B.
_PARTY = ("TW", "TU", "CP", "TTG", "HU", "ĐU")
_LETTERED = ("sắc lệnh", "lệnh", "luật")


def _speaks_for_itself(number: Number, *, marked: bool) -> bool:
    """Returns whether a number without a noun is that of a document: its codes are a type and a body, or a body that issues documents.
    `marked`: whether "số" comes before it.
    """
    data = grammar()
    first, rest = number.codes[0], number.codes[1:]
    if marked and len(number.codes) > 1 and {"TTLT", "TTLB", "TTLN", "NQLT"} & set(number.codes):
        return True
    if first in data.codes:
        return bool(rest) and (
            not number.dashed
            or rest[0] in _PARTY
            or rest[0] in data.issuers
            or rest[:1] in _JOINT_BODIES
            or _TERM.match(rest[0]) is not None
        )
    if number.dashed:
        return False
    if _TERM.match(first):
        return True
    known = first in data.issuers or _BODIES.match(first) is not None
    return known and bool(rest)


def type_of(noun: str, codes: list[str], previous: CitedSpan | None = None) -> tuple[str, tuple[str, ...]]:
    """Returns the type of a document and flags. The type is given by the noun, otherwise by the code, otherwise by the list.
    If the code of an agency is in the position of a type, the document is a letter (công văn).
    """
    data = grammar()
    by_code = next((data.codes[code] for code in codes[:2] if code in data.codes), "thông tư liên tịch" if "TTLT" in codes else None)
    if by_code is None and re.match(r"QH\d+$", codes[0]):
        by_code = "luật"
    if by_code == "thông tư liên bộ":
        by_code = "thông tư liên tịch"
    if noun and noun != "văn bản":
        kind = data.types.get(noun)
        chosen = kind.becomes if kind else noun
        if noun in ("thông tư", "nghị quyết") and (codes[0] in _JOINT or codes[1:2] in _JOINT_BODIES):
            chosen = f"{noun} liên tịch"
        contradicts = by_code is not None and by_code != chosen and not _alike(by_code, chosen)
        return chosen, ("noun-and-code-disagree",) if contradicts else ()
    if by_code == "thông tư" and codes[1:2] in _JOINT_BODIES:
        return "thông tư liên tịch", ()
    if by_code is not None:
        return by_code, ()
    return (previous.doc_type if previous is not None and not noun else "công văn"), ()


_JOINT = ("TTLT", "TTLB", "TTLN", "NQLT")
_JOINT_BODIES = (["LB"], ["LT"], ["LN"])  # liên bộ, liên tịch, liên ngành

_ALIKE = {
    ("quyết định", "quy định"), ("quyết định", "quy chế"), ("chỉ thị", "chương trình"), ("thông tư", "thông tri"),
    ("luật", "bộ luật"), ("luật", "nghị quyết"), ("pháp lệnh", "nghị quyết"),
}  # fmt: skip


def _alike(by_code: str, noun: str) -> bool:
    """Returns whether a code and a noun are compatible. Some codes have two meanings: QĐ is quyết định or (Party) quy định, CT is chỉ
    thị or chương trình, QH is a law or a resolution.
    """
    return (by_code, noun) in _ALIKE or noun in ("lệnh", "sắc lệnh", "kết luận", "văn bản hợp nhất", "thông tư liên tịch", "công văn")


# --- lists ----------------------------------------------------------------------------------------

_DATE = r"(?:\(?\s*(?:ngày|ký ngày)?\s*\d{1,2}\s*(?:[/.\-–]|tháng)\s*\d{1,2}(?:\s*(?:[/.\-–]|,?\s*năm)\s*\d{4})?\s*\)?)"
_AND = r"(?:,|;|và|hoặc|&|\+|,\s*và|;\s*và|,\s*hoặc)"
_JOIN = re.compile(rf"\s*(?:\([^()]{{0,60}}\)\s*)?{_AND}?\s*(?:các\s+)?(?:[Ss]ố\s*:?)?\s*$")
_JOIN_FAR = re.compile(
    rf"\s*,?\s*{_DATE}?\s*(?:,?\s*của\s[^.;:\d]{{2,80}})?\s*(?:,?\s*(?:về|quy định)\s[^.;:\d]{{2,120}})?\s*{_AND}\s*(?:[Ss]ố\s*:?\s*)?$"
)
_RANGE = re.compile(r"\s*(?:đến|tới|[-–])\s*(?:số\s*)?$")


def _joins(between: str) -> bool:
    """Returns whether the text between two numbers makes them members of one list."""
    if len(between) > 220 or "\n\n" in between:
        return False
    return bool((_JOIN.match(between) and between.strip()) or _JOIN_FAR.match(between) or _RANGE.match(between))


_SHARED = re.compile(
    rf"(?P<noun>{NOUN}|{SHORT_NOUN}){GAP}(?:{SO}{GAP})?(?P<list>{RAW}(?:\s?(?:,|;|\svà\s|\shoặc\s)\s?(?:số\s)?{RAW}){{0,12}})\s?(?:,\s?và\s|,|;|\svà\s|\shoặc\s)\s?(?:{SO}{GAP})?$"
)


def _share_tail(text: str, found: list[CitedSpan]) -> None:
    """Parse "Thông tư số 01, 02/2019/TT-BTTTT": bare figures before a number get its tail, and the first one the noun in its span."""
    last = found[-1]
    if last.noun or last.number_raw is None:
        return
    floor = found[-2].end if len(found) > 1 else 0
    match = _SHARED.search(text, max(floor, last.start - 160), last.start)
    if match is None:
        return
    tail = re.sub(r"^\d+(?:\.\d+)?[a-zđA-ZĐ]?(?=\W)", "", last.number_raw)
    without_year = re.sub(rf"^\s*[/\-]\s*{YEAR}(?=\s*[/\-])", "", tail)
    noun = name_of(match["noun"])
    doc_type, flags = type_of(noun, list(last.codes))
    members = []
    for place, figure in enumerate(re.finditer(RAW, match["list"])):
        whole = figure[0] + (without_year if "/" in figure[0] else tail)
        start = match.start("list") + figure.start()
        members.append(
            CitedSpan(
                match.start("noun") if place == 0 else start,
                start + len(figure[0]),
                CitationKind.NUMBERED,
                noun if place == 0 else "",
                doc_type,
                figure[0],
                normalise_number(whole),
                member=place > 0,
                codes=last.codes,
                flags=flags,
            )
        )
    found[-1:] = [*members, replace(last, doc_type=doc_type, member=True)]
