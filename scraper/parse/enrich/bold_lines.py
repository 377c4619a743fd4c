"""Finds the lines of a text that are completely bold: editors mark the headlines of a digest in this way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from scraper.parse.enrich.stories import may_hold_bold_heads
from scraper.parse.tree.beautifulsoup_tree import BLOCKS
from scraper.text import clean

_BOLD = "b, strong, h2, h3, h4, h5, h6, [style*='bold'], [style*='font-weight:700'], [style*='font-weight: 700']"
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_BOLD_TAGS = frozenset(("b", "strong"))
_MOST = 2000  # elements; a text with more of them was not formatted by hand
_LONGEST = 360  # characters of a headline with a dateline before it


def bold_lines(nodes: Iterable[LexborNode], body: str) -> tuple[str, ...]:
    """Return the bold texts of a body, each on one line, in the order of the page.

    `nodes`: the elements that hold the body. Returns nothing if bold lines cannot be the headlines of a digest, because most
    bodies are not a digest and the search takes time.
    """
    if not may_hold_bold_heads(body):
        return ()
    found: dict[str, None] = {}
    for node in nodes:
        in_block: dict[int, list[LexborNode]] = defaultdict(list)
        blocks: dict[int, LexborNode] = {}
        for element in node.css(_BOLD)[:_MOST]:
            if (text := clean(element.text() or "")) and len(text) <= _LONGEST:
                found[text] = None
            block = _block_around(element)
            if block is not None:
                in_block[block.mem_id].append(element)
                blocks[block.mem_id] = block
        for key, parts in in_block.items():
            whole = clean(blocks[key].text() or "")
            # A headline may be made of several bold parts.
            if (
                len(parts) > 1
                and len(whole) <= _LONGEST
                and clean("".join(part.text() or "" for part in parts)).replace(" ", "") == whole.replace(" ", "")
            ):
                found[whole] = None
    return tuple(found)


def _block_around(element: LexborNode) -> LexborNode | None:
    """Return the block around an element; None if it is a block itself or is inside another bold element."""
    if element.tag in BLOCKS:
        return None
    node = element.parent
    while node is not None and node.tag not in BLOCKS:
        if node.tag in _BOLD_TAGS:
            return None
        node = node.parent
    return node if node is not None and node.tag not in _HEADINGS else None
