"""Splits a page into blocks of text and finds the main text among them, without knowledge of any platform.

The idea is that of boilerpipe (Kohlschütter and others, 2010) and of Readability: text is long and has few links, menus and
lists are short and consist of links. The stretch of blocks with the highest value is the text; the smallest element around
it is the body.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from scraper.parse.generic.boxes_beside_text import Box, boxes_around, is_hidden
from scraper.parse.generic.dated_rows import BOLD, MOST_PARTS, is_dated_row, text_of_row, title_of_row, title_with_date
from scraper.parse.generic.day_boxes import LONGEST_PIECE, MOST_PIECES, begins_box, day_box, day_of_line, may_be_box
from scraper.parse.generic.lengths import MIDDLE_TEXT, TEXT_LINE
from scraper.parse.generic.page_footer import SEEN, feet
from scraper.parse.tree.beautifulsoup_tree import BLOCKS, SILENT
from scraper.text import clean, fold

_CELLS = ("td", "th")
_LARGE_FONTS = frozenset("4567")
_COST = 14  # characters that a block must have to be worth anything: a stretch continues over a few short lines, but not over a menu
_BOLD_SHARE = 0.8  # of the characters of a block that are bold, so that the whole counts as bold
_LINK_COST = 2.5  # how much each character in a link counts against its block
_BESIDE_COST = 0.5  # how much each character in a box beside the text counts against its block
_MOST = 0.9  # the share of the text that the body must hold


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


# How the walk treats a tag. These are plain numbers because members of an enumeration take longer to look up.
_TEXT, _BLOCK, _BREAK, _SILENT, _SPAN, _LINK, _IS_BOLD, _OTHER = range(8)
_KINDS: dict[str | None, int] = {
    **dict.fromkeys(BOLD, _IS_BOLD),
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


def _without_title(found: list[Block], text: str, row: LexborNode, path: tuple[int, ...], boxes: tuple[Box, ...]) -> str:
    """Return the text of a row with a date. If a title is before the date, it is added to `found` and left out of the text."""
    if (title := title_of_row(row)) is not None:
        found.append(Block(clean(title.text() or ""), 0, (*path, title.mem_id), "span", boxes, title))
        return text.removeprefix(found[-1].text).lstrip()
    if (parts := title_with_date(row, text)) is None:
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
            if 1 < len(self.parts) <= MOST_PARTS and may_be_box(text) and (box := day_of_line(self.parts)):
                text = box
            elif ("/" in text or ":" in text) and 1 < len(self.parts) <= MOST_PARTS and is_dated_row(text):
                text = clean(text_of_row(self.parts))
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
    around = boxes_around(body, ())
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
            around = boxes_around(node, outer[1])
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
        return is_hidden(node, node.attributes.get("class") or "")
    return kind == _SILENT or (kind == _OTHER and (node.tag or "-")[0] in "-!")


def _inside(node: LexborNode, kind: int, outer: _Around) -> _Around:
    """Return the state around the content of an inline element."""
    if kind == _LINK and not outer[2] and node.attributes.get("href"):
        return outer[0], outer[1], True, outer[3]
    if kind == _IS_BOLD and not outer[3] and (node.tag != "font" or _is_set_off(node.attributes)):
        return outer[0], outer[1], outer[2], True
    return outer


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
