"""Measures how similar two texts are, to find reprints over all sources.

MinHash (Broder 1997) over runs of four folded words finds pairs that may be alike. Those pairs are then compared word for word. Because
words are folded, copies still match if their diacritics are placed differently. Notices made from one form may differ only in their numbers
and dates, so those must agree as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from struct import Struct

from rensa import RMinHash

from scraper.text import fold

_RUN = 4  # words
_FEWEST = 60  # words; shorter notices are similar by chance
_HASHES = 128
_BAND = 8  # hashes; 16 bands find 95 of 100 pairs with likeness 0.8, and nearly all pairs with 0.9
_PACKED = Struct(f">{1 + _BAND}Q")  # a band: its place and its hashes
_SEED = 20_090_714  # any number will do, but it must never change: the keys are stored
ALIKE = 0.8  # share of the runs of both; a copy with another heading, byline and picture captions has about 0.9
_WORD = re.compile(r"[^\W_]+")
_BLANKS = bytes(code if chr(code).isalnum() else ord(" ") for code in range(0x80)).ljust(0x100)  # letters and digits of ASCII


def similarity_keys(text: str, *, folded: str | None = None) -> tuple[int, ...]:
    """Returns keys of 63 bits each; two similar texts have at least one key in common. Returns none if the text is too short to compare.
    `folded`: the text, if it was folded already."""
    runs = [*_runs(fold(text) if folded is None else folded)]
    if not runs:
        return ()
    hashing = RMinHash(num_perm=_HASHES, seed=_SEED)
    hashing.update(runs)
    digest = hashing.digest()
    keys = []
    for at in range(0, _HASHES, _BAND):
        band = _PACKED.pack(at, *digest[at : at + _BAND])
        keys.append(int.from_bytes(blake2b(band, digest_size=8).digest(), "big") >> 1)
    return tuple(keys)


def likeness(one: str, other: str) -> float:
    """Returns the share of word runs that two texts have in common (Jaccard index), from 0 to 1. Returns 0 if their numbers differ."""
    # Numbers first: that is quick, and it separates the many notices that are made from one form.
    if _share(_numbers(one), _numbers(other)) < ALIKE:
        return 0.0
    mine, theirs = set(_runs(fold(one))), set(_runs(fold(other)))
    if not mine or not theirs:
        return 0.0
    return len(mine & theirs) / len(mine | theirs)


def _runs(folded: str) -> Iterator[str]:
    """Returns the runs of words of a folded text, in order; none if it is too short."""
    # A folded text is nearly always ASCII, which is split in a third of the time.
    words = folded.encode().translate(_BLANKS).decode().split() if folded.isascii() else _WORD.findall(folded)
    if len(words) < _FEWEST:
        return iter(())
    return map(" ".join, zip(*(words[at:] for at in range(_RUN)), strict=False))


def _numbers(text: str) -> Counter[str]:
    return Counter(number.lstrip("0") for number in re.findall(r"\d+", text))


def _share(one: Counter[str], other: Counter[str]) -> float:
    both = (one | other).total()
    return (one & other).total() / both if both else 1.0
