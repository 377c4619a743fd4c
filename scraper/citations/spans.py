"""Spans in a text as given, found in its composed form."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from scraper.text import nfc


class Composed:
    """A text in NFC that knows, for each of its characters, where it begins in the text as given."""

    __slots__ = ("_starts", "text")

    def __init__(self, original: str) -> None:
        self._starts: Sequence[int] | None = None
        if unicodedata.is_normalized("NFC", original):
            self.text = original
            return
        parts: list[str] = []
        starts: list[int] = []
        at = 0
        # A letter and the marks behind it compose together, and with nothing else.
        while at < len(original):
            end = at + 1
            while end < len(original) and (unicodedata.combining(original[end]) or _joins(original[end])):
                end += 1
            piece = nfc(original[at:end])
            parts.append(piece)
            starts += [at] * len(piece)
            at = end
        starts.append(len(original))
        self.text = "".join(parts)
        self._starts = starts

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text as given."""
        return (start, end) if self._starts is None else (self._starts[start], self._starts[end])


def _joins(char: str) -> bool:
    """Jamo vowels and finals, which compose though they are no marks (Korean names occur)."""
    return "\u1160" <= char <= "\u11ff"
