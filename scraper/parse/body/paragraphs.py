"""Extracts the text of an article as clean paragraphs from the element that holds it. BeautifulSoup parses only this element.

Inline tags are joined without spaces, because an editor's `<span>` may be inside a number. A line ends at block elements and
at `<br>`. A blank line separates paragraphs. Each row of a table is one line, and a tab separates its cells. Items of an
ordered list keep their numbers, and powers their exponents. Footnote marks are left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import islice

from bs4 import NavigableString, Tag
from selectolax.lexbor import LexborNode

from scraper.parse.body import superscripts
from scraper.parse.body.boilerplate import Line, once, without_boxes
from scraper.parse.body.list_numbers import Numbers, numbers_of
from scraper.parse.tree.beautifulsoup_tree import BLOCKS, beautifulsoup_of
from scraper.parse.tree.link_targets import leads_elsewhere
from scraper.text import clean

_CELLS = ("td", "th")
_SEEN = 2000  # elements and texts of a cell that are checked
_FEW_BLOCKS = 3  # in a cell of data
_LAYOUT = ("p", "div", "ul", "ol", "br")
_LISTS = ("ol", "ul", "menu")
_ROW = "row"  # the end of a row of data
_CELL_END = "\x1f"  # the unit separator of ASCII, which no page contains


@dataclass(frozen=True, slots=True)
class Treatment:
    """How the elements of a text are treated. Elements are identified by their `mem_id`."""

    cut: Collection[int] = ()  # elements that are not part of the text: hidden ones, boxes
    instead: Mapping[int, str] = field(default_factory=dict)  # elements that are replaced by a text: bullets in a symbol font
    names: Mapping[int, str] = field(default_factory=dict)  # elements that a style makes a `<pre>` or a `<sup>`
    numbers: bool = True  # if True, items of ordered lists keep their numbers


NO_TREATMENT = Treatment()


def paragraphs(element: LexborNode, treatment: Treatment = NO_TREATMENT) -> str:
    """Return the text of an element as paragraphs with a blank line between them, without boxes such as "Tin liên quan"."""
    return "\n\n".join(line.text for line in once(without_boxes(lines(element, treatment))))


def lines(element: LexborNode, treatment: Treatment = NO_TREATMENT) -> list[Line]:
    """Return the lines of an element in reading order: paragraphs, list items, rows, captions."""
    found = _Walk(numbers=treatment.numbers).lines(beautifulsoup_of(element, treatment.cut, treatment.instead, treatment.names))
    if not any(_SYMBOL.search(line.text) for line in found):
        return found
    return [Line(_SYMBOL.sub(_symbol, line.text), line.linked) for line in found]


class _Walk:
    """One walk through a tree of BeautifulSoup, without recursion."""

    def __init__(self, *, numbers: bool) -> None:
        self._numbers = numbers
        self._found: list[Line] = []
        self._parts: list[str] = []
        self._linked = 0  # characters of the current line that are in links
        self._in_link = self._rows = self._pre = 0  # how many links, rows of data and <pre> are open
        self._lists: list[Numbers | None] = []  # the open lists; None for one without numbers
        self._label = ""  # the number of an item, until its text begins

    def lines(self, root: Tag) -> list[Line]:
        """Return the lines of the tree."""
        stack: list[Tag | str] = [root]  # a plain str is the name of an element that ends there
        while stack:
            node = stack.pop()
            if isinstance(node, Tag):
                end = self._begin(node)
                if end is None:
                    continue
                if end:
                    stack.append(end)
                stack += reversed(node.contents)  # type: ignore[arg-type]  # tags and texts, and nothing else
            elif type(node) is NavigableString:
                self._text(node)
            else:
                self._end(node)
        self._end_line()
        return self._found

    def _end_line(self) -> None:
        if self._parts and (line := clean_line("".join(self._parts))):
            if self._label:
                number = self._label[:-2]
                if not line.startswith((f"{number}.", f"{number})")):  # some editors type the number as well
                    line = self._label + line
                self._label = ""
            self._found.append(Line(line, self._linked))
        self._parts.clear()
        self._linked = 0

    def _begin(self, node: Tag) -> str | None:
        """Return the name to use at the end of the element, "" if its end changes nothing, None if its content is skipped."""
        name = node.name
        if name in BLOCKS:
            return self._begin_block(node, name)
        if name == "br":
            if self._rows:
                self._parts.append(" ")
            else:
                self._end_line()
            return None
        if name == "a":
            if self._is_footnote(node):
                return None
            if leads_elsewhere(str(node.get("href") or "")):
                self._in_link += 1
                return "a"
        elif name == "sup":
            return "" if self._raise(node) is None else None
        return ""

    def _begin_block(self, node: Tag, name: str) -> str:
        if name == "tr" and _is_data_row(node):
            self._rows += 1
            name = _ROW
            self._end_line()
        elif not self._rows:
            self._end_line()
        elif name not in _CELLS:
            self._parts.append(" ")
        if name in _LISTS:
            self._lists.append(numbers_of(node) if name == "ol" and self._numbers else None)
        elif name == "li" and self._lists and (numbers := self._lists[-1]) is not None:
            label = numbers.next(str(node.get("value") or ""))
            if self._rows:
                self._parts.append(label)
            else:
                self._label = label
        elif name == "pre":
            self._pre += 1
        return name

    def _text(self, text: NavigableString) -> None:
        if self._pre and "\n" in text and not self._rows:
            for number, line in enumerate(_lines_of_pre(text)):
                if number:
                    self._end_line()
                self._parts.append(line)
        else:
            self._parts.append(text)
        if self._in_link:
            self._linked += len(text.strip())

    def _end(self, name: str) -> None:
        if name == "a":
            self._in_link -= 1
            return
        if name == _ROW:
            self._rows -= 1
            self._end_line()
        elif not self._rows:
            self._end_line()
        else:
            self._parts.append(_CELL_END if name in _CELLS else " ")
        if name in _LISTS:
            self._lists.pop()
        elif name == "li":
            self._label = ""
        elif name == "pre":
            self._pre -= 1

    def _before(self) -> str:
        """Return the last characters of the current line."""
        return "".join(part[-24:] for part in self._parts[-3:]).rpartition(_CELL_END)[2]

    def _is_footnote(self, link: Tag) -> bool:
        """Return True if a link is a footnote mark after a word. At the beginning of a line it is the footnote's number, which is kept."""
        target = str(link.get("href") or "")
        if not target.startswith("#"):
            return False
        text = _short_text(link)
        return text is not None and superscripts.is_footnote(text, target) and bool(self._before().strip())

    def _raise(self, node: Tag) -> str | None:
        """Write a superscript as plain text; return None if its content is read as usual."""
        text = _short_text(node)
        inside = node.contents[0] if len(node.contents) == 1 else None
        link = inside if isinstance(inside, Tag) and inside.name == "a" else node.parent
        target = str(link.get("href") or "") if isinstance(link, Tag) and link.name == "a" else ""
        shown = superscripts.plain(text, self._before(), target) if text is not None else None
        if shown is not None:
            self._parts.append(f"{shown} " if node.get_text()[-1:].isspace() else shown)
        elif text is not None and text.strip() and not self._before().strip():
            self._parts.append(f"{text.strip()} ")  # the number of a footnote before its text
            return ""
        return shown


