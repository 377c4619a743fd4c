"""What must stand in the source of a page for a selector to match: a search for a few words is far cheaper than a walk through the tree.

A page is asked for the signs of every platform and for the places of every field, and shows few of them.
"""

from __future__ import annotations

import re
from functools import lru_cache

# What a selector says of the element itself or of those around it, which all must be there. `:not(...)` and `:has(...)` are left out first.
_IN_BRACKETS = re.compile(r":[\w-]+\((?:[^()]|\([^()]*\))*\)")
_ATTRIBUTE = re.compile(r"\[\s*([\w:-]+)\s*(?:[~|^$*]?=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\]\s]*)))?[^\]]*\]")
_NAME = re.compile(r"[.#]([\w-]+)")
_PSEUDO = re.compile(r"::?[\w-]+")
_TAG = re.compile(r"(?<![\w-])([a-zA-Z][a-zA-Z0-9]*)")
_WORD = re.compile(r"[A-Za-z0-9_:.-]+")
# Elements that a parser adds where a page leaves them out.
_IMPLIED = frozenset(("html", "head", "body", "tbody", "colgroup"))


class Words:
    """Which words stand in the source of a page, or of a fragment, in capitals or not. Each is searched for once."""

    def __init__(self, source: str) -> None:
        self._source = source.encode("utf-8", "surrogatepass").lower()
        self._told: dict[bytes, bool] = {}

    def __contains__(self, word: bytes) -> bool:
        """Whether a word in small letters stands there."""
        told = self._told.get(word)
        if told is None:
            told = self._told[word] = word in self._source
        return told


def may_match(css: str, words: Words) -> bool:
    """Whether a selector can match an element of the page or fragment that holds these words.

    False is certain, but for names that are spelled with entities, which no program writes.
    """
    return any(all(word in words for word in alternative) for alternative in needed(css))


@lru_cache(maxsize=4096)
def needed(css: str) -> tuple[tuple[bytes, ...], ...]:
    """For each alternative of a selector the words that the source must hold, the longest first.

    >>> needed("ul.pages > li, [itemprop='articleBody']")
    ((b'pages', b'<ul', b'<li'), (b'articlebody', b'itemprop'))
    """
    if "\\" in css:
        return ((),)  # escapes: nothing is known
    return tuple(_words(part) for part in _IN_BRACKETS.sub("", css).split(","))


def _words(selector: str) -> tuple[bytes, ...]:
    found: list[str] = []

    def attribute(match: re.Match[str]) -> str:
        found.append(match[1])
        # Blanks and signs in a value may be written in several ways (&#x2F;); its longest word may not.
        found.append(max(_WORD.findall(match[2] or match[3] or match[4] or ""), key=len, default=""))
        return " "

    rest = _PSEUDO.sub(" ", _ATTRIBUTE.sub(attribute, selector))
    found += _NAME.findall(rest)
    found += [f"<{tag}" for tag in _TAG.findall(_NAME.sub(" ", rest)) if tag.lower() not in _IMPLIED]
    return tuple(sorted({word.lower().encode() for word in found if word}, key=lambda word: (-len(word), word)))
