"""A span that cites a document, with what the span itself states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.model import CitationKind


@dataclass(slots=True)
class CitedSpan:
    """A span before it becomes a mention.
    `noun`: the type noun in the span, "" if there is none. `member`: whether it is a later member of a list; then the noun is before the
    first member.
    """

    start: int
    end: int
    kind: CitationKind
    noun: str
    doc_type: str
    number_raw: str | None = None
    number: str | None = None
    member: bool = False
    codes: tuple[str, ...] = ()  # the parts of a number that have letters
    flags: tuple[str, ...] = ()


_YEAR_IN_NUMBER = late_pattern(r"^\d+(?:\.\d+)?[A-ZĐ]?[/-](?P<year>(?:19|20)\d{2})(?=/|-|[A-ZĐ]|$)")


_YEAR_OF_SOUTH = late_pattern(r"^\d+/(?:SL[-/.])?(?P<year>7\d)$")


def number_year(one: CitedSpan) -> int | None:
    """Returns the year in a number: 2016 in 06/2016/NĐ-CP, and in 06/2016NĐ-CP, which lost a slash; 1976 in 03/SL-76. Returns None if it has none."""
    return _year_in(one.number) if one.number and one.kind.numbered_by_year else None


@lru_cache(maxsize=8192)  # few numbers occur in most citations
def _year_in(number: str) -> int | None:
    match = _YEAR_IN_NUMBER.match(number) or _YEAR_OF_SOUTH.match(number)
    return int(f"19{match['year']}"[-4:]) if match else None


def same_series(one: CitedSpan, other: CitedSpan) -> bool:
    """Returns whether two numbers can have the same issuer: their last codes agree, or one of them has none."""
    mine, theirs = one.codes[1:2], other.codes[1:2]
    return not mine or not theirs or mine == theirs


def without_overlap(found: Iterable[CitedSpan]) -> list[CitedSpan]:
    """Returns the spans in order without overlap. Of two that overlap, the earlier one is kept; if both begin together, the longer one."""
    result: list[CitedSpan] = []
    for one in sorted(found, key=lambda f: (f.start, -f.end)):
        if not result or one.start >= result[-1].end:
            result.append(one)
    return result
