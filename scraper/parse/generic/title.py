"""Finds the title of an article on a page of unknown layout: the visible heading, checked against metadata, `<title>` and URL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborNode

from scraper.model import Rule, Text
from scraper.parse.body.boilerplate import is_label
from scraper.parse.fields.metadata import Metadata, MetadataValue
from scraper.parse.generic.captions import is_caption, is_section_name, is_site_name
from scraper.parse.generic.class_names import around_text, names_of
from scraper.parse.generic.page_dates import SHORT_DATED, is_date_line
from scraper.parse.generic.spelling_key import CERTAIN_SPELLING, spelling_key
from scraper.parse.generic.text_blocks import STEPS_OUT, SURE_TEXT, TEXT_LINE, Block, in_one_row
from scraper.parse.tree.entities import repair_entities
from scraper.rule_codes import RuleCode
from scraper.text import clean, fold

_MARK = re.compile(r"\s+(?:[-|–—»:•·]|::)\s+|\s*\|\s*|\s*»\s*")
_RANK = {"h1": 0, "h2": 1, "h3": 2, "h4": 3, "h5": 3}
_MARKED_RANK, _PLAIN_RANK = 4, 5  # an element with "title" in its class or id, and one without any such word
# Classes and ids of elements that hold a title. ASP.NET pages keep the end of an id for years, also after a new design:
# "ctl00_main_lblTitle", "lbTieuDe".
_TITLE_MARK = re.compile(
    r"title|headline|tieu-?_?de|header|(?<![a-z])tit(?![a-z])|lbl?_?(?:ten|subject)|ten_?-?(?:bai|tin)|subject|(?:post|entry|news|article|content|detail)[-_]?heading",
    re.IGNORECASE,
)
# Lines beside a headline that are headings, too: a sub-title below it, a kicker above it.
_SUBTITLE = re.compile(r"sub-?_?(?:title|head)|kicker|eyebrow|overline|pre-?title|phu-?de|tieu-?de-?phu", re.IGNORECASE)
_BANNER = re.compile(
    r"(?:^|[\s_-])(?:logo|banner|masthead|slogan|site-?(?:name|title|header|branding)|top-?(?:bar|header))\w*(?:$|[\s_-])", re.IGNORECASE
)
SHORTEST, LONGEST = 3, 600  # characters; the longest title of 2,000 real articles has 410
_SHORT = 8  # characters; a shorter line is a title only with the tag or class of a heading, because menu items are as short
_BEGINNING = 16  # characters of a block that are compared first, because nearly all blocks differ from every title within them
_HEAD = 3  # letters of the key that are compared even earlier
_CERTAIN_SLUG = 30  # letters of a URL; no name of a section is as long
_FROM_TITLE_ELEMENT = Rule(RuleCode.GENERIC_HEADING_TITLE_ELEMENT)
_FROM_URL = Rule(RuleCode.GENERIC_HEADING_URL)
# The rule of a heading that repeats a title in the metadata.
_HEADING_CODES = {
    RuleCode.JSON_LD: RuleCode.GENERIC_HEADING_JSON_LD,
    RuleCode.MICRODATA: RuleCode.GENERIC_HEADING_MICRODATA,
    RuleCode.META: RuleCode.GENERIC_HEADING_META,
}
_NEAR = 14  # blocks above the text that may hold its title
_DATE_WITHIN = 3  # blocks below a title that may hold its date: a counter or an author may be between them
_BESIDE_SUBTITLE = 2  # blocks between a sub-title and its title
_SURE = 20  # letters of a title that nothing else on a page repeats by chance; names of sections have up to 17 ("Đấu thầu mua sắm công")
_CUT_SHARE = 0.7  # of the letters of a title that is cut short or has the name of the site after it
_PLAIN_SECTION = 30  # characters of a heading that is more likely the title than a shorter line in plain letters above it
_PARAGRAPH = 130  # characters; most titles are shorter
_HEAD_OF_STRETCH = 6  # blocks at the beginning of a stretch without a paragraph that may be title and date
_MOST_LINKS = 3  # links of a block that are checked; a bound against hostile input
_FEWEST_HYPHENS = 3  # in the words of a URL that may spell a title; names of sections have fewer words
_SHORTEST_SLUG = 15  # letters of such words


@dataclass(frozen=True, slots=True)
class Headline:
    """The title with its rule, and the positions of the blocks that show it, the best first."""

    text: Text
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _View:
    """The parts of a page that the features of a title use."""

    page_title: str
    url: str
    blocks: Sequence[Block]
    text_at: int | None  # the first block of the text
    from_metadata: tuple[MetadataValue, ...]  # the values in the metadata that can be a title

    def has_date_below(self, at: int) -> bool:
        """Return True if a line that holds only a date is right below a block, and not in another cell of its row."""
        for below in range(at + 1, min(len(self.blocks), at + 1 + _DATE_WITHIN)):
            if in_one_row(self.blocks[at], self.blocks[below]):
                return False
            if is_date_line(self.blocks[below].text):
                return True
            if len(self.blocks[below].text) > SHORT_DATED or (self.blocks[below].tag in _RANK and not self.is_subtitle(below)):
                return False
        return False

    def is_subtitle(self, at: int) -> bool:
        """Return True if a block names itself the sub-title or the kicker of a heading close to it."""
        near = range(max(0, at - _BESIDE_SUBTITLE), min(len(self.blocks), at + _BESIDE_SUBTITLE + 1))
        return _SUBTITLE.search(self.blocks[at].marked) is not None and any(
            self.blocks[one].tag in _RANK and one != at and _SUBTITLE.search(self.blocks[one].marked) is None for one in near
        )

    def title_links_elsewhere(self, at: int) -> bool:
        """Return True if a block is a link to another page. A title may link to its own page."""
        block = self.blocks[at]
        return block.is_linked and not _links_to(block.node, self.url)

    def is_frame(self, at: int) -> bool:
        """Return True if a block names the site or is a caption of the program."""
        text = self.blocks[at].text
        if is_caption(text):
            return True
        if not is_site_name(text):
            return False
        dated = at + 1 < len(self.blocks) and is_date_line(self.blocks[at + 1].text)
        return not dated or in_banner(self.blocks[at].node)


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
    from_metadata = tuple(one for one in metadata.title if len(one.value) >= SHORTEST and not _names_frame(one.value))
    view = _View(page_title, url, blocks, _text_at(blocks, stretch), from_metadata)
    parts = _parts(page_title)
    wanted = [(one.value, Rule(_HEADING_CODES[one.code], one.name)) for one in from_metadata] + [
        (part, _FROM_TITLE_ELEMENT) for part in parts
    ]
    found = sorted(_named_blocks(view, wanted), key=lambda one: (one.weight, one.at))
    nearest, is_certain = _nearest_heading(view)
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


def _named_blocks(view: _View, wanted: Sequence[tuple[str, Rule]]) -> Iterator[_Named]:
    """Yield the blocks that match the words of the URL or one of `wanted`, pairs of a value and its rule."""
    slug = _slug(view.url)
    values = len(
        view.from_metadata
    )  # `wanted` begins with the values in the metadata; the URL comes after them, and before the parts of `<title>`
    keys = [spelling_key(value) for value, _ in wanted]
    beginnings = tuple(one for one in (*keys, slug) if one)
    heads = tuple(one[:_HEAD] for one in beginnings)
    for at, block in enumerate(view.blocks):
        if not SHORTEST <= len(block.text) <= LONGEST:
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
        if slug and (how := _agrees_with_slug(heading, slug)) is not None:
            agreed.append((how, 0, values, _FROM_URL))
        if agreed and (named := _named(view, at, min(agreed))) is not None:
            yield named


@lru_cache(maxsize=8192)  # most blocks are menus, which are the same on all pages of a site
def _beginning(text: str) -> str:
    return spelling_key(text)


def _named(view: _View, at: int, agreed: tuple[int, int, int, Rule]) -> _Named | None:
    """Return a matching block with its weight; None if it links to another page, belongs to the frame, or is too short to decide."""
    block = view.blocks[at]
    how, part, _, rule = agreed
    rank = _rank(block)
    linked = block.is_linked
    if linked and block.tag not in ("h1", "h2") and view.title_links_elsewhere(at):
        return None
    if len(block.text) <= _SHORT and rank == _PLAIN_RANK and not view.has_date_below(at):
        return None
    if view.is_frame(at):
        return None
    # The name of a site or a section is far above the text, or in its menu.
    far = (rank == _PLAIN_RANK or rule is _FROM_TITLE_ELEMENT) and view.text_at is not None and not 0 <= view.text_at - at <= _NEAR
    weight = (far, block.beside or linked, rank == _PLAIN_RANK, how, part, rank, abs((view.text_at or 0) - at))
    return _Named(weight, at, rule, is_exact=how == 0, is_far=far, is_plain=rank == _PLAIN_RANK)


def _is_believed(view: _View, named: _Named, nearest: int | None, *, is_certain: bool) -> bool:
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
    dated = next((at + 1 for at in range(stretch[0] + 1, end) if is_date_line(blocks[at].text) and not _is_strong(blocks[at + 1])), end)
    return _above_last_date(blocks, stretch[0], dated)


def _above_last_date(blocks: Sequence[Block], first: int, end: int) -> int:
    """Return the position after a heading that has several lines of text below it, all before `end`; else `end`. A date may be below the text."""
    headings = [at for at in range(first, end) if blocks[at].tag in _RANK]
    if not headings:
        return end
    lines = [block for block in blocks[headings[-1] + 1 : end] if len(block.text) >= TEXT_LINE and not is_date_line(block.text)]
    return headings[-1] + 1 if len(lines) > 1 and sum(len(block.text) for block in lines) >= SURE_TEXT else end


def _is_long_title(blocks: Sequence[Block], at: int) -> bool:
    """Return True if a long block is a title: it looks like a heading, and the line right below it holds only a date."""
    block = blocks[at]
    return len(block.text) <= LONGEST and _is_strong(block) and at + 1 < len(blocks) and is_date_line(blocks[at + 1].text)


def _rank(block: Block) -> int:
    return _RANK.get(block.tag, _MARKED_RANK if _TITLE_MARK.search(block.marked) else _PLAIN_RANK)


def _names_frame(text: str) -> bool:
    """Return True if a text holds only captions and names of a site or section: "Chi tiết tin - Sở Y tế Hoa Lư"."""
    return all(is_caption(part) or is_section_name(part) or is_site_name(part) for part in _MARK.split(text) if part.strip())


def in_banner(node: LexborNode) -> bool:
    """Return True if an element is in the logo or the banner of a page."""
    current: LexborNode | None = node
    for _ in range(STEPS_OUT):
        if current is None or current.tag == "body":
            return False
        attributes = current.attributes
        if attributes and _BANNER.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
            return True
        current = current.parent
    return False


def _links_to(node: LexborNode, url: str) -> bool:
    """Return True if all links of an element lead to this URL itself, or nowhere ("#", "javascript:"). False without links."""
    links = node.css("a[href]") if node.tag != "a" else [node]
    outer = node.parent
    if not links and outer is not None and outer.tag == "a":
        links = [outer]
    return bool(links) and all(_is_same_page((link.attributes.get("href") or "").strip(), url) for link in links[:_MOST_LINKS])


def _is_same_page(href: str, url: str) -> bool:
    if not href or href.startswith(("#", "javascript:")):
        return True
    try:
        mine, other = urlsplit(url), urlsplit(urljoin(url, href))
    except ValueError:
        return False
    if unquote(mine.path).rstrip("/").casefold() != unquote(other.path).rstrip("/").casefold():
        return False
    own, linked = set(mine.query.casefold().split("&")) - {""}, set(other.query.casefold().split("&")) - {""}
    return own <= linked or (bool(linked) and linked <= own)


_EXTENSION = re.compile(r"\.[a-z]{2,5}$")
_ID_BEFORE = re.compile(r"^\d+-")
_ID_AFTER = re.compile(r"[a-z]?\d[\da-z]*")


def _slug(url: str) -> str:
    """Return the words of a URL: the segment with the most words, without the ids around them and without the extension.

    "/tin-tuc/12-hop-giao-ban-thang-6-153.html" gives "hopgiaobanthang".
    """
    parts = urlsplit(url)
    segments = [unquote(part) for part in re.split(r"[/=&]", f"{parts.path}/{parts.query}")]
    longest = max(segments, key=lambda part: part.count("-"), default="")
    if longest.count("-") < _FEWEST_HYPHENS:
        return ""
    words = _ID_BEFORE.sub("", fold(longest))
    extension = _EXTENSION.search(words)
    if extension is not None:
        words = words[: extension.start()]
    pieces = re.split(r"([-_.])", words)
    # Several ids in a row occur only in URLs with an extension ("-a3f-0012.htm"). Otherwise only one is removed.
    most = len(pieces) if extension is not None else 1
    while len(pieces) > 2 and most and _ID_AFTER.fullmatch(pieces[-1]):
        del pieces[-2:]
        most -= 1
    return spelling_key("".join(pieces))


def _agrees_with_slug(heading: str, slug: str) -> int | None:
    """Return 0 if a heading matches the words of the URL, which may be cut short; None if not. Both arguments are keys.

    Return 1 if the words match but are so few that they may name a section.
    """
    if len(slug) < _SHORTEST_SLUG:
        return None
    same = heading.startswith(slug) or (slug.startswith(heading) and len(heading) / len(slug) > _CUT_SHARE)
    return (0 if len(slug) >= _CERTAIN_SLUG else 1) if same else None


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
    parts = {piece.strip() for piece in pieces if len(piece.strip()) >= SHORTEST}
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
    if one.startswith(other) and (len(other) / len(one) > _CUT_SHARE or (is_cut and len(other) >= _SURE)):
        return 1
    return None


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


def _nearest_heading(view: _View) -> tuple[int | None, bool]:
    """Return the block above the text that looks most like a title, and if it is certain: a heading with its date below it."""
    text_at = view.text_at or 0
    best: tuple[float, int] | None = None
    sure: tuple[float, int] | None = None
    for at in range(max(0, text_at - _NEAR), text_at):
        if not _can_be_heading(view, at):
            continue
        dated = view.has_date_below(at)
        strong = _is_strong(view.blocks[at])
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


def _can_be_heading(view: _View, at: int) -> bool:
    """Return True if a block has the length of a title, does not link to another page and is neither a date nor part of the frame."""
    block = view.blocks[at]
    if not SHORTEST <= len(block.text) <= LONGEST or block.beside or is_date_line(block.text) or _STORY_MARK.match(block.text):
        return False
    if len(block.text) <= _SHORT and not _is_strong(block):
        return False
    if is_label(block.text) or view.is_frame(at) or view.is_subtitle(at):
        return False
    return not view.title_links_elsewhere(at)


def _is_strong(block: Block) -> bool:
    """Return True if the tag, the class or the bold letters of a block are those of a heading."""
    return block.tag in _RANK or _is_marked(block) or _is_bold(block)


_LARGE = re.compile(
    r"font-weight\s*:\s*(?:bold|[6-9]00)|font-size\s*:\s*(?:(?:1[6-9]|[2-9]\d)(?:\.\d+)?(?:px|pt)|1\.[2-9]\d*r?em|x?-?large)", re.IGNORECASE
)


def _is_bold(block: Block) -> bool:
    """Return True if nearly all of a block is bold, or its style sets a large or bold font."""
    return block.is_bold or any(_LARGE.search(attributes.get("style") or "") for attributes in around_text(block))


def _is_marked(block: Block) -> bool:
    """Return True if "title" is in a class or id of the block, of its parent, or of the inline element that holds all of its text."""
    return _TITLE_MARK.search(names_of(block)) is not None


def _heading_weight(view: _View, at: int, *, dated: bool) -> float:
    """Return how much a block looks like a title. The weights were set on the recorded sites and on pages of each platform."""
    block = view.blocks[at]
    weight = _H1_WEIGHT - _LEVEL_WEIGHT * _RANK[block.tag] if block.tag in _RANK else 0.0
    weight += _MARK_WEIGHT if _is_marked(block) else 0.0
    weight += _BOLD_WEIGHT if _is_bold(block) else 0.0
    weight += _DATE_WEIGHT if dated else 0.0
    weight += min(len(block.text), _LONG) / _LENGTH_UNIT - _DISTANCE_WEIGHT * ((view.text_at or 0) - at)
    if not is_section_name(block.text):
        return weight
    # "THÔNG BÁO" with its date below it is a title only if the page has no better one.
    return _SECTION_WEIGHT if dated and _is_strong(block) else weight - _NAME_WEIGHT
