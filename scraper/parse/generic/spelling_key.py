"""Shared by the modules of the general rules: the comparison of words, and the length of a text."""

from __future__ import annotations

from string import ascii_lowercase, digits

from scraper.text import fold

LEAST = 140  # characters; a longer text is certainly a text


_NO_LETTERS = bytes(set(range(0x80)) - set((ascii_lowercase + digits).encode()))


def key(text: str) -> str:
    """Return the letters and digits of a text in lower case, without diacritics, for comparing spellings: "Sở Y tế" gives "soyte"."""
    return fold(text).encode("ascii", "ignore").translate(None, _NO_LETTERS).decode("ascii")
