"""What must stand in the source of a page for a selector to match: a search for a few words is far cheaper than a walk through the tree.

A page is asked for the signs of every platform and for the places of every field, and shows few of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ahocorasick_rs import BytesAhoCorasick, Implementation

# What a selector says of the element itself or of those around it, which all must be there. `:not(...)` and `:has(...)` are left out first.
_IN_BRACKETS = re.compile(r":[\w-]+\((?:[^()]|\([^()]*\))*\)")
_ATTRIBUTE = re.compile(r"\[\s*([\w:-]+)\s*(?:[~|^$*]?=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\]\s]*)))?[^\]]*\]")
_NAME = re.compile(r"[.#]([\w-]+)")
_PSEUDO = re.compile(r"::?[\w-]+")
_WORD = re.compile(r"[A-Za-z0-9_:.-]+")
# Names of attributes, and what is part of many words: they stand everywhere, are found at once, and would fill the list of places.
_EVERYWHERE = frozenset((b"hr", b"href", b"title", b"content", b"news", b"age", b"right", b"tool", b"menu", b"name", b"meta"))
_LONGEST = 1_000_000  # bytes


class Words(dict[bytes, int | None]):
    """Where words first stand in the source of a page, in capitals or not: `words[b"captcha"]`, in small letters; None where nowhere.

    Those of a vocabulary are told by one look at the source (Aho-Corasick), others are searched for, once each.
    `source`: the source in UTF-8 and with ASCII in small letters.
    """

    def __init__(self, source: bytes, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary.places(source))
        self._source = source

    def __missing__(self, word: bytes) -> int | None:
        place = self._source.find(word)
        self[word] = place if place >= 0 else None
        return self[word]


class Vocabulary:
    """Words that every page is asked for."""

    def __init__(self, words: Iterable[bytes]) -> None:
        self._words = sorted(set(words) - _EVERYWHERE)
        self._absent = dict.fromkeys(self._words)
        self._automaton = BytesAhoCorasick(self._words, implementation=Implementation.DFA)

    def places(self, source: bytes) -> dict[bytes, int | None]:
        """Where each word first stands in a source; nothing where the source is so long that all places would fill the memory."""
        if len(source) > _LONGEST:
            return {}
        words = self._words
        found = reversed(self._automaton.find_matches_as_indexes(source, overlapping=True))  # so that the first counts
        return self._absent | {words[number]: start for number, start, _ in found}


def may_match(css: str, words: Words) -> bool:
    """Whether a selector can match an element of the page that holds these words.

    False is certain, but for names that are spelled with entities, which no program writes. Elements are not looked for:
    the tree tells of them as fast.
    """
    for alternative in needed(css):
        for word in alternative:
            if words[word] is None:
                break
        else:
            return True
    return False


@lru_cache(maxsize=4096)
def needed(css: str) -> tuple[tuple[bytes, ...], ...]:
    """For each alternative of a selector the words that the source must hold, the longest first.

    >>> needed("ul.pages > li, [itemprop='articleBody']")
    ((b'pages',), (b'articlebody',))
    """
    if "\\" in css:
        return ((),)  # escapes: nothing is known
    return tuple(_words(part) for part in _IN_BRACKETS.sub("", css).split(","))


def _words(selector: str) -> tuple[bytes, ...]:
    found: list[str] = []

    def attribute(match: re.Match[str]) -> str:
        # Blanks and signs in a value may be written in several ways (&#x2F;); its longest word may not.
        value = max(_WORD.findall(match[2] or match[3] or match[4] or ""), key=len, default="")
        found.append(value or match[1])
        return " "

    found += _NAME.findall(_PSEUDO.sub(" ", _ATTRIBUTE.sub(attribute, selector)))
    return tuple(sorted({word.lower().encode() for word in found if word}, key=lambda word: (-len(word), word)))