def _short_text(node: Tag) -> str | None:
    """Return the text of an element that holds at most a word, perhaps in a link; None for any other."""
    parts: list[str] = []
    for child in node.contents[:4]:
        if isinstance(child, Tag):
            if len(child.contents) > 1 or (child.contents and isinstance(child.contents[0], Tag)):
                return None
            parts += (str(text) for text in child.contents)
        else:
            parts.append(str(child))
    text = "".join(parts)
    return text if len(node.contents) <= 4 and len(text) <= 40 else None


_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")
_MARKED = re.compile(r"\s*(?:[-+*•–—]\s|\d{1,3}[.)]|[a-zđ]\))")
_FULL = 45  # characters; the writer ended a shorter line of <pre> on purpose


def _lines_of_pre(text: str) -> list[str]:
    """Return the lines of preformatted text. A line begins at a paragraph, at a list mark, or after a short line."""
    found: list[list[str]] = []
    for paragraph in _PARAGRAPH_END.split(text):
        before = ""
        for number, line in enumerate(paragraph.split("\n")):
            if not number or _MARKED.match(line) or 0 < len(before.strip()) < _FULL:
                found.append([line])
            else:
                found[-1].append(line)
            before = line
    return [" ".join(parts) for parts in found]


# Characters of Wingdings and Symbol as Word writes them: U+F000 plus the code in the font.
_SYMBOL = re.compile("[\uf020-\uf0ff]")
_ARROWS = {"à": "→", "è": "→", "ð": "→"}


def _symbol(match: re.Match[str]) -> str:
    return symbol(chr(ord(match[0]) - 0xF000))


def symbol(letter: str) -> str:
    """Return the character that a letter shows in the Wingdings font, simplified to an arrow or a bullet: "à" gives "→"."""
    return _ARROWS.get(letter, "•")


def clean_line(text: str) -> str:
    """Return one clean paragraph: NFC, without invisible characters, with single spaces. A tab separates the cells of a table row."""
    if _CELL_END not in text:
        return clean(text)
    cells = map(clean, text.split(_CELL_END))
    return "\t".join(cell for cell in cells if cell)


def _is_data_row(row: Tag) -> bool:
    """Return True if a row holds data: several cells, none of which is laid out in blocks of text.

    A row of one cell, or one around whole paragraphs, lists or tables, is layout (pasted pages, pictures with captions).
    """
    cells = [cell for cell in row.contents if isinstance(cell, Tag) and cell.name in _CELLS and _has_text(cell)]
    return len(cells) > 1 and not any(_is_laid_out(cell) for cell in cells)


def _has_text(cell: Tag) -> bool:
    return any(not text.isspace() for text in islice(cell.strings, _SEEN))


def _is_laid_out(cell: Tag) -> bool:
    blocks = 0
    for element in islice(cell.descendants, _SEEN):
        if isinstance(element, Tag):
            blocks += element.name in _LAYOUT
            if element.name == "table" or blocks > _FEW_BLOCKS:
                return True
    return False
