"""Groups of words in the grammar files, and patterns made of them.

A group is a table with `words` and with sentences that show what the words decide. In a sentence, each citation that must be found is
between ⟦ and ⟧, and {} stands for each word in turn:

    [before_law.schools]
    words = ["đại học", "trường", "khoa"]
    examples = ["Chị học {} Luật Hà Nội."]
    counter_examples = ["Trường phải thực hiện ⟦Luật Giáo dục⟧."]

`examples` are sentences in which the words have their effect; in `counter_examples` they have none. `unless` holds phrases in which a word of
the group has no effect: "thực thi" for "thi". `issuer`, `issued_on` and `title` are those of each citation in the examples; "" means that the
citation has none. tests/citations/test_grammar.py reads every sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from scraper.citations.grammar.loader import grammar_data

FILES = ("bodies", "foreign", "issuing", "not_statutes", "short", "titles")  # the files with groups
BLANK = r"\s{1,5}"


@dataclass(frozen=True, slots=True)
class WordGroup:
    """Words with one effect, and the sentences that show it."""

    words: tuple[str, ...]
    unless: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    issuer: str | None = None
    issued_on: str | None = None
    title: str | None = None


@cache
def word_groups(file: str) -> Mapping[str, WordGroup]:
    """Returns the groups of a grammar file by their dotted names: "before_law.schools"."""
    return dict(_groups(grammar_data(file), ""))


def _groups(data: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, WordGroup]]:
    for name, value in data.items():
        if isinstance(value, dict):
            if "words" in value:
                fields: dict[str, Any] = {key: tuple(entry) if isinstance(entry, list) else entry for key, entry in value.items()}
                yield prefix + name, WordGroup(**fields)
            else:
                yield from _groups(value, f"{prefix}{name}.")


def words_of(file: str, *names: str) -> tuple[str, ...]:
    """Returns the words of groups. A name that ends with a dot means all groups below it: "before_law."."""
    chosen = [
        group
        for name, group in word_groups(file).items()
        if name.startswith(tuple(one for one in names if one[-1] == ".")) or name in names
    ]
    assert chosen, f"{file}.toml has no groups {names}"
    return tuple(word for group in chosen for word in group.words)


def unless_of(file: str, *names: str) -> tuple[str, ...]:
    """Returns the phrases of groups in which their words have no effect."""
    return tuple(phrase for name, group in word_groups(file).items() if name.startswith(names) for phrase in group.unless)


def either(words: Iterable[str], *, capital: bool = False, blank: str = BLANK) -> str:
    """Returns a pattern for any of the words, the longest first, without a group around it. White space of any kind matches a blank.
    `capital`: a word that begins with a small letter may also begin with the capital.
    """
    return "|".join(_word(word, capital, blank) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def _word(word: str, capital: bool, blank: str) -> str:
    pattern = re.escape(word).replace(r"\ ", blank)
    return f"[{word[0].upper()}{word[0]}]{pattern[1:]}" if capital and word[0].islower() else pattern


def none_of(phrases: Sequence[str], *, blank: str = BLANK) -> str:
    """Returns a lookahead that rejects any of the phrases, "" if there are none."""
    return f"(?!(?:{either(phrases, blank=blank)})(?!\\w))" if phrases else ""
