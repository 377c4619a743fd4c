"""Suggests known words that are similar to a mistyped one, for messages about bad input."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], *, most: int = 3, similarity: float = 0.5) -> str:
    """Returns "; did you mean ...?" with the known words that are most similar to `word`, or "" if none is similar.

    `most`: the number of words. `similarity`: from 0 to 1, as difflib measures it.

    >>> nearest("nukeveit", ["nukeviet", "liferay"])
    '; did you mean nukeviet?'
    """
    close = difflib.get_close_matches(word, list(known), n=most, cutoff=similarity)
    return f"; did you mean {' or '.join(close)}?" if close else ""
