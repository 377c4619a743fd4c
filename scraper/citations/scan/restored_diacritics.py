"""Restores the diacritics of the words around citations in text that was typed without them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.text import fold

_MARKED = late_pattern(r"[À-ỹđĐ]")
_NOUNS = "|".join(sorted({fold(noun) for noun in grammar().types if " " in noun or noun == "luật"}, key=len, reverse=True))
_DOCUMENT = late_pattern(rf"(?<![a-z])(?:{_NOUNS})\s", re.IGNORECASE)
_WORD = late_pattern(r"[A-Za-z]+")
_BETWEEN = late_pattern(r"\s?[,–-]?\s{1,2}")
_AROUND = 200  # characters around a citation that are looked at in a line with diacritics
_LONGEST = 14  # maximum number of words in a phrase


def with_diacritics(text: str, places: Sequence[int] | None) -> str:
    """Returns the text with the diacritics of known words restored, only in lines without any diacritic.
    `places`: only lines that contain these offsets; None for all lines. Each character keeps its position, so that offsets apply to both
    texts.
    >>> with_diacritics("Nghi dinh so 47/2020/ND-CP ngay 09/4/2020 cua Chinh phu", None)
    'Nghị định số 47/2020/ND-CP ngày 09/4/2020 của Chính phủ'
    """
    if places is None:
        return _restored(text) if _DOCUMENT.search(text) is not None else text
    parts: list[str] = []
    done = end = 0
    for place in places:
        if place < end:
            continue
        start = text.rfind("\n", end, place) + 1 or end
        end = text.find("\n", place)
        end = end if end >= 0 else len(text)
        if _MARKED.search(text, start, end) is not None:
            start, end = _unmarked_around(text, max(start, place - _AROUND), place, min(end, place + _AROUND))
        if start < end:
            parts += (text[done:start], _restored(text[start:end]))
            done = end
    return "".join((*parts, text[done:])) if parts else text


def _unmarked_around(text: str, floor: int, place: int, limit: int) -> tuple[int, int]:
    """The words without diacritics around a place in a line that has some elsewhere."""
    before = list(_MARKED.finditer(text, floor, place))
    start = text.find(" ", before[-1].end(), place) if before else floor
    after = _MARKED.search(text, place, limit)
    end = after.start() if after is not None else limit
    return start if start >= 0 else place, end


def _restored(line: str) -> str:
    words = list(_WORD.finditer(line))
    parts: list[str] = []
    at = done = 0
    while at < len(words):
        phrase = _phrase_at(line, words, at)
        for word, marked in zip(words[at : at + len(phrase)], phrase, strict=True):
            parts += (line[done : word.start()], *(new.upper() if old.isupper() else new for old, new in zip(word[0], marked, strict=True)))
            done = word.end()
        at += len(phrase) or 1
    return "".join((*parts, line[done:]))


def _phrase_at(line: str, words: list[re.Match[str]], at: int) -> tuple[str, ...]:
    """Returns the words, with diacritics, of the longest phrase that begins at a word; () if there is none."""
    node = _phrases()
    longest: tuple[str, ...] = ()
    end = words[at].start()
    for place in range(at, min(at + _LONGEST, len(words))):
        word = words[place]
        if place > at and _BETWEEN.fullmatch(line, end, word.start()) is None:
            break
        if line[word.start() - 1 : word.start()] in ("/", "-") or line[word.end() : word.end() + 1] in ("/", "_"):
            break  # part of a number
        node = node.get(word[0].lower(), {})
        if not node:
            break
        end = word.end()
        for condition, marked in node.get("", ()):
            if condition is None or condition.match(line, end):
                longest = marked
                break
    return longest


_DIGIT, _CAPITAL = late_pattern(r"\s?:?\s?\d"), late_pattern(r"\s{1,2}[A-Z]")


@cache
def _phrases() -> dict[str, Any]:
    """Returns the phrases as a tree of words without diacritics. The key "" holds the phrase with diacritics, and a condition on the
    text after it.
    """
    data = grammar()
    words, bodies = data.unmarked, data.bodies
    tree: dict[str, Any] = {}
    places = [f"{level} {name}" for name in set(data.provinces.values()) for level in ("tỉnh", "thành phố")]
    fields = [f"{head} {field}" for head in ("Bộ", "Sở", "Phòng") for field in bodies["fields"]]
    local = [*bodies["local"], *(name for names in bodies["local"].values() for name in names)]
    names = [*(noun for noun in data.types if " " in noun), *bodies["names"], *local, *fields, *places, *set(data.provinces.values())]
    for phrase in (*words["phrases"], *names, *set(data.issuers.values())):
        _add(tree, phrase, None)
    for noun in data.types:
        for verb in ("có", "ra", "ký", "gửi", "trình"):
            _add(tree, f"{verb} {noun}", None)
    for phrase in data.law_names:
        for head in ("luật", "bộ luật", "pháp lệnh"):
            _add(tree, f"{head} {phrase}", None)
    for phrase in words["before_digit"]:
        _add(tree, phrase, _DIGIT)
    for phrase in words["before_capital"]:
        _add(tree, phrase, _CAPITAL)
    return tree


def _add(tree: dict[str, Any], phrase: str, condition: re.Pattern[str] | None) -> None:
    marked = tuple(word.lower() for word in re.findall(r"[^\W\d_]+", phrase))
    node = tree
    for word in marked:
        node = node.setdefault(fold(word), {})
    node.setdefault("", []).append((condition, marked))
