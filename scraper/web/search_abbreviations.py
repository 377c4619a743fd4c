"""The abbreviations that a search knows (`reference/search_abbreviations.csv`): CĐS and "chuyển đổi số" find each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from scraper.reference import rows
from scraper.text import fold, search_form

Tokens = tuple[str, ...]

TOKEN = re.compile(r"[^\W_]+")  # as the full-text index splits texts
LONGEST = 8  # words of a meaning, at most


def tokens(text: str) -> Tokens:
    """Returns the words of a text in the exact form that the full-text index holds.

    >>> tokens("Sở TT&TT Thanh Hoá")
    ('sở', 'tt', 'tt', 'thanh', 'hóa')
    """
    return tuple(TOKEN.findall(search_form(text)))


def folded(words: Tokens) -> Tokens:
    """Returns words without diacritics."""
    return tuple(fold(word) for word in words)


@cache
def same_as() -> Mapping[Tokens, tuple[Tokens, ...]]:
    """Returns for each abbreviation its meanings, and for each meaning its abbreviations. Both are also there without diacritics, for
    people who type none.
    """
    found: defaultdict[Tokens, dict[Tokens, None]] = defaultdict(dict)
    for row in rows("search_abbreviations"):
        written, means = tokens(row["written"]), tokens(row["means"])
        # UBND has no diacritics, so it means every spelling of the words.
        _add(found, written, means if folded(written) != written else folded(means))
        _add(found, folded(written), folded(means))
        if row["back"] == "yes":
            _add(found, means, written)
            _add(found, folded(means), folded(written))
    return {words: tuple(others) for words, others in found.items()}


@cache
def types_of_documents() -> Mapping[Tokens, tuple[Tokens, ...]]:
    """Returns for each code of a type of documents its names, and for each name its codes: NĐ and "nghị định". They mean each other only
    before a number.
    """
    found: defaultdict[Tokens, dict[Tokens, None]] = defaultdict(dict)
    for row in rows("document_types"):
        code, name = tokens(row["code"]), tokens(row["name_vi"].partition(" của ")[0].partition(" (")[0])
        if code:
            for one, other in ((code, name), (folded(code), folded(name)), (name, code), (folded(name), folded(code))):
                _add(found, one, other)
    return {words: tuple(others) for words, others in found.items()}


def _add(found: defaultdict[Tokens, dict[Tokens, None]], words: Tokens, other: Tokens) -> None:
    if words != other:
        found[words][other] = None
