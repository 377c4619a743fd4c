"""Parses dates as Vietnamese sites write them: day first; SA and CH; weekdays; ISO, also NukeViet's broken form; "3 giờ trước".

Sources of the forms: `docs/reading.md`. A parsed date keeps its precision, and its time zone if the text states one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

from scraper.model import Precision
from scraper.parse.fields.relative_dates import read_relative
from scraper.text import clean

VIETNAM = timezone(timedelta(hours=7))  # no daylight saving since 1975
EARLIEST = date(1997, 1, 1)  # Vietnam was connected to the Internet in November 1997

_HALF = r"SA|CH|AM|PM|am|pm|sa|ch|A\.M\.|P\.M\.|sáng|trưa|chiều|tối|đêm|Sáng|Trưa|Chiều|Tối|Đêm"
_CLOCK = (
    r"(?<![\d/.-])(?P<hour>\d{1,2})\s*(?::|h|g|giờ)\s*(?P<minute>\d{2})(?:\s*(?::|m|phút)\s*(?P<second>\d{2})(?!\d))?(?:\.\d+)?"
    rf"\s*(?:'|phút(?!\w))?\s*(?P<half>(?:{_HALF})(?!\w))?(?![\d/])"
)
_DMY = re.compile(
    r"(?<![\d/.-])(?P<day>\d{1,2})\s{0,2}(?P<mark>[/.-])\s{0,2}(?P<month>\d{1,2})\s{0,2}(?P=mark)\s{0,2}(?P<year>\d{4}|\d{2})(?![\d/])"
)
_YEAR_FIRST = re.compile(r"(?<![\w/.-])(?P<year>(?:19|20)\d{2})/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\d/])")  # "2022/11/20 14:05"
# Chinese pages: "2022年11月20日 14:05".
_CHINESE = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日")
_MONTH_WORDS = {
    "một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
    "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip
_MONTH_WORD = "|".join(sorted(_MONTH_WORDS, key=len, reverse=True))
_WORDS = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s{{1,3}}(?:tháng\s{{1,3}}|thg\.?\s{{0,3}}|th(?=\d))(?P<month>\d{{1,2}}|{_MONTH_WORD})\s{{0,3}},?\s{{0,3}}(?:năm\s{{1,3}})?(?P<year>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
# WordPress in Vietnamese: "Tháng Bảy 12, 2020", in short "Th7 12, 2020"; browsers write "12 thg 7, 2020" (Unicode CLDR, "vi").
_WORDS_MONTH_FIRST = re.compile(
    rf"(?<!\w)(?:tháng\s{{1,3}}|thg\.?\s{{0,3}}|th(?=\d))(?P<month>{_MONTH_WORD}|\d{{1,2}})\s{{1,3}}(?P<day>\d{{1,2}})\s{{0,2}},\s{{0,2}}(?P<year>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
# The zone after a time: "Z", "+0700", "+00", "GMT", "UT", "GMT+7". RFC 822 and RFC 3339 name these forms; ICT is Vietnam's.
_ZONE = r"(?:[Zz](?!\w)|(?:GMT|UTC)\s?[+-]\d{1,2}(?::?\d{2})?(?!\d)|[+-]\d{2}(?::?\d{2})?(?![\d:])|(?:GMT|UTC?|ICT)(?!\w))"
# Scripts that join the numbers write no zeros: "2021-3-9T9:05:00".
_ISO = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2}|\d{4}(?=-\d\d-\d\d))-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    rf"(?:(?:[Tt]|\s+)(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?::(?P<second>\d{{2}}))?(?:[.,]\d+)?\s?(?P<zone>{_ZONE})?)?(?!\d)"
)
# ISO 8601 without hyphens, in metadata only: "20210309T190500Z".
_BASIC_ISO = re.compile(
    rf"(?P<year>(?:19|20)\d{{2}})(?P<month>\d{{2}})(?P<day>\d{{2}})[Tt](?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})?(?P<zone>{_ZONE})?"
)
# NukeViet writes article:published_time with a T that prints the zone: 2018-09-05+0720:43:00, 2018-09-05EDT20:43:00.
_BROKEN_ISO = re.compile(
    r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?P<zone>[+-]\d{2}|[A-Z]{2,5})(?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})"
)
_ENGLISH_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH_NAME = "|".join(sorted(_ENGLISH_MONTHS, key=len, reverse=True))
_ENGLISH = re.compile(
    rf"(?<![\w])(?:(?P<month>{_MONTH_NAME})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+(?:of\s+)?|[/-])(?P<month2>{_MONTH_NAME})\.?(?:,?\s+|[/-]))(?P<year>\d{{4}}|(?<=-)\d{{2}})(?!\d)",
    re.IGNORECASE,
)
# Java's Date.toString, as some Liferay themes print it: "Tue Oct 16 00:00:00 GMT 2018".
_JAVA = re.compile(
    rf"(?<!\w)(?:mon|tue|wed|thu|fri|sat|sun)\s+(?P<month>{_MONTH_NAME})\s+(?P<day>\d{{1,2}})\s+(?P<hour>\d{{2}}):(?P<minute>\d{{2}}):(?P<second>\d{{2}})\s+(?P<zone>GMT(?:[+-]\d{{2}}:?\d{{2}})?|UTC|ICT)\s+(?P<year>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_MONTH = re.compile(r"tháng\s+(?P<month>\d{1,2})\s*[/,-]?\s*(?:năm\s+)?(?P<year>\d{4})(?!\d)", re.IGNORECASE)
_THREE_DIGITS = re.compile(r"\d\D*\d\D*\d")  # fewer digits are in no date, except in relative ones ("2 giờ trước")
_TIME = re.compile(_CLOCK)
# In text for people "10:25 +12" may count something, so an offset without minutes is not a zone there.
_AFTER_CLOCK = re.compile(
    r"\s?\(?(?P<zone>Z(?!\w)|(?:GMT|UTC)\s?[+-]\d{1,2}(?::?\d{2})?(?!\d)|[+-]\d{2}:?\d{2}(?![\d:])|(?:GMT|UTC?|ICT)(?!\w))"
)
_AFTER_DATE = re.compile(r"(?<!\w)(?P<zone>(?:GMT|UTC)(?:\s?[+-]\d{1,2}(?::?\d{2})?)?|ICT)(?![\w+-])")
_HALF_AFTER = re.compile(rf"\s?({_HALF})(?!\w)")  # "2021-03-09 07:05 PM"
_ENGLISH_HALF = re.compile(r"\d\s*(?:AM|PM)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A parsed date: naive if the text has no time zone."""

    value: datetime
    precision: Precision
    is_counted: bool = False  # the text says how long ago it was, and it was counted from the capture
    is_vague: bool = False  # it may be in several months ("3 tháng trước")


