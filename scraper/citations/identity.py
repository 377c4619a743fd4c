"""Identity: when two citations name the same document.

A central document is type, number and year. A local one (UBND, HĐND, provincial Party committee, department) needs its
province too, since 1727/QĐ-UBND exists in every province in every year. Party numbers begin anew each term, so they
need their year as well. A law's number is unique for laws, and apart from those of resolutions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.citations.grammar import grammar
from scraper.model import Context, Mention

_YEAR_PART = re.compile(r"^(?:19|20)\d{2}$")
_LOCAL = re.compile(r"^(?:UBND|UB|HĐND|TU|CTUBND|UBT|UBHC|S[A-ZĐ]{2,}|CAT|BQL|HU|ĐU|VP|TTR)$")


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """What makes a document one. `year` and `place` are None where the family of the number needs none."""

    doc_type: str
    number: str  # folded: separators alike, no leading zeros
    year: int | None
    place: str | None  # the name of a province

    def __str__(self) -> str:
        return "|".join([self.doc_type, self.number, str(self.year or ""), self.place or ""])


def fold_number(number: str) -> str:
    """A canonical number with separators and leading zeros folded: 52-NQ/TW and 52/NQ-TW are one.

    >>> fold_number("07/2008/CT-BTTTT"), fold_number("QCVN 02:2009/BYT")
    ('7/2008/CT/BTTTT', 'QCVN/2/2009/BYT')
    """
    return "/".join(part.lstrip("0") or "0" for part in re.split(r"[\s/\-.:]+", number) if part)


def year_in_number(number: str) -> int | None:
    """The year that stands in a number, or None."""
    parts = fold_number(number).split("/")
    return next((int(part) for part in parts[1:] if _YEAR_PART.match(part)), None)


def codes_of(number: str) -> list[str]:
    """The letters of a number, in order."""
    return [part for part in fold_number(number).split("/")[1:] if not part.isdigit()]


def is_local(number: str) -> bool:
    """Whether a number is one of a series that each province has."""
    return any(_LOCAL.match(code) for code in codes_of(number)) and not any(code in ("CP", "TTG", "VPCP") for code in codes_of(number))


def key_type(mention: Mention) -> str:
    """The type that a document's key has: the code's where noun and code disagree, since nouns slip more often."""
    if "noun-and-code-disagree" in mention.flags and mention.number:
        data = grammar()
        for code in codes_of(mention.number):
            if code in data.codes:
                return data.codes[code]
    return "luật" if mention.doc_type == "bộ luật" and mention.number else mention.doc_type


def document_key(mention: Mention, context: Context) -> DocumentKey | None:
    """The key of the document that a numbered citation or a standard names; None where the text says too little for one."""
    if mention.number is None or mention.kind not in ("numbered", "standard"):
        return None
    folded = fold_number(mention.number)
    if mention.kind == "standard":
        return DocumentKey(mention.doc_type, re.sub(r"^TCVN/(?=ISO|IEC)", "", folded), None, None)
    in_number = year_in_number(mention.number)
    if in_number is None and mention.year is None:
        return None
    place = None
    if is_local(mention.number):
        place = mention.province or context.province
        if place is None:
            return None
    return DocumentKey(key_type(mention), folded, None if in_number else mention.year, place)
