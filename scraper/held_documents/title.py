"""The type and the subject: the line "QUYẾT ĐỊNH" with the lines below it, or "V/v ..." of an official letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from scraper.citations.grammar.loader import grammar
from scraper.citations.scan.number_type import type_of_number
from scraper.held_documents.heading import Heading, noun_of_line
from scraper.held_documents.rows_of_pages import Row
from scraper.held_documents.values import ABSENT, Field
from scraper.held_documents.words import any_of, nouns, words
from scraper.model import Rule
from scraper.rule_codes import RuleCode
from scraper.text import fold, squeeze

MOST_ROWS_OF_TITLE = 14
_MOST = 700  # characters of a subject
_ABOUT = re.compile(r"\W*(?:ve\s{1,3}viec|v\s{0,2}/\s{0,2}v|vv:|ve(?=\s))(?![a-z])\s{0,3}[:.\-]?\s{0,3}")
# What cannot be a line of a subject: the beginning of the text, or of the body that decides.
_FRAME = r"kinh\s{0,3}(?:gui|thua)|dieu\s{1,3}\d|chuong\s{1,3}[i1]|phan\s{1,3}(?:i|thu)|[i1a]\s{0,2}[.)]\s|noi\s{1,3}nhan"
_TEXT_BEGINS = re.compile(rf"\W{{0,4}}(?:{_FRAME}|(?:{any_of([*words()['bases']['always'], *words()['text_begins']])})(?![a-z])|ngay\s\d)")
_FRAME_BEGINS = re.compile(rf"\W{{0,4}}(?:{_FRAME}|can\s{{1,3}}cu)")
_AUTHORITY = re.compile(rf"\W{{0,4}}(?:(?:{any_of([*words()['positions'], *words()['deciding']])})(?![a-z])|(?:chinh phu|quoc hoi)\W*$)")
_GOES_ON_AFTER = re.compile(rf"(?:[,\-–]|\s(?:{any_of(words()['goes_on'])}))$")
_BRACKET = re.compile(r"\s{0,3}\(")
_LINES = re.compile(r"[\W_]*")


def read_type(rows: Sequence[Row], heading: Heading) -> tuple[Field, int, tuple[str, ...]]:
    """Returns the type, the index of the first row below its line, and flags of the number. `rows`: all rows of the file."""
    codes = list(heading.codes)
    for at in range(heading.end, min(heading.end + (6 if heading.marks else 14), len(rows))):
        row = rows[at]
        match = noun_of_line(row)
        if match is None:
            if re.match(r"\s*kinh\s{0,3}gui", row.folded):
                break
            continue
        written = squeeze(match["noun"])
        noun = nouns().get(written) or next((one for one in _other_types() if fold(one) == written), written)
        chosen, flags = type_of_number(noun, codes) if codes and written in nouns() else (noun, ())
        if heading.consolidated or "VBHN" in codes:
            chosen = "văn bản hợp nhất"
        return Field(chosen, Rule(RuleCode.HELD_TYPE_LINE), (row.place(),)), at, flags
    if heading.statute is not None and heading.number.value is not None:
        return Field(heading.statute, Rule(RuleCode.HELD_TYPE_LINE), heading.number.places), heading.end - 1, ()
    if codes:
        agency_first = codes[0] not in grammar().codes and heading.statute is None and not codes[0].startswith(("QH", "UBTVQH"))
        # The unit that drafted a letter can have the code of a type: "Thanh tra" is TTr in 415/SNV-TTr.
        chosen, flags = ("công văn", ()) if agency_first and len(codes) < 3 else type_of_number("", codes)
        rule = RuleCode.HELD_TYPE_LETTER if chosen == "công văn" else RuleCode.HELD_TYPE_CODE
        return Field(chosen, Rule(rule), heading.number.places), heading.end - 1, flags
    return ABSENT, heading.end - 1, ()


def _other_types() -> tuple[str, ...]:
    return (
        "giấy mời",
        "biên bản",
        "giấy giới thiệu",
        "thông cáo",
        "thông cáo báo chí",
        "quy ước",
        "lời kêu gọi",
        "giấy ủy quyền",
        "dự án",
        "nội quy",
    )


def read_subject(rows: Sequence[Row], heading: Heading, type_at: int, *, letter: bool) -> tuple[Field, int]:
    """Returns the subject, and the index of the first row below it. `type_at`: the row of the type line.

    `letter`: a document without a type line has its subject below its number.
    """
    if letter:
        field = _below_number(heading)
        if field is not None:
            return field, heading.end
    return _below_type(rows, type_at)


def _below_number(heading: Heading) -> Field | None:
    """Returns the subject of an official letter: from "V/v" in the left column to its end."""
    first = next((at for at, row in enumerate(heading.below) if _ABOUT.match(row.folded)), None)
    if first is None:
        return None
    taken = [heading.below[first]]
    for row in heading.below[first + 1 :]:
        if len(taken) >= MOST_ROWS_OF_TITLE or (row.after_blank and not _goes_on(taken[-1], row)):
            break
        taken.append(row)
    return _joined(taken, RuleCode.HELD_SUBJECT_LABEL)


def _below_type(rows: Sequence[Row], type_at: int) -> tuple[Field, int]:
    """Returns the subject below the type line, or after the noun in the same line, and the index of the first row below it."""
    taken: list[Row] = []
    if 0 <= type_at < len(rows):
        inline = _after_noun(rows[type_at])
        taken = [inline] if inline is not None else []
    at = type_at + 1
    while at < len(rows) and at <= type_at + MOST_ROWS_OF_TITLE:
        row = rows[at]
        if _LINES.fullmatch(row.text) is not None:
            if taken:
                break
        elif _ends_title(row, taken, rows[at + 1] if at + 1 < len(rows) else None):
            break
        elif not _names_issuer(row, taken):
            taken.append(row)
        at += 1
    if not taken:
        return ABSENT, type_at + 1
    return _joined(taken, RuleCode.HELD_SUBJECT_BELOW_TYPE), at


_OF_ISSUER = re.compile(r"cua\s")


def _after_noun(row: Row) -> Row | None:
    """Returns the rest of a type line: "QUYẾT ĐỊNH Về việc ...". What names the issuer is left out: "QUYẾT ĐỊNH CỦA BỘ TRƯỞNG ..."."""
    match = noun_of_line(row)
    if match is None or len(row.folded) != len(row.text) or not type_is_whole(row, match):
        return None
    rest = row.part(match.end(), len(row.text))
    if not rest.text.strip(" .:*") or _OF_ISSUER.match(rest.folded.strip()) or len(rest.text.strip()) < 8:
        return None
    return rest


def type_is_whole(row: Row, match: re.Match[str]) -> bool:
    """Returns whether the noun is in the row as it is, not with its letters apart."""
    return row.folded[match.start() : match.end()] == match[0]


def _names_issuer(row: Row, taken: Sequence[Row]) -> bool:
    """Returns whether a row directly below the type line names the issuer and not the subject: "CỦA BỘ TRƯỞNG BỘ ...", "SỐ 12/..."."""
    return not taken and (
        _OF_ISSUER.match(row.folded.strip()) is not None or (row.text.isupper() and _AUTHORITY.match(row.folded.lstrip()) is not None)
    )


def _ends_title(row: Row, taken: Sequence[Row], following: Row | None) -> bool:
    folded = row.folded.lstrip()
    if not taken:
        return _begins_text(row) and not _ABOUT.match(folded)
    before = taken[-1]
    if sum(len(one.text) for one in taken) > _MOST or _begins_text(row) or _BRACKET.match(row.text):
        return True
    if decides(row):
        return not (before.text.isupper() and _BINDS.search(before.folded.rstrip()))
    if _goes_on(before, row):
        return False
    if _named_document().match(folded):
        return True
    # A line that begins with a capital and is the last one before the text belongs to the subject; the text has longer paragraphs.
    last_line = (
        following is None
        or following.after_blank
        or decides(following)
        or _begins_text(following)
        or _LINES.fullmatch(following.text) is not None
    )
    return row.after_blank or not last_line or len(row.text.strip()) > 80 or row.text.rstrip().endswith((".", ",", ";", ":"))


def _begins_text(row: Row) -> bool:
    """Returns whether the text begins in a row. In small letters, the same words are part of a subject."""
    if row.text.lstrip(" -–*")[:1].islower():
        return False
    pattern = _TEXT_BEGINS if not row.text.isupper() else _FRAME_BEGINS
    return pattern.match(row.folded.lstrip()) is not None


@cache
def _named_document() -> re.Pattern[str]:
    """Returns a pattern for a document with its number: a consolidated text names below its title what it consists of."""
    return re.compile(rf"(?:{any_of(nouns())})\s{{1,3}}(?:[^\W\d_]+\s){{0,12}}so\s{{1,3}}\d")


def decides(row: Row) -> bool:
    """Returns whether a row in capitals names who decides: "GIÁM ĐỐC SỞ NỘI VỤ"."""
    return row.text.isupper() and _AUTHORITY.match(row.folded.lstrip()) is not None


_BINDS = re.compile(r"(?:,|\s(?:va|cua|voi|cho|giua))$")


def _goes_on(before: Row, row: Row) -> bool:
    """Returns whether a line of a subject goes on in the next line."""
    last = before.text.rstrip()
    if last.endswith((".", ";", ":")) or len(row.text) > 300:
        return False
    first = row.text.lstrip()[:1]
    if first.islower() or first.isdigit() or first in '“"(–-&/':
        return True
    if before.text.isupper():
        return row.text.isupper()
    if _GOES_ON_AFTER.search(fold(last)) is not None:
        return True
    # A name that is divided: "Luật Công nghệ / Thông tin". The second line has no sentence.
    return (
        not row.after_blank
        and last[-1:].isalpha()
        and last.split()[-1][:1].isupper()
        and len(row.text) < 60
        and not row.text.rstrip().endswith((".", ","))
    )


def _joined(rows: Sequence[Row], code: RuleCode) -> Field:
    """Returns the subject without "Về việc" and the marks around it."""
    first = rows[0]
    about = _ABOUT.match(first.folded.replace("\t", " "))
    start = about.end() if about is not None else len(first.text) - len(first.text.lstrip(" -–*:.\t"))
    pieces = [first.part(start, len(first.text)), *rows[1:]]
    text = squeeze(" ".join(piece.text for piece in pieces)).rstrip(" .;:*_")
    if not text:
        return ABSENT
    return Field(text, Rule(code), tuple(piece.place() for piece in pieces if piece.text.strip()))
