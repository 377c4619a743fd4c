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
_TAG = re.compile(r"(?<![\w-])([a-zA-Z][a-zA-Z0-9]*)")
_WORD = re.compile(r"[A-Za-z0-9_:.-]+")
# Elements that a parser adds where a page leaves them out.
_IMPLIED = frozenset(("html", "head", "body", "tbody", "colgroup"))
_RARE = 5  # letters; shorter words, and tags, stand everywhere and are found at once
_LONGEST = 1_000_000  # bytes


class Words:
    """Which words stand in the source of a page, in capitals or not.

    Those of a vocabulary are told by one look at the source (Aho-Corasick), others are searched for, once each.
    `source`: the source in UTF-8 and with ASCII in small letters.
    """

    def __init__(self, source: bytes, vocabulary: Vocabulary) -> None:
        self._source = source
        self._told = vocabulary.told(source)

    def __contains__(self, word: bytes) -> bool:
        """Whether a word in small letters stands there."""
        told = self._told.get(word)
        if told is None:
            told = self._told[word] = word in self._source
        return told


class Vocabulary:
    """Words that every page is asked for."""

    def __init__(self, words: Iterable[bytes]) -> None:
        self._words = sorted(word for word in set(words) if len(word) >= _RARE and not word.startswith(b"<"))
        self._absent = dict.fromkeys(self._words, False)
        self._automaton = BytesAhoCorasick(self._words, implementation=Implementation.DFA)

    def told(self, source: bytes) -> dict[bytes, bool]:
        """Whether each word stands in a source; nothing where the source is so long that all places would fill the memory."""
        if len(source) > _LONGEST:
            return {}
        told = self._absent.copy()
        for place, _, _ in self._automaton.find_matches_as_indexes(source, overlapping=True):
            told[self._words[place]] = True
        return told


def may_match(css: str, words: Words) -> bool:
    """Whether a selector can match an element of the page that holds these words.

    False is certain, but for names that are spelled with entities, which no program writes.
    """
    return any(all(word in words for word in alternative) for alternative in needed(css))


@lru_cache(maxsize=4096)
def needed(css: str) -> tuple[tuple[bytes, ...], ...]:
    """For each alternative of a selector the words that the source must hold, the longest first.

    >>> needed("ul.pages > li, [itemprop='articleBody']")
    ((b'pages', b'<li', b'<ul'), (b'articlebody',))
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

    rest = _PSEUDO.sub(" ", _ATTRIBUTE.sub(attribute, selector))
    found += _NAME.findall(rest)
    found += [f"<{tag}" for tag in _TAG.findall(_NAME.sub(" ", rest)) if tag.lower() not in _IMPLIED]
    return tuple(sorted({word.lower().encode() for word in found if word}, key=lambda word: (-len(word), word)))
