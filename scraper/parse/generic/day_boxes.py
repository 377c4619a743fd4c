"""Reads day boxes: a day whose number, month and year are elements of their own, one above the other ("05", "Thg 4", "2014")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_MONTH = r"(?:tháng|thg|th)\.?\s?(?:1[0-2]|0?[1-9])|(?:tháng|thg|th)\s(?:một|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười(?: (?:một|hai))?)"
_ENGLISH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_YEAR = r"(?:19|20)\d\d"
_CLOCK = r"(?P<clock>\s\d{1,2}[:h]\d{2}(?::\d{2})?)?"
# The pieces of a box, joined by spaces. Without a year a box says no day.
_WORDS = re.compile(
    rf"(?:(?P<day>\d{{1,2}})\W{{0,3}}(?P<month>{_MONTH}|{_ENGLISH})|(?P<month2>{_MONTH}|{_ENGLISH})\W{{1,3}}(?P<day2>\d{{1,2}}))\W{{1,3}}(?P<year>{_YEAR}){_CLOCK}",
    re.IGNORECASE,
)
# Three bare numbers have two digits each in their day and month: "5 2 2014" may count something.
_NUMBERS = re.compile(
    rf"(?P<day>\d{{2}}(?=\W{{1,3}}\d\d)|\d{{1,2}}(?=.*[/.-]))\W{{1,3}}(?P<month>1[0-2]|0?[1-9])\W{{1,3}}(?P<year>{_YEAR}){_CLOCK}"
)
_DIGITS = re.compile(r"\d+")
_ANY_YEAR = re.compile(_YEAR)
_WEEKDAY = re.compile(
    r"(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|t[2-7]|cn|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?),?",
    re.IGNORECASE,
)
_FIRST = re.compile(rf"\d{{1,2}}(?:\s?[/.-]\s?\d{{1,2}})?[/.-]?|{_MONTH}|{_ENGLISH}", re.IGNORECASE)
LONGEST_PIECE = 14  # characters of "Tháng Mười Hai"
LONGEST_BOX = 30  # characters of "05 Tháng Mười Hai, 2014 15:30"
MOST_PIECES = 4  # day, month, year and the time of day


class DayBox(NamedTuple):
    """A day box. `text`: its day as one line. `pieces`: how many pieces it has."""

    text: str
    pieces: int


def may_be_box(text: str) -> bool:
    """Return True if a line is short enough for a day box and has a year. It is a quick check: hardly any line of a menu has one."""
    return len(text) <= LONGEST_BOX and _ANY_YEAR.search(text) is not None


def begins_box(text: str) -> bool:
    """Return True if a line can be the first piece of a day box: "05", "05/04", "Thg 4" or "Apr"."""
    return len(text) <= LONGEST_PIECE and _FIRST.fullmatch(text) is not None


def is_weekday(text: str) -> bool:
    """Return True if a piece is only the day of the week: "Chủ nhật", which may be in the same box."""
    return len(text) <= LONGEST_PIECE and _WEEKDAY.fullmatch(text) is not None


def day_box(pieces: Sequence[str]) -> DayBox | None:
    """Return the day box at the beginning of `pieces`, which are in the order of the page; None if they begin none.

    ("05", "04/2014") gives "05/04/2014", and ("05", "Apr", "2014") gives "05 Apr, 2014". The longest box is taken.
    """
    for number in range(min(len(pieces), MOST_PIECES), 1, -1):
        text = " ".join(piece.strip() for piece in pieces[:number])
        if len(text) > LONGEST_BOX:
            continue
        if match := _NUMBERS.fullmatch(text):
            return DayBox(f"{match['day']}/{match['month']}/{match['year']}{match['clock'] or ''}", number)
        if match := _WORDS.fullmatch(text):
            day, month = match["day"] or match["day2"], match["month"] or match["month2"]
            if number_of_month := _DIGITS.search(month):
                return DayBox(f"{day}/{number_of_month[0]}/{match['year']}{match['clock'] or ''}", number)
            return DayBox(f"{day} {month}, {match['year']}{match['clock'] or ''}", number)
    return None


def day_of_line(parts: Sequence[str]) -> str | None:
    """Return the day of a line that is a day box: `<span>05</span><span>Thg 4</span><span>2014</span>`; None for any other."""
    pieces = [piece for part in parts if (piece := part.strip()) and not is_weekday(piece)]
    box = day_box(pieces) if len(pieces) > 1 and begins_box(pieces[0]) else None
    return box.text if box is not None and box.pieces == len(pieces) else None
