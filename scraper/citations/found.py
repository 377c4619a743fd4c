"""A span that names a document, with what the span itself says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


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


def without_overlap(found: Iterable[Found]) -> list[Found]:
    """The spans in order; of two that overlap the one that begins first, and of two that begin together the longer."""
    result: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start, -f.end)):
        if not result or one.start >= result[-1].end:
            result.append(one)
    return result
