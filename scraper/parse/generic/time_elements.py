"""Finds dates in attributes of elements: `<time class="updated" datetime="2010-04-09T10:00:00+07:00">`, `<span data-time="1270431000">`.

HTML defines `datetime`; themes and scripts add `data-time` and similar names. The microformat hAtom defines the classes
`published` and `updated`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from scraper.parse.tree.beautifulsoup_tree import BLOCKS
from scraper.parse.tree.page_tree import PageTree
from scraper.parse.tree.selector_filter import TIMES, TITLED_TIMES
from scraper.text import clean

_WITH_DATE = ", ".join(f"[{name}]" for name in TIMES) + ", time, abbr[title], .timeago[title]"
_CHANGED = re.compile(r"updated?|modified|changed|edited|cap[-_]?nhat", re.IGNORECASE)
_PUBLISHED = re.compile(r"publish|created|posted|ngay[-_]?dang", re.IGNORECASE)
_MOST = 100  # elements of a page, lists of comments have one each; a bound against hostile input
_LONGEST = 60  # characters of the attribute and of the text that are kept; a bound against hostile input
_MOST_OF_BLOCK = 4  # a block with more is a list


@dataclass(frozen=True, slots=True)
class TimeElement:
    """An element with a date: the value of its attribute ("" if it has none), the text that it shows, and if it is the last change."""

    value: str
    shown: str
    is_change: bool


def timed_elements(tree: PageTree) -> Mapping[int, list[TimeElement]]:
    """Return the elements with a date, by the `mem_id` of their block. A block with many of them is a list and left out."""
    if not any(map(tree.mentions, (*TIMES, *TITLED_TIMES, "<time"))):
        return {}
    found: dict[int, list[TimeElement]] = defaultdict(list)
    for node in tree.css(_WITH_DATE)[:_MOST]:
        block = _block_around(node)
        if block is not None:
            value = next((value for name in (*TIMES, "title") if (value := (node.attrs.get(name) or "").strip())), "")
            found[block.mem_id].append(TimeElement(value[:_LONGEST], clean(node.text() or "")[:_LONGEST], _is_change(node)))
    return {key: elements for key, elements in found.items() if len(elements) <= _MOST_OF_BLOCK}


def without_text(timed: Mapping[int, list[TimeElement]]) -> str:
    """Return the value of the elements without text (a script fills them), if all of them have the same one; else ""."""
    values = {one.value for elements in timed.values() for one in elements if not one.shown and not one.is_change}
    return values.pop() if len(values) == 1 else ""


def is_named_change(names: str) -> bool:
    """Return True if class names say that a date is that of the last change: "ngay-cap-nhat". False for "published updated"."""
    return _CHANGED.search(names) is not None and _PUBLISHED.search(names) is None


def _is_change(node: LexborNode) -> bool:
    """Return True if the class, id, itemprop or property of an element say that it holds the date of the last change."""
    names = " ".join(node.attrs.get(name) or "" for name in ("class", "itemprop", "property", "id"))
    return is_named_change(names)


def _block_around(node: LexborNode) -> LexborNode | None:
    around: LexborNode | None = node
    while around is not None and around.tag not in BLOCKS and around.tag != "body":
        around = around.parent
    return around
