"""Reads dates that a page states relative to now: "5 phút trước", "hôm qua, 08:15", "3 months ago". Now is the time of the capture.

Programs cut or round such a time, and a page from a cache says it later than it was meant. So what it says is a count, not a date: minutes
give the minute, hours and days the day, and weeks the month if all days that may be meant are in one. Months and years say too little.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from scraper.model import Precision
from scraper.text import fold

_UNITS = {
    "giay": timedelta(seconds=1),
    "phut": timedelta(minutes=1),
    "gio": timedelta(hours=1),
    "tieng": timedelta(hours=1),
    "ngay": timedelta(days=1),
    "hom": timedelta(days=1),
    "tuan": timedelta(weeks=1),
    "thang": timedelta(days=30),
    "nam": timedelta(days=365),
    "sec": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "hr": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
_WORDS = {"nua": 1, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10}
_ENGLISH_WORDS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
# Words that give no number.
_SOME = ("vai", "may")
_ENGLISH_SOME = ("a few", "few", "several", "some")
_COUNT = rf"\d{{1,3}}|{'|'.join((*_WORDS, *_SOME))}"
_UNIT = r"giay|phut|gio|tieng(?: dong ho)?|ngay|hom|tuan|thang|nam"
_AGO = re.compile(
    rf"(?<!\w)(?P<count>{_COUNT})\s*(?P<unit>{_UNIT})\s+truoc(?: day)?(?!\w)"
    rf"|cach (?:day|nay)(?: khoang| hon| gan)?\s+(?P<count2>{_COUNT})\s*(?P<unit2>{_UNIT})(?!\w)"
    rf"|(?<!\w)(?P<count3>\d{{1,3}}|{'|'.join((*_ENGLISH_SOME, *_ENGLISH_WORDS))})\s*(?P<unit3>sec|min|hour|hr|day|week|month|year)(?:ond|ute)?s?\.?\s+ago(?!\w)"
)
_LAST = re.compile(r"(?<!\w)(?:(?:tuan|thang|nam) (?:truoc|ngoai|roi)|last (?:week|month|year))(?!\w)")
_JUST_NOW = re.compile(r"(?<!\w)(?:vua (?:xong|moi dang|dang|cap nhat)|moi dang|just now|moments? ago)(?!\w)")
# "Hôm nay: 1.234" is a counter of visits.
_COUNTED = r"\s*:?\s*\d[\d.,]*(?![\d.,]|\s*(?:[:hg]|/|-|am|pm))"
_DAYS = tuple(
    (re.compile(rf"(?<!\w)(?:{words})(?!\w)(?!{_COUNTED})"), days)
    for words, days in (("hom nay|today", 0), ("hom qua|yesterday", 1), ("hom kia", 2))
)
_CLOCK = re.compile(r"(?<![\d:])(?P<hour>\d{1,2})\s*(?::|h|g|gio)\s*(?P<minute>\d{2})(?!\d)(?:\s*(?P<half>am|pm|sa|ch)(?!\w))?")
_QUICK = (
    "trước",
    "truoc",
    "hôm",
    "hom ",
    "cách đây",
    "cách nay",
    "ago",
    "yesterday",
    "today",
    "vừa ",
    "mới đăng",
    "just now",
    "last ",
    "ngoái",
)
# What may be after such words: nothing, a bar, a bracket, a time, the author, a counter. In a sentence other words follow.
_END = re.compile(
    r"\s*(?:$|[|•·–—()\[\]/-]|[,:]?\s*(?:(?:luc|vao luc|at)\s+)?\d|(?:boi|by|luot|trong|in|on)(?!\w)|,?\s*(?:luc|vao luc|at)\s+\d)"
)
_LONGEST = 100  # characters of a line that only says when and by whom something was published


@dataclass(frozen=True, slots=True)
class Counted:
    """A date counted back from the capture. `is_vague`: it may be in several months, so nothing is known but the words."""

    value: datetime
    precision: Precision
    is_vague: bool = False


def is_relative_line(text: str) -> bool:
    """Return True if a short line says only how long ago something was published.

    >>> is_relative_line("Đăng 3 tháng trước"), is_relative_line("Hai năm trước, chị Lan mở quán ở đây.")
    (True, False)
    """
    return may_be_relative(text) and len(text) <= _LONGEST and read_relative(text, _ANY_TIME, only=True) is not None


def may_be_relative(text: str) -> bool:
    """Return True if a text has a word that each relative date has. A quick check."""
    small = text.lower()
    return any(map(small.__contains__, _QUICK))


def read_relative(text: str, now: datetime, *, only: bool = False) -> Counted | None:
    """Return the date that a text states relative to `now`, the local time of the capture; None if there is none.

    `only`: the text must say nothing after it but a time, an author or a counter.
    """
    if not may_be_relative(text):
        return None
    folded = fold(text)
    if match := _AGO.search(folded):
        return _ago(match, now) if _END.match(folded, match.end()) else None
    for pattern, days in _DAYS:
        if (match := pattern.search(folded)) and (not only or _END.match(folded, match.end())):
            return _on_day(now - timedelta(days=days), folded)
    if (match := _JUST_NOW.search(folded)) and _END.match(folded, match.end()):
        return Counted(_midnight(now), Precision.DAY)
    if (match := _LAST.search(folded)) and _END.match(folded, match.end()) and not re.match(r"\w", folded[: match.start()].strip()[-1:]):
        return Counted(_midnight(now), Precision.MONTH, is_vague=True)
    return None


def _ago(match: re.Match[str], now: datetime) -> Counted:
    count, unit = next((match[f"count{end}"], match[f"unit{end}"].split()[0]) for end in ("", "2", "3") if match[f"unit{end}"])
    span = _UNITS[unit]
    if count in (*_SOME, *_ENGLISH_SOME):
        return Counted(_midnight(now), Precision.MONTH, is_vague=True)
    number = int(count) if count.isdigit() else (_WORDS.get(count) or _ENGLISH_WORDS[count])
    moment = now - number * span
    if span < timedelta(hours=1):
        return Counted(moment.replace(second=0, microsecond=0), Precision.MINUTE)
    if span < timedelta(weeks=1):
        return Counted(_midnight(moment), Precision.DAY)
    first, last = now - (number + 1) * span, now - (number * span - span / 2)
    same = span < timedelta(days=30) and (first.year, first.month) == (last.year, last.month)
    return Counted(_midnight(moment).replace(day=1), Precision.MONTH, is_vague=not same)


def _on_day(day: datetime, folded: str) -> Counted:
    clock = _CLOCK.search(folded)
    if clock is None:
        return Counted(_midnight(day), Precision.DAY)
    hour, minute = int(clock["hour"]), int(clock["minute"])
    hour += 12 if clock["half"] in ("pm", "ch") and hour < 12 else 0
    if hour > 23 or minute > 59:
        return Counted(_midnight(day), Precision.DAY)
    return Counted(datetime.combine(day.date(), time(hour, minute), tzinfo=day.tzinfo), Precision.MINUTE)


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time())


_ANY_TIME = datetime(2000, 1, 15, 12)  # noqa: DTZ001 (only whether there is a date counts)
