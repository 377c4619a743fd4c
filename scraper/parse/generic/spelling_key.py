"""The form of a text in which two spellings of the same words are equal."""

from __future__ import annotations

from scraper.text import letters_of

_BEGINNING = 60  # characters of a long text that are compared first
CERTAIN_SPELLING = 16  # letters; a shorter spelling may occur in a title, a URL or a sentence by chance


def spelling_key(text: str) -> str:
    """Return the letters and digits of a text in lower case, without diacritics, for comparing spellings: "Sở Y tế" gives "soyte"."""
    found = letters_of(text)
    return found if found.isascii() else found.encode("ascii", "ignore").decode("ascii")


def is_spelled(text: str, key: str) -> bool:
    """Return True if a text has this spelling key. Of a long text, its first words are compared before the others."""
    if len(text) > 2 * _BEGINNING:
        first, blank, _ = text[:_BEGINNING].rpartition(" ")
        if blank and not key.startswith(spelling_key(first)):
            return False
    return spelling_key(text) == key
