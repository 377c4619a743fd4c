"""Computes the numbers that a browser shows before the items of an ordered list (HTML standard, 4.4.5 and 4.4.8)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bs4 import Tag

_STYLES = {
    "decimal": "1", "decimal-leading-zero": "1", "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A",
    "lower-roman": "i", "upper-roman": "I", "none": "", "disc": "", "circle": "", "square": "",
}  # fmt: skip
_STYLE = re.compile(r"list-style(?:-type)?\s*:([^;]{0,80})", re.IGNORECASE)
_INTEGER = re.compile(r"\s*([+-]?\d{1,6})\s*")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"),
    (4, "IV"), (1, "I"),
)  # fmt: skip


@dataclass(slots=True)
class Numbers:
    """The numbers of one list: the next number, the step (1 or -1), and the function that formats it."""

    value: int
    step: int
    write: Callable[[int], str]

    def next(self, value: str = "") -> str:
        """Return the label of the next item, such as "1. ". `value`: the `value` attribute of the item, which sets the number."""
        if (own := _INTEGER.fullmatch(value)) is not None:
            self.value = int(own[1])
        label = self.write(self.value)
        self.value += self.step
        return f"{label}. "


def numbers_of(ordered: Tag) -> Numbers | None:
    """Return the numbers of an `<ol>`; None if its style shows no numbers."""
    kind = str(ordered.get("type") or "1").strip()
    if (style := _STYLE.search(str(ordered.get("style") or ""))) is not None:
        named = [_STYLES[word] for word in style[1].lower().split() if word in _STYLES]
        kind = named[0] if named else kind
    if not kind:
        return None
    descends = ordered.get("reversed") is not None
    start = _INTEGER.fullmatch(str(ordered.get("start") or ""))
    first = sum(1 for child in ordered.contents if isinstance(child, Tag) and child.name == "li") if descends else 1
    return Numbers(int(start[1]) if start is not None else first, -1 if descends else 1, _WRITERS.get(kind, str))


def _letters(number: int) -> str:
    """Return a number as letters: 1 gives "a", 26 gives "z", 27 gives "aa"."""
    letters = ""
    while number > 0:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("a") + place) + letters
    return letters or str(number)


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    parts = []
    for size, letters in _ROMAN:
        count, number = divmod(number, size)
        parts.append(letters * count)
    return "".join(parts)


_WRITERS: dict[str, Callable[[int], str]] = {
    "1": str,
    "a": _letters,
    "A": lambda number: _letters(number).upper(),
    "i": lambda number: _roman(number).lower(),
    "I": _roman,
}
