"""Parses the numbers with letters in a text into serial and codes, also damaged ones: a lost separator, a torn serial, a glued word."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from scraper.citations.forms.document_keys import glued_codes
from scraper.citations.forms.number_spelling import normalise_code
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.citations.grammar.patterns import (
    CAPITALS,
    CODE,
    DASH,
    DASHES,
    GLUED,
    HEAD,
    JOINT_MARK,
    SEPARATOR,
    SLASHES,
    SMALL,
    SO_BEFORE,
    UPPER,
    WORD,
    YEAR,
)
from scraper.citations.scan.literals import code_separators
from scraper.citations.scan.type_nouns import type_noun_before

TERM = late_pattern(r"(?:QH|UBTVQH|HĐND|HĐNN|HDNN)K?(?:\d{1,2}|[IVX]+)$")


@dataclass(slots=True)
class Number:
    """A number in the text, with its parts in canonical letters."""

    start: int
    end: int
    raw: str
    codes: list[str]
    dashed: bool  # the first separator is a dash: the Party, or the Government before 1997


def numbers(text: str) -> Iterator[Number]:
    """Returns everything with the form of a number with letters, in order."""
    end = 0
    for separator, letter in code_separators(text):
        if separator < end:
            continue
        head = HEAD.search(text, max(end, separator - 26), letter) if ends_head(text, separator) else None
        if head is None and (damaged := _damaged_head(text, separator, end)) is not None:
            head, letter = damaged, damaged.start("code")
        if head is None or head.start("serial") < end:
            continue
        number = _parse(text, head, letter, end)
        if number is not None:
            end = number.end
            yield number


_APART = frozenset("abcdABCD")  # the letters that a blank may separate from the serial: "30 c/QĐ-UBND"
_SIGNS = frozenset(SLASHES + DASHES + "\u00ad")


def ends_head(text: str, separator: int) -> bool:
    """Returns whether a digit, a digit with a letter, or another separator comes before a separator. Only then HEAD can match."""
    before = text[max(0, separator - 4) : separator].rstrip()  # two blanks, a letter and a digit
    last = before[-1:]
    if last.isdigit() or last in _SIGNS:
        return True
    return before[-2:-1].isdigit() or (last in _APART and before[-2:-1].isspace() and before[-3:-2].isdigit())


# "75 TC/TCT", "06/2016 NĐ-CP": a blank instead of the first separator.
# Compiled at once, because `Match.re` is compared with them.
_BLANK_HEAD = re.compile(rf"(?<![\d.,/])(?P<serial>\d{{1,5}}[a-z]?(?:/{YEAR})?)\s{{1,2}}(?P<code>[{UPPER}]{{2,8}})$")
# "06/2016NĐ-CP", "48/2014UBTVQH13": the separator after the year was lost; "1727QĐ-UBND": the one after the serial.
_YEAR_HEAD = re.compile(rf"(?<![\d.,/{DASH}])(?P<serial>\d{{1,5}}[{SLASHES}]{YEAR})(?P<code>)$")
_GLUED_HEAD = re.compile(rf"(?<![\d.,/{DASH}])(?P<serial>\d{{1,5}})(?P<code>[{UPPER}][{UPPER}a-z]{{1,7}})$")


_DIGITS = frozenset("0123456789")
_BLANKS, _LAST_OF_TYPE = " \u00a0", frozenset(code[-1] for code in grammar().codes)


def _damaged_head(text: str, separator: int, floor: int) -> re.Match[str] | None:
    """Returns the head of a number that lost the separator before its first code, or None. The code must be a known one.
    If the number has no year, or has a blank instead of the separator ("Thông tư số 75 TC/TCT"), a noun must come before it too.
    """
    before = text[separator - 1 : separator]
    if before.isdigit():
        return _YEAR_HEAD.search(text, max(floor, separator - 12), separator)
    known: Collection[str] = grammar().codes
    if before.isalpha():
        head = _GLUED_HEAD.search(text, max(floor, separator - 14), separator)
        if head is None:
            head, known = _BLANK_HEAD.search(text, max(floor, separator - 23), separator), grammar().known_codes
    elif (
        before in _BLANKS
        and text[separator] not in SLASHES
        and text[separator - 2] in _LAST_OF_TYPE
        and not _DIGITS.isdisjoint(text[separator - 8 : separator - 4])
    ):
        # "1727 QĐ - UBND": only after the code of a type.
        head = _BLANK_HEAD.search(text, max(floor, separator - 23), separator - 1)
    else:
        return None
    if head is None or normalise_code(head["code"]) not in known or type_noun_before(text, head.start(), floor) is None:
        return None
    return head


# "2 0 4/QĐ-UBND", "41 7/QĐ-BNN", "12/20 13/QĐ-UBND": OCR split the serial or the year. It is only repaired after "số".
_TORN = late_pattern(
    rf"(?<![\d.,/{DASH}])(?P<serial>(?:\d[^\S\n]?){{1,6}})(?:/[^\S\n]?(?P<year>(?:1[^\S\n]?9|2[^\S\n]?0)(?:[^\S\n]?\d){{2}})[^\S\n]?)?$"
)


def _start_of_torn(text: str, start: int, slash: int, floor: int) -> int | None:
    """Returns the start of a serial whose digits were split: "số 2 0 4/QĐ". Returns None if it is not split.
    `start`: the last piece; `slash`: the separator before the first code.
    """
    if not text[start - 2].isdigit():
        return None
    torn = _TORN.search(text, max(floor, slash - 20), slash)
    if torn is None or torn.start() >= start:
        return None
    so = SO_BEFORE.search(text, max(floor, torn.start() - 8), torn.start())
    return torn.start("serial") if so is not None and so.end() == torn.start() else None


def _parse(text: str, head: re.Match[str], letter: int, floor: int) -> Number | None:
    """Returns the number with this head whose first code begins at `letter`. Returns None if no code begins there."""
    codes, end = _codes(text, letter)
    if not codes or (head.re in (_GLUED_HEAD, _YEAR_HEAD) and not _may_follow_glued(codes)):
        return None
    if codes[-1][-1].isdigit():
        end = _without_footnote(codes, end)
    if codes[:2] == ["ND", "CP"]:
        codes[0] = "NĐ"
    codes = [part for code in codes for part in glued_codes().get(code, code).split("/")]
    start = _start_of_misread(text, head.start("serial"), floor)
    if head.re is not HEAD:
        return Number(start, end, text[start:end], codes, dashed=False)
    if text[start - 1] in " \u00a0/" and start - 2 >= floor:
        torn = _start_of_torn(text, start, head.start("sep2" if head["sep2"] else "sep"), floor)
        start = start if torn is None else torn
    return Number(start, end, text[start:end], codes, dashed=head["sep"][0] not in SLASHES)


# "số l2/QĐ-UBND", "10/2O20/NĐ-CP": letters that were typed or read instead of digits, before the last digits of a serial or a year.
_MISREAD = late_pattern(rf"(?<![\w.,/{DASH}])(?:[\dlIOo]{{1,4}}|\d{{1,5}}/[12]?[\dOo]{{1,3}})$")


def _start_of_misread(text: str, start: int, floor: int) -> int:
    """Returns the start of a serial that begins with letters instead of digits, after the noun of a document. Otherwise returns `start`."""
    if text[start - 1 : start] not in ("l", "I", "O", "o"):
        return start
    misread = _MISREAD.search(text, max(floor, start - 9), start)
    return misread.start() if misread is not None and type_noun_before(text, misread.start(), floor) is not None else start


def _codes(text: str, at: int) -> tuple[list[str], int]:
    """Returns the codes that begin at `at`, with their separators, and the end of the last one. A number has at most 8."""
    codes: list[str] = []
    end = 0
    while len(codes) < 8:
        code, code_end = _code(text, at, first=not codes)
        if code is None:
            break
        codes.append(code)
        end = code_end
        if code in ("QH", "UBTVQH") and (term := _TORN_TERM.match(text, end)) is not None:
            codes[-1], end = code + term[1], term.end()  # "24/2008/QH 12"
            break
        if code in ("SL", "SLT") and (year := _SHORT_YEAR.match(text, end)) is not None:
            end = year.end()
            break
        following = _next_code(text, end, codes)
        if following is None:
            break
        at = following
    return codes, end


_INITIAL = late_pattern(rf"[{UPPER}]\.[{UPPER}][{SMALL}]")  # the author of an article, joined to its end: "02/2013/TT-BXD.L.Bằng"


def _next_code(text: str, end: int, codes: list[str]) -> int | None:
    """Returns where the code after the separator at `end` begins. Returns None if the number ends there."""
    separator = SEPARATOR.match(text, end)
    if separator is not None and separator["sign"] == "." and _INITIAL.match(text, separator.end()):
        return None
    if separator is not None and (_joins_codes(separator, codes) or _begins_department(text, separator, codes)):
        return separator.end()
    if len(codes) == 1 and codes[0] in grammar().codes and (blank := _LOST_SEPARATOR.match(text, end)) and _is_known(blank[1]):
        return blank.start(1)
    return None


# The departments of procuracies and of the police have a letter and a number: "15 QĐ/VKS – P2", "24/QĐ-CSĐT - PC45".
_DEPARTMENT = late_pattern(r"[A-ZĐ]{1,3}\d{1,2}(?![\w/])")
_HAS_NUMBERED_DEPARTMENTS = ("VKS", "CSĐT", "ANĐT", "CSHS", "CA", "BCA")


def _begins_department(text: str, separator: re.Match[str], codes: list[str]) -> bool:
    """Returns whether a dash between blanks is followed by the department of the body whose code comes before it."""
    return (
        len(codes) > 1
        and separator["sign"] in DASHES
        and codes[-1].startswith(_HAS_NUMBERED_DEPARTMENTS)
        and _DEPARTMENT.match(text, separator.end()) is not None
    )


def _may_follow_glued(codes: list[str]) -> bool:
    """Returns whether codes can follow a serial directly, without a separator: "24/2008QH12", "1727QĐ-UBND"."""
    return TERM.match(codes[0]) is not None or (codes[0] in grammar().codes and len(codes) > 1)


_SHORT_YEAR = late_pattern(r"[-/.]7\d(?![\w/])")  # the laws of 1976: 02/SL-76
_TORN_TERM = late_pattern(r"[^\S\n]{1,2}(1?\d)(?![\w%]|[.,/-]\d)")
_FOOTNOTE = late_pattern(r"(?P<code>[^\W\d_]{2,})\d{1,2}$")


def _without_footnote(codes: list[str], end: int) -> int:
    """Returns the end of a number without the mark of a footnote: "1727/QĐ-UBND1".
    A digit is only removed after a code that never has one: the code of the issuer, directly after that of the type.
    """
    mark = _FOOTNOTE.match(codes[-1])
    if mark is None or len(codes) < 2 or codes[-2] not in grammar().codes or codes[-1] in grammar().known_codes:
        return end
    if mark["code"] not in grammar().known_codes - grammar().office_codes or mark["code"] == "NHNN" or TERM.match(codes[-1]):
        return end  # departments of the State Bank have a digit: 92/2000/QĐ-NHNN7
    digits = len(codes[-1]) - len(mark["code"])
    codes[-1] = mark["code"]
    return end - digits


# "1177/QĐ BGDĐT": the dash was left out.
_LOST_SEPARATOR = late_pattern(rf"\s{{1,2}}([{UPPER}][\w&]{{1,9}})(?!\w)")


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
    if not first and word[0] == "m" and text[at - 1] in DASHES:
        return "M", word.end()  # secret papers of the Government: 49/CP-m
    capitals = CAPITALS.match(word[0])
    if capitals is None:
        return None, at
    if len(capitals[0]) > 1 and (length := _before_glued_word(word[0])) is not None:
        return normalise_code(word[0][:length]), at + length
    if not first and normalise_code(capitals[0]) in known:
        return normalise_code(capitals[0]), at + capitals.end()
    return None, at


_GLUED_WORD = late_pattern(rf"(?P<code>[{UPPER}][{UPPER}{SMALL}\d&]*?)(?P<word>{GLUED})\d*$", re.IGNORECASE)


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
    return not (before and after) or separator["sign"][0] in SLASHES or len(codes) == 1
