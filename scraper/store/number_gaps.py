"""Holes in the series of article numbers of a source. Pure.

Many systems number their articles one by one, so a number that nothing named may be an article that was never seen. But it may also be a
draft, a file or a menu entry. So a hole counts only if the series is dense and grows with time, and if it is longer than chance explains.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

_FEWEST = 20  # numbers of a series; fewer show no rate at which numbers are missing
_DENSE = 0.5  # of the numbers from the first to the last; if most of them are something else, a missing one says nothing
_GROWING = 0.75  # of the neighbours with different days, the share in which the larger number is the later one; imports break the order
_BY_CHANCE = 0.01  # how likely the longest hole of a series may be without a cause; one series in a hundred then shows a false one
_LONGEST_NUMBER = 12  # digits; longer ones are dates, or made by chance

_IN_URL = re.compile(r"(?:^|[-_/=.])(\d{1,12})(?:\.[a-z]{2,5})?/?$")
_AT_END = re.compile(r"(?<!\d)(\d+)$")


@dataclass(frozen=True, slots=True)
class NumberGap:
    """Numbers that nothing named, between two known ones. The months (YYYY-MM) are those in which the two were published, in their order in
    time; empty if no neighbour has a day."""

    first: int
    last: int
    first_month: str
    last_month: str

    @property
    def numbers(self) -> int:
        """How many numbers are missing."""
        return self.last - self.first + 1


def number_gaps(days: Mapping[str, str | None]) -> list[NumberGap]:
    """Returns the holes in the series of numbers that keys contain, in order. `days`: by key, the day of publication, if it is known.

    >>> days = {f"news/{n}": f"2026-{n // 20 + 1:02}-10" for n in range(100) if not 41 <= n <= 55}
    >>> [(gap.first, gap.last, gap.first_month, gap.last_month) for gap in number_gaps(days)]
    [(41, 55, '2026-03', '2026-03')]
    """
    series: dict[str, dict[int, str]] = {}
    for key, day in days.items():
        named = _number(key)
        if named is not None:
            known = series.setdefault(named[0], {})
            known[named[1]] = known.get(named[1]) or (day or "")
    return [gap for _, known in sorted(series.items()) for gap in _gaps(known)]


def _number(key: str) -> tuple[str, int] | None:
    """Returns the series and the number that a key contains, or None. The URLs of a source are one series, because a system has one counter
    for all its sections."""
    if "://" in key:
        found = _IN_URL.search(key)
        return None if found is None else ("", int(found[1]))
    found = _AT_END.search(key)
    return None if found is None or len(found[1]) > _LONGEST_NUMBER else (key[: found.start()], int(found[1]))


def _gaps(known: Mapping[int, str]) -> Iterator[NumberGap]:
    numbers = sorted(known)
    if len(numbers) < _FEWEST:
        return
    span = numbers[-1] - numbers[0] + 1
    density = len(numbers) / span
    if density < _DENSE or not _grows(known[number] for number in numbers):
        return
    for before, after in pairwise(numbers):
        missing = after - before - 1
        if missing and missing >= _longest_by_chance(1 - density, span):
            months = sorted(day[:7] for day in (known[before], known[after]) if day)
            yield NumberGap(before + 1, after - 1, months[0] if months else "", months[-1] if months else "")


def _longest_by_chance(share: float, span: int) -> float:
    """Returns the length from which a hole has a cause, if `share` of the numbers is missing here and there.

    A hole of n numbers begins at a given place with the probability share^n, so the probability that there is one is about span x share^n.
    """
    return math.log(_BY_CHANCE / span) / math.log(share)


def _grows(days: Iterable[str]) -> bool:
    """Returns whether larger numbers are later."""
    pairs = [(one, other) for one, other in pairwise(day for day in days if day) if one != other]
    return bool(pairs) and sum(one < other for one, other in pairs) >= _GROWING * len(pairs)