def read_date(text: str, captured_at: datetime | None = None, *, month_first: bool = False, vague: bool = False) -> Stamp | None:
    """Return the first date in a text, with the time beside it, or None if there is no date.

    Relative forms ("2 giờ trước", "hôm qua") are only parsed with `captured_at`, the time of the capture. An impossible day
    (31/06) gives None. `month_first`: numbers are in the US order ("3/25/2019"). A date with AM or PM that is only possible in
    the US order is always parsed in it: SharePoint in English writes "3/25/2019 8:30:00 AM". `vague`: a relative form that gives no day
    ("2 tuần trước") gives the month, or a stamp that says that it may be in several months; else it gives None.
    """
    text = clean(text)
    if _THREE_DIGITS.search(text) is None:
        return _relative(text, captured_at, vague=vague) if captured_at is not None else None
    if "-" in text and (match := _BROKEN_ISO.search(text) or _ISO.search(text)):
        return _iso(match, text)
    if text.count(":") >= 2 and (match := _JAVA.search(text)):
        return _java(match)
    for day, found in _days(text, month_first):
        return _with_time(_by_weekday(day, text, found) if day.day <= _MONTHS and not month_first else day, text, found)
    if not month_first and "/" in text and _ENGLISH_HALF.search(text):
        for day, found in _days(text, month_first=True):
            return _with_time(day, text, found)
    if captured_at is not None and (relative := _relative(text, captured_at, vague=vague)) is not None:
        return relative
    return _year_first(text) or _month(text)


def _iso(match: re.Match[str], text: str) -> Stamp | None:
    """Return the date in "2021-07-15T09:20:00+07:00", in NukeViet's form of it, or with a half of the day after the time."""
    if match.re is _BROKEN_ISO:
        return _stamp(match, _zone(match["zone"]) if match["zone"][0] in "+-" else None)
    half = _HALF_AFTER.match(text, match.end()) if match["hour"] else None
    return _stamp(match, _zone_of(match["zone"]), half[1] if half is not None else "")


def _year_first(text: str) -> Stamp | None:
    """Return the date in "2022/11/20 14:05" or in "2022年11月20日", or None."""
    match = _CHINESE.search(text) if "年" in text else _YEAR_FIRST.search(text) if "/" in text else None
    day = _day(match, month_first=False) if match is not None else None
    return _with_time(day, text, match) if match is not None and day is not None else None


def _month(text: str) -> Stamp | None:
    """Return the month in "tháng 7 năm 2021", or None."""
    if match := _MONTH.search(text):
        try:
            return Stamp(datetime(int(match["year"]), int(match["month"]), 1), Precision.MONTH)  # noqa: DTZ001 (no zone is stated)
        except ValueError:
            return None
    return None


