"""Finds the title of an article on a page of unknown layout: the visible heading, checked against metadata, `<title>` and URL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from scraper.model import Rule, Text
from scraper.parse.fields.metadata import Metadata, MetadataValue
from scraper.parse.generic.captions import is_caption, is_section_name, is_site_name
from scraper.parse.generic.date_lines import is_date_line
from scraper.parse.generic.heading_above_text import NEAR, nearest_heading
from scraper.parse.generic.headings import PLAIN_RANK, RANK, SHORT, View, is_strong, rank_of
from scraper.parse.generic.lengths import LONGEST_TITLE, SHORTEST_TITLE, SURE_TEXT, TEXT_LINE
from scraper.parse.generic.spelling_key import CERTAIN_SPELLING, spelling_key
from scraper.parse.generic.text_blocks import Block
from scraper.parse.generic.url_words import CUT_SHARE, agrees_with_slug, slug_of
from scraper.parse.tree.entities import repair_entities
from scraper.rule_codes import RuleCode
from scraper.text import clean

_MARK = re.compile(r"\s+(?:[-|–—»:•·]|::)\s+|\s*\|\s*|\s*»\s*")
# The name of a host, which some sites have as the title of all their pages: "Hoalu.gov.vn".
_HOST = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+(?:vn|com|net|org|info|asia)/?", re.IGNORECASE)
_BEGINNING = 16  # characters of a block that are compared first, because nearly all blocks differ from every title within them
_HEAD = 3  # letters of the key that are compared even earlier
_FROM_TITLE_ELEMENT = Rule(RuleCode.GENERIC_HEADING_TITLE_ELEMENT)
_FROM_URL = Rule(RuleCode.GENERIC_HEADING_URL)
# The rule of a heading that repeats a title in the metadata.
_HEADING_CODES = {
    RuleCode.JSON_LD: RuleCode.GENERIC_HEADING_JSON_LD,
    RuleCode.MICRODATA: RuleCode.GENERIC_HEADING_MICRODATA,
    RuleCode.META: RuleCode.GENERIC_HEADING_META,
}
_SURE = 20  # letters of a title that nothing else on a page repeats by chance; names of sections have up to 17 ("Đấu thầu mua sắm công")
_PLAIN_SECTION = 30  # characters of a heading that is more likely the title than a shorter line in plain letters above it
_PARAGRAPH = 130  # characters; most titles are shorter
_HEAD_OF_STRETCH = 6  # blocks at the beginning of a stretch without a paragraph that may be title and date


@dataclass(frozen=True, slots=True)
class Headline:
    """The title with its rule, and the positions of the blocks that show it, the best first."""

    text: Text
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Named:
    """A block that matches a title in the metadata, in `<title>` or in the URL."""

    weight: tuple[float, ...]  # the smallest is the best
    at: int
    rule: Rule
    is_exact: bool
    is_far: bool
    is_plain: bool


def find_title(page_title: str, url: str, metadata: Metadata, blocks: Sequence[Block], stretch: tuple[int, int] | None) -> Headline:
    """Return the title with its rule, and the positions of its blocks. The text is None if there is none.

    The first choice is the block that matches a title in the metadata (headline, og:title), a part of `<title>` or the words
    of the URL. The second is the nearest heading above the text, the third the value in the metadata or in `<title>`.
    Names of the site and captions ("Chi tiết tin") are never titles.
    """
    from_metadata = tuple(one for one in metadata.title if len(one.value) >= SHORTEST_TITLE and not _names_frame(one.value))
    view = View(page_title, url, blocks, _text_at(blocks, stretch), from_metadata)
    parts = _parts(page_title)
    wanted = [(one.value, Rule(_HEADING_CODES[one.code], one.name)) for one in from_metadata] + [
        (part, _FROM_TITLE_ELEMENT) for part in parts
    ]
    found = sorted(_named_blocks(view, wanted), key=lambda one: (one.weight, one.at))
    nearest, is_certain = nearest_heading(view)
    if found and _is_believed(view, found[0], nearest, is_certain=is_certain):
        best = found[0].at
        places = tuple(
            dict.fromkeys([best, *(one.at for one in found if spelling_key(blocks[one.at].text) == spelling_key(blocks[best].text))])
        )
        shown = _without_kicker(blocks[best].text, from_metadata)
        return Headline(Text(_repaired(shown), found[0].rule), places)
    if nearest is not None and (is_certain or not (from_metadata and len(from_metadata[0].value) > _SURE)):
        shown = _without_kicker(blocks[nearest].text, from_metadata)
        return Headline(Text(_repaired(shown), Rule(RuleCode.GENERIC_HEADING_ABOVE_TEXT)), (nearest,))
    if wanted:
        value, rule = (
            (from_metadata[0].value, from_metadata[0].rule) if from_metadata else (max(parts, key=len), Rule(RuleCode.TITLE_ELEMENT))
        )
        return Headline(Text(_repaired(value), rule), (nearest,) if nearest is not None else ())
    return Headline(Text(None, Rule(RuleCode.NOT_ON_PAGE)))


def _named_blocks(view: View, wanted: Sequence[tuple[str, Rule]]) -> Iterator[_Named]:
    """Yield the blocks that match the words of the URL or one of `wanted`, pairs of a value and its rule."""
    slug = slug_of(view.url)
    values = len(
        view.from_metadata
    )  # `wanted` begins with the values in the metadata; the URL comes after them, and before the parts of `<title>`
    keys = [spelling_key(value) for value, _ in wanted]
    beginnings = tuple(one for one in (*keys, slug) if one)
    heads = tuple(one[:_HEAD] for one in beginnings)
    for at, block in enumerate(view.blocks):
        if not SHORTEST_TITLE <= len(block.text) <= LONGEST_TITLE:
            continue
        beginning = _beginning(block.text[:_BEGINNING])
        if not beginning or (len(beginning) >= _HEAD and not beginning.startswith(heads)):
            continue
        if not any(one.startswith(beginning[: len(one)]) for one in beginnings):
            continue
        heading = spelling_key(block.text)
        agreed = [
            (how, max(0, order - values), order if order < values else order + 1, rule)
            for order, ((value, rule), wanted_key) in enumerate(zip(wanted, keys, strict=True))
            if (how := _agrees(heading, wanted_key, is_cut=_is_cut(value))) is not None
        ]
        if slug and (how := agrees_with_slug(heading, slug)) is not None:
            agreed.append((how, 0, values, _FROM_URL))
        if agreed and (named := _named(view, at, min(agreed))) is not None:
            yield named


@lru_cache(maxsize=8192)  # most blocks are menus, which are the same on all pages of a site
def _beginning(text: str) -> str:
    return spelling_key(text)


def _named(view: View, at: int, agreed: tuple[int, int, int, Rule]) -> _Named | None:
    """Return a matching block with its weight; None if it links to another page, belongs to the frame, or is too short to decide."""
    block = view.blocks[at]
    how, part, _, rule = agreed
    rank = rank_of(block)
    linked = block.is_linked
    if linked and block.tag not in ("h1", "h2") and view.title_links_elsewhere(at):
        return None
    if len(block.text) <= SHORT and rank == PLAIN_RANK and not view.has_date_below(at):
        return None
    if view.is_frame(at):
        return None
    # The name of a site or a section is far above the text, or in its menu.
    far = (rank == PLAIN_RANK or rule is _FROM_TITLE_ELEMENT) and view.text_at is not None and not 0 <= view.text_at - at <= NEAR
    weight = (far, block.beside or linked, rank == PLAIN_RANK, how, part, rank, abs((view.text_at or 0) - at))
    return _Named(weight, at, rule, is_exact=how == 0, is_far=far, is_plain=rank == PLAIN_RANK)


def _is_believed(view: View, named: _Named, nearest: int | None, *, is_certain: bool) -> bool:
    """Return True if the best matching block is the title, and not the nearest heading above the text."""
    shown = view.blocks[named.at].text
    if not named.is_exact and len(shown) < CERTAIN_SPELLING:
        return False
    if nearest is None:
        return True
    other = view.blocks[nearest].text
    if named.is_far or spelling_key(other) == spelling_key(shown):
        return not named.is_far
    # The match is the name of a section in plain letters above the title, or of a section or the site above a title with a date.
    if named.rule is _FROM_TITLE_ELEMENT and named.at < nearest and named.is_plain and len(other) > max(_PLAIN_SECTION, len(shown)):
        return False
    return not (
        is_certain
        and named.at < nearest
        and (is_section_name(shown) or (named.rule is _FROM_TITLE_ELEMENT and len(spelling_key(shown)) < _SURE))
    )


def _text_at(blocks: Sequence[Block], stretch: tuple[int, int] | None) -> int | None:
    """Return the position of the first block of the text that is longer than most titles.

    If no block is, the title and the date are inside the stretch, so the position after the date is returned, or one a few blocks after the
    start of the stretch.
    """
    if stretch is None:
        return None
    for at in range(stretch[0], stretch[1] + 1):
        block = blocks[at]
        if len(block.text) >= _PARAGRAPH and not block.beside and not _is_long_title(blocks, at):
            return at
    end = min(stretch[1], stretch[0] + _HEAD_OF_STRETCH)
    # A heading after the date is the title, and the text begins after it.
    dated = next((at + 1 for at in range(stretch[0] + 1, end) if is_date_line(blocks[at].text) and not is_strong(blocks[at + 1])), end)
    return _above_last_date(blocks, stretch[0], dated)


def _above_last_date(blocks: Sequence[Block], first: int, end: int) -> int:
    """Return the position after a heading that has several lines of text below it, all before `end`; else `end`. A date may be below the text."""
    headings = [at for at in range(first, end) if blocks[at].tag in RANK]
    if not headings:
        return end
    lines = [block for block in blocks[headings[-1] + 1 : end] if len(block.text) >= TEXT_LINE and not is_date_line(block.text)]
    return headings[-1] + 1 if len(lines) > 1 and sum(len(block.text) for block in lines) >= SURE_TEXT else end


def _is_long_title(blocks: Sequence[Block], at: int) -> bool:
    """Return True if a long block is a title: it looks like a heading, and the line right below it holds only a date."""
    block = blocks[at]
    return len(block.text) <= LONGEST_TITLE and is_strong(block) and at + 1 < len(blocks) and is_date_line(blocks[at + 1].text)


def _names_frame(text: str) -> bool:
    """Return True if a text holds only captions and names of a host, site or section: "Chi tiết tin - Sở Y tế Hoa Lư"."""
    parts = (part.strip() for part in _MARK.split(text) if part.strip())
    return all(is_caption(part) or is_section_name(part) or is_site_name(part) or _HOST.fullmatch(part) is not None for part in parts)


def _without_kicker(shown: str, from_metadata: Sequence[MetadataValue]) -> str:
    """Return a heading without the words above its headline, if the title in the metadata does not have them either."""
    heading = spelling_key(shown)
    ends = (
        one.value
        for one in from_metadata
        if CERTAIN_SPELLING <= len(spelling_key(one.value)) < len(heading) and heading.endswith(spelling_key(one.value))
    )
    return max(ends, key=len, default=shown)


def _repaired(text: str) -> str:
    return repair_entities(clean(text))[0]


def _parts(page_title: str) -> list[str]:
    """Return the whole `<title>` and its parts between separators ("-", "|", "»"), the longest first.

    Captions and names of sites are left out: "Chi tiết tin - Sở Y tế Hoa Lư" has no part that can be a title.
    """
    pieces = (page_title, *_MARK.split(page_title))
    parts = {piece.strip() for piece in pieces if len(piece.strip()) >= SHORTEST_TITLE}
    return sorted((part for part in parts if not _names_frame(part)), key=lambda part: (-len(part), part))


def _is_cut(from_metadata: str) -> bool:
    """Return True if a text was cut short with dots."""
    return from_metadata.rstrip().endswith(("...", "…"))


def _agrees(one: str, other: str, *, is_cut: bool) -> int | None:
    """Return 0 if both keys are equal, 1 if one is the beginning of the other, None if they differ."""
    if not one or not other:
        return None
    if one == other:
        return 0
    # The name of the site may follow the title without a separator, and a long title is cut short with dots.
    if other.startswith(one) and len(one) * 2 > len(other):
        return 1
    if one.startswith(other) and (len(other) / len(one) > CUT_SHARE or (is_cut and len(other) >= _SURE)):
        return 1
    return None
