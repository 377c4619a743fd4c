"""Fast scans for the places in a text at which a citation is possible. Each scan searches for one literal.
A regular expression that begins with an alternative reads 15 to 100 MB/s of Vietnamese text; one that begins with a literal reads 700 to
2,000 MB/s (`benchmarks/`). So each scan begins with a literal, and its callers check what follows.
"""

from __future__ import annotations

import re

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.citations.grammar.patterns import DASHES, SLASHES, UPPER

# A separator and the first letter of the code after it: .../QĐ, ... /CT, 52-NQ. Or a year that is joined to a letter because the separator
# was lost: 24/2008QH12, 06/2016NĐ-CP.
_CODE_AFTER = (
    *((sign, late_pattern(rf"{sign}(?:\s{{0,2}}[^\W\d_]|(?:19|20)\d\d(?=[^\W\d_]))")) for sign in SLASHES),
    *((sign, late_pattern(rf"{re.escape(sign)}\s{{0,2}}(?:[{UPPER}]|(?:cp|ttg|nq|qđ|ct|tw|tu|hđbt)(?!\w))")) for sign in DASHES),
)
# Nouns and "số" that are joined to the serial: TT36/2017, NĐ100, số31.
_GLUED = tuple(late_pattern(rf"{end}\d") for end in ("Đ", "TT", "NQ", "CT", "số"))


def code_separators(text: str) -> list[tuple[int, int]]:
    """Returns (start, first letter of the code) of every separator that may come before the first code of a number, in order."""
    found = [_places(match) for sign, pattern in _CODE_AFTER if sign in text for match in pattern.finditer(text)]
    found.sort()
    return found


def _places(match: re.Match[str]) -> tuple[int, int]:
    """Returns the offsets of a separator and of the code after it. If the separator was lost, both are the offset of the code."""
    start, end = match.span()
    if end - start == 2:
        return start, end - 1  # a separator and a letter: the most frequent case
    code = match[0].lstrip(match[0][0] + " \t\n\r\u00a0")
    return (match.end(), match.end()) if code[0].isdigit() else (match.start(), match.end() - len(code))


def _noun_tails() -> tuple[str, ...]:
    """Returns the last syllable of each noun and of "số", in every case: one of them comes before a serial that may be a number."""
    data = grammar()
    syllables = {noun.split()[-1] for noun in [*data.types, *data.spellings]} | {"số", "sổ", "sô"}
    return (*syllables, *(word.capitalize() for word in syllables), *(word.upper() for word in syllables), *data.short, "ố:", "ố :")


_TAILS = _noun_tails()


def _by_last_letter(tails: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Returns the tails grouped by their last letter, without duplicates, so that one look-up leaves few candidates."""
    found: dict[str, list[str]] = {}
    for tail in dict.fromkeys(tails):
        found.setdefault(tail[-1], []).append(tail)
    return {last: tuple(group) for last, group in found.items()}


_TAILS_BY_LETTER = _by_last_letter(_TAILS)


def ends_with_tail(words: str) -> bool:
    """Returns whether words end with one of the tails."""
    tails = _TAILS_BY_LETTER.get(words[-1:])
    return tails is not None and words.endswith(tails)


def _after_tail(blank: str) -> re.Pattern[str]:
    """Returns a pattern for a serial after a tail and a blank. The literal comes first, because it rejects most places at no cost."""
    ends = {tail[-3:] for tail in _TAILS}
    by_length = ["|".join(sorted(re.escape(end) for end in ends if len(end) == length)) for length in (2, 3)]
    last = "".join(sorted({re.escape(end[-1]) for end in ends}))  # one check rejects most places
    return late_pattern(rf"{blank}\d(?<=[{last}]{blank}.)(?:{'|'.join(rf'(?<=(?:{either}){blank}.)' for either in by_length)})")


_SERIAL_IN_TEXT = tuple((blank, _after_tail(blank)) for blank in (" ", "\n"))


def serials_after_nouns(text: str) -> list[int]:
    """Returns the offset of every serial after the last syllable of a document noun, or after "số", in order. The text must be in even
    form.
    """
    places = [
        match.end() - 1
        for blank, pattern in _SERIAL_IN_TEXT
        if blank in text
        for match in pattern.finditer(text)
        if ends_with_tail(text[max(0, match.start() - 8) : match.start()].rstrip())
    ]
    for pattern in _GLUED:
        places += [match.end() - 1 for match in pattern.finditer(text)]
    places.sort()
    return places
