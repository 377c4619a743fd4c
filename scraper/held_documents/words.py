"""The words of `words.toml`, and the nouns of documents as they are in a type line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from scraper.citations.grammar.loader import grammar
from scraper.reference import rows
from scraper.text import fold


@cache
def words() -> dict[str, Any]:
    """Returns the content of words.toml."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def any_of(phrases: Iterable[str]) -> str:
    """Returns a pattern for phrases without diacritics, the longest first, with one to four blanks between their words."""
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s{1,4}") for phrase in sorted(set(phrases), key=len, reverse=True))


@cache
def nouns() -> dict[str, str]:
    """Returns the noun of each type line by its form without diacritics: "quyet dinh" is "quyết định"."""
    return {fold(noun): noun for noun in grammar().types if noun != "văn bản"}


@cache
def places() -> frozenset[str]:
    """Returns the provinces, their aliases and their capitals, without diacritics."""
    return frozenset([*grammar().provinces, *(fold(row["capital"]) for row in rows("units") if row["capital"])])
