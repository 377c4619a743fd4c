"""Where in a text a citation could stand: cheap passes that look for one literal each, since those run at the speed of memory.

A regular expression with a choice at its beginning reads 15 to 100 MB/s of Vietnamese, one that begins with a literal
700 to 2,000 (`benchmarks/`). So each pass has a literal to look for, and what is behind it is judged by the callers.
"""

from __future__ import annotations

import re

from scraper.citations.grammar import grammar
from scraper.citations.patterns import DASHES, SLASHES, UPPER

# A separator with the first letter of a code behind it: .../QĐ, ... /CT, 52-NQ. Or a year with a letter stuck to it, since
# the separator between was lost: 24/2008QH12, 06/2016NĐ-CP.
_CODE_BEHIND = (
    *((sign, re.compile(rf"{sign}(?:\s{{0,2}}[^\W\d_]|(?:19|20)\d\d(?=[^\W\d_]))")) for sign in SLASHES),
    *((sign, re.compile(rf"{re.escape(sign)}\s{{0,2}}(?:[{UPPER}]|(?:cp|ttg|nq|qđ|ct|tw|tu|hđbt)(?!\w))")) for sign in DASHES),
)
# Nouns and "số" with the figure stuck to them: TT36/2017, NĐ100, số31.
_GLUED = tuple(re.compile(rf"{end}\d") for end in ("Đ", "TT", "NQ", "số"))


def code_separators(text: str) -> list[tuple[int, int]]:
    """(start, first letter of the code) of every separator that may stand in a number before its first code, in order."""
    found = [_places(match) for sign, pattern in _CODE_BEHIND if sign in text for match in pattern.finditer(text)]
    found.sort()
    return found


def _places(match: re.Match[str]) -> tuple[int, int]:
    """The place of a separator, and of the code after it; of a lost separator, twice the place of that code."""
    start, end = match.span()
    if end - start == 2:
        return start, end - 1  # the separator and a letter, as most are
    code = match[0].lstrip(match[0][0] + " \t\n\r\u00a0")
    return (match.end(), match.end()) if code[0].isdigit() else (match.start(), match.end() - len(code))


def _noun_tails() -> tuple[str, ...]:
    """The last syllables of the nouns, in every case, and of "số": what stands right before a figure that may count."""
    data = grammar()
    syllables = {noun.split()[-1] for noun in [*data.types, *data.spellings]} | {"số", "sổ"}
    return (*syllables, *(word.capitalize() for word in syllables), *(word.upper() for word in syllables), *data.short, "ố:", "ố :")


_TAILS = _noun_tails()


def _by_last_letter(tails: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The tails by their last letter, each once: one look-up leaves a few of the hundreds."""
    found: dict[str, list[str]] = {}
    for tail in dict.fromkeys(tails):
        found.setdefault(tail[-1], []).append(tail)
    return {last: tuple(group) for last, group in found.items()}


_TAILS_BY_LETTER = _by_last_letter(_TAILS)


def ends_with_tail(words: str) -> bool:
    """Whether words end with one of the tails."""
    tails = _TAILS_BY_LETTER.get(words[-1:])
    return tails is not None and words.endswith(tails)


def _behind_tail(blank: str) -> re.Pattern[str]:
    """A figure behind a blank behind the end of a tail. The literal comes first, since it rules out most places at no cost."""
    ends = {tail[-3:] for tail in _TAILS}
    by_length = ["|".join(sorted(re.escape(end) for end in ends if len(end) == length)) for length in (2, 3)]
    last = "".join(sorted({re.escape(end[-1]) for end in ends}))  # one test for most places
    return re.compile(rf"{blank}\d(?<=[{last}]{blank}.)(?:{'|'.join(rf'(?<=(?:{either}){blank}.)' for either in by_length)})")


_FIGURE_IN_TEXT = tuple((blank, _behind_tail(blank)) for blank in (" ", "\n"))


def figures_behind_nouns(text: str) -> list[int]:
    """The place of every figure behind a syllable that ends the noun of a document, or behind "số"; in order. The text is even."""
    places = [
        match.end() - 1
        for blank, pattern in _FIGURE_IN_TEXT
        if blank in text
        for match in pattern.finditer(text)
        if ends_with_tail(text[max(0, match.start() - 8) : match.start()].rstrip())
    ]
    for pattern in _GLUED:
        places += [match.end() - 1 for match in pattern.finditer(text)]
    places.sort()
    return places
