"""Finds the province that words name, and whether it was a province or a city on a day."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.model import Unit
from scraper.reference import units
from scraper.text import fold, squeeze


@cache
def _provinces() -> re.Pattern[str]:
    names = sorted(grammar().provinces, key=len, reverse=True)
    return late_pattern(r"(?<![a-z])(?:{})(?![a-z])".format("|".join(map(re.escape, names))))


def province_in(words: str) -> str | None:
    """Returns the first province that words name, or None. The longest name wins: "Bà Rịa - Vũng Tàu" before "Vũng Tàu"."""
    match = _provinces().search(squeeze(re.sub(r"[^a-z0-9 -]", " ", fold(words))))
    return grammar().provinces[match[0]] if match else None


def province_kind(province: str, on: date | None) -> str:
    """Returns "tỉnh" or "thành phố", as the province was on that day. If `on` is None, the kind that it had for the longest time."""
    called = [unit for unit in units().values() if unit.name == province and unit.kind in ("province", "city")]
    if on is not None:
        called = [unit for unit in called if _began(unit) <= on <= _ended(unit)] or called
    longest = max(called, key=lambda unit: _ended(unit) - _began(unit), default=None)
    return "thành phố" if longest is not None and longest.kind == "city" else "tỉnh"


def _began(unit: Unit) -> date:
    return unit.valid_from or date.min


def _ended(unit: Unit) -> date:
    return unit.valid_to or date.max


def leading_province(name: str) -> tuple[str, int] | None:
    """Returns the province at the beginning of a proper name, and its length in characters. Returns None if there is none."""
    words = list(re.finditer(r"[\w'’]+|[-–]", name))
    for count in range(len(words), 0, -1):
        piece = name[: words[count - 1].end()]
        province = grammar().provinces.get(re.sub(r"[^a-z0-9 -]", "", squeeze(fold(piece)).replace("–", "-")))
        if province is not None:
            return province, len(piece)
    return None
