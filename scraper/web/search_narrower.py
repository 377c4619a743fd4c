"""What the words of a search may mean as a filter: a period ("từ tháng 3/2009") or a unit ("nghệ an"). Pure.

Articles seldom have such words: a department does not write the name of its province into each text, and no text says "from March 2009".
The search itself stays as it was typed; the page offers the one with the filter beside it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scraper.text import fold
from scraper.web.search_abbreviations import TOKEN, folded, tokens
from scraper.web.search_query import has_marks
from scraper.web.typed_dates import is_backwards, next_date, previous_date, typed_date
from scraper.web.unit_names import names_of_units

_MOST_UNITS = 3
_SHORTEST_NAME = 3  # letters of the name of a unit
_LONGEST_DATE = 6  # words: "ngày 5 tháng 3 năm 2009"
_LONGEST_NAME = 9  # words of the name of a unit
_YEARS = re.compile(r"((?:19|20)\d\d)(?:\s*[-–—]\s*|\.\.+)((?:19|20)\d\d)")
_MONTH_AND_YEAR = re.compile(r"^(?:th[aá]ng\s+)?(\d{1,2})\s+((?:19|20)\d\d)$", re.IGNORECASE)  # "tháng 5 2014"
# Words that are left at an end of a search after a period or a unit was taken out of it, without diacritics.
_DANGLING = {"o", "tai", "cua", "va", "trong", "vao", "ve", "do", "thuoc", "cho"}


@dataclass(frozen=True, slots=True)
class Narrower:
    """A search that leaves out some words and has a filter instead. `since`, `until`: as `typed_date` returns them."""

    q: str
    unit: str | None = None
    since: str | None = None
    until: str | None = None


@cache
def period_words() -> tuple[Mapping[str, Any], ...]:
    """Returns the entries of `search_periods.toml`."""
    content = tomllib.loads((Path(__file__).parent / "search_periods.toml").read_text(encoding="utf-8"))
    return tuple(content["word"])


@cache
def _roles() -> Mapping[tuple[str, ...], str]:
    return {tuple(fold(words).split()): one["role"] for one in period_words() for words in one["words"]}


def narrower(text: str, units: Collection[str]) -> tuple[Narrower, ...]:
    """Returns the searches that may be meant, the likeliest first; none if the words have neither a period nor a unit. `units`: the ids of
    those that have articles.

    >>> narrower("chuyển đổi số ở Nghệ An năm 2022", {"nghe-an"})[0]
    Narrower(q='chuyển đổi số', unit='nghe-an', since='2022', until='2022')
    """
    if '"' in text:
        return ()  # quotes say that the words are meant as words
    rest, since, until = _period(text)
    found = [Narrower(q, unit, since, until) for q, unit in _units(rest, units) if q or since or until]
    if since or until:
        found.append(Narrower(rest, None, since, until))
    return tuple(found)


def _period(text: str) -> tuple[str, str | None, str | None]:
    """Returns a search without its period, and the period: the first one that is in it."""
    words = text.split()
    for start in range(len(words)):
        since, until, end = _dates(words, start)
        if end and is_backwards(since, until):
            break
        if end:
            return _trimmed([*words[:start], *words[end:]]), since, until
    return text, None, None


def _dates(words: list[str], start: int) -> tuple[str | None, str | None, int]:
    """Returns the period that begins at a word, and the place after it; 0 if none does."""
    role, at = _role(words, start)
    first, last, end = _date(words, at)
    if not end or (role == "until" and at == start):
        return None, None, 0
    if role == "before":
        return None, previous_date(str(first)), end
    if role == "until":
        return None, last, end
    if role not in ("since", "after"):
        return first, last, end
    since = first if role == "since" else next_date(str(last))
    next_role, then = _role(words, end)
    _first, until, after = _date(words, then)
    return (since, until, after) if after and next_role == "until" else (since, None, end)


def _role(words: list[str], start: int) -> tuple[str | None, int]:
    """Returns what the words from here on say about a date after them, and the place after them."""
    for length in (3, 2, 1):
        role = _roles().get(tuple(fold(word) for word in words[start : start + length]))
        if role is not None:
            return role, start + length
    return None, start


def _date(words: list[str], start: int) -> tuple[str | None, str | None, int]:
    """Returns the first and the last day, month or year of the longest date that begins here, and the place after it; 0 if none does."""
    for end in range(min(len(words), start + _LONGEST_DATE), start, -1):
        typed = " ".join(words[start:end]).strip(",.;")
        if years := _YEARS.fullmatch(typed):
            return years[1], years[2], end
        if stamp := typed_date(_MONTH_AND_YEAR.sub(r"\1/\2", typed)):
            return stamp, stamp, end
    return None, None, 0


def _units(text: str, known: Collection[str]) -> list[tuple[str, str]]:
    """Returns for each unit whose name is in a search the other words, and its id. Only the longest name counts."""
    spans = [match.span() for match in TOKEN.finditer(text)]
    for length in range(min(_LONGEST_NAME, len(spans)), 0, -1):
        for start in range(len(spans) - length + 1):
            begin, end = spans[start][0], spans[start + length - 1][1]
            ids = [key for key in units_named(text[begin:end]) if key in known]
            if ids and text[:begin][-1:] != "-":  # a word that must not occur
                return [(_trimmed(f"{text[:begin]} {text[end:]}".split()), key) for key in ids[:_MOST_UNITS]]
    return []


def units_named(text: str) -> tuple[str, ...]:
    """Returns the ids of the units of a name. Diacritics count if there are any."""
    words = tokens(text)
    ids = _by_name().get(" ".join(folded(words)), ()) if sum(map(len, words)) >= _SHORTEST_NAME else ()
    if not has_marks(words):
        return ids
    return tuple(key for key in ids if " ".join(words) in names_of_units(marked=True)[key])


@cache
def _by_name() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for key, names in names_of_units(marked=False).items():
        for name in names:
            found.setdefault(name, {})[key] = None
    return {name: tuple(ids) for name, ids in found.items()}


def _trimmed(words: list[str]) -> str:
    """Returns the words of a search without those that mean nothing at its ends."""
    kept = [word for word in words if word.strip(",.;:")]
    while kept and fold(kept[-1].strip(",.;")) in _DANGLING:
        kept.pop()
    while kept and fold(kept[0].strip(",.;")) in _DANGLING:
        kept.pop(0)
    return " ".join(kept).strip(",;: ")
