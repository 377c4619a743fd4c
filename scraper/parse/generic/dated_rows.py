"""Short rows of a page with a date: their elements touch without a space, and a title may be before the date on the same line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from selectolax.lexbor import LexborNode

from scraper.text import clean

HEADS = frozenset(("header", "h1", "h2", "h3", "h4"))  # tags of elements that hold a heading
BOLD = frozenset(("b", "strong", "big", "font"))  # tags of elements whose letters are bold, large or of another colour
_LONGEST_ROW = 160  # characters of a row with a date, an author and a counter
_SHORTEST_TITLE = 10  # characters of a title with its date on the same line
_LONGEST_NAME = 300  # characters of class and id that are searched; a bound against hostile input
_MOST_CHILDREN = 40  # of an element that are searched for the title of a line; a bound against hostile input
MOST_PARTS = 12  # texts of such a row; a bound against hostile input

# Where two texts of a row touch that are elements of their own: after a day or a time, before one, and before a capital letter.
_DAY_OR_TIME = r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}:\d{2}(?::\d{2})?"
_WITH_DATE = re.compile(_DAY_OR_TIME)
_ENDS_WITH_DATE = re.compile(rf"(?<!\d)(?:{_DAY_OR_TIME})$")
_BEGINS_WITH_DATE = re.compile(rf"(?:{_DAY_OR_TIME})(?!\d)")


def is_dated_row(text: str) -> bool:
    """Return True if a text is short and has a day or a time in digits."""
    return len(text) <= _LONGEST_ROW and _WITH_DATE.search(text) is not None


def text_of_row(parts: Sequence[str]) -> str:
    """Join the texts of a short row. Programs of the browser write its elements without spaces, and the style sheet sets them apart:
    `<span>15:30</span><span>18/04/2025</span><span>1.245 lượt xem</span>`.
    """
    joined = [parts[0]]
    for before, after in pairwise(parts):
        if before and after and not (before[-1].isspace() or after[0].isspace()):
            is_new = after[0].isupper() and (before[-1].islower() or before[-1].isdigit())
            if is_new or _ENDS_WITH_DATE.search(before) or (before[-1].isalnum() and _BEGINS_WITH_DATE.match(after)):
                joined.append(" ")
        joined.append(after)
    return "".join(joined)


_NAMES_TITLE = re.compile(r"(?:^|[\s_-]|lbl?|news|tin)(?:tieu-?_?de|title|headline)(?:$|\s)", re.IGNORECASE)


def title_of_row(row: LexborNode) -> LexborNode | None:
    """Return the first element of a row with a date if it names itself the title; None for any other row, and for a heading.

    The style sheet puts the date below it: `<span id="ctl00_lblTieuDe">...</span><span id="ctl00_lblNgay">(10/10/2019)</span>`.
    """
    first = row.child
    while first is not None and first.tag == "-text" and (first.text_content or "").isspace():
        first = first.next
    if first is None or first.tag != "span" or row.tag in HEADS:
        return None
    attributes = first.attributes
    name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    is_title = _NAMES_TITLE.search(name[:_LONGEST_NAME]) is not None and _WITH_DATE.search(first.text() or "") is None
    return first if is_title and clean(first.text() or "") else None


# The date after a title: "(14/03/2018)", "[Cập nhật: 14/03/2018 08:05]". Beside a heading the brackets may be missing.
_LABEL_OF_DATE = r"(?:[^\W\d_]+[ :]+){0,4}"
_IN_BRACKETS = re.compile(rf"[(\[]\s*{_LABEL_OF_DATE}(?:{_DAY_OR_TIME})[^()\[\]]{{0,24}}[)\]]")
_ONLY_DATE = re.compile(rf"{_LABEL_OF_DATE}(?:{_DAY_OR_TIME})(?:\W+(?:{_DAY_OR_TIME}))?\W*")
_INLINE = frozenset(("span", "small", "i", "em", "font", "time", "b", "strong", "big", "label", "sub", "sup"))


def _is_title(row: LexborNode) -> bool:
    """Return True if an element is a heading, or its class or id is that of a title."""
    if row.tag in HEADS:
        return True
    attributes = row.attributes
    return _NAMES_TITLE.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:_LONGEST_NAME]) is not None


def title_with_date(row: LexborNode, text: str) -> tuple[LexborNode, str, str] | None:
    """Return the element of a title on the same line as its date, its text and the date; None for any other line `text` of a row.

    It is a heading with an element for its date (`<h1>... <small>(14/03/2018)</small></h1>`), or bold letters before one with the date in
    brackets (`<b>...</b> <font>[14/03/2018]</font><br>`).
    """
    before = None
    child = row.child
    for _ in range(_MOST_CHILDREN):
        if child is None:
            break
        if child.tag != "-text" or not (child.text_content or "").isspace():
            shown = clean(child.text() or "") if child.tag in _INLINE else ""
            if shown and text.endswith(shown) and len(title := text.removesuffix(shown).rstrip(" -–|")) >= _SHORTEST_TITLE:
                is_date = _IN_BRACKETS.fullmatch(shown) is not None
                if _is_title(row) and (is_date or _ONLY_DATE.fullmatch(shown) is not None):
                    return row, title, shown
                if is_date and before is not None and before.tag in BOLD and clean(before.text() or "") == title:
                    return before, title, shown
            before = child
        child = child.next
    return None
