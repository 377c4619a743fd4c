"""Dates as visitors type them: a day, a month or a year, in the ways in which they are written in Vietnam and in databases."""

from __future__ import annotations

import re
from datetime import date, timedelta

from scraper.model import Precision
from scraper.parse.fields.written_dates import read_date
from scraper.text import fold

_WORDS_OF_DATES = frozenset(["ngay", "mung", "thang", "nam", "day", "month", "year", "of", "the"])
_YEARS = range(1900, 2100)
_MONTHS = frozenset(date(2000, month, 1).strftime(form).lower() for month in range(1, 13) for form in ("%B", "%b"))


def typed_date(text: str) -> str | None:
    """Returns a day, month or year as YYYY-MM-DD, YYYY-MM or YYYY; None if the text is not exactly one.

    >>> [typed_date(one) for one in ("01/02/2015", "ngày 1 tháng 2 năm 2015", "2/2015", "2015-02", "năm 2015", "31/02/2015", "31/12/9999")]
    ['2015-02-01', '2015-02-01', '2015-02', '2015-02', '2015', None, None]
    """
    plain = re.sub(r"\s*([/.-])\s*", r"\1", " ".join(fold(text).split()))
    if found := re.fullmatch(r"(?:nam |year )?((?:19|20)\d\d)", plain):
        return found[1]
    if found := re.fullmatch(r"(?:thang |month )?(\d{1,2})[/.-]((?:19|20)\d\d)", plain):
        month, year = int(found[1]), found[2]
        return f"{year}-{month:02}" if 1 <= month <= 12 else None
    if found := re.fullmatch(r"((?:19|20)\d\d)[/.-](\d{1,2})(?:[/.-](\d{1,2}))?", plain):
        return _iso(*(int(one) for one in found.groups(default="0")))
    words = re.findall(r"[^\W\d_]+", plain)
    if not all(one in _WORDS_OF_DATES or one in _MONTHS for one in words) or (stamp := read_date(text)) is None:
        return None
    if stamp.value.year not in _YEARS:
        return None
    return stamp.value.strftime("%Y-%m" if stamp.precision is Precision.MONTH else "%Y-%m-%d")


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return f"{year}-{month:02}" if date(year, month, day or 1) and not day else date(year, month, day).isoformat()
    except ValueError:
        return None


def next_date(stamp: str) -> str:
    """Returns the day, month or year after one that `typed_date` returned: the first that is later.

    >>> [next_date(one) for one in ("2015", "2015-12", "2015-02-28")]
    ['2016', '2016-01', '2015-03-01']
    """
    year, month, day = (int(part) for part in (*stamp.split("-"), "0", "0")[:3])
    if day:
        return (date(year, month, day) + timedelta(days=1)).isoformat()
    if month:
        return f"{year + month // 12}-{month % 12 + 1:02}"
    return str(year + 1)


def previous_date(stamp: str) -> str:
    """Returns the day, month or year before one that `typed_date` returned: the last that is earlier.

    >>> [previous_date(one) for one in ("2015", "2015-01", "2015-03-01")]
    ['2014', '2014-12', '2015-02-28']
    """
    year, month, day = (int(part) for part in (*stamp.split("-"), "0", "0")[:3])
    if day:
        return (date(year, month, day) - timedelta(days=1)).isoformat()
    if month:
        return f"{year - (month == 1)}-{(month - 2) % 12 + 1:02}"
    return str(year - 1)


def is_backwards(since: str | None, until: str | None) -> bool:
    """Returns whether a period ends before it begins. Both ends are as `typed_date` returns them, or missing.

    >>> is_backwards("2010", "2009-12"), is_backwards("2009-06", "2009"), is_backwards("2009", "2009-06")
    (True, False, False)
    """
    return bool(since and until and since > f"{until}~")
