"""The text of an article: clean paragraphs out of the element that holds it. BeautifulSoup sees this element and nothing else.

Inline tags are joined without blanks (an editor's `<span>` may stand inside a number); a break stands at block
elements and at `<br>`. Paragraphs are parted by a blank line; the rows of a table are lines, their cells parted by a tab.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection

from bs4 import NavigableString, Tag
from selectolax.lexbor import LexborNode

from scraper.parse.boxes import Line, without_boxes
from scraper.parse.soup import BLOCKS, soup_of
from scraper.text import clean

_CELLS = ("td", "th")
_LAYOUT = ("p", "div", "ul", "ol", "br")
_ROW = "row"  # the end of a row of data
_CELL_END = "\x1f"  # the unit separator of ASCII, which stands in no page
# What the editor's program left: entities that were escaped twice, and those that lost their ampersand.
_TWICE = re.compile(r"&(?:amp;)?(#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,10});")
_BARE_NAMES = (
    *(
        letter + mark
        for letters, marks in (
            ("aA", "grave acute circ tilde"), ("eE", "grave acute circ"), ("iI", "grave acute"),
            ("oO", "grave acute circ tilde"), ("uU", "grave acute"), ("yY", "acute"),
        )
        for letter in letters
        for mark in marks.split()
    ),
    "nbsp", "ndash", "mdash", "ldquo", "rdquo", "lsquo", "rsquo", "hellip", "amp", "quot",
)  # fmt: skip
# "pheacute;p" for "phép", "TTamp;TT" for "TT&TT": the name of an entity whose ampersand was dropped. Only the names of
# Vietnamese letters and of what editors type.
_BARE_ENTITY = re.compile(rf"(?<!&)(?:{'|'.join(_BARE_NAMES)});")


def paragraphs(element: LexborNode, cut: Collection[int] = ()) -> str:
    """The text of an element as paragraphs parted by a blank line, without boxes that are none of it.

    `cut`: the elements that are not text of it either, by their `mem_id`.
    """
    return "\n\n".join(line.text for line in without_boxes(lines(element, cut)))


def lines(element: LexborNode, cut: Collection[int] = ()) -> list[Line]:
    """The lines of an element in reading order: paragraphs, list items, rows, captions. `cut`: elements to leave out, by their `mem_id`."""
    return _walk(soup_of(element, cut))


def repair_entities(text: str) -> tuple[str, bool]:
    """The text with entities decoded that were escaped twice or lost their ampersand, and whether there were any."""
    repaired = _TWICE.sub(lambda match: html.unescape(f"&{match[1]};"), text) if "&" in text else text
    if ";" in repaired and any(piece.endswith(_BARE_NAMES) for piece in repaired.split(";")[:-1]):
        repaired = _BARE_ENTITY.sub(lambda match: html.unescape("&" + match[0]), repaired)
    return repaired, repaired != text


def _walk(root: Tag) -> list[Line]:
    """The lines of a tree, without recursion. A plain str on the stack is the name of an element that ends there."""
    found: list[Line] = []
    parts: list[str] = []
    linked = in_link = rows = 0  # characters in links; how many links and rows of data we are inside of

    def end_line() -> None:
        nonlocal linked
        if parts and (line := clean_line("".join(parts))):
            found.append(Line(line, linked))
        parts.clear()
        linked = 0

    stack: list[Tag | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Tag):
            name = node.name
            if name == "br":
                if rows:
                    parts.append(" ")
                else:
                    end_line()
                continue
            if name == "a":
                if _leads_elsewhere(node):
                    in_link += 1
                    stack.append("a")
            elif name in BLOCKS:
                if name == "tr" and _is_data_row(node):
                    rows += 1
                    name = _ROW
                    end_line()
                elif not rows:
                    end_line()
                elif name not in _CELLS:
                    parts.append(" ")
                stack.append(name)
            stack += reversed(node.contents)  # type: ignore[arg-type]  # tags and texts, and nothing else
        elif type(node) is NavigableString:
            parts.append(node)
            if in_link:
                linked += len(node.strip())
        elif node == "a":
            in_link -= 1
        elif node == _ROW:
            rows -= 1
            end_line()
        elif not rows:
            end_line()
        else:
            parts.append(_CELL_END if node in _CELLS else " ")
    end_line()
    return found


def clean_line(text: str) -> str:
    """One paragraph: composed, invisible characters dropped, blanks folded. The cells of a table row are parted by a tab."""
    if _CELL_END not in text:
        return clean(text)
    cells = map(clean, text.split(_CELL_END))
    return "\t".join(cell for cell in cells if cell)


_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|odt|ods|zip|rar|7z|jpe?g|png|gif|mp[34])(?:$|[?#])", re.IGNORECASE)


def _leads_elsewhere(link: Tag) -> bool:
    """Whether a link leads to another page: not to a file, not to a place of this page, not to an address of mail."""
    href = str(link.get("href") or "").strip()
    return bool(href) and not href.startswith(("#", "mailto:", "tel:", "javascript:")) and _FILE.search(href) is None


def _is_data_row(row: Tag) -> bool:
    """Whether a row holds data: several cells, none of which is itself laid out in blocks of text.

    A row of one cell, or one around whole paragraphs, lists or tables, is layout (pasted pages, pictures with captions).
    """
    cells = [cell for cell in row.contents if isinstance(cell, Tag) and cell.name in _CELLS and cell.get_text(strip=True)]
    return len(cells) > 1 and not any(_is_laid_out(cell) for cell in cells)


def _is_laid_out(cell: Tag) -> bool:
    names = [element.name for element in cell.descendants if isinstance(element, Tag)]
    return "table" in names or sum(name in _LAYOUT for name in names) > 3
