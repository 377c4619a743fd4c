"""Dates of issue next to a number. The day always comes first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from scraper.citations.grammar.late_pattern import late_pattern

_B = r"[^\S\n]{0,2}"
_W = r"\s{1,4}"
_YEAR = r"(?:19|20)\d{2}(?!\d)"
# A day and a month without a year, as it follows after "ngày".
CALENDAR_DAY = rf"\d{{1,2}}{_B}[/.-]{_B}\d{{1,2}}(?![\d/.-]\d|\d)"
# "18 tháng Sáu năm 2012". "Năm" is a month only if "năm" and a year follow: in "tháng năm 2012" the month is missing.
_MONTHS = {
    "một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
    "mười một": 11, "mười hai": 12, "mười": 10, "chạp": 12,
}  # fmt: skip
_MONTH_WORD = "|".join(f"[{word[0].upper()}{word[0]}]{word[1:].replace(' m', f'{_W}[Mm]').replace(' h', f'{_W}[Hh]')}" for word in _MONTHS)
DATE = (
    rf"\d{{1,2}}{_B}[/.\-–]{_B}\d{{1,2}}{_B}[/.\-–]{_B}{_YEAR}"
    rf"|\d{{1,2}}\s{{0,4}}tháng\s{{0,4}}\d{{1,2}}\s{{0,4}}(?:,\s{{0,2}})?(?:năm\s{{0,4}})?{_YEAR}"
    rf"|\d{{1,2}}{_W}tháng{_W}(?:{_MONTH_WORD}){_W}năm{_W}{_YEAR}"
    rf"|\d{{1,2}}\s{{0,4}}tháng\s{{0,4}}\d{{1,2}}(?!\d)"
    rf"|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2}}(?!\d)"
    rf"|\d{{1,2}}/\d{{1,2}}{_W}năm{_W}{_YEAR}"
    rf"|tháng{_W}\d{{1,2}}\s{{0,4}}(?:/|-|,|năm)?\s{{0,4}}(?:năm{_W})?{_YEAR}"
    rf"|(?:(?<=ngày )|(?<=ngày)|(?<=mồng )|(?<=mùng )|(?<=hôm )|(?<=sáng )|(?<=chiều )|(?<=tối )){CALENDAR_DAY}|(?<=\(){CALENDAR_DAY}(?=\))"
)
# The heading of a document itself: its number, the motto of the State, the place and the day.
DATELINE = late_pattern(
    rf"\s{{0,8}}\|?\s{{0,8}}(?:CỘNG H(?:ÒA|OÀ)[^\n]{{0,60}}\s{{1,4}}Độc lập[^\n]{{0,40}}\s{{1,4}}(?:[-–—_*=]{{1,60}}\s{{1,4}})?|ĐẢNG CỘNG SẢN VIỆT NAM\s{{1,4}}|V/v\s[^.;:]{{3,160}}?\s)?[A-ZĐ][^\W\d_]{{0,10}}(?:[\s-][A-ZĐ][^\W\d_]{{0,10}}){{0,4}}\s?,\s{{0,3}}ngày{_W}(?P<date>{DATE})"
)
_SHORT_YEAR = late_pattern(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2})$")
_FULL = late_pattern(r"(\d{1,2})\s*(?:[/.\-–]|tháng)\s*(\d{1,2})\s*(?:[/.\-–]|,?\s*năm|,)?\s*((?:19|20)\d{2})$", re.IGNORECASE)
_MONTH = late_pattern(r"tháng\s*(\d{1,2})\s*(?:/|-|,|năm)?\s*(?:năm\s+)?((?:19|20)\d{2})$", re.IGNORECASE)
_NAMED_MONTH = late_pattern(rf"tháng ({'|'.join(_MONTHS)}) (?=năm)", re.IGNORECASE)
_NO_YEAR = late_pattern(r"(\d{1,2})\s*(?:[/.-]|tháng)\s*(\d{1,2})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stated:
    """A date as stated. The day or the year can be missing."""

    day: int | None
    month: int
    year: int | None

    def iso(self, number_year: int | None, published: date | None) -> str | None:
        """Returns the ISO day or month, or None. A missing year is that of the number, otherwise that of publication (or the year
        before, if the day would be later).
        """
        year = self.year
        if year is None:
            year = number_year
        if year is None and published is not None:
            year = published.year
            if (self.month, self.day or 1) > (published.month, published.day):
                year -= 1
        if year is None:
            return None
        if self.day is None:
            return f"{year:04d}-{self.month:02d}"
        try:
            return date(year, self.month, self.day).isoformat()
        except ValueError:
            return None


def parse_date(text: str) -> Stated | None:
    """Returns the date in a text that DATE or CALENDAR_DAY matched. Returns None if no calendar has such a day."""
    text = _NAMED_MONTH.sub(lambda match: f"tháng {_MONTHS[match[1].lower()]} ", " ".join(text.split()))
    if match := _MONTH.match(text):
        return Stated(None, int(match[1]), int(match[2])) if 1 <= int(match[1]) <= 12 else None
    if match := _FULL.match(text):
        return _valid(int(match[1]), int(match[2]), int(match[3]))
    if match := _SHORT_YEAR.match(text):
        year = int(match[3])
        # The first documents of the State are of 1945.
        return _valid(int(match[1]), int(match[2]), year + (1900 if year >= 45 else 2000))
    if match := _NO_YEAR.match(text):
        return _valid(int(match[1]), int(match[2]), None)
    return None


def _valid(day: int, month: int, year: int | None) -> Stated | None:
    return Stated(day, month, year) if 1 <= month <= 12 and 1 <= day <= 31 else None
