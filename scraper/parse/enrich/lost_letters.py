"""Detects pages that lost their letters with diacritics ("S Thng tin v Truyn thng"), by words that cannot be syllables.

`scraper.text.is_syllable` knows which words can be syllables.
"""

from __future__ import annotations

import re

from scraper.text import is_syllable

_LETTER = re.compile(r"[^\W\d_]")
_MARKED = re.compile(r"[^\W\d_\x00-\x7f]")
_WORD = re.compile(r"[^\W\d_]+")
_DAMAGED = 0.2  # share of the words; a text with many foreign names has about 0.1
_ENOUGH = 40  # words
_MOST = 20_000  # characters that are checked; more would not change the result


def impossible_share(text: str) -> float | None:
    """Return the share (0.0 to 1.0) of words that cannot be a Vietnamese syllable; None if the text has fewer than 40 words.

    Words in capitals are left out, because most are abbreviations.
    """
    words = [word for word in _WORD.findall(text[:_MOST]) if not word.isupper() or len(word) == 1]
    if len(words) < _ENOUGH:
        return None
    return sum(not is_syllable(word) for word in words) / len(words)


def letters_dropped(text: str) -> bool:
    """Return True if a text has lost its letters with diacritics: many impossible syllables, and hardly a letter with diacritics."""
    text = text[:_MOST]
    if len(text) - len(text.encode("ascii", "ignore")) >= 0.15 * len(text):
        return False  # quotation marks and dashes are never so many; most pages return here
    if len(_MARKED.findall(text)) >= 0.05 * len(_LETTER.findall(text)):
        return False
    share = impossible_share(text)
    return share is not None and share >= _DAMAGED
