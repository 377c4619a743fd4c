"""The canonical form of a number (the key), and its usual spelling (for people)."""

from __future__ import annotations

import re
from functools import lru_cache

from scraper.text import nfc

_DASHES = re.compile("[\u2010-\u2015\u2212\u2011\u00ad]")
_BLANK = re.compile(r"\s+")
_DOUBLED = re.compile(r"([/-])\1+")
_STOP_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_])")
_TW = re.compile(r"(?<=[/-])(?:TƯ|T\.?Ư|TW)(?![^\W\d_])")
# Look-alikes of other alphabets, typed with the wrong layout; mapped inside numbers only.
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХΑΒΕΗΙΚΜΝΟΡΤΧ／：", "ABEKMHOPCTXABEHIKMNOPTX/:")
_ETH = str.maketrans("ÐðƉɖ", "ĐđĐđ")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
# Strokes and hats that were lost, in the few codes in which nothing else can be meant.
_LOST_MARKS = (
    (re.compile(r"(?<=[/-])QD(?=[-/]|$)"), "QĐ"),
    (re.compile(r"(?<=[/-])ND(?=-CP)"), "NĐ"),
    (re.compile(r"(?<=[/-])HDND(?=[-/]|$)"), "HĐND"),
    (re.compile(r"(?<=[/-])BGDDT(?=[-/]|$)"), "BGDĐT"),
    (re.compile(r"(?<=[/-])BLDTBXH(?=[-/]|$)"), "BLĐTBXH"),
)
# A number in the usual spelling, which needs capitals only: "07/2008/CT-BTTTT", "749/QĐ-TTg". No code in it has lost its marks.
_USUAL_SHAPE = re.compile(r"[0-9]{1,6}(?:/[0-9]{4})?/(?!.*(?i:qd|nd-|hdn|bgd|bld))[A-Za-zĐ]{1,12}(?:-[A-Za-zĐ]{1,12}){0,5}")
_WORD = re.compile(r"[^\W\d_]+")
_LETTERED = re.compile(r"(\d+)([A-ZĐ])(?=[/-])")
_USUAL = {"TTG": "TTg", "TTR": "TTr", "CTR": "CTr", "TRS": "TrS", "QYĐ": "QyĐ"}


@lru_cache(maxsize=8192)  # few codes make up most numbers
def normalise_number(raw: str, *, standard: bool = False) -> str:
    """The canonical form: composed, upper case, ASCII hyphens, no blanks, strokes of a few codes restored. Idempotent.

    Separators and leading zeros stay as written. A standard keeps one blank between series and figure.

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
    """Composed capital letters and plain figures, whatever alphabet they were typed in."""
    text = nfc(raw).translate(_FULL_WIDTH).translate(_ETH).upper().translate(_LOOK_ALIKES).translate(_ETH)
    return nfc(text)


def normalise_code(word: str) -> str:
    """The canonical form of one part of a number: "Ttg" to "TTG", "TƯ" to "TW"."""
    return normalise_number(f"0/{word}")[2:]


def display_number(number: str) -> str:
    """A canonical number as people write it: 749/QĐ-TTg, 36a/NQ-CP, 02-CTr/TU."""
    if "T" in number or "QYĐ" in number:  # every code that people write with small letters has one of these
        number = _WORD.sub(lambda match: _USUAL.get(match[0], match[0]), number)
    lettered = _LETTERED.match(number)
    return lettered[1] + lettered[2].lower() + number[lettered.end() :] if lettered else number
