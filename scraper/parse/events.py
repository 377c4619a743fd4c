"""When happened what a text tells: the first day that it names at the head of a sentence, "Ngày 14/7/2009, ..."."""

from __future__ import annotations

import re
from datetime import date, timedelta

_PART = r"(?:[Nn]gày|[Ss]áng(?:\s+(?:ngày|nay))?|[Tt]rưa(?:\s+(?:ngày|nay))?|[Cc]hiều(?:\s+(?:ngày|nay))?|[Tt]ối(?:\s+(?:ngày|nay))?|[Hh]ôm(?:\s+nay)?|[Đđ]êm(?:\s+ngày)?)"
_DAY = (
    rf"{_PART}\s*\(?(?P<day>\d{{1,2}})(?:\s*(?:-|–|và|,|đến)\s*\d{{1,2}})?\s*(?:[/.-]|\s+tháng\s+)\s*(?P<month>\d{{1,2}})"
    r"(?:\s*(?:[/.-]|,?\s*năm\s+)\s*(?P<year>(?:19|20)\d{2}))?(?!\d|[/.-]\d)"
)
# At the head of the text; behind the end of a sentence, or "Vào", "Trong", "Từ". Each choice begins with a letter of its own, since
# such a pattern is looked for several times as fast.
_AT_HEAD = re.compile(_DAY)
_WITHIN = re.compile(rf"(?:[.!?–—)\]-]\s+|V(?<!\wV)ào\s+|T(?<!\wT)(?:rong|ừ)\s+){_DAY}")
_TODAY = re.compile(
    r"^(?:[^.]{0,40}[-–—)]\s*)?(?P<when>[Hh]ôm nay|[Ss]áng nay|[Cc]hiều nay|[Tt]ối nay|[Tt]rưa nay|[Hh]ôm qua|[Ss]áng qua|[Cc]hiều qua|[Tt]ối qua)\b"
)
_AHEAD = 31  # days; what is announced further ahead bears its year
_HEAD = 600  # characters of a text in which its own event is told


def event_date(text: str, published: date | None) -> tuple[date | None, str | None]:
    """The day of the event, and the rule that told it; (None, None) where the head of the text names none.

    A day without a year is completed from the day of publication: the last such day before it, or one within a month behind it
    (an announcement).
    """
    head = text[:_HEAD]
    match = _AT_HEAD.match(head) or _WITHIN.search(head)
    if match is not None:
        day, month = int(match["day"]), int(match["month"])
        if match["year"]:
            return _day(int(match["year"]), month, day), "a day at the head of a sentence"
        if published is not None:
            return _completed(day, month, published), "a day at the head of a sentence, its year from the publication"
        return None, None
    today = _TODAY.match(head)
    if today is not None and published is not None:
        back = 1 if today["when"].lower().endswith("qua") else 0
        return published - timedelta(days=back), f'"{today["when"].lower()}" and the day of publication'
    return None, None


def _completed(day: int, month: int, published: date) -> date | None:
    for year in (published.year + 1, published.year, published.year - 1):
        found = _day(year, month, day)
        if found is not None and found <= published + timedelta(days=_AHEAD):
            return found
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
