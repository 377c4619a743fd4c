"""Times as WARC files and the archive write them, and dates as the files of many tools write them. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_YEARS = range(1990, 2100)  # no page of the web is older or that new; such a date is that of a clock that was not set
_DIGITS = {14: "%Y%m%d%H%M%S", 12: "%Y%m%d%H%M", 8: "%Y%m%d"}  # ARC files; some tools leave out the seconds


def timestamp(moment: datetime) -> str:
    """Returns a time as WARC files and the archive write it: UTC, ISO 8601, with microseconds only if they are not zero."""
    moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds" if moment.microsecond else "seconds").replace("+00:00", "Z")


def moment(stamp: str) -> datetime:
    """Returns the time of a WARC-Date as an aware datetime in UTC. Raises ValueError if the text is not a date."""
    value = datetime.fromisoformat(stamp.strip().replace("Z", "+00:00"))
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def parse_date(text: str) -> datetime | None:
    """Returns a date (aware, UTC), or None if the text is not a date, or none that a page can have. Without an offset, it is in UTC.

    >>> f"{parse_date('20090717102500')}", f"{parse_date('Fri, 17 Jul 2009 10:25:00 GMT')}", parse_date("9999-12-31T23:59:59Z")
    ('2009-07-17 10:25:00+00:00', '2009-07-17 10:25:00+00:00', None)
    """
    text = text.strip()
    for read in (_digits, datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, TypeError, OverflowError, LookupError):
            continue
        return found if found.year in _YEARS else None
    return None


def _digits(text: str) -> datetime:
    if not text.isdecimal():
        raise ValueError
    return datetime.strptime(text, _DIGITS[len(text)]).replace(tzinfo=UTC)
