"""Finds standards and technical regulations: TCVN ISO 9001:2008, QCVN 02:2009/BYT, 22TCN 211-06."""

from __future__ import annotations

import re

from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.forms.number_spelling import normalise_number
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.patterns import STANDARD
from scraper.citations.grammar.word_groups import either, words_of
from scraper.model import CitationKind

_LITERALS = tuple(map(re.compile, ("TC", "QC", "ISO", "IEC")))


def find_standards(text: str) -> list[CitedSpan]:
    """Returns every standard with a serial, in order."""
    places = sorted([match.start() for pattern in _LITERALS for match in pattern.finditer(text)])
    found: list[CitedSpan] = []
    for place in places:
        if found and place < found[-1].end:
            continue
        # "22TCN", "22 TCN": the series begins before its letters.
        match = next((match for start in (place - 3, place - 2, place) if start >= 0 and (match := STANDARD.match(text, start))), None)
        if match is None or (found and match.start() < found[-1].end):
            continue
        if match["raw"].startswith("TCN") and _BEFORE_CHRIST.search(text, max(0, match.start() - 6), match.start()):
            continue
        raw = match["raw"].rstrip(" .,;:-")
        if raw.startswith(("ISO", "IEC")) and _is_sensitivity(text, match):
            continue
        number = normalise_number(raw, standard=True)
        kind = "quy chuẩn" if number.startswith("QC") else "tiêu chuẩn"
        found.append(CitedSpan(match.start(), match.start() + len(raw), CitationKind.STANDARD, "", kind, raw, number))
    return found


_BEFORE_CHRIST = late_pattern(r"\d\s$")  # "1250 TCN - 1192 TCN": trước Công nguyên (BC)
_CAMERA = late_pattern(rf"{either(words_of('short', 'camera'), blank=' ')}|f/\d")


def _is_sensitivity(text: str, match: re.Match[str]) -> bool:
    """Returns whether "ISO" is the sensitivity of a film or a camera: a round hundred or a range, near words about cameras."""
    near = text[max(0, match.start() - 80) : match.end() + 60].lower()
    return re.match(r"ISO\s?\d+[05]0(?!\d|:)", match["raw"]) is not None and _CAMERA.search(near) is not None