def read_metadata_date(text: str, captured_at: datetime | None = None) -> Stamp | None:
    """Return the date in a value of the metadata, or None: as `read_date`, but also Unix time in seconds or milliseconds.

    "1247829900000" is a Unix time in milliseconds, "20090717" a day. Text for people is never parsed in this way, because a
    telephone number has ten digits too.
    """
    digits = text.strip().removesuffix(".0")
    if digits.isascii() and digits.isdigit():
        if len(digits) == 8:
            return _compact(digits)
        if len(digits) not in (10, 13) or digits[0] == "0":
            return None
        seconds = int(digits[:10])  # the other three are milliseconds
        return Stamp(datetime.fromtimestamp(seconds, UTC), Precision.MINUTE)
    if basic := _BASIC_ISO.fullmatch(digits):
        return _stamp(basic, _zone_of(basic["zone"]))
    return read_date(text, captured_at)


def _compact(digits: str) -> Stamp | None:
    """Return the day in "20090717" (ISO 8601 without hyphens), or None."""
    try:
        return _of_day(date(int(digits[:4]), int(digits[4:6]), int(digits[6:])))
    except ValueError:
        return None


def english_days(text: str) -> Iterator[date]:
    """Yield the days that a text spells in English: "On 24 March 2019"."""
    return (day for match in _ENGLISH.finditer(text) if (day := _day(match, month_first=False)) is not None)


def _days(text: str, month_first: bool) -> Iterator[tuple[date, re.Match[str]]]:
    """Yield the days in a text with their matches, the most frequent forms first."""
    for pattern in (_DMY, _WORDS, _WORDS_MONTH_FIRST, _ENGLISH):
        for match in pattern.finditer(text):
            if (day := _day(match, month_first)) is not None:
                yield day, match


# The day of the week before a date, as programs write it that format a time: "CN, 05/04/2014", "Sunday, 12/11/2022". Vietnamese words in full are
# not taken: scripts compute them from the printed day, in the wrong order.
_WEEKDAY = re.compile(
    r"(?<!\w)(?:T(?P<number>[2-7])|(?P<name>CN|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)),?\s{1,2}$", re.IGNORECASE
)
_WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6, "cn": 6}
_MONTHS = 12  # a higher number is a day
_BEFORE = 12  # characters before a date in which its day of the week is searched for


def _by_weekday(day: date, text: str, match: re.Match[str]) -> date:
    """Return the day, or the one with day and month exchanged if only that one is on the day of the week before it.

    Drupal in Vietnamese writes "CN, 05/04/2014" for 4 May 2014, which was a Sunday.
    """
    if match.re is not _DMY or day.day == day.month or match.start() < len("T2 "):
        return day
    found = _WEEKDAY.search(text, max(0, match.start() - _BEFORE), match.start())
    if found is None:
        return day
    number = int(found["number"]) - 2 if found["number"] else _WEEKDAYS[found["name"][:3].lower()]
    other = date(day.year, day.day, day.month)
    return other if day.weekday() != number == other.weekday() else day


def plausible(stamp: Stamp, captured_at: datetime) -> bool:
    """Return True if a date can be one of publication: not before 1997, and at most a day after the capture."""
    moment = localise(stamp)
    return moment.date() >= EARLIEST and moment <= captured_at + timedelta(days=1)


def localise(stamp: Stamp, zone: timezone = VIETNAM) -> datetime:
    """Return the date in +07:00. `zone` is used if the text has no time zone."""
    value = stamp.value
    if stamp.precision is not Precision.MINUTE:
        return value.replace(tzinfo=VIETNAM)
    return (value.replace(tzinfo=zone) if value.tzinfo is None else value).astimezone(VIETNAM)


@lru_cache(maxsize=64)  # called for the date of publication and that of the last change
def offset(text: str) -> timezone | None:
    """Return the offset from UTC of an ISO date, or None if it has none."""
    match = _ISO.search(clean(text))
    return _zone_of(match["zone"]) if match else None


def _day(match: re.Match[str], month_first: bool) -> date | None:
    groups = match.groupdict()
    month = groups.get("month") or groups.get("month2") or ""
    day = groups.get("day") or groups.get("day2") or ""
    year = int(groups["year"])
    if len(groups["year"]) == 2:
        year += 2000 if year < 70 else 1900
    word = month.lower()
    number = int(month) if month.isdigit() else _ENGLISH_MONTHS.get(word) or _MONTH_WORDS[word]
    if month_first and month.isdigit():
        number, day = int(day), month
    try:
        return date(year, number, int(day))
    except ValueError:
        return None


