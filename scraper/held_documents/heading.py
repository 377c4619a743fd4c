"""The heading of a document: the motto, the bodies in the left column, the number, the place and the date.

Decree 30/2020/NĐ-CP, annex I, and Circular 01/2011/TT-BNV place them in two columns. The text of a file has the columns one after the
other, in either order, or both on one line. So each line is divided first: at the motto, at the number, at the date, and at wide gaps.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from scraper.citations.forms.issue_dates import DATE, parse_date
from scraper.citations.forms.number_spelling import normalise_number
from scraper.citations.grammar.loader import grammar
from scraper.citations.scan.number_parts import Number, numbers
from scraper.held_documents.rows_of_pages import Row, fold_letters, parts_at_gaps
from scraper.held_documents.values import ABSENT, Field, NumberParts, Place
from scraper.held_documents.words import any_of, nouns, places, words
from scraper.model import Rule
from scraper.rule_codes import RuleCode

MOST_ROWS_OF_HEADING = 60  # with the stamps and signatures that can come before it
_B = r"\s{1,4}"
_MOTTO = re.compile(
    rf"cong{_B}h[oe0]a{_B}xa{_B}h[oe0]i(?:{_B}ch[uy]{_B}nghia(?:{_B}viet(?:{_B}nam)?)?|\s{{0,3}}$)|d[oe0]c\s{{0,3}}lap\W{{1,6}}t[a-z]{{1,2}}{_B}do\W{{1,6}}hanh{_B}phuc"
    rf"|dang{_B}cong{_B}san{_B}viet{_B}nam"
)
_MOTTO_END = re.compile(r"(?<![a-z])(?:(?:ch[uy]\s{1,4}nghia\s{1,4})?viet\s{1,4})?nam\s*$")
# "Số", also as a scanner reads it. In the heading of a statute its noun comes before: "Luật số: 67/2006/QH11".
_LABEL = re.compile(
    r"(?:^\s*|(?<=\s{3})|(?<=\t))(?P<noun>(?:bo luat|luat|phap lenh|nghi quyet|lenh|sac lenh)\s{1,3})?"
    r"[s$][o06](?:\s?/\s?no)?(?![a-z0-9])\s{0,3}[:.;,]?"
    r"|(?<=\s)so\s?:|^\s*se\s?[:;](?=\s{0,3}[0-9])"
)
# Digits as a scanner reads them.
_DIGIT = r"[0-9oil|]"
_MISTAKEN = str.maketrans("OoIl|", "00111")
_BLANK = r"[\s.…_,\-]{0,24}"
_DATE = re.compile(
    rf"(?<![a-z])ngay(?P<day>{_BLANK}(?:{_DIGIT}\s?{_DIGIT}?|[^\s.…_,\-]{{1,4}}(?:\s[0-9])?)?{_BLANK})thang(?P<month>{_BLANK}(?:{_DIGIT}\s?{_DIGIT}?)?{_BLANK})"
    rf"nam(?P<year>[\s.…_]{{0,12}}(?:[12]\s?{_DIGIT}\s?{_DIGIT}\s?{_DIGIT}(?![0-9][0-9])|20(?![0-9]))?)"
    rf"|(?<![a-z])ngay\s{{0,3}}(?P<short>{DATE})"
)
_PLACE = re.compile(r"(?P<place>(?:[Qq]uận|[Pp]hường)\s{1,3}\d{1,2}|[^\W\d_][^\d_:;/]{1,40}?)\s{0,4}[,.;]?\s{0,4}$")
_LINES = re.compile(r"[\W_]*")  # "_____", "***", "-----"
# Lines that a signature of the file, a register of received papers or the Gazette adds.
_ADDED = re.compile(rf"(?:{any_of(words()['added'])})|(?:mat|toi mat|khan|hoa toc)\W*$|trang\s\d")
_DRAFT = re.compile(r"[(\[]?\s?(?:ban )?du thao(?: lan)?(?:\W|$)")


@dataclass(slots=True)
class Heading:
    """What the rows of a heading say. `end`: the index of the first row below it, among all rows."""

    end: int
    motto: bool = False
    motto_cut: bool = False  # the end of its first line, "VIỆT NAM" or "NAM", must come in a later row
    draft: bool = False
    consolidated: bool = False  # the Gazette calls it "VĂN BẢN HỢP NHẤT"
    number: Field = ABSENT
    parts: NumberParts | None = None
    codes: tuple[str, ...] = ()
    number_empty: bool = False
    statute: str | None = None  # the noun before "số"
    place: Field = ABSENT
    issued_on: Field = ABSENT
    above: list[Row] = field(default_factory=list)  # the left column above the number
    below: list[Row] = field(default_factory=list)  # below the number: "V/v ..."

    @property
    def marks(self) -> int:
        """Returns how many of motto, number and date it has."""
        return self.motto + (self.number.value is not None or self.number_empty) + (self.issued_on.rule.code is not RuleCode.NOT_ON_PAGE)


@cache
def type_line() -> re.Pattern[str]:
    """Returns a pattern for the line that names the type, without diacritics. The caller checks that it is in capitals."""
    return re.compile(rf"(?P<noun>{any_of([*nouns(), *words()['other_types']])})(?![a-z])")


_BODY = re.compile(r"(?:kinh\s{0,3}gui|can\s{1,3}cu|dieu\s{1,3}1|chuong\s{1,3}i|phan\s{1,3}(?:i|thu nhat)|noi\s{1,3}nhan)(?![a-z])")


def noun_of_line(row: Row) -> re.Match[str] | None:
    """Returns the match of the noun if a row is a type line: "QUYẾT ĐỊNH", "THÔNG TƯ LIÊN TỊCH", "CHỈ THỊ CỦA ...". Returns None if not."""
    text = row.text
    lead = len(text) - len(text.lstrip(" \t*-"))
    spaced = _letters_apart(text) if len(text) < 60 else None
    folded = fold_letters(spaced) if spaced else row.folded
    match = type_line().match(folded, 0 if spaced else lead)
    if match is None or not (spaced or text)[match.start() : match.end()].isupper():
        return None
    rest = folded[match.end() :].strip(" .")
    # The enacting words "QUYẾT ĐỊNH:" end with a colon.
    return None if rest.startswith(":") else match


def _letters_apart(text: str) -> str | None:
    """Returns words whose letters were typed apart, as words: "Q U Y Ế T   Đ Ị N H". Returns None for other text."""
    letters = text.split(" ")
    if len([one for one in letters if len(one) == 1]) < 4 or any(len(one) > 1 for one in letters):
        return None
    return " ".join(word.replace(" ", "") for word in re.split(r"\s{2,}", text.strip()))


def read_heading(rows: Sequence[Row]) -> Heading:
    """Returns the heading at the beginning of the rows. It has no marks if there is none."""
    found = Heading(end=0)
    seen = 0
    for at, row in enumerate(rows[:MOST_ROWS_OF_HEADING]):
        if found.marks and (_BODY.match(row.folded.lstrip()) or noun_of_line(row)):
            found.end = at
            return found
        if not found.marks and (noun_of_line(row) or _BODY.match(row.folded.lstrip())):
            seen += 1
            if seen > 1:  # the text began without any mark of a heading
                break
        _read_row(found, rows, at)
        if found.marks:
            found.end = at + 1
    return found


def _read_row(found: Heading, rows: Sequence[Row], at: int) -> None:
    row = rows[at]
    if _DRAFT.match(row.folded.strip()):
        found.draft = True
        return
    numbered = found.number.value is not None or found.number_empty
    found.consolidated = found.consolidated or "van ban hop nhat" in row.folded
    if not numbered and _ADDED.match(row.folded.strip()):
        return
    rest: list[tuple[int, int]] = [(0, min(len(row.text), 600))]
    rest = _without_motto(found, row, rest)
    number_end = 0
    if not numbered and (span := _read_number(found, row, rows[at + 1 : at + 2])) is not None:
        number_end = span[1]
        rest = _without(rest, span[0], span[1])
        _keep(found.above, row, [(first, min(last, span[0])) for first, last in rest if first < span[0]])
        rest = [(max(first, span[0]), last) for first, last in rest if last > span[0]]
    if (
        found.issued_on.rule.code is RuleCode.NOT_ON_PAGE
        and (span := _read_date(found, row, rows[at + 1 : at + 2], number_end)) is not None
    ):
        rest = _without(rest, span[0], span[1])
    has_number = found.number.value is not None or found.number_empty
    _keep(found.below if has_number else found.above, row, rest, stamps=not has_number)


def _without_motto(found: Heading, row: Row, rest: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns the spans of a row without the motto, or without the end of a motto that began in an earlier row."""
    mottos = list(_MOTTO.finditer(row.folded))
    for motto in mottos:
        if motto[0].rstrip().endswith("hoi") and not row.text[motto.start() : motto.end()].isupper():
            continue  # "Cộng hòa xã hội" at the end of a line, in a sentence
        found.motto = True
        found.motto_cut = motto[0].startswith("cong") and not motto[0].endswith("nam")
        rest = _without(rest, motto.start(), motto.end())
    end = _MOTTO_END.search(row.folded) if found.motto_cut and not mottos else None
    if end is None:
        return rest
    found.motto_cut = False
    return _without(rest, end.start(), end.end())


