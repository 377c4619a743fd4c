"""How a block looks as a heading: its tag, class and letters, the date below it, and if it names the site or links to another page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborNode

from scraper.parse.fields.metadata import MetadataValue
from scraper.parse.generic.captions import is_caption, is_site_name
from scraper.parse.generic.class_names import around_text, names_of
from scraper.parse.generic.date_lines import SHORT_DATED, is_date_line
from scraper.parse.generic.lengths import STEPS_OUT
from scraper.parse.generic.text_blocks import Block, in_one_row

RANK = {"h1": 0, "h2": 1, "h3": 2, "h4": 3, "h5": 3}
MARKED_RANK, PLAIN_RANK = 4, 5  # an element with "title" in its class or id, and one without any such word
SHORT = 8  # characters; a shorter line is a title only with the tag or class of a heading, because menu items are as short
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
_DATE_WITHIN = 3  # blocks below a title that may hold its date: a counter or an author may be between them
_BESIDE_SUBTITLE = 2  # blocks between a sub-title and its title
_MOST_LINKS = 3  # links of a block that are checked; a bound against hostile input


@dataclass(frozen=True, slots=True)
class View:
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
            if len(self.blocks[below].text) > SHORT_DATED or (self.blocks[below].tag in RANK and not self.is_subtitle(below)):
                return False
        return False

    def is_subtitle(self, at: int) -> bool:
        """Return True if a block names itself the sub-title or the kicker of a heading close to it."""
        near = range(max(0, at - _BESIDE_SUBTITLE), min(len(self.blocks), at + _BESIDE_SUBTITLE + 1))
        return _SUBTITLE.search(self.blocks[at].marked) is not None and any(
            self.blocks[one].tag in RANK and one != at and _SUBTITLE.search(self.blocks[one].marked) is None for one in near
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


def rank_of(block: Block) -> int:
    """Return the rank of a block as a heading, 0 for `<h1>`: that of its tag, else MARKED_RANK or PLAIN_RANK, by its class."""
    return RANK.get(block.tag, MARKED_RANK if _TITLE_MARK.search(block.marked) else PLAIN_RANK)


def is_strong(block: Block) -> bool:
    """Return True if the tag, the class or the bold letters of a block are those of a heading."""
    return block.tag in RANK or is_marked(block) or is_bold(block)


_LARGE = re.compile(
    r"font-weight\s*:\s*(?:bold|[6-9]00)|font-size\s*:\s*(?:(?:1[6-9]|[2-9]\d)(?:\.\d+)?(?:px|pt)|1\.[2-9]\d*r?em|x?-?large)", re.IGNORECASE
)


def is_bold(block: Block) -> bool:
    """Return True if nearly all of a block is bold, or its style sets a large or bold font."""
    return block.is_bold or any(_LARGE.search(attributes.get("style") or "") for attributes in around_text(block))


def is_marked(block: Block) -> bool:
    """Return True if "title" is in a class or id of the block, of its parent, or of the inline element that holds all of its text."""
    return _TITLE_MARK.search(names_of(block)) is not None


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
