"""Suggests known words that are similar to a mistyped one, for messages about bad input."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from scraper.two_languages import Message


def similar(word: str, known: Iterable[str], *, most: int = 3, similarity: float = 0.5) -> list[str]:
    """Returns the known words that are most similar to `word`, the most similar one first.

    `most`: the number of words. `similarity`: from 0 to 1, as difflib measures it.
    """
    return difflib.get_close_matches(word, list(known), n=most, cutoff=similarity)


def did_you_mean(offers: Sequence[str]) -> Message:
    """Returns "; did you mean ...?" in both languages, or an empty message if there is no offer."""
    if not offers:
        return Message("", "")
    return Message(f"; did you mean {' or '.join(offers)}?", f"; ý bạn là {' hay '.join(offers)}?")


def suggestion(word: str, known: Iterable[str], *, most: int = 3, similarity: float = 0.5) -> Message:
    """Returns "; did you mean ...?" with the known words that are most similar to `word`, in both languages; empty if none is similar.
    `most` and `similarity`: as for `similar`.

    >>> suggestion("nukeveit", ["nukeviet", "liferay"])
    Message(en='; did you mean nukeviet?', vi='; ý bạn là nukeviet?')
    """
    return did_you_mean(similar(word, known, most=most, similarity=similarity))
