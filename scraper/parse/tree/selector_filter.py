"""Skips selectors that cannot match a page: a search for a few words in the source is far cheaper than a search of the page tree.

The selectors of every platform and of every field are tried on each page, and few of them match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ahocorasick_rs import BytesAhoCorasick, Implementation

from scraper.platforms import PLATFORMS

# The parts of a selector about the element itself or its ancestors; all are required. `:not(...)` and `:has(...)` are removed first.
_IN_BRACKETS = re.compile(r":[\w-]+\((?:[^()]|\([^()]*\))*\)")
_ATTRIBUTE = re.compile(r"\[\s*([\w:-]+)\s*(?:[~|^$*]?=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\]\s]*)))?[^\]]*\]")
_NAME = re.compile(r"[.#]([\w-]+)")
_PSEUDO = re.compile(r"::?[\w-]+")
_WORD = re.compile(r"[A-Za-z0-9_:.-]+")
# Names of attributes, and parts of many words. They are in every page, are found at once, and would fill the list of positions.
_EVERYWHERE = frozenset(
    (b"hr", b"href", b"title", b"content", b"news", b"age", b"right", b"tool", b"menu", b"name", b"meta", b"-c", b"item", b".html")
)
_LONGEST = 1_000_000  # bytes


class SelectorWords(dict[bytes, int | None]):
    """The first position of words in the source of a page, in bytes, or None: `words[b"captcha"]`. Keys are in lower case.

    All words of the vocabulary are found in one pass (Aho-Corasick). Any other word is searched for once.
    `source`: the source in UTF-8, with ASCII letters in lower case.
    """

    def __init__(self, source: bytes, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary.places(source))
        self._source = source

    def __missing__(self, word: bytes) -> int | None:
        place = self._source.find(word)
        self[word] = place if place >= 0 else None
        return self[word]


class Vocabulary:
    """The words that are searched for in every page."""

    def __init__(self, words: Iterable[bytes]) -> None:
        self._words = sorted(set(words) - _EVERYWHERE)
        self._absent = dict.fromkeys(self._words)
        self._automaton = BytesAhoCorasick(self._words, implementation=Implementation.DFA)

    def places(self, source: bytes) -> dict[bytes, int | None]:
        """Return the first position of each word, or None. Return an empty dict if the source is longer than 1,000,000 bytes (memory)."""
        if len(source) > _LONGEST:
            return {}
        words = self._words
        found = reversed(self._automaton.find_matches_as_indexes(source, overlapping=True))  # so that the first counts
        return self._absent | {words[number]: start for number, start, _ in found}


def may_match(css: str, words: SelectorWords) -> bool:
    """Return True if a selector can match an element of the page with these words.

    False is certain, except for names that are spelled with entities, which no program writes. Tag names are not checked,
    because the page tree finds them as fast.
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
    """Return, for each alternative of a selector, the words that the source must contain, the longest first.

    >>> needed("ul.pages > li, [itemprop='articleBody']")
    ((b'pages',), (b'articlebody',))
    """
    if "\\" in css:
        return ((),)  # escapes: nothing is known
    return tuple(_words(part) for part in _IN_BRACKETS.sub("", css).split(","))


def _words(selector: str) -> tuple[bytes, ...]:
    found: list[str] = []

    def attribute(match: re.Match[str]) -> str:
        # Spaces and signs in a value may be written as entities (&#x2F;), so only its longest word is used.
        value = max(_WORD.findall(match[2] or match[3] or match[4] or ""), key=len, default="")
        found.append(value or match[1])
        return " "

    found += _NAME.findall(_PSEUDO.sub(" ", _ATTRIBUTE.sub(attribute, selector)))
    return tuple(sorted({word.lower().encode() for word in found if word}, key=lambda word: (-len(word), word)))


# Strings in challenge pages of protection services, in any language. Each was seen on such a page and on no clean page.
CHALLENGES = (
    "_cf_chl_opt",
    "cf-browser-verification",
    "_incapsula_resource",
    "sucuri_cloudproxy_js",
    "__jsl_clearance",
    "/_guard/auto.js",
)
# Fonts that show pictures instead of letters, and the mark of Word's lists (body/special_elements.py).
FONTS = ("dings", "symbol", "mso-list:")
# Styles that make an element a `<pre>` or a `<sup>` (body/special_elements.py).
STYLES = ("white-space", "align: super", "align:super")
# Class names of texts for small screens (hidden_elements.py).
SCREENS = (
    "visible-xs",
    "visible-sm",
    "visible-phone",
    "-none",
    "hidden-md",
    "hidden-lg",
    "hidden-desktop",
    "mobile-only",
    "only-mobile",
    "for-small",
    "hide-for-",
)
# Attributes with a date (generic/time_elements.py).
TIMES = ("datetime", "data-time", "data-timestamp", "data-datetime", "data-date", "data-published", "data-unix")
# jQuery timeago and the microformat hAtom: `<abbr class="timeago" title="2024-04-07T08:00:00+07:00">`.
TITLED_TIMES = ("timeago", "<abbr")
# Words of links and scripts that most pages lack (page_redirects.py, page_links.py, multipage.py).
SELDOM = (
    "refresh",
    "<frameset",
    "<area",
    "<option",
    "<textarea",
    "onclick",
    "javascript:",
    "javascript:location",
    "javascript:window.location",
    "javascript:document.location",
    "javascript:window.open",
    'rel="next',
    "rel='next",
    "rel=next",
    'href="?',
    "href='?",
)
# Names of breadcrumbs (generic/author_section_summary.py).
STEPS = ("bread-crumb", "pathway", "sitemappath", "duong-dan", "duongdan")
# All words: the lists above, and the words of all selectors and markers of all platforms.
VOCABULARY = Vocabulary(
    [
        sign.encode()
        for sign in (
            *CHALLENGES,
            *FONTS,
            *STYLES,
            *SCREENS,
            *TIMES,
            *TITLED_TIMES,
            *SELDOM,
            *STEPS,
            "captcha",
            "d1n=",
            "ld+json",
            "itemprop",
            "articlebody",
            "<base",
            "<style",
            "<time",
            "canonical",
            ".pdf",
        )
    ]
    + [
        word
        for platform in PLATFORMS.values()
        for word in (
            *(word for css in platform.selectors() for alternative in needed(css) for word in alternative),
            *(marker.source.lower().encode() for marker in platform.markers if marker.source is not None),
        )
    ]
)
