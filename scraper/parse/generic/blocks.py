"""A page as a row of blocks of text, and where in it the main text stands: no knowledge of any platform.

The idea is that of boilerpipe (Kohlschütter and others, 2010) and of Readability: text is long and leads nowhere, menus and
lists are short and lead elsewhere. The stretch of blocks that is worth most is the text; the smallest element around it
is the body.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from scraper.parse.generic.foot import SEEN, feet
from scraper.parse.soup import BLOCKS, SILENT
from scraper.text import clean, fold

_CELLS = ("td", "th")
_BOLD = frozenset(("b", "strong", "big", "font"))
_LARGE_FONTS = frozenset("4567")
_BESIDE = frozenset(("nav", "aside"))
_NAMED_BOXES = frozenset((*_BESIDE, "footer"))
# Names of boxes beside the text, as whole words of class and id: such that no text ever stands in, and such that it may.
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
# Bootstrap 2 to 5, all of which NukeViet writes at once on what it tells machines alone.
_HIDDEN_CLASSES = frozenset(("hidden", "hide", "d-none", "visually-hidden", "sr-only"))
_SHOWN_CLASSES = re.compile(r"(?:^| )(?:d-(?:\w+-)?(?:block|flex|inline|table|grid)|visible-)")  # hidden on small screens alone
_LONGEST_NAME = 300  # characters of class and id up to which what they mean is kept; a page must not fill the memory
_OPENED = 400  # characters; a text that a script opens is longer
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_COST = 14  # what a block costs: a stretch goes over a few short lines, and not over a menu
_MOST = 0.9  # of the text that the body must hold
_SHORT = 400  # characters of a text in which every line counts
_LONG = 40  # characters from which a block is text for certain


class Box(NamedTuple):
    """An element whose name says that it stands beside the text."""

    element: int  # its id
    share: float  # up to which share of the page's text that is believed
    is_foot: bool = False  # believed of more, where it holds less than half of the page's blocks


@dataclass(slots=True)
class Block:
    """A run of text inside one block element."""

    text: str
    linked: int  # characters of it inside links
    path: tuple[int, ...]  # the elements around it, outermost first, by their ids
    tag: str
    boxes: tuple[Box, ...]  # those around it
    node: LexborNode
    bold: int = 0  # characters of it that are set off: bold, or in a font of their own size
    beside: bool = False  # inside such a box, and the box is a small part of the page
    _marked: str | None = None
    _folded: str | None = None

    @property
    def folded(self) -> str:
        """Its beginning without marks and in small letters; several rules look for words in it."""
        if self._folded is None:
            self._folded = fold(self.text[:SEEN])
        return self._folded

    @property
    def marked(self) -> str:
        """Class, id and itemprop of its element and of the one around it. Read only when needed, since that is for few blocks."""
        if self._marked is None:
            outer = self.node.parent
            own = _name(self.node.attributes)
            self._marked = own if outer is None else f"{own} {_name(outer.attributes)}"
        return self._marked

    @property
    def value(self) -> float:
        """What the block is worth as a part of the main text."""
        size = len(self.text)
        if self.beside:
            return -_COST - size * 0.5
        return size - 2.5 * self.linked - _COST


def _is_hidden(node: LexborNode, classes: str) -> bool:
    """Whether a class hides an element for good, and no text of any length is in it."""
    if not classes:
        return False
    hides = _hides(classes) if len(classes) <= _LONGEST_NAME else _hides.__wrapped__(classes)
    return hides and len(node.text() or "") < _OPENED


@lru_cache(maxsize=4096)  # the pages of a site have the same classes
def _hides(classes: str) -> bool:
    return not _HIDDEN_CLASSES.isdisjoint(classes.split()) and not _SHOWN_CLASSES.search(classes)


# What a tag means for the walk. Plain numbers, since members of an enumeration take longer to look up.
_TEXT, _BLOCK, _BREAK, _SILENT, _SPAN, _LINK, _IS_BOLD, _OTHER = range(8)
_KINDS = {
    **dict.fromkeys(_BOLD, _IS_BOLD),
    **dict.fromkeys((*BLOCKS, "body"), _BLOCK),
    **dict.fromkeys(SILENT, _SILENT),
    "-text": _TEXT,
    "br": _BREAK,
    "span": _SPAN,
    "a": _LINK,
}


def _is_set_off(font: Mapping[str, str | None]) -> bool:
    """Whether `<font>` makes letters large or gives them a colour. Old editors put it around every paragraph, for its face."""
    return (font.get("size") or "").strip(" +")[:1] in _LARGE_FONTS or (font.get("size") or "").startswith("+") or bool(font.get("color"))


# What is around a node while the tree is walked: the elements, the boxes, whether a link, whether bold letters. A plain tuple is made fastest.
_Around = tuple[tuple[int, ...], tuple[Box, ...], bool, bool]


def blocks_of(body: LexborNode) -> list[Block]:
    """The blocks of a page in reading order. Empty ones, scripts and hidden ones are left out."""
    found: list[Block] = []
    parts: list[str] = []
    linked = bold = 0
    current: LexborNode | None = None
    path: tuple[int, ...] = ()
    boxes: tuple[Box, ...] = ()

    def flush() -> None:
        nonlocal linked, bold
        if current is not None and (text := clean("".join(parts))):
            found.append(
                Block(
                    text,
                    min(linked, len(text)),
                    path,
                    current.tag or "",
                    boxes,
                    current,
                    bold,
                )
            )
        parts.clear()
        linked = bold = 0

    # The elements that the walk is in, what is around each, and whether it is a block.
    # This loop takes a quarter of the time of a page: cheap checks come first.
    opened: list[tuple[LexborNode, _Around, bool]] = []
    node: LexborNode | None = body
    outer: _Around = ((), (), False, False)
    while node is not None:
        kind = _KINDS.get(node.tag or "", _OTHER)
        following: LexborNode | None = None
        if kind == _TEXT:
            text = node.text_content
            if text and not text.isspace():
                parts.append(text)
                if outer[2]:
                    linked += len(text.strip())
                if outer[3]:
                    bold += len(text.strip())
            elif parts:
                parts.append(" ")
            following = node.next
        elif kind == _BLOCK:
            if parts:
                flush()
            look = _look_of(node, node.tag or "")
            if look is None:
                following = node.next if opened else None
            else:
                element = node.mem_id
                boxes = (*outer[1], Box(element, *look)) if look[0] else outer[1]
                path = (*outer[0], element)
                current = node
                opened.append((node, outer, True))
                if (child := node.child) is not None:
                    node, outer = child, (path, boxes, outer[2], outer[3])
                    continue
        elif kind == _BREAK:
            if current is not None and current.tag == "h1":
                parts.append(" ")  # a long headline over several lines
            elif parts:
                flush()
            following = node.next
        elif _is_left_out(node, kind):
            following = node.next
        else:
            if node.tag == "time":
                parts.append(" ")  # two times stand side by side, one of them for machines
            opened.append((node, outer, False))
            if (child := node.child) is not None:
                node, outer = child, _inside(node, kind, outer)
                continue
        while following is None and opened:
            node, outer, is_block = opened.pop()
            if is_block:
                if parts:
                    flush()
                current, path, boxes = node.parent, outer[0], outer[1]
            following = node.next if opened else None
        node = following
    if parts:
        flush()
    _weigh_boxes(found)
    return found


def _is_left_out(node: LexborNode, kind: int) -> bool:
    """Whether an element that is no block shows no text: a script, a comment, or a hidden part of a line."""
    if kind == _SPAN:
        return _is_hidden(node, node.attributes.get("class") or "")
    return kind == _SILENT or (kind == _OTHER and (node.tag or "-")[0] in "-!")


def _inside(node: LexborNode, kind: int, outer: _Around) -> _Around:
    """What is around the content of an element that is no block."""
    if kind == _LINK and not outer[2] and node.attributes.get("href"):
        return outer[0], outer[1], True, outer[3]
    if kind == _IS_BOLD and not outer[3] and (node.tag != "font" or _is_set_off(node.attributes)):
        return outer[0], outer[1], outer[2], True
    return outer


def _look_of(node: LexborNode, tag: str) -> tuple[float, bool] | None:
    """The share and the kind of a block as a box beside the text, both empty for most blocks; None for a block that is hidden."""
    attributes = node.attributes
    if not attributes:
        return _share(tag, " ")
    style, classes = attributes.get("style"), attributes.get("class") or ""
    if (style and _HIDDEN.search(style) is not None) or (classes and _is_hidden(node, classes)):
        return None
    name = f"{classes} {attributes.get('id') or ''}"
    return _share(tag, name) if len(name) <= _LONGEST_NAME else _share.__wrapped__(tag, name)


def _weigh_boxes(blocks: Sequence[Block]) -> None:
    """A box that holds a good part of the page's text is not beside it, whatever it is called ("has-sidebar").

    But the foot of a page may hold all of its text, where the article is a picture or a file alone.
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
    """Up to which share of the page's text an element of this name is believed to stand beside the text, and whether it is a foot."""
    if tag in ("body", "form"):
        return 0.0, False
    if tag == "footer" or _IS_FOOT.search(name):
        return 0.6, True
    if tag in _BESIDE or _NEVER_TEXT.search(name):
        return 0.6, False
    return (0.25, False) if _SELDOM_TEXT.search(name) else (0.0, False)


def _name(attributes: Mapping[str, str | None]) -> str:
    """Class, id and itemprop of an element, in small letters."""
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('itemprop') or ''}".lower()


def in_one_row(one: Block, other: Block) -> bool:
    """Whether two blocks are cells of one row of a table: a label and its value."""
    return one.tag in _CELLS and other.tag in _CELLS and one.path[:-1] == other.path[:-1]


def main_stretch(blocks: Sequence[Block], start: int = 0) -> tuple[int, int] | None:
    """The first and the last block of the stretch that is worth most, from `start` on; None where none is worth anything."""
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
    """The smallest element that holds nearly all long blocks of a stretch."""
    long = [block for block in blocks[first : last + 1] if len(block.text) >= _LONG and not block.beside] or blocks[first : last + 1]
    if sum(len(block.text) for block in long) < _SHORT:
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
