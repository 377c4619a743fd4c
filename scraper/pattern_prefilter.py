"""Quick checks before regular expressions, derived from the words of which the expressions are made.

A check may pass text that its pattern rejects. It must never reject text that its pattern matches. So it is not written by hand beside the
pattern, but made of the same words.
"""

from __future__ import annotations

from collections.abc import Iterable


def beginnings(words: Iterable[str], length: int = 1) -> frozenset[str]:
    """Returns the first letters of words, in small letters. A shorter word is returned whole.

    >>> sorted(beginnings(["về việc", "phê duyệt", "Phụ lục"], 2))
    ['ph', 'về']
    """
    return frozenset(word[:length].lower() for word in words)


def endings(phrases: Iterable[str]) -> tuple[str, ...]:
    """Returns the last word of each phrase, for `str.endswith`.

    >>> sorted(endings(["ban hành", "ký ban hành", "ra"]))
    ['hành', 'ra']
    """
    return tuple(dict.fromkeys(phrase.split()[-1] for phrase in phrases))


def inner_parts(words: Iterable[str]) -> tuple[str, ...]:
    """Returns a part of each word that is the same if the word begins with a capital, to search for with `in`.

    >>> inner_parts(["điều", "khoản"])
    ('iều', 'hoản')
    """
    return tuple(dict.fromkeys(word[1:] for word in words))
