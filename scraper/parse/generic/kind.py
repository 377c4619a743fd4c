"""Whether a page of unknown layout is one article, and no list, front page or form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.model import Text
from scraper.parse.document import Document
from scraper.parse.generic.blocks import Block
from scraper.parse.generic.names import LEAST, key
from scraper.parse.published import Found
from scraper.parse.structured import Structured

_SPEAKS = 700  # characters that are a text whatever stands around them
_FEW_ITEMS, _MANY_ITEMS = 4, 6  # that a list with a short text, and one with a long text, has at least


def is_one_article(
    document: Document,
    said: Structured,
    blocks: Sequence[Block],
    title_at: int | None,
    title: str,
    stretch: tuple[int, int] | None,
    body: Text,
    found: Sequence[Found],
    *,
    is_dated: bool,
) -> bool:
    """Whether the page is one article, and no list, front page or form. `is_dated`: a date stands right by its title."""
    named = title_at is not None and names(urlsplit(document.url).path, title)
    if stretch is None:
        return named and is_dated
    if urlsplit(document.url).path in ("", "/") and not urlsplit(document.url).query:
        return False
    inside = blocks[stretch[0] : stretch[1] + 1]
    leading = sum(1 for block in inside if block.linked * 2 > len(block.text) and len(block.text) >= 20)
    texts = sum(1 for block in inside if len(block.text) >= 40 and block.linked * 2 <= len(block.text))
    if leading >= 3 and leading * 2 >= texts:
        return False
    dated = sum(1 for block in inside if len(block.text) <= 60 and _as_date_like(block.text) and not _in_table_of_text(block.node))
    if dated >= 4 and dated * 3 >= texts and not (named and not leading):
        return False
    size = len(body.value or "")
    if title_at is not None and is_dated and size and _is_named(urlsplit(document.url).path, title):
        below = blocks[title_at + 1 : stretch[1] + 1]
        if not any(block.linked * 2 > len(block.text) >= 20 for block in below):
            return True
    items = _items(blocks)
    if size < 400 and len(items) >= _FEW_ITEMS:
        return False
    if named:
        return True
    if title_at is not None and len(items) >= _MANY_ITEMS and sum(title_at < at < stretch[0] for at in items) >= 2:
        return False  # the text is what a list says of one of its items
    if title_at is not None and found and size >= 60 and not leading:
        return True
    # What bears neither a headline nor a date is the foot of a page, or what a site says of itself.
    shown = title_at is not None or bool(found)
    return (size >= LEAST and shown) or size >= _SPEAKS or (said.is_article and size >= 60)


def _is_named(path: str, title: str) -> bool:
    """Whether the last part of an address is a title, however short: "/blog/bai-viet-0013"."""
    return len(key(title)) >= 8 and key(title) == _last(path)


def _last(path: str) -> str:
    return key(re.sub(r"^\d+-|\.\w+$", "", path.rstrip("/").rpartition("/")[2]))


def names(path: str, title: str) -> bool:
    """Whether an address spells a title: "/van-ban/bao-cao-tinh-hinh-giai-ngan-12.html"."""
    wanted, last = key(title), _last(path)
    return len(wanted) >= 16 and (last.startswith(wanted[: max(16, len(wanted) * 2 // 3)]) or (len(last) >= 24 and wanted.startswith(last)))


def _items(blocks: Sequence[Block]) -> list[int]:
    """The places of the items that a page lists: linked headings, each with a few words of its own below it."""
    items: list[int] = []
    for at, block in enumerate(blocks):
        if block.linked * 2 > len(block.text) >= 20 and not block.beside:
            for other in blocks[at + 1 : at + 4]:
                if other.linked * 2 > len(other.text) or other.beside:
                    break
                if len(other.text) >= 30 and not _as_date_like(other.text):
                    items.append(at)
                    break
    return items


def _in_table_of_text(node: LexborNode) -> bool:
    """Whether an element stands in a row of several cells that leads nowhere: a table of an article, not a list of other pages."""
    row: LexborNode | None = node
    for _ in range(8):
        if row is None or row.tag in ("table", "body"):
            return False
        if row.tag == "tr":
            cells = sum(child.tag in ("td", "th") for child in row.iter())
            return cells >= 3 and not any(len(link.text(strip=True)) >= 20 for link in row.css("a[href]"))
        row = row.parent
    return False


def _as_date_like(text: str) -> bool:
    return re.search(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", text) is not None
