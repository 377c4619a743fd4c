"""Spans in a text as given, found in its composed form without invisible characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from scraper.text import nfc

# Those that pages really carry inside words and numbers; each is looked for alone, since one character is found fastest.
_INVISIBLE = "\u200b\u00ad\ufeff\u200c\u200d\u200e\u200f\u2060"


class Composed:
    """A text in NFC, without invisible characters, that knows where each of its characters stands in the text as given."""

    __slots__ = ("_ends", "_starts", "text")

    def __init__(self, original: str) -> None:
        self._starts: Sequence[int] | None = None
        self._ends: Sequence[int] = ()
        hidden = any(char in original for char in _INVISIBLE)
        if not hidden and unicodedata.is_normalized("NFC", original):
            self.text = original
            return
        parts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at, size = 0, len(original)
        while at < size:
            # A letter and the marks behind it compose together, and with nothing else.
            end = at + 1
            while end < size and (unicodedata.combining(original[end]) or _joins(original[end])):
                end += 1
            if original[at] not in _INVISIBLE:
                piece = nfc(original[at:end])
                parts.append(piece)
                starts += [at] * len(piece)
                ends += [end] * len(piece)
            at = end
        self.text = "".join(parts)
        self._starts, self._ends = starts, ends

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text as given. `start` < `end`."""
        return (start, end) if self._starts is None else (self._starts[start], self._ends[end - 1])


def _joins(char: str) -> bool:
    """Jamo vowels and finals, which compose though they are no marks (Korean names occur)."""
    return "\u1160" <= char <= "\u11ff"
