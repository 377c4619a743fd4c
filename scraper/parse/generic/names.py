"""What the rooms of the general rules share: their name in rules, and how words are compared."""

from __future__ import annotations

from string import ascii_lowercase, digits

from scraper.text import fold

NAME = "generic"
LEAST = 140  # characters that make a text for certain


_NO_LETTERS = bytes(set(range(0x80)) - set((ascii_lowercase + digits).encode()))


def key(text: str) -> str:
    """The letters and digits of a text without marks, for comparing what is written in several ways."""
    return fold(text).encode("ascii", "ignore").translate(None, _NO_LETTERS).decode("ascii")
