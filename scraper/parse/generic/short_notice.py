"""Finds the text below a title. A short notice ends before the side boxes of the page, which may hold more text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from scraper.parse.body.boilerplate import begins_other_news, names_document
from scraper.parse.generic.captions import is_site_name
from scraper.parse.generic.date_lines import is_side_line
from scraper.parse.generic.lengths import BELOW_TITLE, LONG_TEXT, SURE_TEXT, TEXT_WITHIN
from scraper.parse.generic.list_items import Items
from scraper.parse.generic.page_footer import has_foot_words, is_footer_contact
from scraper.parse.generic.text_blocks import Block, in_one_row, main_stretch

_FEWEST_LAWS = 2  # of a list that is the whole text of an article
_STEPS = 3  # elements around a title that are searched for a picture
_PICTURES = "img, iframe, object, embed, video"
_PLAYERS = "video, audio, iframe[src*=youtu], iframe[src*=video], iframe[src*=embed], embed, object"
_MOST_PICTURES = 12  # in an element that holds one article only


def short_notice_below_title(
    blocks: Sequence[Block], items: Items, title_at: int, stretch: tuple[int, int] | None
) -> tuple[int, int] | None:
    """Return the first and the last position of the text below a title; None if the title has no text.

    The text is the best stretch below the title. If this stretch is in a side box or in the footer, the text is the lines
    between the title and the first entry of a list ("Chi tiết xem file đính kèm.").
    """
    below = main_stretch(blocks, title_at + 1)
    if below is None or all(is_side_line(block.text) for block in blocks[below[0] : below[1] + 1]):
        below = _linked_laws(blocks, title_at) or below
    if below is not None:
        size = sum(len(block.text) for block in blocks[below[0] : below[1] + 1])
        if (
            (size < LONG_TEXT or _is_listed(blocks, items, below))
            and (end := _end_of_notice(blocks, items, title_at)) is not None
            and _is_elsewhere(blocks, items, title_at, below, end)
        ):
            own = _lines(blocks, range(title_at + 1, end))
            return (own[0] - _begins_with_day(blocks, own), own[-1]) if own else _linked_laws(blocks, title_at)
        if below[0] - title_at <= BELOW_TITLE or (size >= SURE_TEXT and below[0] - title_at <= TEXT_WITHIN):
            return below
    if stretch is not None and stretch[0] > title_at and sum(len(block.text) for block in blocks[stretch[0] : stretch[1] + 1]) >= SURE_TEXT:
        return stretch
    texts = _lines(blocks, range(title_at + 1, min(len(blocks), title_at + BELOW_TITLE)))
    return (texts[0], texts[0]) if texts else below


def _linked_laws(blocks: Sequence[Block], title_at: int) -> tuple[int, int] | None:
    """Return the first and the last position of a list of linked laws right below the date of a title; None if there is none."""
    first = next((at for at in range(title_at + 1, len(blocks)) if not is_side_line(blocks[at].text)), len(blocks))
    end = first
    while end < len(blocks) and not blocks[end].beside and names_document(blocks[end].text):
        end += 1
    return (first, end - 1) if first > title_at + 1 and end - first >= _FEWEST_LAWS else None


def has_picture(title: LexborNode) -> bool:
    """Return True if an element close around a title holds a picture or a viewer, and no more of them than one article has."""
    return _number_around(title, _PICTURES) <= _MOST_PICTURES


def has_player(title: LexborNode) -> bool:
    """Return True if an element close around a title holds one player of a video or of sound."""
    return _number_around(title, _PLAYERS) == 1


def _number_around(title: LexborNode, css: str) -> float:
    """Return how many elements of a selector are in the closest element around a title that holds any; infinity if there is none."""
    node = title.parent
    for _ in range(_STEPS):
        if node is None or node.tag in ("body", "html"):
            return math.inf
        if found := node.css(css):
            return len({element.mem_id for element in found})  # one that fits two parts of the selector is found twice
        node = node.parent
    return math.inf


def _lines(blocks: Sequence[Block], places: range) -> list[int]:
    """Return the positions that hold lines of text, and not dates, links or boxes."""
    near = [at for at in places if not blocks[at].beside and not is_side_line(blocks[at].text)]
    return [at for at in near if blocks[at].linked * 2 <= len(blocks[at].text)]


def _begins_with_day(blocks: Sequence[Block], lines: Sequence[int]) -> bool:
    """Return True if the first of several lines has its day in the cell before it, as other rows of the schedule have."""
    dated = (is_side_line(blocks[at - 1].text) and in_one_row(blocks[at - 1], blocks[at]) for at in lines)
    return next(dated, False) and any(dated)


def _end_of_notice(blocks: Sequence[Block], items: Items, title_at: int) -> int | None:
    """Return the position below a title at which a list of other pages or the footer begins; None if none is near."""
    for at in range(title_at + 1, min(len(blocks), title_at + TEXT_WITHIN)):
        block = blocks[at]
        text = block.text
        if at in items.files or names_document(text):
            continue
        lead = items.leads.get(at)
        if at in items.covered or (lead is not None and lead.is_headline) or begins_other_news(text):
            return at
        if is_footer_contact(block) or has_foot_words(block) or is_site_name(text):
            return at
    return None


def _is_listed(blocks: Sequence[Block], items: Items, stretch: tuple[int, int]) -> bool:
    """Return True if most of the text of a stretch is in entries of lists: the teasers of other articles."""
    sizes = [(at in items.covered, len(blocks[at].text)) for at in range(stretch[0], stretch[1] + 1)]
    return sum(size for is_listed, size in sizes if is_listed) * 2 > sum(size for _, size in sizes)


def _is_elsewhere(blocks: Sequence[Block], items: Items, title_at: int, below: tuple[int, int], end: int) -> bool:
    """Return True if a stretch continues after the end of a notice, in an entry of a list or in another part of the page."""
    long = max(range(below[0], below[1] + 1), key=lambda at: blocks[at].value)
    if long < end:
        return False
    if long in items.covered:
        return True
    title = blocks[title_at].path
    return _shared(title, blocks[long].path) < _shared(title, blocks[title_at + 1].path)


def _shared(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many of the outer elements are the same for two blocks."""
    return next((depth for depth, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), min(len(one), len(other)))
