"""Finds the end of a statute name that the grammar or the reference tables know, with its abbreviations and lost blanks."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar, grammar_data
from scraper.citations.grammar.patterns import GLUED_WORDS, UPPER
from scraper.reference import rows
from scraper.text import fold, place_tone

# "&" means "và", with blanks or without ("PCCC&CNCH", "HN & GĐ"). The blank after a comma may be lost ("THTK,CLP").
_TOKEN = late_pattern(r"(?:\s{0,5},|\s{1,3}[-–])?\s{1,5}(?P<word>[^\W\d_]+)|(?:/|,|\s{0,3}&\s{0,3})(?P<joined>[^\W\d_]+)")
_LONGEST = 40  # syllables of a name
_FIRST_TOKEN = late_pattern(rf"(?<=[th])(?P<word>[{UPPER}][^\W\d_]*)(?P<joined>)")  # "LuậtGiao dịch": the blank was lost


@cache
def _names() -> dict[str, Any]:
    """Returns the known names as a tree of syllables, in small letters with the tone mark in one place. The key "" marks the end of a
    name.
    """
    tree: dict[str, Any] = {}
    for name in {*grammar().law_names, *grammar_data("laws")["names"]}:
        node = tree
        for word in re.findall(r"[^\W\d_]+", place_tone(name).lower()):
            if word != "và":  # people write "và", a comma, or nothing
                node = node.setdefault(word, {})
        node[""] = True
    return tree


@cache
def _two_laws() -> frozenset[str]:
    """Returns the folded names of ordinances that are two laws if "Luật" comes before them: "Luật Bưu chính, Viễn thông"."""
    laws = {fold(row["name_vi"]).removeprefix("luat ") for row in rows("laws") if row["kind"] == "luat"}
    ordinances = (fold(row["name_vi"]).removeprefix("phap lenh ") for row in rows("laws") if row["kind"] == "phap-lenh")
    return frozenset(name for name in ordinances if "," in name and {part.strip() for part in name.split(",")} <= laws)


def end_of_known(text: str, at: int) -> int | None:
    """Returns the end of the longest known name at `at`, or None. A lost blank inside the name ("Hội đồngnhân dân") is accepted."""
    node, end, longest = _names(), at, None
    for _ in range(_LONGEST):
        match = _TOKEN.match(text, end) if end > at else _first_token(text, at)
        if match is None or "\n\n" in match[0]:
            break
        word, end = (match["word"] or match["joined"]).lower(), match.end()
        start = end - len(word)
        if word == "và" or (word == "về" and node is _names()):
            continue
        after = _step(node, word)
        if after is None and (glued := _glued(node, word)) is not None:
            after, length = glued
            if "" in node and length == 0:
                break
            if length < len(word):  # the name ends inside the word: "luậtcủa"
                longest = start + length
                break
        if after is None:
            break
        node = after
        if "" in node and not (text[at - 4 : at].lower() == "luật" and _squeezed(text[at:end]) in _two_laws()):
            longest = end
    return longest


def _first_token(text: str, at: int) -> re.Match[str] | None:
    """Returns the match of the first syllable of a name. No name begins after a comma: "theo luật, trẻ em ..."."""
    match = _TOKEN.match(text, at) or _FIRST_TOKEN.match(text, at)
    return match if match is not None and not match[0].lstrip().startswith(",") else None


def _squeezed(name: str) -> str:
    return re.sub(r"\s*,\s*", ", ", fold(" ".join(name.split())))


@cache
def _spelt_out() -> dict[str, list[str]]:
    """Returns the abbreviations inside names, in small letters, with the syllables that they mean."""
    return {row["written"].lower(): row["means"].replace(" và ", " ").split() for row in rows("abbreviations") if row["scope"] == "word"}


def _step(node: dict[str, Any], word: str) -> dict[str, Any] | None:
    """Returns the node after a word, or None. The word may be the abbreviation of several syllables."""
    found: dict[str, Any] | None = None
    if (parts := _spelt_out().get(word)) is not None:
        found = node
        for part in parts:
            found = found.get(part) if found else None
    return found or node.get(word) or node.get(place_tone(word))


def _glued(node: dict[str, Any], word: str) -> tuple[dict[str, Any] | None, int] | None:
    """Parse two words of a name that lost the blank between them. Returns the node after both, and the number of letters that belong to
    the name.
    """
    for first, after in node.items():
        if first and len(first) < len(word) and word.startswith(first):
            rest = word[len(first) :]
            beyond = _step(after, rest)
            if beyond is not None:
                return beyond, len(word)
            if "" in after and (rest in GLUED_WORDS or rest == "số"):
                return after, len(first)
    return None
