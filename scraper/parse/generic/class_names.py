"""Returns the classes, ids and styles of a block, down to the inline element that holds all of its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scraper.parse.generic.text_blocks import Block
from scraper.text import clean

_MOST_CHILDREN = 20  # children of an element that are checked, a cell may have thousands of lines; a bound against hostile input


def around_text(block: Block) -> Iterator[Mapping[str, str | None]]:
    """Yield the attributes of a block and of its inline elements that hold all of its text (`<td><span id="ctl00_lblTitle">`)."""
    if attributes := block.node.attributes:
        yield attributes
    child = block.node.child
    for _ in range(_MOST_CHILDREN):
        if child is None:
            break
        attributes = child.attributes if child.tag not in ("-text", "br") else {}
        if attributes and clean(child.text() or "") == block.text:
            yield attributes
        child = child.next


def names_of(block: Block) -> str:
    """Return the `marked` of a block, with the class and id of the inline elements that hold all of its text."""
    inner = (f"{attributes.get('class') or ''} {attributes.get('id') or ''}" for attributes in around_text(block))
    return " ".join((block.marked, *inner))
