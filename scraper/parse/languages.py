"""The language of an article, and of the links of a page. Pure."""

from __future__ import annotations

import re

from scraper.parse.tree.page_tree import PageTree
from scraper.text import is_syllable, nfc

_BEGINNING = 120  # characters
_ENOUGH = 0.05  # of the letters
_VIETNAMESE = frozenset("ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ")


# Languages of sister sites that have letters of their own: Khmer, Lao, Japanese, Korean, Chinese.
_SCRIPTS = (
    ("km", "\u1780", "\u17ff"),
    ("lo", "\u0e80", "\u0eff"),
    ("ja", "\u3040", "\u30ff"),
    ("ko", "\uac00", "\ud7af"),
    ("zh", "\u4e00", "\u9fff"),
)
_SCRIPT_SHARE = 0.2  # of the letters: Japanese has Chinese letters, too
# Of the words of a text without marks that can be Vietnamese syllables: at least 0.88 in 99 of 100 articles, at most 0.5 in English.
_SYLLABLES = 2 / 3
_WORD = re.compile(r"[^\W\d_]+")


def _script(sample: str) -> str | None:
    """Return the language that the letters of a text belong to; None for letters of another language. Latin letters are those of "vi" if
    nearly all words can be Vietnamese syllables, as in a text without diacritics, else of "en".

    >>> _script("Hoi nghi trien khai cong tac quy mot"), _script("The department reviews its work"), _script("农业厅召开会议")
    ('vi', 'en', 'zh')
    """
    letters = [char for char in sample if char.isalpha()]
    for language, first, last in _SCRIPTS:
        if sum(first <= char <= last for char in letters) > _SCRIPT_SHARE * len(letters):
            return language
    if sum(map(str.isascii, letters)) * 2 <= len(letters):
        return None
    words = _WORD.findall(sample)
    return "vi" if sum(map(is_syllable, words)) >= _SYLLABLES * len(words) else "en"


def language_of(tree: PageTree, title: str, body: str) -> str | None:
    """Return "vi" if the text has Vietnamese letters; if it is long, the language of its letters; else the `lang` of the page, or None."""
    for most in (300, 2000):
        sample = f"{title} {body[:most]}".lower()
        # A quick check: the first characters mostly have enough Vietnamese letters for any number of letters in the sample.
        if sum(map(_VIETNAMESE.__contains__, sample[:_BEGINNING])) > _ENOUGH * len(sample):
            return "vi"
        letters = sum(map(str.isalpha, sample))
        if letters and sum(map(_VIETNAMESE.__contains__, sample)) / letters > _ENOUGH:
            return "vi"
    if letters > 200 and (script := _script(sample)) is not None:
        return script
    root = tree.first("html[lang]")
    return ((root.attributes.get("lang") or "").split("-")[0].lower() or None) if root is not None else None


_LINKS = 4000  # characters of the texts of links that are read
_FEWEST = 100  # letters; fewer are a menu. Three titles in Vietnamese have some twenty marks
_OF_VIETNAMESE = 0.1  # of the letters; in Vietnamese, one in five has a mark
_OF_OTHERS = 0.04  # names of agencies stay Vietnamese on English pages; between the two shares, a page is in both languages


def language_of_links(tree: PageTree) -> str | None:
    """Return the language of the texts of the links of a page: "vi", or that of their letters; None if they are few, or in several
    languages."""
    parts: list[str] = []
    size = 0
    for node in tree.css("a[href]"):
        text = node.text() or ""
        parts.append(text)
        size += len(text)
        if size > _LINKS:
            break
    sample = nfc(" ".join(parts)[:_LINKS]).lower()
    letters = sum(map(str.isalpha, sample))
    if letters < _FEWEST:
        return None
    share = sum(map(_VIETNAMESE.__contains__, sample)) / letters
    if share >= _OF_VIETNAMESE:
        return "vi"
    return _script(sample) if share <= _OF_OTHERS else None
