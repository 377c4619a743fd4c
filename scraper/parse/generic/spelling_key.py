"""The form of a text in which two spellings of the same words are equal."""

from __future__ import annotations

from string import ascii_lowercase, digits

from scraper.text import fold

CERTAIN_SPELLING = 16  # letters; a shorter spelling may occur in a title, a URL or a sentence by chance
_NO_LETTERS = bytes(set(range(0x80)) - set((ascii_lowercase + digits).encode()))


def spelling_key(text: str) -> str:
    """Return the letters and digits of a text in lower case, without diacritics, for comparing spellings: "Sở Y tế" gives "soyte"."""
    return fold(text).encode("ascii", "ignore").translate(None, _NO_LETTERS).decode("ascii")
