"""Recognises captions of programs and names of sites and their makers, which are neither a title nor an author.

The words are in captions.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from scraper.parse.generic.lengths import TEXT_LINE
from scraper.text import fold

_DATA = tomllib.loads(files(__package__).joinpath("captions.toml").read_text(encoding="utf-8"))
_CAPTIONS = frozenset(_DATA["captions"])
_SECTIONS = frozenset(_DATA["sections"])
_SITE_BEGINS = tuple(sorted(_DATA["site_begins"], key=len, reverse=True))
_PHRASES = frozenset(tuple(phrase.split()) for phrase in (*_DATA["site_phrases"], *_DATA["site_begins"]))
_LONGEST_PHRASE = max(map(len, _PHRASES))
_INNER_OFFICES = tuple(_DATA["inner_offices"])
_MAKERS = frozenset(_DATA["makers"])
_SURNAMES = frozenset(_DATA["surnames"])
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_AROUND = " .:;|-–—»«>*•[]()/"
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_NAME = 200  # characters of the name of a site, the longest known has 74; a bound against hostile input
_MOST_NAMES_IN_CAPITALS = 4  # words of a proper name, if the whole text is in capitals


def is_caption(text: str) -> bool:
    """Return True if a text is a caption that programs print above every article: "Chi tiết tin", "Nội dung bài viết"."""
    return len(text) <= TEXT_LINE and _folded(text) in _CAPTIONS


def is_section_name(text: str) -> bool:
    """Return True if a text is the usual name of a section: "Tin tức - Sự kiện"."""
    return len(text) <= TEXT_LINE and _folded(text) in _SECTIONS


def is_site_name(text: str) -> bool:
    """Return True if a text is only the name of an office or of its site.

    "Cổng thông tin điện tử Sở Thông tin và Truyền thông Hoa Lư" is one; "Sở Y tế Hoa Lư tập huấn cho cán bộ xã" is not, since
    "tập huấn" is neither a word of such names nor a proper name.
    """
    return len(text) <= _LONGEST_NAME and _is_site_name(text)


@lru_cache(maxsize=2048)  # all pages of a site name it
def _is_site_name(text: str) -> bool:
    folded = _folded(text)
    if not any(folded == one or folded.startswith(f"{one} ") for one in _SITE_BEGINS):
        return False
    words = _WORD.findall(text)
    if len(words) < 2:
        return False
    others = _without_phrases(words)
    if text.isupper():
        return len(others) <= _MOST_NAMES_IN_CAPITALS
    return all(word[0].isupper() for word in others)


def is_inner_office(text: str) -> bool:
    """Return True if a text names a part of the site's office, which may sign an article: "Phòng Bưu chính - Viễn thông"."""
    folded = _folded(text)
    return any(folded == one or folded.startswith(f"{one} ") for one in _INNER_OFFICES)


def is_maker(text: str) -> bool:
    """Return True if a text names a company or a program that makes sites: "HoaSenSoft JSC", "Công ty CP Tin học Hoa Sen"."""
    words = fold(_INNER_CAPITAL.sub(" ", text)).replace(".", " ").replace(",", " ").split()
    return any(word in _MAKERS for word in words) or any(" ".join(pair) in _MAKERS for pair in pairwise(words))


def has_surname(text: str) -> bool:
    """Return True if a text begins with a Vietnamese family name, with or without diacritics."""
    return fold(text).partition(" ")[0] in _SURNAMES


def _without_phrases(words: Sequence[str]) -> list[str]:
    """Return the words that are in no phrase of the names of offices. At each position the longest phrase is tried first."""
    folded = [fold(word) for word in words]
    others: list[str] = []
    at = 0
    while at < len(words):
        end = next((end for end in range(min(len(words), at + _LONGEST_PHRASE), at, -1) if tuple(folded[at:end]) in _PHRASES), 0)
        if not end:
            others.append(words[at])
        at = end or at + 1
    return others


def _folded(text: str) -> str:
    return " ".join(fold(text).strip(_AROUND).split())
