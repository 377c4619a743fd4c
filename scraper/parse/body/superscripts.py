"""Writes superscripts in plain text: powers (m², 10^6), degrees, and footnote marks."""

from __future__ import annotations

import re

_SQUARE = str.maketrans("23", "²³")
_UNIT = re.compile(r"(?:^|[\W\d_])(?:[cdmk]m|dam|hm|m|ft|in|inch)\s*$")
_VARIABLE = re.compile(r"(?:^|[\s(=+*/×·-])[a-zA-ZπΔ]$")
# A number of one or two digits that is not after a counting word ("Điều 2", "khoản 3"), in a date or in the number of a law.
_BASE = re.compile(r"(?:^|[^\w./,:\\-])\d{1,2}$")
_COUNTED = re.compile(
    r"(?:điều|khoản|điểm|mục|chương|phần|số|bảng|hình|phụ lục|năm|tháng|ngày|quý|khóa|khoá|lần|thứ|bước|tổ|lớp|phường|quận)\s+\d{1,2}$",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"[\[(]\s*(?:\d{1,3}|[a-zA-Zivx]{1,4}|\*{1,3})\s*[\])]|\*{1,3}|[†‡§]|\d{1,3}(?:\s*[,;]\s*\d{1,3}){0,4}")
_FOOTNOTE_TARGET = re.compile(r"#_?(?:ftn|edn|fn|footnote|endnote|note|cite|sdfootnote|sdendnote)", re.IGNORECASE)
_LONGEST = 12  # characters of a mark


def plain(raised: str, before: str, target: str = "") -> str | None:
    """Return a superscript in plain text, "" for a footnote mark, and None if it is not changed (1st, n-th).

    `before`: the end of the text before it in the same line. `target`: the target of its link.

    >>> plain("2", "25 m"), plain("6", "10"), plain("0", "37"), plain("1", "1727/QĐ-UBND"), plain("st", "1")
    ('²', '^6', '°', '', None)
    """
    raised = raised.strip()
    before = before.rstrip("\u00a0 ") if raised in ("2", "3") else before
    if not raised or len(raised) > _LONGEST or not before.strip():
        return None
    if target:
        return "" if is_footnote(raised, target) or _FOOTNOTE.fullmatch(raised) else None
    if raised in ("o", "O", "0", "º") and before[-1].isdigit() and not _is_name(before):
        return "°"
    number = raised.replace("−", "-").replace("–", "-").replace("+", "", 1)
    if re.fullmatch(r"-?\d{1,3}", number) and _is_raised_to(before, number):
        return number.translate(_SQUARE) if number in ("2", "3") and not before[-1].isdigit() else f"^{number}"
    return "" if _FOOTNOTE.fullmatch(raised) else None


def is_footnote(text: str, target: str) -> bool:
    """Return True if a link is a footnote mark: `[1]` with the target `#_ftn1`."""
    return _FOOTNOTE.fullmatch(text.strip()) is not None and _FOOTNOTE_TARGET.match(target.strip()) is not None


def _is_raised_to(before: str, number: str) -> bool:
    if _UNIT.search(before):
        return number.lstrip("-") in ("1", "2", "3", "4")
    if _VARIABLE.search(before):
        return True
    return _BASE.search(before) is not None and _COUNTED.search(before) is None


def _is_name(before: str) -> bool:
    """Return True if the text ends with the number of a law or a date, which is never followed by a degree sign."""
    return re.search(r"[/.]\d{4}$|/\d+$", before) is not None
