"""Whether the numbers of a date are in the US order, month first, as English pages of some systems write them: "3/25/2019"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime

from scraper.parse.fields.written_dates import Stamp, english_days, read_date

_REPORTED_WITHIN = 10  # days between an event and its report
_NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,2})/(\d{1,2})/(?:19|20)\d{2}(?![\d/])")
_BEGINNING = 2000  # characters of a text in which a spelled day is searched for


def may_be_month_first(text: str) -> bool:
    """Return True if the first number of the first date in a text can be a month: "04/05/2010"."""
    match = _NUMBERS.search(text)
    return match is not None and int(match[1]) <= 12


def proves_month_first(shown: Sequence[str], texts: Sequence[str], in_metadata: Collection[date], captured_at: datetime) -> bool:
    """Return True if an English page proves that its dates are in the US order, month first.

    `shown`: the lines with numbers. `texts`: the text of the article. `in_metadata`: the days in the metadata. One proof is a date that
    is only possible in the US order ("3/25/2019"), unless another is only possible with the day first. The other proof is a line
    that matches, in the US order only, a day of the metadata or a day shortly after one spelled in the text ("On 24 March 2019").
    If there are no such days, the line must be before the capture in the US order only.
    """
    proven = False
    for match in (match for line in shown for match in _NUMBERS.finditer(line)):
        first, second = int(match[1]), int(match[2])
        if first > 12 and second <= 12:
            return False
        proven = proven or (second > 12 and first <= 12)
    if proven:
        return True
    spelled = [day for text in texts for day in english_days(text[:_BEGINNING])]
    for line in shown[:50]:
        usual, swapped = read_date(line), read_date(line, month_first=True)
        if usual is None or swapped is None or usual.value.date() == swapped.value.date():
            continue
        if any(_fits(swapped, in_metadata, spelled, captured_at)) and not any(_fits(usual, in_metadata, spelled, captured_at)):
            return True
    return False


def _fits(stamp: Stamp, in_metadata: Collection[date], spelled: Iterable[date], captured_at: datetime) -> Iterator[bool]:
    """Yield True if a day matches the metadata or the text. If neither has a day, yield True if it is before the capture."""
    day = stamp.value.date()
    yield day in in_metadata
    yield any(0 <= (day - event).days <= _REPORTED_WITHIN for event in spelled)
    yield not in_metadata and not spelled and day <= captured_at.date()
