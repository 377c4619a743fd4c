"""A span that names a document, with what the span itself says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(slots=True)
class Found:
    """A span on its way to a mention.

    `noun`: the type noun of the span, "" where none was written. `member`: a later member of a list, whose noun stands
    before the first.
    """

    start: int
    end: int
    kind: str  # numbered | short | named | standard
    noun: str
    doc_type: str
    number_raw: str | None = None
    number: str | None = None
    member: bool = False
    codes: tuple[str, ...] = ()  # the letters of a number, part by part
    flags: tuple[str, ...] = ()


_YEAR_IN_NUMBER = re.compile(r"^\d+(?:\.\d+)?[A-ZĐ]?[/-](?P<year>(?:19|20)\d{2})(?=/|-|[A-ZĐ]|$)")


def number_year(one: Found) -> int | None:
    """The year that stands in a number: 2016 in 06/2016/NĐ-CP, and in 06/2016NĐ-CP, whose slash was lost."""
    return _year_in(one.number) if one.number and one.kind in ("numbered", "short") else None


@lru_cache(maxsize=8192)  # few numbers make up most citations
def _year_in(number: str) -> int | None:
    match = _YEAR_IN_NUMBER.match(number)
    return int(match["year"]) if match else None


def without_overlap(found: Iterable[Found]) -> list[Found]:
    """The spans in order; of two that overlap the one that begins first, and of two that begin together the longer."""
    result: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start, -f.end)):
        if not result or one.start >= result[-1].end:
            result.append(one)
    return result
