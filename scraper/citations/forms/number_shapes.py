"""The shapes that numbers have had (grammar/shapes.toml): the shape of a number, and whether it was in use in that year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar, grammar_data
from scraper.reference import rows
from scraper.text import nfc


@dataclass(frozen=True, slots=True)
class Shape:
    """One form of numbers."""

    id: str
    what: str
    pattern: re.Pattern[str]  # for canonical numbers
    since: int | None
    until: int | None
    examples: tuple[str, ...]


@cache
def shapes() -> tuple[Shape, ...]:
    """Returns all shapes, in the order in which they are tried."""
    data = grammar_data("shapes")
    types = "|".join(sorted(map(re.escape, grammar().codes), key=len, reverse=True))
    code = r"(?!\d)[^\W_][\w&.]*"
    parts = {
        "{n}": r"\d+[A-ZĐ]?",
        "{y}": r"(?:19|20)\d{2}",
        "{type}": f"(?:{types})",
        "{codes}": f"{code}(?:[-/]{code})*",
        "{code}": code,
        "{k}": r"K?(?:\d{1,2}|[IVX]+)",
    }

    def compiled(pattern: str) -> re.Pattern[str]:
        for sign, part in parts.items():
            pattern = pattern.replace(sign, part)
        return late_pattern(rf"(?:{pattern})$")

    return tuple(
        Shape(
            id=entry["id"],
            what=entry["what"],
            pattern=compiled(entry["pattern"]),
            since=entry.get("since"),
            until=entry.get("until"),
            examples=tuple(entry["examples"]),
        )
        for entry in data["shape"]
    )


@lru_cache(maxsize=8192)  # few numbers occur in most citations
def shape_of(number: str) -> Shape | None:
    """Returns the first shape that a canonical number fits, or None."""
    return next((shape for shape in shapes() if shape.pattern.match(number)), None)


def flags_of(number: str, year: int | None) -> tuple[str, ...]:
    """Returns the flag "unusual-shape" if a number fits no shape, or "out-of-time" if its year is outside the time of its shape or of a
    body that its codes name.
    """
    shape = shape_of(number)
    if shape is None:
        return ("unusual-shape",)
    if year is None:
        return ()
    outside = any((since is not None and year < since) or (until is not None and year > until) for since, until in _times(number, shape))
    return ("out-of-time",) if outside else ()


@lru_cache(maxsize=8192)
def _times(number: str, shape: Shape) -> tuple[tuple[int | None, int | None], ...]:
    """Returns the first and the last year of a shape, and of the bodies that the codes of a number name."""
    return ((shape.since, shape.until), *(_lives()[code] for code in re.split(r"[/-]", number)[1:] if code in _lives()))


@cache
def _lives() -> dict[str, tuple[int | None, int | None]]:
    """Returns the first and the last year of the bodies with a code, if the table of issuers has them."""
    lives: dict[str, list[tuple[str, str]]] = {}
    for row in rows("issuers"):
        lives.setdefault(nfc(row["code"]).upper(), []).append((row["valid_from"], row["valid_to"]))
    return {
        code: (
            min(int(since[:4]) for since, _ in spans) if all(since for since, _ in spans) else None,
            max(int(until[:4]) for _, until in spans) if all(until for _, until in spans) else None,
        )
        for code, spans in lives.items()
    }
