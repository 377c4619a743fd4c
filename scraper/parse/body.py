"""The text of an article: clean paragraphs out of a fragment of HTML. BeautifulSoup sees this fragment and nothing else.

Inline tags are joined without blanks (an editor's `<span>` may stand inside a number); a break stands at block
elements and at `<br>`. Paragraphs are parted by a blank line; the rows of a table are lines, their cells parted by a tab.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup, Comment, NavigableString, Tag

from scraper.parse.boxes import Line, without_boxes
from scraper.parse.selectors import may_match
from scraper.text import drop_invisible, nfc, squeeze

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "button",
        "select",
        "option",
        "input",
        "textarea",
        "head",
        "title",
        "meta",
        "link",
    ]
)
_CELLS = ("td", "th")
_LAYOUT = ("p", "div", "ul", "ol", "br")
_CELL_END = "\x1f"  # the unit separator of ASCII, which stands in no page
# What the editor's program left: entities that were escaped twice, and those that lost their ampersand.
_TWICE = re.compile(r"&(?:amp;)?(#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,10});")
_NAMES = "|".join(
    f"{letter}{mark}"
    for letter, marks in (
        ("[aA]", "grave|acute|circ|tilde"), ("[eE]", "grave|acute|circ"), ("[iI]", "grave|acute"),
        ("[oO]", "grave|acute|circ|tilde"), ("[uU]", "grave|acute"), ("[yY]", "acute"),
    )
    for mark in marks.split("|")
)  # fmt: skip
# "pheacute;p" for "phép", "TTamp;TT" for "TT&TT": the name of an entity whose ampersand was dropped. Only the names of
# Vietnamese letters and of what editors type.
_BARE_ENTITY = re.compile(rf"(?<!&)(?:{_NAMES}|nbsp|ndash|mdash|ldquo|rdquo|lsquo|rsquo|hellip|amp|quot);")


def paragraphs(fragment: str, cut: Sequence[str] = ()) -> str:
    """The text of a fragment of HTML as paragraphs parted by a blank line, without boxes that are none of it.

    `cut`: selectors of what is not text of it either.
    """
    return "\n\n".join(line.text for line in without_boxes(lines(fragment, cut)))


def lines(fragment: str, cut: Sequence[str] = ()) -> list[Line]:
    """The lines of a fragment of HTML in reading order: paragraphs, list items, rows, captions. `cut`: selectors to leave out."""
    soup = BeautifulSoup(fragment, "lxml")
    small = fragment.encode("utf-8", "surrogatepass").lower()
    for selector in (selector for selector in cut if may_match(selector, small)):
        for element in soup.select(selector):
            element.decompose()
    found: list[Line] = []
    _Lines(found).walk(soup)
    return found


def repair_entities(text: str) -> tuple[str, bool]:
    """The text with entities decoded that were escaped twice or lost their ampersand, and whether there were any."""
    repaired = _TWICE.sub(lambda match: html.unescape(f"&{match[1]};"), text) if "&" in text else text
    if ";" in repaired:
        repaired = _BARE_ENTITY.sub(lambda match: html.unescape("&" + match[0]), repaired)
    return repaired, repaired != text


class _Lines:
    """Walks a tree without recursion and collects its lines."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        self._parts: list[str] = []
        self._linked = 0
        self._in_link = 0

    def walk(self, root: Tag) -> None:
        for event, node in _events(root):
            if event == "text":
                self._parts.append(str(node))
                if self._in_link:
                    self._linked += len(str(node).strip())
            elif event == "break":
                self._flush()
            else:
                self._in_link += 1 if event == "link" else -1
        self._flush()

    def _flush(self) -> None:
        if not self._parts:
            return
        line = clean_line("".join(self._parts))
        if line:
            self._lines.append(Line(line, self._linked))
        self._parts.clear()
        self._linked = 0


def clean_line(text: str) -> str:
    """One paragraph: composed, invisible characters dropped, blanks folded. The cells of a table row are parted by a tab."""
    cells = (squeeze(nfc(drop_invisible(cell))) for cell in text.split(_CELL_END))
    return "\t".join(cell for cell in cells if cell)


def _events(root: Tag) -> Iterator[tuple[str, NavigableString | Tag]]:
    """Texts and breaks in reading order."""
    stack: list[tuple[Tag | NavigableString, bool]] = [(root, False)]
    rows = 0  # how many data rows we are inside of
    while stack:
        node, leaving = stack.pop()
        if isinstance(node, NavigableString):
            if type(node) is NavigableString:
                yield "text", node
            continue
        name = node.name
        if leaving:
            if name == "tr" and _is_data_row(node):
                rows -= 1
                yield "break", node
            elif rows and name in _CELLS:
                yield "text", NavigableString(_CELL_END)
            elif name == "a":
                yield "link end", node
            elif name in BLOCKS:
                yield ("text", NavigableString(" ")) if rows else ("break", node)
            continue
        if name in _SILENT:
            continue
        if name == "br":
            yield ("text", NavigableString(" ")) if rows else ("break", node)
            continue
        if name == "a" and _leads_elsewhere(node):
            yield "link", node
            stack.append((node, True))
        elif name in BLOCKS:
            if name == "tr" and _is_data_row(node):
                rows += 1
                yield "break", node
            elif not rows:
                yield "break", node
            elif name not in _CELLS:
                yield "text", NavigableString(" ")
            stack.append((node, True))
        stack.extend(
            (child, False)
            for child in reversed(node.contents)
            if isinstance(child, Tag | NavigableString) and not isinstance(child, Comment)
        )


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
