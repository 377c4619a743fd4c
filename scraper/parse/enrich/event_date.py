"""Finds the day of the event of a text: the first day at the beginning of a sentence in its first lines, "Ngày 14/7/2009, ..."."""

from __future__ import annotations

import re
from datetime import date, timedelta

from scraper.model import Rule
from scraper.rule_codes import RuleCode

_HALF = r"(?:[Ss]áng|[Tt]rưa|[Cc]hiều|[Tt]ối|[Đđ]êm)"
# "Ngày", "Sáng ngày", "Sáng nay,", "Chiều thứ Sáu,", "Hôm nay, ngày".
_PART = rf"(?:[Nn]gày(?:\s+hôm\s+(?:nay|qua))?|(?:{_HALF}|[Hh]ôm)(?:\s+(?:nay|qua))?(?:\s+(?:[Tt]hứ\s+\w{{2,4}}|[Cc]hủ\s+[Nn]hật))?)"
_DAY = (
    rf"{_PART}[\s,]{{0,3}}\(?(?:từ\s+)?(?:ngày\s+)?(?P<day>\d{{1,2}})(?:\s*(?:-|–|và|,|đến)\s*(?:ngày\s+)?\d{{1,2}}){{0,4}}"
    r"\s*(?:[/.-]|\s+tháng\s+)\s*(?P<month>\d{1,2})(?>(?:\s*(?:-|–|đến)\s*(?:ngày\s+)?\d{1,2}[/.]\d{1,2}(?!\d))?)"
    r"(?>(?:\s*(?:[/.-]|,?\s*năm\s+)\s*(?P<year>(?:19|20)\d{2}))?)(?!\d|[/.-]\d)"
    r"(?!\s*,?\s*\(?\s*(?:[Ââ]m\s+lịch|ÂL\b|năm\s+[A-ZẤĐ]))"  # not of the lunar calendar: "Ngày 10/3 âm lịch", "... năm Giáp Thìn"
)
_CLOCK = r"(?:(?:[Vv]ào\s+)?(?:[Ll]úc\s+)?\d{1,2}\s*(?:h|g|giờ)\s*\d{0,2}(?:\s*phút)?,?\s+|[Tt]hứ\s+\w{2,4},?\s+)?"
# `_AT_HEAD`: at the beginning of the text. `_WITHIN`: after the end of a sentence, or after "Vào", "Trong hai", "Từ". Each
# alternative begins with a different letter, which makes the search several times faster.
_AT_HEAD = re.compile(_CLOCK + _DAY)
_WITHIN = re.compile(r"(?:[.!?–—)\]-]\s+|V(?<!\wV)ào\s+|T(?<!\wT)(?:rong\s+(?:(?:\d{1,2}|hai|ba|bốn|năm|các|những)\s+)?|ừ\s+))" + _DAY)
# Within a sentence, before its subject: "Nhằm nâng cao năng lực cho cán bộ, ngày 7/11, Sở ...".
_IN_CLAUSE = re.compile(rf",\s+(?:vào\s+|trong\s+(?:(?:\d{{1,2}}|hai|ba|bốn|năm|các)\s+)?)?{_DAY}\)?,?\s+(?=tại\s|[A-ZĐ])")
_AFTER_NUMBER = re.compile(r"[/-][A-ZĐ][A-ZĐ\d&-]*$")  # the day after the number of a cited law is the date of the law
_TODAY = re.compile(
    r"^(?:[^.]{0,40}[-–—)]\s*)?(?P<when>[Hh]ôm nay|[Ss]áng nay|[Cc]hiều nay|[Tt]ối nay|[Tt]rưa nay|[Hh]ôm qua|[Ss]áng qua|[Cc]hiều qua|[Tt]ối qua)\b"
)
_AHEAD = 31  # days; an announcement of a later event states the year
_BACK = 31  # days; a day in the middle of a sentence is the article's own event only if it is recent
_HEAD = 600  # characters at the beginning of a text that report its own event


def event_date(text: str, published: date | None) -> tuple[date | None, Rule | None]:
    """Return the day of the event and its rule; (None, None) if the first 600 characters of the text have no such day.

    A day without a year gets it from the day of publication: it is the last such day before the publication, or a day at most a
    month after it (an announcement). "Ngày 14/7" in an article of 17 July 2009 is 14 July 2009.
    """
    head = text[:_HEAD]
    match = _first_day(head, published)
    if match is not None:
        day, month = int(match["day"]), int(match["month"])
        if match["year"]:
            return _day(int(match["year"]), month, day), Rule(RuleCode.EVENT_DAY)
        if published is not None:
            return _completed(day, month, published), Rule(RuleCode.EVENT_DAY_WITHOUT_YEAR)
        return None, None
    today = _TODAY.match(head)
    if today is not None and published is not None:
        back = 1 if today["when"].lower().endswith("qua") else 0
        return published - timedelta(days=back), Rule(RuleCode.EVENT_RELATIVE_DAY, today["when"].lower())
    return None, None


def names_day(text: str) -> bool:
    """Return True if the beginning of a text has the day of an event, with or without a year."""
    return _first_day(text[:_HEAD]) is not None or _TODAY.match(text) is not None


def _first_day(head: str, published: date | None = None) -> re.Match[str] | None:
    """Return the first day at the beginning of a sentence, or before the subject of one, as a match; None if there is none."""
    if match := _AT_HEAD.match(head):
        return match
    sentence, clause = _WITHIN.search(head), _IN_CLAUSE.search(head)
    if clause is not None and clause["year"]:
        day = _day(int(clause["year"]), int(clause["month"]), int(clause["day"]))
        # The day after the number of a cited law belongs to the law. So does a day long before the article.
        if _AFTER_NUMBER.search(head[: clause.start()]) or day is None or (published and (published - day).days > _BACK):
            clause = None
    if sentence is None or clause is None:
        return sentence or clause
    return min(sentence, clause, key=lambda match: match.start())


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
