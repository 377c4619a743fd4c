"""Compiled patterns for numbers, nouns and standards. Each runs in linear time: no repetition contains a repetition of the same
characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar

# Capitals in codes: Latin, Vietnamese, eth, and the Cyrillic and Greek letters that a wrong keyboard layout produces.
UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴÐƉАВЕКМНОРСТХΑΒΕΗΙΚΜΝΟΡΤΧ"
DASH = "\\-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
SLASHES = "/\uff0f\u2044\u2215"
YEAR = r"(?:19|20)\d{2}"
# White space inside a citation. It may contain a line break, but never the empty line between paragraphs.
BLANK = r"(?!\s{0,3}\n\s{0,3}\n)\s{1,6}"
GAP = rf"(?:{BLANK})?"
LETTER = r"[^\W\d_]"
WORDS_APART, NEARBY = r"\s{1,4}", r"\s{0,4}"
SMALL = "a-zàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
# The beginning of a word. A word in capitals can also begin after a small letter or a digit, if the blank was lost ("theoQuyết định",
# "vềTCVN") or a footnote mark comes before it ("1Nghị định").
BEGINS = rf"(?:(?<!\w)|(?<=[{SMALL}\d])(?=[{UPPER}]))"
# Words that often follow a citation, so that they also occur joined to it: "Quyết định số 12/2010/QĐ-UBNDvề việc".
GLUED_WORDS = (
    "về", "của", "ngày", "năm", "và", "hoặc", "do", "được", "quy", "ban", "cho", "tại", "đã", "có", "là", "với", "trong", "thì", "từ", "phê",
    "hướng", "sửa", "thay", "đến", "để", "nhằm", "đối", "ký", "sẽ", "cùng", "này", "trên", "đang", "như", "kèm", "yêu", "đề", "nêu", "gồm", "thực",
    "triển", "bổ", "công", "ra", "theo", "gửi", "chỉ", "thông", "giao", "hiện", "cũng", "hôm", "bằng", "vào", "khi",
)  # fmt: skip
GLUED = rf"(?:{'|'.join(sorted(GLUED_WORDS, key=len, reverse=True))})"
AROUND = 260  # characters that are read before and after a citation


def by_first_letter(choices: Iterable[tuple[str, str]]) -> str:
    """Returns one pattern for many choices, grouped by their first letter, because one letter rejects most of them.
    Each choice is a pattern for its first letter and a pattern for the rest. Choices with the same first letter keep their order. Different
    patterns for the first letter must not match the same letter.
    """
    rests_of: dict[str, list[str]] = {}
    for first, rest in choices:
        rests_of.setdefault(first, []).append(rest)
    return "|".join(f"{first}(?:{'|'.join(rests)})" for first, rests in rests_of.items())


# --- numbers --------------------------------------------------------------------------------------

# The head of a number: the serial (36, 36a, 66.7), an optional year, which may be mistyped (142/2205/NĐ-CP, 279/20116/TT-BTC), and the
# separator before the first code.
# A blank may come before the letter of an inserted number: "30 c/QĐ-UBND", "36 a/NQ-CP". Forms of the police have seven digits: 0012345/QĐ-XPHC.
SERIAL = rf"(?:\d{{1,6}}|0\d{{6}})(?:\.\d{{1,3}}|-\d{{1,2}}(?=\s{{0,2}}/))?(?:[a-zA-ZđĐ](?!{LETTER})|\s[a-dA-D](?=\s?[{SLASHES}]))?"
HEAD = re.compile(  # at once, because `Match.re` is compared with it
    rf"(?:(?<![\d.,])|(?<=ố\.))(?P<serial>{SERIAL})\s{{0,2}}(?P<sep>[{SLASHES}{DASH}]{{1,2}})\s{{0,2}}(?:(?P<year>{YEAR}|\d{{2,3}}|2\d{{3,5}})\s{{0,2}}(?P<sep2>[{SLASHES}{DASH}]{{1,2}})\s{{0,2}})?$"
)
# One part of a code: QĐ, UBND, QH11, BTT&TT, P1; with small letters TTg, CTr, QyĐ, QLĐTh.
CODE = late_pattern(rf"[{UPPER}](?:[{UPPER}\d]|&(?=[{UPPER}])|[a-zđư]{{1,2}}(?=[{UPPER}]|$))*$")
WORD = late_pattern(rf"{LETTER}(?:[^\W_]|&(?={LETTER})){{0,40}}")
CAPITALS = late_pattern(rf"[{UPPER}][{UPPER}&\d]*")
JOINT_MARK = late_pattern(  # liên ngành, liên tịch, liên bộ, liên sở; phối hợp
    r"(?:KH|HD|CV|TT|NQ|QC|QĐ)?L[NTBS]$|(?:KH|HD|NQ|QC|QĐ|CTR?|TT)PH$"
)
SEPARATOR = late_pattern(rf"(?P<before>\s{{0,2}})(?P<sign>[{SLASHES}{DASH}]{{1,2}}|[._:])(?P<after>\s{{0,2}})(?={LETTER})")

# --- nouns ----------------------------------------------------------------------------------------


def _syllable(word: str) -> str:
    first = word[0]
    return f"[{first.upper()}{first}]{re.escape(word[1:])}"


# Lookbehinds that reject a noun inside another word or name: "kỷ luật", "pháp luật", "quy luật". They apply after the first letter of the
# noun, which the dot matches.
_NOT_INSIDE = {
    "luật": r"(?<![Pp]háp\s.)(?<![Kk]ỷ\s.)(?<![Qq]uy\s.)",
    "lệnh": r"(?<![Cc]hỉ\s.)(?<![Mm]ệnh\s.)(?<![Tt]ư\s.)(?<![Hh]iệu\s.)(?<![Kk]hẩu\s.)",  # "Bộ Tư lệnh", "Chỉ lệnh"
    "kế hoạch": r"(?<!Bộ\s.)(?<!Sở\s.)(?<!Phòng\s.)(?<!Vụ\s.)(?<!ban\s.)(?<!Ban\s.)",  # the ministry of planning
}


def _noun_pattern(nouns: list[str]) -> str:
    """Returns a pattern for nouns in small letters, with initial capitals, or all in capitals."""
    small, capital = [], []
    for noun in nouns:
        head, *more = noun.split()
        rest_of = _NOT_INSIDE.get(noun, "") + GAP.join([re.escape(head[1:]), *map(_syllable, more)])
        small.append((f"[{head[0].upper()}{head[0]}]", rest_of))
        capital.append((noun[0].upper(), GAP.join(map(re.escape, noun.upper().split()))[1:]))
    return f"{by_first_letter(small)}|{by_first_letter(capital)}"


_NOUNS = sorted([*grammar().types, *grammar().spellings], key=len, reverse=True)
NOUN = rf"(?<!\w)(?:{_noun_pattern(_NOUNS)})(?:(?![^\W\d_])|(?=(?:số|Số|SỐ)[\s\d:]))"
NOUN_RE = late_pattern(NOUN)
_SHORT = "|".join(sorted(map(re.escape, grammar().short), key=len, reverse=True))
SHORT_NOUN = rf"(?<![\w/&-])(?:{_SHORT})"
SO = rf"(?:[Ss][ốổôồ]|S[ỐÔ]){GAP}:?"  # OCR reads "số" as "sổ", and writers forget its tone
# What can come directly before a serial. The search covers a short window that ends at the serial.
_NOUN_BEGINS = "".join(sorted({letter for noun in _NOUNS for letter in (noun[0], noun[0].upper())} | {noun[0] for noun in grammar().short}))
NOUN_BEFORE = late_pattern(
    rf"(?=[{_NOUN_BEGINS}])(?P<noun>{NOUN}|{SHORT_NOUN})(?:\s?\((?:{_SHORT})\))?{GAP}(?:(?::{GAP})?(?P<so>{SO}\.?){GAP})?$"
)  # "số.45/QĐ-UBND"
# The same for a noun that is joined to the word or the footnote mark before it. Such a noun begins with a capital.
GLUED_NOUN_BEFORE = late_pattern(
    rf"(?<=[{SMALL}\d])(?=[{UPPER}])(?P<noun>(?:{_noun_pattern(_NOUNS)})(?:(?![^\W\d_])|(?=(?:số|Số|SỐ)[\s\d:]))|(?<!\d)(?:{_SHORT})){GAP}(?:(?::{GAP})?(?P<so>{SO}){GAP})?$"
)
# The same for a heading: the noun in capitals, its number in a paragraph below.
HEADING_BEFORE = late_pattern(
    rf"(?P<noun>(?<!\w)(?:{'|'.join(GAP.join(map(re.escape, noun.upper().split())) for noun in _NOUNS)})(?!\w))\s{{1,12}}(?P<so>{SO}){GAP}$"
)
SO_BEFORE = late_pattern(rf"(?<![\w]){SO}{GAP}$")

# A bare serial after a noun: 749, 36a, 64/2007. What follows must not make it a date, an amount or a longer number.
# The same in a number without codes: "Nghị quyết 30 a của Chính phủ". "30 a)" begins an item of a list.
_LETTER_APART = (
    rf"[^\S\n][a-d](?=/{YEAR}|\s{{1,3}}(?:của|ngày|về|và|hoặc|năm|này|quy|được|thì|có|đã|nêu)(?!\w)|\s?(?:[,;]|\.(?:\s|$)|\n|$))"
)
RAW = rf"\d{{1,6}}(?:[a-z]|{_LETTER_APART})?(?:/{YEAR})?"
# What may follow a bare serial. Of joined words, only those are allowed after which it cannot be a count ("5năm" is a count).
_NOT_AFTER = rf"(?:(?![\w%‰°])|(?=(?:của|ngày|về|và|do|quy|được|thì|hoặc)(?!\w)))(?![.,:]\d)(?!\s?[/x×]\s?\d)(?!\s?[{DASH}]\s?\d)(?!/)"
# "Nghị quyết 19-2017": newspapers write a dash before the year. "Sắc lệnh 19-12-1941" is a day, "kế hoạch 2016-2020" a period.
_DASHED = rf"\d{{1,3}}[a-z]?[{DASHES}]{YEAR}"
BARE = late_pattern(rf"(?P<raw>{_DASHED}(?![{DASHES}/]\d)|{RAW}){_NOT_AFTER}")
# "sắc lệnh số 63 ngày 22-11-1945 và số 77": a date between the members of a list
MORE_DATED = late_pattern(
    rf"{GAP}(?:ngày{GAP})?\d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?\d{{2,4}}{GAP}(?:,|;|và|,\s?và){GAP}{SO}{GAP}(?P<raw>{RAW}){_NOT_AFTER}"
)
MORE = late_pattern(
    rf"(?:\s?\([^()]{{1,30}}\))?(?:{GAP}[,;]{GAP}(?:(?:và|hoặc){GAP})?|{GAP}(?:và|hoặc|&){GAP})(?:{SO}{GAP})?(?P<raw>{RAW}){_NOT_AFTER}"
)

# --- standards ------------------------------------------------------------------------------------

_SERIES = r"(?:\d{2}\s?TCVN|TCVN|QCVN|QCĐP|QCDP|TCXDVN|TCXD|TCCS|\d{2}\s?TCN|TCN)"
_BODY = r"(?:ISO(?:/(?:IEC|TS|TR|ASTM))?|IEC|EN|HACCP|CAC|QS)"
STANDARD = late_pattern(
    rf"(?<![{UPPER}\d_])(?P<raw>(?:{_SERIES}(?:[\s/{DASH}]{{1,3}}{_BODY}){{0,2}}|ISO(?:/IEC|/TS|/TR)?|IEC(?:/ISO)?)"
    rf"(?:(?!\s{{0,3}}\n\n)\s?[:.]?\s?|[{DASH}])(?P<serial>\d[\d.]{{0,9}}\d|\d)[a-z]?(?:[{DASH}](?:\d{{1,3}}(?!\d)|[A-Z]{{1,3}}(?![A-Z]))|\s[{DASH}]\s?\d{{1,2}}(?=\s?:)){{0,2}}"
    rf"(?:\s?[:/{DASH}]\s?(?:{YEAR}|\d{{2}}(?!\d)))?(?:\s?/\s?[{UPPER}][{UPPER}&]{{1,11}})?(?:\s?:\s?{YEAR})?)(?:(?!\w)|(?={GLUED}(?!\w)))"
)
