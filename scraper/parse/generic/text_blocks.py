"""Splits a page into blocks of text and finds the main text among them, without knowledge of any platform.

The idea is that of boilerpipe (Kohlschütter and others, 2010) and of Readability: text is long and has few links, menus and
lists are short and consist of links. The stretch of blocks with the highest value is the text; the smallest element around
it is the body.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from scraper.parse.generic.day_boxes import LONGEST_PIECE, MOST_PIECES, begins_box, day_box, is_weekday, may_be_box
from scraper.parse.generic.page_footer import SEEN, feet
from scraper.parse.tree.beautifulsoup_tree import BLOCKS, SILENT
from scraper.text import clean, fold

_CELLS = ("td", "th")
_BOLD = frozenset(("b", "strong", "big", "font"))
_LARGE_FONTS = frozenset("4567")
_BESIDE = frozenset(("nav", "aside"))
_HEADS = frozenset(("header", "h1", "h2", "h3", "h4"))
# Names of boxes beside the text, as whole words of class and id. A box of the first list never holds the text; one of `_SELDOM_TEXT` may.
_NEVER_TEXT = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menu\w*|breadcrumbs?|copyright|pag(?:er|ination|ing)|login|popup|modal|cookie\w*|skip\w*|navbit|fb-comments|disqus\w*|comment-?list)(?:$|[\s_-])",
    re.IGNORECASE,
)
_IS_FOOT = re.compile(r"(?:^|[\s_-])foot(?:er)?\w*(?:$|[\s_-])", re.IGNORECASE)
_SELDOM_TEXT = re.compile(
    r"(?:^|[\s_-])(?:side-?bar\w*|related\w*|comments?\w*|share\w*|social\w*|widget\w*|search\w*|tags?|adv\w*|ads?|banner\w*|quang-?cao|lien-?quan|bio|tin-?khac"
    r"|other-?(?:news|title)\w*|othernews\w*|binh-?luan|hot-?news|most-?\w*|toolbar|leftsubmenu|headlines|same_topic)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Classes of Bootstrap 2 to 5. NukeViet writes all of them at once on elements that only machines shall read.
_HIDDEN_CLASSES = frozenset(("hidden", "hide", "d-none", "visually-hidden", "sr-only"))
_SHOWN_CLASSES = re.compile(r"(?:^| )(?:d-(?:\w+-)?(?:block|flex|inline|table|grid)|visible-)")  # hidden on small screens only
_LONGEST_NAME = 300  # characters of class and id up to which the result is kept; a bound against hostile input
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MOST_SIBLINGS = 10  # nodes above the footer of an article that are checked; a bound against hostile input
LONG_TEXT = 700  # characters that make an article on any page: introductions of sections and boxes beside the text are shorter
MIDDLE_TEXT = 400  # characters; a shorter text may be an introduction or a hidden box, and every line of it counts
SURE_TEXT = 140  # characters; a longer text is not a caption, a field or a menu
_COST = 14  # characters that a block must have to be worth anything: a stretch continues over a few short lines, but not over a menu
_BOLD_SHARE = 0.8  # of the characters of a block that are bold, so that the whole counts as bold
_LINK_COST = 2.5  # how much each character in a link counts against its block
_BESIDE_COST = 0.5  # how much each character in a box beside the text counts against its block
# Up to which share of the page's text the name of a box is trusted. One with more is the text, even with the class "has-sidebar".
_NEVER_TEXT_SHARE = 0.6  # for a name that only boxes have: "menu"
_SELDOM_TEXT_SHARE = 0.25  # for a name that the text may have too: "content-widget"
_MOST = 0.9  # the share of the text that the body must hold
TEXT_LINE = 40  # characters of a line of text; a shorter one may be a field, a tool, a name, a caption or the label of a box

# Where the parts of an article are searched for.
ABOVE_TITLE = 6  # blocks above a title that may hold its date, its author or the breadcrumb
BELOW_TITLE = 10  # blocks below a title in which its text begins: date, tools and a lead are between them
TEXT_WITHIN = 30  # blocks below a title in which a long text begins, or a short notice ends
STEPS_OUT = 8  # elements around a block that are searched for a link, a row, a table or a banner; a bound against hostile input
_LONGEST_ROW = 160  # characters of a row with a date, an author and a counter
_SHORTEST_TITLE = 10  # characters of a title with its date on the same line
_MOST_CHILDREN = 40  # of an element that are searched for the title of a line; a bound against hostile input
_MOST_PARTS = 12  # texts of such a row; a bound against hostile input


class Box(NamedTuple):
    """An element with a class or id that says that it is beside the text."""

    element: int  # its id
    share: float  # the highest share of the page's text up to which the name is trusted
    is_foot: bool = False  # also trusted above this share, if it holds less than half of the page's blocks


@dataclass(slots=True)
class Block:
    """A run of text inside one block element."""

    text: str
    linked: int  # characters of it inside links
    path: tuple[int, ...]  # the elements around it, outermost first, by their ids
    tag: str
    boxes: tuple[Box, ...]  # the boxes around it
    node: LexborNode
    bold: int = 0  # characters of it that are bold or in a large font
    beside: bool = False  # inside such a box, and the box is a small part of the page
    _marked: str | None = None
    _folded: str | None = None

    @property
    def folded(self) -> str:
        """The beginning of the text, folded. Several rules search for words in it."""
        if self._folded is None:
            self._folded = fold(self.text[:SEEN])
        return self._folded

    @property
    def marked(self) -> str:
        """The class, id and itemprop of its element and of the parent. Read only when needed, because few blocks need it."""
        if self._marked is None:
            outer = self.node.parent
            own = _name(self.node.attributes)
            self._marked = own if outer is None else f"{own} {_name(outer.attributes)}"
        return self._marked

    @property
    def is_linked(self) -> bool:
        """True if more than half of its characters are in links."""
        return self.linked * 2 > len(self.text)

    @property
    def is_bold(self) -> bool:
        """True if nearly all of it is in bold letters or a large font."""
        return self.bold > _BOLD_SHARE * len(self.text)

    @property
    def value(self) -> float:
        """The value of the block as a part of the main text, in characters. It is negative for links and short lines."""
        size = len(self.text)
        if self.beside:
            return -_COST - size * _BESIDE_COST
        return size - _LINK_COST * self.linked - _COST


def _is_hidden(node: LexborNode, classes: str) -> bool:
    """Return True if a class hides an element for good. A long text inside is not hidden: a script will show it."""
    if not classes:
        return False
    hides = _hides(classes) if len(classes) <= _LONGEST_NAME else _hides.__wrapped__(classes)
    return hides and len(node.text() or "") < MIDDLE_TEXT


@lru_cache(maxsize=4096)  # the pages of a site have the same classes
def _hides(classes: str) -> bool:
    return not _HIDDEN_CLASSES.isdisjoint(classes.split()) and not _SHOWN_CLASSES.search(classes)


# How the walk treats a tag. These are plain numbers because members of an enumeration take longer to look up.
_TEXT, _BLOCK, _BREAK, _SILENT, _SPAN, _LINK, _IS_BOLD, _OTHER = range(8)
_KINDS: dict[str | None, int] = {
    **dict.fromkeys(_BOLD, _IS_BOLD),
    **dict.fromkeys((*BLOCKS, "body"), _BLOCK),
    **dict.fromkeys(SILENT, _SILENT),
    "-text": _TEXT,
    "br": _BREAK,
    "span": _SPAN,
    "a": _LINK,
}


def _is_set_off(font: Mapping[str, str | None]) -> bool:
    """Return True if `<font>` sets a large size or a colour. Old editors put it around every paragraph only for the face."""
    return (font.get("size") or "").strip(" +")[:1] in _LARGE_FONTS or (font.get("size") or "").startswith("+") or bool(font.get("color"))


# The state around a node while the tree is walked: the elements, the boxes, if inside a link, if inside bold letters.
# It is a plain tuple because that is the fastest to create.
_Around = tuple[tuple[int, ...], tuple[Box, ...], bool, bool]


# Where two texts of a row touch that are elements of their own: after a day or a time, before one, and before a capital letter.
_DAY_OR_TIME = r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}:\d{2}(?::\d{2})?"
_WITH_DATE = re.compile(_DAY_OR_TIME)
_ENDS_WITH_DATE = re.compile(rf"(?<!\d)(?:{_DAY_OR_TIME})$")
_BEGINS_WITH_DATE = re.compile(rf"(?:{_DAY_OR_TIME})(?!\d)")


def _is_dated_row(text: str) -> bool:
    return len(text) <= _LONGEST_ROW and _WITH_DATE.search(text) is not None


def _apart(parts: Sequence[str]) -> str:
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


def _day_of_box(parts: Sequence[str]) -> str | None:
    """Return the day of a line that is a day box: `<span>05</span><span>Thg 4</span><span>2014</span>`; None for any other."""
    pieces = [piece for part in parts if (piece := part.strip()) and not is_weekday(piece)]
    box = day_box(pieces) if len(pieces) > 1 and begins_box(pieces[0]) else None
    return box.text if box is not None and box.pieces == len(pieces) else None


def _join_day_boxes(blocks: list[Block]) -> None:
    """Make one block of the blocks of each day box. Cells of a table are left as they are: they may be a place, a month and a year."""
    for at in range(len(blocks) - 1, -1, -1):
        first = blocks[at]
        if len(first.text) > LONGEST_PIECE or first.tag in _CELLS or not begins_box(first.text):
            continue
        pieces = [first.text]
        for block in blocks[at + 1 : at + MOST_PIECES]:
            if len(block.text) > LONGEST_PIECE or not (block.path[:-1] == first.path[:-1] or block.path == first.path[:-1]):
                break
            pieces.append(block.text)
        if (box := day_box(pieces)) is not None:
            joined = blocks[at : at + box.pieces]
            blocks[at : at + box.pieces] = [replace(first, text=box.text, linked=sum(block.linked for block in joined))]


_NAMES_TITLE = re.compile(r"(?:^|[\s_-]|lbl?|news|tin)(?:tieu-?_?de|title|headline)(?:$|\s)", re.IGNORECASE)


def _title_of_row(row: LexborNode) -> LexborNode | None:
    """Return the first element of a row with a date if it names itself the title; None for any other row, and for a heading.

    The style sheet puts the date below it: `<span id="ctl00_lblTieuDe">...</span><span id="ctl00_lblNgay">(10/10/2019)</span>`.
    """
    first = row.child
    while first is not None and first.tag == "-text" and (first.text_content or "").isspace():
        first = first.next
    if first is None or first.tag != "span" or row.tag in _HEADS:
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
    if row.tag in _HEADS:
        return True
    attributes = row.attributes
    return _NAMES_TITLE.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:_LONGEST_NAME]) is not None


def _title_with_date(row: LexborNode, text: str) -> tuple[LexborNode, str, str] | None:
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
                if is_date and before is not None and before.tag in _BOLD and clean(before.text() or "") == title:
                    return before, title, shown
            before = child
        child = child.next
    return None


def _without_title(found: list[Block], text: str, row: LexborNode, path: tuple[int, ...], boxes: tuple[Box, ...]) -> str:
    """Return the text of a row with a date. If a title is before the date, it is added to `found` and left out of the text."""
    if (title := _title_of_row(row)) is not None:
        found.append(Block(clean(title.text() or ""), 0, (*path, title.mem_id), "span", boxes, title))
        return text.removeprefix(found[-1].text).lstrip()
    if (parts := _title_with_date(row, text)) is None:
        return text
    node, shown, date = parts
    own = path if node is row else (*path, node.mem_id)
    found.append(Block(shown, 0, own, node.tag or "", boxes, node, 0 if node is row else len(shown)))
    return date


class _Line:
    """The text that was read since the last block began or ended. `linked`, `bold`: characters of it in links, and in bold letters."""

    __slots__ = ("bold", "linked", "parts")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.linked = self.bold = 0

    def end(self, found: list[Block], holder: LexborNode | None, path: tuple[int, ...], boxes: tuple[Box, ...]) -> None:
        """Add the text as a block of the element `holder`, if it is not empty, and begin a new one."""
        if holder is not None and (text := clean("".join(self.parts))):
            if 1 < len(self.parts) <= _MOST_PARTS and may_be_box(text) and (box := _day_of_box(self.parts)):
                text = box
            elif ("/" in text or ":" in text) and 1 < len(self.parts) <= _MOST_PARTS and _is_dated_row(text):
                text = clean(_apart(self.parts))
                if not self.linked:
                    text = _without_title(found, text, holder, path, boxes)
            found.append(Block(text, min(self.linked, len(text)), path, holder.tag or "", boxes, holder, self.bold))
        self.parts.clear()
        self.linked = self.bold = 0

    def end_at_break(self, found: list[Block], holder: LexborNode | None, path: tuple[int, ...], boxes: tuple[Box, ...]) -> None:
        """End the line at `<br>`. A long headline may have several lines."""
        if holder is not None and holder.tag == "h1":
            self.parts.append(" ")
        elif self.parts:
            self.end(found, holder, path, boxes)


def blocks_of(body: LexborNode) -> list[Block]:
    """Return the blocks of a page in reading order, without empty blocks, scripts and hidden elements."""
    around = _boxes_around(body, ())
    if around is None:
        return []
    found: list[Block] = []
    line = _Line()
    parts = line.parts
    current: LexborNode | None = body
    path: tuple[int, ...] = (body.mem_id,)
    boxes = around
    # The open elements of the walk, the state around each, and if it is a block. The body stays open.
    # This loop takes a quarter of the time of a page: cheap checks come first.
    opened: list[tuple[LexborNode, _Around, bool]] = [(body, ((), (), False, False), True)]
    node = body.child
    outer: _Around = (path, boxes, False, False)
    while node is not None:
        kind = _KINDS.get(node.tag, _OTHER)
        following: LexborNode | None = None
        if kind == _TEXT:
            text = node.text_content
            if text and not text.isspace():
                parts.append(text)
                size = len(text.strip())
                line.linked += outer[2] * size
                line.bold += outer[3] * size
            elif parts:
                parts.append(" ")
            following = node.next
        elif kind == _BLOCK:
            if parts:
                line.end(found, current, path, boxes)
            around = _boxes_around(node, outer[1])
            if around is None:
                following = node.next
            else:
                boxes, path, current = around, (*outer[0], node.mem_id), node
                opened.append((node, outer, True))
                if (child := node.child) is not None:
                    node, outer = child, (path, boxes, outer[2], outer[3])
                    continue
        elif kind == _BREAK:
            line.end_at_break(found, current, path, boxes)
            following = node.next
        elif _is_left_out(node, kind):
            following = node.next
        else:
            if node.tag == "time":
                parts.append(" ")  # two times may be side by side, one of them for machines
            opened.append((node, outer, False))
            if (child := node.child) is not None:
                node, outer = child, _inside(node, kind, outer)
                continue
        while following is None and len(opened) > 1:
            node, outer, is_block = opened.pop()
            if is_block:
                if parts:
                    line.end(found, current, path, boxes)
                current, path, boxes = node.parent, outer[0], outer[1]
            following = node.next
        node = following
    line.end(found, current, path, boxes)
    _join_day_boxes(found)
    _weigh_boxes(found)
    return found


def _is_left_out(node: LexborNode, kind: int) -> bool:
    """Return True if an inline element shows no text: a script, a comment, or a hidden part of a line."""
    if kind == _SPAN:
        return _is_hidden(node, node.attributes.get("class") or "")
    return kind == _SILENT or (kind == _OTHER and (node.tag or "-")[0] in "-!")


def _inside(node: LexborNode, kind: int, outer: _Around) -> _Around:
    """Return the state around the content of an inline element."""
    if kind == _LINK and not outer[2] and node.attributes.get("href"):
        return outer[0], outer[1], True, outer[3]
    if kind == _IS_BOLD and not outer[3] and (node.tag != "font" or _is_set_off(node.attributes)):
        return outer[0], outer[1], outer[2], True
    return outer


def _boxes_around(node: LexborNode, outer: tuple[Box, ...]) -> tuple[Box, ...] | None:
    """Return the boxes around the content of a block: those around it, and its own if it is one; None if it is hidden."""
    tag, attributes = node.tag or "", node.attributes
    if not attributes:
        look = _share(tag, " ")
    else:
        style, classes = attributes.get("style"), attributes.get("class") or ""
        if (style and _HIDDEN.search(style) is not None) or (classes and _is_hidden(node, classes)):
            return None
        name = f"{classes} {attributes.get('id') or ''}"
        look = _share(tag, name) if len(name) <= _LONGEST_NAME else _share.__wrapped__(tag, name)
    if look[1] and tag == "footer" and _is_above_text(node):
        return outer
    return (*outer, Box(node.mem_id, *look)) if look[0] else outer


def _is_above_text(footer: LexborNode) -> bool:
    """Return True if a footer of an article is above its content. The HTML standard allows it, and themes of Drupal and Pelican have the
    byline there.
    """
    holder = footer.parent
    if holder is None or (holder.tag != "article" and (holder.parent is None or holder.parent.tag != "article")):
        return False
    here, before = footer.prev, 0
    while here is not None and before < _MOST_SIBLINGS:
        if here.tag not in _HEADS and len(here.text(strip=True)) >= TEXT_LINE:
            return False
        here, before = here.prev, before + 1
    after = footer.next
    while after is not None and (after.tag or "-")[0] in "-!":
        after = after.next
    return after is not None


def _weigh_boxes(blocks: Sequence[Block]) -> None:
    """Mark the blocks that are in a box beside the text.

    A box with a large part of the page's text is not beside it, even with the class "has-sidebar". But the footer may hold all
    text of a page, if the article is only a picture or a file.
    """
    inside: dict[Box, int] = {}
    places: dict[Box, int] = {}
    total = 0
    for block in blocks:
        text = len(block.text) - block.linked
        total += text
        for box in block.boxes:
            inside[box] = inside.get(box, 0) + text
            places[box] = places.get(box, 0) + 1
    aside = {box for box, text in inside.items() if text < box.share * total or (box.is_foot and places[box] * 2 < len(blocks))}
    for block in blocks:
        block.beside = bool(block.boxes) and not aside.isdisjoint(block.boxes)
    for at in feet(blocks):
        blocks[at].beside = True


@lru_cache(maxsize=4096)  # the pages of a site have the same boxes
def _share(tag: str, name: str) -> tuple[float, bool]:
    """Return up to which share of the page's text an element of this name is a box beside the text, and if it is a footer.

    The share is from 0.0 (never a box) to 1.0.
    """
    if tag in ("body", "form"):
        return 0.0, False
    if tag == "footer" or _IS_FOOT.search(name):
        return _NEVER_TEXT_SHARE, True
    if tag in _BESIDE or _NEVER_TEXT.search(name):
        return _NEVER_TEXT_SHARE, False
    return (_SELDOM_TEXT_SHARE, False) if _SELDOM_TEXT.search(name) else (0.0, False)


def _name(attributes: Mapping[str, str | None]) -> str:
    """Return the class, id and itemprop of an element in lower case."""
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('itemprop') or ''}".lower()


def in_one_row(one: Block, other: Block) -> bool:
    """Return True if two blocks are cells of one row of a table: a label and its value."""
    return one.tag in _CELLS and other.tag in _CELLS and one.path[:-1] == other.path[:-1]


def main_stretch(blocks: Sequence[Block], start: int = 0) -> tuple[int, int] | None:
    """Return the first and the last position of the stretch with the highest value, from `start` on; None if no value is positive."""
    best, best_at = 0.0, None
    total, begin = 0.0, start
    for at in range(start, len(blocks)):
        if total <= 0:
            total, begin = 0.0, at
        total += blocks[at].value
        if total > best:
            best, best_at = total, (begin, at)
    return best_at


def around(blocks: Sequence[Block], first: int, last: int) -> LexborNode | None:
    """Return the smallest element that holds nearly all long blocks of a stretch; None if there is no such element."""
    long = [block for block in blocks[first : last + 1] if len(block.text) >= TEXT_LINE and not block.beside] or blocks[first : last + 1]
    if sum(len(block.text) for block in long) < MIDDLE_TEXT:
        long = list(blocks[first : last + 1])
    inside: Counter[int] = Counter()
    for block in long:
        for element in block.path:
            inside[element] += len(block.text)
    total = sum(len(block.text) for block in long)
    deepest, holder = -1, None
    for block in long:
        for depth in range(deepest + 1, len(block.path)):
            if inside[block.path[depth]] >= _MOST * total:
                deepest, holder = depth, block
    if holder is None:
        return None
    node: LexborNode | None = holder.node
    while node is not None and node.mem_id != holder.path[deepest]:
        node = node.parent
    return node
