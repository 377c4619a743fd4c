"""The canonical form of a number (the key) and its usual spelling (for display)."""

from __future__ import annotations

import re
from functools import lru_cache

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.text import nfc

_DASHES = late_pattern("[\u2010-\u2015\u2212\u2011\u00ad]")
_BLANK = late_pattern(r"\s+")
_DOUBLED = late_pattern(r"([/-])\1+")
_STOP_BETWEEN_LETTERS = late_pattern(r"(?<=[^\W\d_])\.(?=[^\W\d_])")
_TW = late_pattern(r"(?<=[/-])(?:TƯ|T\.?Ư|TW)(?![^\W\d_])")
# Letters of other alphabets that look the same, typed with the wrong keyboard layout. They are mapped inside numbers only.
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХΑΒΕΗΙΚΜΝΟΡΤΧ／：\u2044\u2215", "ABEKMHOPCTXABEHIKMNOPTX/://")
_ETH = str.maketrans("ÐðƉɖ", "ĐđĐđ")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
# Lost strokes and circumflexes. They are restored only in codes that cannot mean anything else.
_LOST_MARKS = (
    (late_pattern(r"(?<=[/-])QD(?=[-/]|$)"), "QĐ"),
    (late_pattern(r"(?<=[/-])ND(?=-CP)"), "NĐ"),
    (late_pattern(r"(?<=[/-])HDND(?=[-/]|$)"), "HĐND"),
    (late_pattern(r"(?<=[/-])BGDDT(?=[-/]|$)"), "BGDĐT"),
    (late_pattern(r"(?<=[/-])BLDTBXH(?=[-/]|$)"), "BLĐTBXH"),
)
# A number in the usual spelling, which only needs capitals: "07/2008/CT-BTTTT", "749/QĐ-TTg". No code in it has lost its diacritics.
_USUAL_SHAPE = late_pattern(r"[0-9]{1,6}(?:/[0-9]{4})?/(?!.*(?i:qd|nd-|hdn|bgd|bld))[A-Za-zĐ]{1,12}(?:-[A-Za-zĐ]{1,12}){0,5}")
_WORD = late_pattern(r"[^\W\d_]+")
_LETTERED = late_pattern(r"(\d+)([A-ZĐ])(?=[/-])")
_USUAL = {"TTG": "TTg", "TTR": "TTr", "CTR": "CTr", "TRS": "TrS", "QYĐ": "QyĐ"}


@lru_cache(maxsize=8192)  # few codes occur in most numbers
def normalise_number(raw: str, *, standard: bool = False) -> str:
    """Returns the canonical form: composed, upper case, ASCII hyphens, no blanks, with the strokes of a few codes restored. Idempotent.
    Separators and leading zeros are kept as written. A standard keeps one blank between series and serial.
    >>> normalise_number("274 /QĐ – TTg"), normalise_number("01/1999/QÐ.UB")
    ('274/QĐ-TTG', '01/1999/QĐ-UB')
    >>> normalise_number("tcvn  iso 9001 : 2008", standard=True)
    'TCVN ISO 9001:2008'
    """
    if not standard and _USUAL_SHAPE.fullmatch(raw):
        return raw.upper()
    text = _DASHES.sub("-", _letters(_BLANK.sub(" " if standard else "", raw)))
    if standard:
        text = re.sub(r"\s*([:/-])\s*", r"\1", text).strip(" .,;")
        text = re.sub(r"^(\d{0,2} ?[A-ZĐ]+(?:[ /-][A-ZĐ]+)*)[:.-](?=\d)", r"\1 ", text)
        return re.sub(r"^(\d*[A-ZĐ]+(?: [A-ZĐ]+)*)(?=\d)", r"\1 ", text)
    text = _DOUBLED.sub(r"\1", text)
    text = _STOP_BETWEEN_LETTERS.sub("-", text).strip(".,;:-/")
    text = _TW.sub("TW", text)
    for pattern, repaired in _LOST_MARKS:
        text = pattern.sub(repaired, text)
    return text


def _letters(raw: str) -> str:
    """Returns composed capital letters and ASCII digits, whatever alphabet they were typed in."""
    text = nfc(raw).translate(_FULL_WIDTH).translate(_ETH).upper().translate(_LOOK_ALIKES).translate(_ETH)
    return nfc(text)


def normalise_code(word: str) -> str:
    """Returns the canonical form of one part of a number: "Ttg" gives "TTG", "TƯ" gives "TW"."""
    return normalise_number(f"0/{word}")[2:]


def display_number(number: str) -> str:
    """Returns a canonical number in its usual spelling: 749/QĐ-TTg, 36a/NQ-CP, 02-CTr/TU."""
    if "T" in number or "QYĐ" in number:  # only codes with these letters are written with small letters
        number = _WORD.sub(lambda match: _USUAL.get(match[0], match[0]), number)
    lettered = _LETTERED.match(number)
    return lettered[1] + lettered[2].lower() + number[lettered.end() :] if lettered else number
