"""All names of the units of the reference data, as what a visitor types is compared with them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from scraper.reference import units
from scraper.web.search_abbreviations import folded, tokens


@cache
def names_of_units(*, marked: bool) -> Mapping[str, tuple[str, ...]]:
    """Returns the names of each unit, by its id: with diacritics (`marked`) or without."""
    return {
        unit.id: tuple(" ".join(tokens(name)) if marked else plain_words(name) for name in (unit.name, unit.full_name, *unit.aliases))
        for unit in units().values()
    }


def plain_words(text: str) -> str:
    """Returns the words of a text without diacritics.

    >>> plain_words("TP. Hà Nội")
    'tp ha noi'
    """
    return " ".join(folded(tokens(text)))
