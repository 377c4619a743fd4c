"""The words that give a citation its relation, from grammar/relations.toml: entries by their last word, and patterns for those after it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar_data

_CUES = ("cues", "far", "proposal", "direct", "weak", "means", "execution", "inspection")
_WORDS = ("neutral", "stop", "stop_near", "through_which", "through", "list_words", "papers", "nominal")


@dataclass(frozen=True, slots=True)
class Entry:
    """Words of the grammar and their roles. A cue has a relation for its role; every other role has ""."""

    words: tuple[str, ...]
    roles: dict[str, str]


@dataclass(slots=True)
class Ending:
    """The entries that end with one word: that word as an entry, and the longer ones by the word before it, the longest first."""

    single: Entry | None = None
    longer: dict[str, list[Entry]] = field(default_factory=dict)


@cache
def endings() -> dict[str, Ending]:
    """Returns the entries of the grammar by their last word."""
    roles: dict[tuple[str, ...], dict[str, str]] = {}
    for one in _data()["relation"]:
        for role in _CUES:
            for cue in one.get(role, ()):
                roles.setdefault(tuple(cue.split()), {})[role] = one["relation"]
    for role in _WORDS:
        for words in _data()["words"][role]:
            roles.setdefault(tuple(words.split()), {})[role] = ""
    endings: dict[str, Ending] = {}
    for key in sorted(roles, key=len, reverse=True):
        ending = endings.setdefault(key[-1], Ending())
        if len(key) == 1:
            ending.single = Entry(key, roles[key])
        else:
            ending.longer.setdefault(key[-2], []).append(Entry(key, roles[key]))
    return endings


def _data() -> Mapping[str, Any]:
    return grammar_data("relations")


@cache
def cues_after(role: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Returns a pattern for the cues with a role after a citation, one group each, and their relations. The longest cue comes first."""
    found = sorted(((cue, one["relation"]) for one in _data()["relation"] for cue in one.get(role, ())), key=lambda cue: -len(cue[0]))
    first = "".join(sorted({cue[0] for cue, _ in found}))
    pattern = "|".join(f"({_pattern_after(cue)})" for cue, _ in found)
    return late_pattern(rf"(?<!\w)(?=[{first}])(?:{pattern})"), tuple(relation for _, relation in found)


@cache
def undergone() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Returns a pattern for a bracket that says what happened to the document before it ("(sửa đổi, bổ sung bởi Y)"), and the relation of each
    verb.
    """
    relations = {verb: one["relation"] for one in _data()["relation"] for verb in one.get("undergone", ())}
    verbs = "|".join(relations)
    return late_pattern(
        rf"\s{{0,3}}\((?:(?:đã|sẽ|được|bị)\s{{1,3}}){{0,2}}(?P<verb>{verbs})(?:,?\s{{1,3}}[^\W\d_]+){{0,8}}?\s{{1,3}}(?:bởi|bằng|theo|tại)\s"
    ), relations


@cache
def cue_words(role: str) -> tuple[str, ...]:
    """Returns few words of which every text with a cue of a role contains at least one: the words that most of the cues share."""
    cues = [[word.strip(")") for word in cue.split() if word != "…"] for one in _data()["relation"] for cue in one.get(role, ())]
    chosen: list[str] = []
    while cues:
        shared = Counter(word for cue in cues for word in cue)
        chosen.append(max(shared, key=lambda word: shared[word]))
        cues = [cue for cue in cues if chosen[-1] not in cue]
    return tuple(chosen)


def _pattern_after(cue: str) -> str:
    return "".join(r"(?:(?:\w+|T[Pp]\.)\s{1,4}){1,9}?" if word == "…" else re.escape(word) + r"(?!\w)\s{0,4}" for word in cue.split())
