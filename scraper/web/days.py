"""Days and times on the pages: a day without a time is one of Viet Nam, and a time is in UTC and says so. Pure."""

from __future__ import annotations

from datetime import datetime

from scraper.clock import VIETNAM


def day(stamp: str | None) -> str:
    """Returns the day in Viet Nam of a time in UTC; another text up to the length of a day.

    >>> day("2026-03-01T19:00:01.5Z"), day("2026-03-01"), day(None)
    ('2026-03-02', '2026-03-01', '')
    """
    text = str(stamp or "")
    if len(text) <= len("2026-03-01"):
        return text
    try:
        return datetime.fromisoformat(text).astimezone(VIETNAM).date().isoformat()
    except ValueError:
        return text[:10]


def time(stamp: str | None) -> str:
    """Returns a time in UTC to the minute.

    >>> time("2026-03-01T19:00:01.5Z")
    '2026-03-01 19:00 UTC'
    """
    return f"{str(stamp)[:16].replace('T', ' ')} UTC" if stamp else ""
