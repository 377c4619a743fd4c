"""Masks numbers of persons in a text: telephone numbers and numbers of identity cards. Pure.

Every digit becomes an asterisk and nothing else changes, so the text keeps its length and the offsets of its citations stay right. Rather
one number too many is masked than one too few: the telephone of an office is masked, too. Numbers of documents and dates never are.
"""

from __future__ import annotations

import re

_MASK = "*"
# What may be between two groups of digits of one number: one character, or a bracket with a space.
_GAP = r"(?:[ \u00a0.\-–]|\)[ \u00a0.\-]?)?"
# A number that goes on in letters or a year is that of a document: 0123456789/UBND, 123456789/2012/QĐ.
_NOT_DOCUMENT = r"(?!\d)(?![.\-]?\d)(?!\s?/\s?(?:\d{4}\s?/|[A-Za-zĐđ]))(?![-–][A-Za-zĐđ])"
# Nor does one begin inside a word, a URL or another number.
_BEGINS = r"(?<![\w=&%_+*])(?<![^\d*]/)(?<!\d[.,\-])(?<![A-Za-zĐđ]\-)"
_DATE = r"(?!\d{1,2}[ .\-]\d{1,2}[ .\-](?:19|20)\d\d(?!\d))(?!\d{1,2}[ .\-]\d{1,2}[ .\-]\d\d(?!\d)(?![ .\-]?\d))"
_AMOUNT = r"(?!\s*(?:đồng|đ\b|vnđ|vnd|usd|\$|triệu|tỷ|tỉ|nghìn|ngàn|ha\b|m2|m3|kg|tấn|người|hộ|lượt|%))"

# With the country or with the zero of an area or a network: 9 to 11 digits. (024) 38.226.655, 0912 345 678, +84-98-765-4321.
_TELEPHONE = re.compile(
    rf"{_BEGINS}{_DATE}(?:\(?(?:\+|00)?84\)?{_GAP}(?:\(0\){_GAP})?[2-9]|\(?0[2-9]|\(?01[2689])(?:{_GAP}\d){{7,9}}{_NOT_DOCUMENT}{_AMOUNT}",
    re.IGNORECASE,
)
# Any number of 6 to 11 digits after a word like these: "ĐT: 38.226.655", "Fax 8226655". Not a date or a document.
_LABELLED_TELEPHONE = re.compile(
    r"(?<!\w)(?:s?đt(?:dđ)?|(?:số\s+)?điện\s+thoại(?:\s+(?:di\s+động|liên\s+hệ|bàn))?|di\s+động|tel(?:ephone)?|phone|mobile|fax|hotline"
    rf"|đường\s+dây\s+nóng|zalo)(?:\s+số)?\s*[.:()]*\s*{_DATE}(\(?\d(?:{_GAP}\d){{5,10}}){_NOT_DOCUMENT}{_AMOUNT}",
    re.IGNORECASE,
)
# Of a citizen: 12 digits, which begin with the code of a province (001 to 096).
_CITIZEN = re.compile(rf"{_BEGINS}0\d{{2}}(?:{_GAP}\d){{9}}{_NOT_DOCUMENT}{_AMOUNT}", re.IGNORECASE)
# Of an older identity card: 9 digits without a gap; an amount of money has gaps, or its unit follows.
_CARD = re.compile(rf"{_BEGINS}\d{{9}}{_NOT_DOCUMENT}{_AMOUNT}", re.IGNORECASE)
_LABELLED_CARD = re.compile(
    r"(?<!\w)(?:cmnd|cmtnd|cmt|cccd|chứng\s+minh(?:\s+nhân\s+dân|\s+thư)?|căn\s+cước(?:\s+công\s+dân)?|định\s+danh(?:\s+cá\s+nhân)?|hộ\s+chiếu)"
    rf"(?:\s*/\s*(?:cmnd|cccd))?(?:\s+số)?\s*[.:()]*\s*(?:số\s*:?\s*)?{_DATE}(\d(?:{_GAP}\d){{8,11}}){_NOT_DOCUMENT}",
    re.IGNORECASE,
)
_WHOLE = (_TELEPHONE, _CITIZEN, _CARD)
_AFTER_LABEL = (_LABELLED_TELEPHONE, _LABELLED_CARD)
_QUICK = re.compile(r"\d(?:\D{0,2}\d){5}")  # every number that is masked has six digits close to each other


def mask_personal_numbers(text: str) -> str:
    """Returns the text with an asterisk for each digit of a telephone number or of the number of an identity card.

    >>> mask_personal_numbers("Chỉ thị 07/2008/CT-BTTTT ngày 30.12.2008; liên hệ ông An, ĐT 0912.345.678, CMND 182345678")
    'Chỉ thị 07/2008/CT-BTTTT ngày 30.12.2008; liên hệ ông An, ĐT ****.***.***, CMND *********'
    """
    if _QUICK.search(text) is None:
        return text
    for pattern in _AFTER_LABEL:
        text = pattern.sub(lambda found: found[0][: found.start(1) - found.start()] + _masked(found[1]), text)
    for pattern in _WHOLE:
        text = pattern.sub(lambda found: _masked(found[0]), text)
    return text


def _masked(number: str) -> str:
    return "".join(_MASK if character.isdigit() else character for character in number)
