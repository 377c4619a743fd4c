"""Invented texts for the big archive: sentences with common and rare words, and documents that are cited very unevenly."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Generic, TypeVar

from scraper.text import fold, search_form

_PARTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
PHRASES: Sequence[str] = _PARTS["phrases"]
RARE: Sequence[str] = _PARTS["rare"]
T = TypeVar("T")
_SENTENCES = 20_000
_KINDS = (  # type, code in the number, code of the issuer, share
    ("quyết định", "QĐ", "TTg", 22),
    ("nghị định", "NĐ", "CP", 16),
    ("thông tư", "TT", "BTTTT", 16),
    ("chỉ thị", "CT", "TTg", 8),
    ("chỉ thị", "CT", "BTTTT", 4),
    ("quyết định", "QĐ", "UBND", 20),
    ("kế hoạch", "KH", "UBND", 10),
    ("công văn", "", "BTTTT", 4),
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the forms that the full-text index holds."""

    text: str
    exact: str
    folded: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A document that texts cite. `name`: as texts write it."""

    number: str
    doc_type: str
    year: int
    issued_on: str
    name: str
    unit: str | None


class Choice(Generic[T]):
    """A choice in which the first of the values is taken most often: the one in place n has the weight 1 / (n + `flat`)."""

    def __init__(self, values: Sequence[T], flat: float) -> None:
        self._values = values
        self._sums = list(accumulate(1 / (place + flat) for place in range(1, len(values) + 1)))

    def place(self, random: Random) -> int:
        """Returns the place of a value, from 0."""
        return bisect_right(self._sums, random.random() * self._sums[-1], hi=len(self._sums) - 1)

    def __call__(self, random: Random) -> T:
        return self._values[self.place(random)]


def sentences(random: Random) -> list[Sentence]:
    """Returns a stock of different sentences: a phrase or two among other syllables. Rare phrases are in few of them."""
    phrase, syllable = Choice(PHRASES, 8), Choice(_syllables(random), 30)
    made = []
    for _ in range(_SENTENCES):
        parts = [syllable(random) for _ in range(random.randint(15, 40))]
        for _ in range(random.randint(0, 2)):
            parts.insert(random.randint(0, len(parts)), phrase(random))
        made.append(sentence(" ".join(parts).capitalize() + "."))
    return made


def _syllables(random: Random) -> list[str]:
    """Returns syllables that look Vietnamese, with tones, in any order."""
    made = [onset + rime for onset in _PARTS["onsets"] for rime in _PARTS["rimes"]]
    random.shuffle(made)
    return made


def sentence(text: str) -> Sentence:
    """Returns a sentence with the forms that the index holds."""
    return Sentence(text, search_form(text), fold(text))


def titles(random: Random) -> list[Sentence]:
    """Returns a stock of titles."""
    phrase = Choice(PHRASES, 8)
    made = []
    for _ in range(_SENTENCES // 2):
        shape = random.choice(_PARTS["titles"])
        made.append(sentence(shape.format(*(phrase(random) for _ in range(shape.count("{}"))))))
    return made


def documents(random: Random, number: int, provinces: Sequence[str]) -> list[Cited]:
    """Returns different documents, the most cited first. The most cited ones are old, so that many texts can cite them."""
    made: dict[tuple[str, str | None], Cited] = {}
    weights = [share for *_, share in _KINDS]
    while len(made) < number:
        doc_type, code, issuer, _ = random.choices(_KINDS, weights)[0]
        year = random.randint(2005, 2008) if len(made) < 20 else random.randint(2004, 2025)
        unit = random.choice(provinces) if issuer == "UBND" else None
        serial = random.randint(1, 4000 if unit else 3000)
        ending = f"{code}-{issuer}" if code else issuer
        full = issuer != "TTg" and not unit and code  # normative: with the year in the number
        digits = f"{serial:02}/{year}" if full else f"{serial:02}"
        joint = f"{digits}/NĐ-CP" if full and doc_type == "nghị định" else f"{digits}/{ending}"
        issued = f"{year}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
        name = f"{doc_type.capitalize()} số {joint} ngày {issued[8:]}/{issued[5:7]}/{year}"
        made.setdefault((joint, unit if unit else str(year)), Cited(joint, doc_type, year, issued, name, unit))
    return list(made.values())
