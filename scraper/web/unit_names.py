"""All names of the units of the reference data, as what a visitor types is compared with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

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


def with_periods(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Returns rows that have `unit`, `valid_from` and `valid_to`. If several have the same name, like a province before and after a merger,
    the years of each are added to it.

    >>> old = {"unit": "Huế", "valid_from": None, "valid_to": "2024-12-31"}
    >>> new = {"unit": "Huế", "valid_from": "2025-01-01", "valid_to": None}
    >>> [row["unit"] for row in with_periods([old, new])], [row["unit"] for row in with_periods([new])]
    (['Huế (…–2024)', 'Huế (2025–…)'], ['Huế'])
    """
    given = [dict(row) for row in rows]
    several = Counter(row["unit"] for row in given)
    return [
        row | {"unit": _with_years(row["unit"], row["valid_from"], row["valid_to"])} if several[row["unit"]] > 1 else row for row in given
    ]


def _with_years(name: str, first: str | None, last: str | None) -> str:
    return f"{name} ({(first or '…')[:4]}–{(last or '…')[:4]})"
