"""Finds the heading above the text of a page: the line of the page that looks most like a title, whatever metadata and URL say."""

from __future__ import annotations

import re

from scraper.parse.body.boilerplate import is_label
from scraper.parse.generic.captions import is_section_name
from scraper.parse.generic.date_lines import is_date_line
from scraper.parse.generic.headings import RANK, SHORT, View, is_bold, is_marked, is_strong
from scraper.parse.generic.lengths import LONGEST_TITLE, SHORTEST_TITLE

NEAR = 14  # blocks above the text that may hold its title

# The pattern of lines of the page's frame. A title may match it too, if it looks like a heading or has its date below it.
_NO_HEADING = re.compile(r"[.;:]$|^\W*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}:\d{2}")
_STORY_MARK = re.compile(r"^\s*[*•+▪■◆○●]\s*\S")
# How much a feature of a line above the text counts for it being the title. They were set on the recorded sites.
_H1_WEIGHT = 6.0  # it is an h1
_LEVEL_WEIGHT = 1.5  # against each level below h1
_MARK_WEIGHT = 3.0  # "title" in its class
_BOLD_WEIGHT = 1.5  # bold or large letters
_DATE_WEIGHT = 2.5  # a date right below it
_LONG = 80  # characters; a longer line gets no more weight by its length
_LENGTH_UNIT = 20  # characters that have the weight 1
_DISTANCE_WEIGHT = 0.8  # against it, for each block between it and the text
_NAME_WEIGHT = 4.0  # against the usual name of a section
_LEAST_WEIGHT = 2.0  # a line of plain letters right above the text has less
_SECTION_WEIGHT = 2.01  # of the name of a section with a date: just above the minimum, below the weight of any headline


def nearest_heading(view: View) -> tuple[int | None, bool]:
    """Return the block above the text that looks most like a title, and if it is certain: a heading with its date below it."""
    text_at = view.text_at or 0
    best: tuple[float, int] | None = None
    sure: tuple[float, int] | None = None
    for at in range(max(0, text_at - NEAR), text_at):
        if not _can_be_heading(view, at):
            continue
        dated = view.has_date_below(at)
        strong = is_strong(view.blocks[at])
        if _NO_HEADING.search(view.blocks[at].text) and not (dated or strong):
            continue
        weight = _heading_weight(view, at, dated=dated)
        if weight > _LEAST_WEIGHT and (best is None or weight > best[0]):
            best = (weight, at)
        if dated and strong and not is_section_name(view.blocks[at].text) and (sure is None or weight > sure[0]):
            sure = (weight, at)
    if sure is not None:
        return sure[1], True
    return (best[1] if best is not None else None), False


def _can_be_heading(view: View, at: int) -> bool:
    """Return True if a block has the length of a title, does not link to another page and is neither a date nor part of the frame."""
    block = view.blocks[at]
    if not SHORTEST_TITLE <= len(block.text) <= LONGEST_TITLE or block.beside or is_date_line(block.text) or _STORY_MARK.match(block.text):
        return False
    if len(block.text) <= SHORT and not is_strong(block):
        return False
    if is_label(block.text) or view.is_frame(at) or view.is_subtitle(at):
        return False
    return not view.title_links_elsewhere(at)


def _heading_weight(view: View, at: int, *, dated: bool) -> float:
    """Return how much a block looks like a title. The weights were set on the recorded sites and on pages of each platform."""
    block = view.blocks[at]
    weight = _H1_WEIGHT - _LEVEL_WEIGHT * RANK[block.tag] if block.tag in RANK else 0.0
    weight += _MARK_WEIGHT if is_marked(block) else 0.0
    weight += _BOLD_WEIGHT if is_bold(block) else 0.0
    weight += _DATE_WEIGHT if dated else 0.0
    weight += min(len(block.text), _LONG) / _LENGTH_UNIT - _DISTANCE_WEIGHT * ((view.text_at or 0) - at)
    if not is_section_name(block.text):
        return weight
    # "THÔNG BÁO" with its date below it is a title only if the page has no better one.
    return _SECTION_WEIGHT if dated and is_strong(block) else weight - _NAME_WEIGHT