def _with_time(day: date, text: str, match: re.Match[str]) -> Stamp:
    """Return the day with the nearest time of day: first choice after the day, else before it."""
    chosen = _TIME.search(text, match.end())
    if chosen is None or chosen.start() - match.end() > 15:
        before = list(_TIME.finditer(text, 0, match.start()))
        chosen = before[-1] if before and match.start() - before[-1].end() <= 40 else None
    clock = _clock(chosen) if chosen is not None else None
    if clock is None:
        return Stamp(datetime.combine(day, time()), Precision.DAY)
    value = datetime.combine(day, clock)
    if chosen is not None and (zone := _AFTER_CLOCK.match(text, chosen.end()) or _AFTER_DATE.search(text, match.end())):
        value = value.replace(tzinfo=_zone_of(zone["zone"]))
    return Stamp(value, Precision.MINUTE)


_AFTERNOON = ("CH", "PM", "P.M.", "CHIỀU", "TỐI")
_MORNING = ("SA", "AM", "A.M.", "SÁNG")


def _clock(match: re.Match[str]) -> time | None:
    """Return the time of day, or None."""
    try:
        return time(_hour(int(match["hour"]), match["half"] or ""), int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        return None


def _hour(hour: int, half: str) -> int:
    """Return the hour with the half of the day beside it. One after 12 ignores the word: "15:20 PM" is 15:20. "00:01 AM" is 00:01."""
    half = half.upper()
    if (half in _AFTERNOON and hour < 12) or (half == "TRƯA" and 1 <= hour <= 3) or (half == "ĐÊM" and 8 <= hour < 12):
        return hour + 12
    return 0 if hour == 12 and (half in _MORNING or half == "ĐÊM") else hour


def _java(match: re.Match[str]) -> Stamp | None:
    try:
        value = datetime(
            int(match["year"]), _ENGLISH_MONTHS[match["month"].lower()], int(match["day"]),
            int(match["hour"]), int(match["minute"]), int(match["second"]), tzinfo=UTC,
        )  # fmt: skip
    except ValueError:
        return None
    if value.hour == value.minute == value.second == 0:
        return Stamp(value.replace(tzinfo=None), Precision.DAY)  # only a day, stored with a time
    zone = match["zone"].upper()
    if zone == "ICT":
        return Stamp(value.replace(tzinfo=VIETNAM), Precision.MINUTE)
    return Stamp(value.replace(tzinfo=_zone(zone[3:]) if len(zone) > 3 else UTC), Precision.MINUTE)


def _stamp(match: re.Match[str], zone: timezone | None, half: str = "") -> Stamp | None:
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
        if match["hour"] is None:
            return Stamp(datetime.combine(day, time()), Precision.DAY)
        clock = time(_hour(int(match["hour"]), half), int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        return None
    return Stamp(datetime.combine(day, clock, tzinfo=zone), Precision.MINUTE)


@lru_cache(maxsize=256)
def _zone_of(text: str | None) -> timezone | None:
    """Return the time zone in "Z", "+0700", "GMT", "UT", "GMT+7" or "ICT"; None for an empty text."""
    if not text:
        return None
    if text == "ICT":
        return VIETNAM
    offset_from = text.upper().removeprefix("GMT").removeprefix("UTC").removeprefix("UT").strip()
    return _zone(offset_from or "Z")


@lru_cache(maxsize=256)
def _zone(text: str) -> timezone | None:
    if text == "Z":
        return timezone.utc  # noqa: UP017 (a timezone, as the others)
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours > 14 or minutes > 59:
        return None
    delta = timedelta(hours=hours, minutes=minutes)
    return timezone(-delta if text[0] == "-" else delta)


def _relative(text: str, captured_at: datetime, *, vague: bool) -> Stamp | None:
    found = read_relative(text, captured_at.astimezone(VIETNAM))
    if found is None or (found.precision is Precision.MONTH and not vague):
        return None
    return Stamp(found.value, found.precision, is_counted=True, is_vague=found.is_vague)


def _of_day(day: date) -> Stamp:
    return Stamp(datetime.combine(day, time()), Precision.DAY)


# --- URLs -----------------------------------------------------------------------------------------

_IN_PATH = re.compile(
    r"/(?P<year>(?:19|20)\d{2})(?P<mark>[/-]?)(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?=[/-]|\d{6,}|$)"
    r"|(?<!\d)(?P<year2>20\d{2})(?P<month2>\d{2})(?P<day2>\d{2})(?P<clock>\d{4,6})?(?=\d{0,5}\.|\d{0,5}$|p\d)"
)


def date_in_url(path: str) -> Stamp | None:
    """Return the day in the path of a URL, or None: /2023-01-30/, /2023/01/30/, /20121219/, ...20230130081500123.htm.

    The time is never used: the digits of an id are the time of creation, not of publication.
    """
    for match in _IN_PATH.finditer(path):
        year, month, day = (match[name] or match[f"{name}2"] for name in ("year", "month", "day"))
        if match["year"] and not match["mark"] and len(month + day) != 4:
            continue
        try:
            return _of_day(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return None
