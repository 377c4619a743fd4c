"""Finds which numbers are members of one list, and gives bare serials before a number its tail: "Thông tư số 01, 02/2019/TT-BTTTT"."""

from __future__ import annotations

import re
from dataclasses import replace

from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.forms.number_spelling import normalise_number
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.patterns import GAP, NOUN, RAW, SHORT_NOUN, SO, YEAR
from scraper.citations.scan.number_type import type_of_number
from scraper.citations.scan.type_nouns import name_of
from scraper.model import CitationKind

_DATE = r"(?:\(?\s*+(?:ngày|ký ngày)?\s*+\d{1,2}\s*+(?:[/.\-–]|tháng)\s*+\d{1,2}(?:\s*+(?:[/.\-–]|,?\s*+năm)\s*+\d{4})?\s*+\)?)"
_AND = r"(?:,|;|và|hoặc|&|\+|,\s*và|;\s*và|,\s*hoặc)"
_JOIN = late_pattern(rf"\s*+(?:\([^()]{{0,60}}\)\s*+)?{_AND}?\s*+(?:các\s++)?(?:[Ss]ố\s*+:?)?\s*+$")
_JOIN_FAR = late_pattern(
    rf"\s*+,?\s*+{_DATE}?\s*+(?:,?\s*+của\s[^.;:\d]{{2,80}})?\s*+(?:,?\s*+(?:về|quy định)\s[^.;:\d]{{2,120}})?\s*+{_AND}\s*+(?:[Ss]ố\s*+:?\s*+)?$"
)
_RANGE = late_pattern(r"\s*(?:đến|tới|[-–])\s*(?:số\s*)?$")


def joins(between: str) -> bool:
    """Returns whether the text between two numbers makes them members of one list."""
    if len(between) > 220 or "\n\n" in between:
        return False
    return bool((_JOIN.match(between) and between.strip()) or _JOIN_FAR.match(between) or _RANGE.match(between))


_SHARED = late_pattern(
    rf"(?P<noun>{NOUN}|{SHORT_NOUN}){GAP}(?:{SO}{GAP})?(?P<list>{RAW}(?:\s?(?:,|;|\svà\s|\shoặc\s)\s?(?:số\s)?{RAW}){{0,12}})\s?(?:,\s?và\s|,|;|\svà\s|\shoặc\s)\s?(?:{SO}{GAP})?$"
)


def share_tail(text: str, found: list[CitedSpan]) -> None:
    """Parse "Thông tư số 01, 02/2019/TT-BTTTT": bare serials before a number get its tail, and the first one the noun in its span."""
    last = found[-1]
    if last.noun or last.number_raw is None:
        return
    floor = found[-2].end if len(found) > 1 else 0
    match = _SHARED.search(text, max(floor, last.start - 160), last.start)
    if match is None:
        return
    tail = re.sub(r"^\d+(?:\.\d+)?[a-zđA-ZĐ]?(?=\W)", "", last.number_raw)
    without_year = re.sub(rf"^\s*[/\-]\s*{YEAR}(?=\s*[/\-])", "", tail)
    noun = name_of(match["noun"])
    doc_type, flags = type_of_number(noun, list(last.codes))
    members = []
    for place, serial in enumerate(re.finditer(RAW, match["list"])):
        whole = serial[0] + (without_year if "/" in serial[0] else tail)
        start = match.start("list") + serial.start()
        members.append(
            CitedSpan(
                match.start("noun") if place == 0 else start,
                start + len(serial[0]),
                CitationKind.NUMBERED,
                noun if place == 0 else "",
                doc_type,
                serial[0],
                normalise_number(whole),
                member=place > 0,
                codes=last.codes,
                flags=flags,
            )
        )
    found[-1:] = [*members, replace(last, doc_type=doc_type, member=True)]