def _without(spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    return (
        [part for first, last in spans for part in ((first, min(last, start)), (max(first, end), last)) if part[0] < part[1]]
        if spans
        else []
    )


def _keep(into: list[Row], row: Row, spans: list[tuple[int, int]], *, stamps: bool = True) -> None:
    """Adds the parts of a row with words of the heading. `stamps`: whether lines that a register or a signature adds can be among them."""
    for start, end in spans:
        into += [part for part in parts_at_gaps(row.part(start, end)) if not _is_added(part, stamps=stamps)]


def _is_added(part: Row, *, stamps: bool) -> bool:
    """Returns whether a part has no words of the heading: a line, the second line of the motto, the mark of a signature."""
    folded = part.folded.strip()
    return _LINES.fullmatch(part.text) is not None or folded == "viet nam" or (stamps and _ADDED.match(folded) is not None)


# --- number ---------------------------------------------------------------------------------------


def _read_number(found: Heading, row: Row, following: Sequence[Row]) -> tuple[int, int] | None:
    """Reads the number after its label. Returns the span of both in the row, or None."""
    text = row.text[:600]
    label = _LABEL.search(row.folded[:600])
    if label is None or not _is_label(text, label):
        return None
    at = label.end()
    while at < len(text) and (text[at].isspace() or text[at] in ".…_"):
        at += 1
    if text[at : at + 1] in ("/", "-", "–"):
        return _read_empty(found, row, label, at)
    if not text[at:].strip() and following and label[0].rstrip().endswith(":"):
        return _read_number_below(found, label, following[0], len(text))
    repaired, notes, first = _repaired(text, at)
    number = next(numbers(repaired), None)
    if number is None or number.start > first + 1:
        return None
    number_at = number.start - (first - at)
    if label["noun"] and ":" not in label[0] and text[number.end :].strip():
        return None  # "Luật số 90/2025/QH15, Luật số ...": in a sentence
    if following and _CUT.fullmatch(text, number.end) and (whole := _whole(repaired[: number.end], following[0])) is not None:
        _take_number(found, label, whole[0], (row.place(number_at), following[0].place(0, whole[1])), ())
        return label.start(), len(text)
    if _lost_marks(text[number_at : number.end], normalise_number(number.raw)):
        notes = (RuleCode.HELD_LETTERS_REPAIRED,)
    _take_number(found, label, number, (row.place(number_at, number.end),), notes, text[number_at : number.end])
    return label.start(), number.end


def _read_number_below(found: Heading, label: re.Match[str], row: Row, end: int) -> tuple[int, int] | None:
    """Reads a number that has the row below its label for itself. Returns the span of the label in its own row, or None."""
    number = next(numbers(row.text[:120]), None)
    if number is None or row.text[: number.start].strip() or row.text[number.end :].strip():
        return None
    _take_number(found, label, number, (row.place(number.start, number.end),), ())
    return label.start(), end


def _is_label(text: str, label: re.Match[str]) -> bool:
    """Returns whether a match is the label of a number. In small letters it must be at the beginning of the row, before a colon."""
    if not text[label.start() : label.end()].lstrip()[:1].islower():
        return True
    return not text[: label.start()].strip() and not label["noun"] and label[0].strip()[-1] in ":;"


def _take_number(
    found: Heading, label: re.Match[str], number: Number, spans: tuple[Place, ...], notes: tuple[RuleCode, ...], raw: str | None = None
) -> None:
    rule = Rule(RuleCode.HELD_NUMBER_LABEL, notes=notes)
    found.number = Field(normalise_number(number.raw), rule, spans, raw if notes else None)
    _set_parts(found, label, number, empty=False)


_CUT = re.compile(r"\s*[-–]\s*")


def _whole(begun: str, row: Row) -> tuple[Number, int] | None:
    """Returns a number that goes on in the next row, "01/2022/TTLT-VKSNDTC-" and "TANDTC-BCA", and its end there; else None."""
    lead = len(row.text) - len(row.text.lstrip())
    joined = f"{begun}-{row.text[lead:120]}"
    number = next(numbers(joined), None)
    end = number.end - len(begun) - 1 + lead if number is not None else 0
    return (number, end) if number is not None and end > lead else None


def _lost_marks(raw: str, canonical: str) -> bool:
    """Returns whether the canonical form has letters that the text does not have: "QD" for "QĐ"."""
    plain = "".join(raw.split()).upper()
    return "Đ" in canonical and not ("Đ" in plain or "Ð" in plain)


def _read_empty(found: Heading, row: Row, label: re.Match[str], at: int) -> tuple[int, int] | None:
    """Reads a number whose serial is left empty: "Số:      /QĐ-STTTT", "Số:      /202…/QĐ-UBND". Returns its span, or None."""
    if (year := _OPEN_YEAR.match(row.text, at)) is not None:
        at = year.end()
    number = next(numbers("0" + row.text[at:600]), None)
    if number is None or number.start != 0:
        return None
    end = at + number.end - 1
    found.number_empty = True
    found.number = Field(None, Rule(RuleCode.HELD_NUMBER_EMPTY), (row.place(label.start(), end),))
    _set_parts(found, label, number, empty=True)
    return label.start(), end


_OPEN_YEAR = re.compile(r"[/–-]\s?(?:19|20)?\d?[\s.…_]{1,12}(?=/)")


def _repaired(text: str, at: int) -> tuple[str, tuple[RuleCode, ...], int]:
    """Returns the text with letters before the first separator as the digits that they look like ("O2/QĐ" is 02/QĐ), notes, and where the
    serial begins in it. Dots around a serial that was written by hand, "..12.../QĐ", do not belong to it. The length stays.
    """
    notes: tuple[RuleCode, ...] = ()
    for mistaken, code in words()["mistaken_codes"].items():
        if re.search(rf"(?<![^\W\d_]){mistaken}(?![^\W\d_])", text[at : at + 60]):
            text, notes = text[:at] + text[at:].replace(mistaken, code, 1), (RuleCode.HELD_LETTERS_REPAIRED,)
    end = next((place for place in range(at, min(len(text), at + 24)) if text[place] in "/-–"), at)
    serial = text[at:end].rstrip(" .…_\t")
    digits = serial.translate(_MISTAKEN)
    if len(serial) > 9 or not digits.replace(" ", "").isdigit():
        return text, notes, at
    if digits != serial:
        notes = (RuleCode.HELD_LETTERS_REPAIRED,)
    if not text[at + len(serial) : end].strip():
        return text[:at] + digits + text[at + len(serial) :], notes, at
    return text[:at] + digits.rjust(end - at) + text[end:], notes, end - len(serial)


def _set_parts(found: Heading, label: re.Match[str], number: Number, *, empty: bool) -> None:
    canonical = normalise_number(number.raw)
    pieces = re.split(r"[/-]", canonical)
    year = next((int(piece) for piece in pieces[1:] if re.fullmatch(r"(?:19|20)\d\d", piece)), None)
    of_type = number.codes[0] if number.codes[0] in grammar().codes else None
    codes = tuple(number.codes[1:] if of_type else number.codes)
    found.parts = NumberParts(None if empty else pieces[0], year, of_type, codes)
    found.codes = tuple(number.codes)
    if label["noun"]:
        found.statute = nouns().get(" ".join(label["noun"].split()))


# --- place and date -------------------------------------------------------------------------------


def _read_date(found: Heading, row: Row, following: Sequence[Row], floor: int) -> tuple[int, int] | None:
    """Reads the place and the date. Returns their span in the row, or None. `floor`: the end of the number, if it is in this row."""
    folded = row.folded
    match = _DATE.search(folded, floor)
    places_of_date = None
    end = len(folded)
    if match is None:
        last = folded.rfind("ngay", floor)
        if last < 0 or not following or len(folded) - last > 40:
            return None
        joined = f"{folded} {following[0].folded.lstrip()[:40]}"
        match = _DATE.search(joined, last)
        if match is None or match.start() != last:
            return None
        lead = len(following[0].folded) - len(following[0].folded.lstrip())
        places_of_date = (row.place(last), following[0].place(0, lead + match.end() - len(folded) - 1))
    else:
        end = match.end()
    value, notes = _date(match)
    if value is None and not _is_empty(match):
        return None
    start, place = _place(row, floor, match.start())
    if not found.marks and (place is None or row.text[floor:start].strip() or folded[end:].strip(" .,_")):
        return None  # a date in a sentence, in the first lines of a text that has no heading
    found.issued_on = Field(value, Rule(RuleCode.HELD_DATE_HEADING, notes=notes), places_of_date or (row.place(match.start(), end),))
    if place is not None:
        found.place = place
    return start, end


def _is_empty(match: re.Match[str]) -> bool:
    return match["short"] is None


def _date(match: re.Match[str]) -> tuple[str | None, tuple[RuleCode, ...]]:
    """Returns the date as an ISO day, month or year, and notes. A part that is left empty makes it shorter."""
    if match["short"] is not None:
        stated = parse_date(match["short"])
        return (stated.iso(None, None), ()) if stated is not None else (None, ())
    given = [re.sub(r"[\s.…_,\-]", "", match[part]) for part in ("day", "month", "year")]
    day, month, year = (one.translate(_MISTAKEN) for one in given)
    if not day.isdigit():  # a day that was written by hand: "ngày AG tháng 4"
        day = given[0] = ""
    notes = (RuleCode.HELD_LETTERS_REPAIRED,) if [day, month, year] != given else ()
    if not day or not month:
        notes = (*notes, RuleCode.HELD_DAY_EMPTY)
    if len(year) != 4:
        return None, (*notes, RuleCode.HELD_DAY_EMPTY) if RuleCode.HELD_DAY_EMPTY not in notes else notes
    if not month:
        return year, notes
    stated = parse_date(f"{day} tháng {month} năm {year}" if day else f"tháng {month} năm {year}")
    return (stated.iso(None, None), notes) if stated is not None else (None, notes)


def _place(row: Row, floor: int, date_at: int) -> tuple[int, Field | None]:
    """Returns the place before a date, and where it begins. The longest known place wins; otherwise all words since the last wide gap."""
    before = row.text[floor:date_at]
    gap = max((found.end() for found in re.finditer(r"\s{3,}\S|\t", before)), default=0)
    first = floor + (gap - 1 if gap and not before[gap - 1].isspace() else gap)
    match = _PLACE.search(row.text[first:date_at])
    if match is None or not row.text[first:date_at].strip():
        return date_at, None
    start, end = first + match.start("place"), first + match.end("place")
    for word in re.finditer(r"\S+", row.text[start:end]):
        known = fold_letters(row.text[start + word.start() : end]).strip(" .,")
        bare = re.sub(r"^(?:tp\.?|thanh pho|tinh|tx\.?|thi xa)\s*", "", known)
        if known in places() or bare in places():
            start += word.start()
            break
    else:
        if end - start > 40 or not row.text[start : start + 1].isupper():
            return date_at, None
    return start, Field(" ".join(row.text[start:end].split()), Rule(RuleCode.HELD_DATE_HEADING), (row.place(start, end),))
