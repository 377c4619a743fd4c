"""What the rooms of the general rules share: their name in rules, and how words are compared."""

from __future__ import annotations

from string import ascii_lowercase, digits

from scraper.text import fold

NAME = "generic"
LEAST = 140  # characters that make a text for certain


class _Kept(dict[int, str]):
    """A table for `str.translate` that drops every character that it does not hold."""

    def __missing__(self, _: int) -> None:
        return None


_LETTERS_AND_DIGITS = _Kept({ord(char): char for char in ascii_lowercase + digits})


def key(text: str) -> str:
    """The letters and digits of a text without marks, for comparing what is written in several ways."""
    return fold(text).translate(_LETTERS_AND_DIGITS)
