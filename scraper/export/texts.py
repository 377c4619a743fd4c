"""How a value of the archive becomes text that no spreadsheet program runs as a formula, and that every reader can carry."""

from __future__ import annotations

import base64
import re

from scraper.export.reading import Cut, Rows

# Excel and LibreOffice calculate what begins with one of these, also in fullwidth form, and also after blanks.
_FORMULA = "=+-@＝＋－＠"
SUSPECT = frozenset(
    _FORMULA + "\t\r\n\v\f \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x2010))) + "'\""
)
_BEGINS_FORMULA = re.compile(rf"[\t\r]|[\s\ufeff\u200b-\u200f]*[{re.escape(_FORMULA)}]")
# What XML 1.0, and so an Excel file, cannot contain. Also a carriage return, which its readers turn into a line break.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BASE64 = "base64:"

_CUT = {
    Cut.ROWS: ("the limit of {limit:,} rows was reached", "đã đạt giới hạn {limit:,} dòng"),
    Cut.BYTES: ("the limit of {limit:,} bytes was reached", "đã đạt giới hạn {limit:,} byte"),
    Cut.TIME: ("the limit of {limit:g} seconds was reached", "đã đạt giới hạn {limit:g} giây"),
}


def inert(text: str) -> str:
    """Returns a text with an apostrophe before it if a spreadsheet program would calculate it: "=1+1" gives "'=1+1"."""
    return f"'{text}" if text[:1] in SUSPECT and _BEGINS_FORMULA.match(text) else text


def as_text(content: bytes) -> str:
    """Returns binary content as text: "base64:" and its code."""
    return BASE64 + base64.b64encode(content).decode()


def for_xml(text: str) -> str:
    """Returns a text that XML can carry: characters that it cannot contain become U+FFFD, and line breaks are those of Unix."""
    if text.isprintable():  # which most are, and which is quick to see
        return text
    return _NOT_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def unique(columns: tuple[str, ...]) -> list[str]:
    """Returns the names of columns, each once: a second "id" becomes "id_2"."""
    made: list[str] = []
    for name in columns:
        number, free = 1, name
        while free in made:
            number += 1
            free = f"{name}_{number}"
        made.append(free)
    return made


def cut_mark(reading: Rows) -> str:
    """Returns the last line of a file from which rows are missing; "" if it is complete."""
    if reading.cut is None:
        return ""
    limits = reading.limits
    limit = {Cut.ROWS: limits.rows, Cut.BYTES: limits.size, Cut.TIME: limits.seconds}[reading.cut]
    english, vietnamese = (text.format(limit=limit) for text in _CUT[reading.cut])
    return f"*** CUT after {reading.count:,} rows: {english}; the file is not complete · Tệp bị cắt: {vietnamese}, còn thiếu dòng ***"
