"""Recognises menus, breadcrumbs and headings of boxes by their structure: blocks of short links with hardly any other text. Pure.

Names of classes say little: one theme calls its menu "a1", and another calls its list of news "menu-news".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.parse.discover.pagers import LATER, SYMBOLS
from scraper.parse.tree.page_tree import PageTree, text_of
from scraper.text import clean, fold

LINKS = "a[href], area[href]"
SHORT_WORDS = 7  # names of sections have up to seven words ("Phổ biến giáo dục pháp luật" has six); most headlines have more
_HEADLINE = 20  # characters of a headline; names of sections and tools are mostly shorter, or have fewer words
_HEADLINE_WORDS = 5  # words of a shorter headline
_MEAN = 30  # characters of a label, on average: seven words of four letters; headlines have 40 and more
_FEWEST = 3  # links of a block; two links side by side are also "Xem tiếp" and "Bình luận" below a teaser
_UNLINKED_SHARE = 0.25  # of the text of a block outside its links: the title of the box, bars and arrows between the links
_UNLINKED = 24  # characters of it that are always allowed: "Danh mục tin:" in a box of three links
_STEPS = 9  # elements around a link; old themes nest tables, and each table has three levels
_MOST = 200  # links of one block that are looked at; a bound against hostile input
_LONGEST_CRUMBS = 300  # characters of a breadcrumb, with the headline at its end
_MOST_CRUMBS = 6  # links of a breadcrumb
_HOME = re.compile(r"trang (?:chu|nhat|dau)|home(?: ?page)?|tin chinh")
_HOME_PATH = re.compile(r"/?(?:(?:index|default|home|trang-?chu)(?:\.\w{2,5})?)?/?", re.IGNORECASE)
_TAGS = re.compile(r"\W*(?:tu khoa|tags?|the|keywords?|nhan)\b.{0,20}:")  # words before the keywords of an article
# Words before the name of the category of an article: "Chuyên mục: Sở hữu trí tuệ", "Posted in Tin tức".
_CATEGORY = re.compile(
    r"\W*(?:chuyen (?:muc|de)|danh muc|the loai|thu muc|muc|nhom tin|loai tin|dang trong|category|categories|posted (?:in|under)|filed under)\b"
)
_LONGEST_LABELLED = 100  # characters of such a line, with the names of three categories
_ALL = re.compile(r"\W*(?:xem )?(?:tat ca|toan bo)(?: (?:cac )?(?:tin|bai)\w*(?: \w+)?)?\W*|\W*(?:view|see) all\W*")
_DATED = re.compile(r"(?:thang|nam|quy|tuan|ngay) [\d(]|\d{1,2}[/.-]\d{4}")  # an archive by month has the same articles once more
_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"[^\W\d_]")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "th", "caption", "legend"))
_HEADING_STEPS = 3  # elements between a link and the heading around it


class Place(IntEnum):
    """How sure it is that a block of links is a menu."""

    ELSEWHERE = 0
    MENU = 1  # the labels of most links are not longer than the name of a section can be
    SURE = 2  # a breadcrumb, or a menu in which most labels are shorter than any headline


class Menus:
    """The menus of a page. The verdict on each block is kept, because its links are looked at one after the other."""

    def __init__(self, tree: PageTree) -> None:
        self._tree = tree
        self._verdicts: dict[int, Place] = {}  # by the id of an element
        self._lines: dict[int, str | None] = {}  # by the id of an element: its folded text, None if it is long

    def place_of(self, node: LexborNode) -> Place:
        """Return whether a link is in a menu or in a breadcrumb."""
        seen: list[int] = []
        verdict = Place.ELSEWHERE
        box = node.parent
        for _ in range(_STEPS):
            if box is None or box.tag in ("body", "html"):
                break
            known = self._verdicts.get(box.mem_id)
            if known is None:
                known = self._judge(box)
            if known is not None:
                verdict = known
                seen.append(box.mem_id)
                break
            seen.append(box.mem_id)
            box = box.parent
        for element in seen:
            self._verdicts[element] = verdict
        return verdict

    def names_category(self, link: LexborNode) -> bool:
        """Return True if a link names the category of an article: it has `rel=category`, or "Chuyên mục:" or similar words precede it."""
        if "category" in (link.attributes.get("rel") or "").split():
            return True
        box = link.parent
        for _ in range(_HEADING_STEPS):
            if box is None or box.tag in ("body", "html") or (line := self._line(box)) is None:
                return False
            if _CATEGORY.match(line):
                return True
            box = box.parent
        return False

    def _line(self, box: LexborNode) -> str | None:
        """Return the folded text of an element, or None if it is too long for the category of an article. It is kept: one element may be
        around thousands of links."""
        if box.mem_id not in self._lines:
            text = clean(box.text() or "")
            self._lines[box.mem_id] = fold(text) if len(text) <= _LONGEST_LABELLED else None
        return self._lines[box.mem_id]

    def _judge(self, box: LexborNode) -> Place | None:
        """Return the verdict on a block of several links, or on a breadcrumb; None for an element with too few links."""
        links = box.css(LINKS)[:_MOST]
        if _begins_at_home(self._tree, box, links):
            return Place.SURE
        if len(links) < _FEWEST:
            return None
        place = _place(links, _shown(box))
        return max(place, Place.MENU) if box.tag in ("nav", "footer") else place


def _begins_at_home(tree: PageTree, box: LexborNode, links: Sequence[LexborNode]) -> bool:
    """Return True if the first link of a short block leads to the home page, as that of a breadcrumb does."""
    if not links or len(links) > _MOST_CRUMBS:
        return False
    label = fold(label_of(links[0])).strip(" »>›|")
    if not _HOME.fullmatch(label):
        url = tree.link(links[0])
        if url is None or not _HOME_PATH.fullmatch(urlsplit(url).path) or urlsplit(url).query or len(links) < 2:
            return False
    return len(_shown(box)) <= _LONGEST_CRUMBS


def _shown(box: LexborNode) -> str:
    """Return the text of an element, without its scripts."""
    text = clean(box.text() or "")
    for hidden in box.css("script, style"):
        text = text.replace(clean(hidden.text() or ""), "", 1)
    return text


def _place(links: Sequence[LexborNode], shown: str) -> Place:
    """Return whether several links with short labels fill a block. `shown`: the text of the block."""
    labels = _labels(links)
    if len({link.attributes.get("href") for link in links}) < _FEWEST or _TAGS.match(fold(shown[:_LONGEST_CRUMBS])):
        return Place.ELSEWHERE
    long = sum(len(_WORD.findall(label)) > SHORT_WORDS for label in labels)
    # The last page of a list may have one headline, above the numbers of all pages.
    named = [label for label in labels if _LETTER.search(label) and fold(label).strip(SYMBOLS) not in LATER]
    if sum(map(len, labels)) > _MEAN * len(labels) or long * 2 > len(named or labels):
        return Place.ELSEWHERE
    if len(shown) - sum(len(label_of(link)) for link in links) > max(_UNLINKED, _UNLINKED_SHARE * len(shown)):
        return Place.ELSEWHERE
    return Place.SURE if sum(map(is_headline, labels)) * 2 <= len(labels) else Place.MENU


def _labels(links: Sequence[LexborNode]) -> list[str]:
    """Return the labels of links. Of several links to one page, only the longest counts: a picture beside a headline has mostly no words."""
    by_url: dict[str, str] = {}
    others: list[str] = []
    for link in links:
        url, label = link.attributes.get("href") or "#", label_of(link)
        if url.startswith(("#", "javascript:")):
            others.append(label)
        else:
            by_url[url] = max(by_url.get(url, ""), label, key=len)
    return [*by_url.values(), *others]


def is_above(url: str, page: str) -> bool:
    """Return True if the path of a URL is a folder of the path of a page: `/tin-tuc.html` is above `/tin-tuc/bai-12.html`."""
    folder, own = urlsplit(url), urlsplit(page)
    name = re.sub(r"\.\w{2,5}$", "", folder.path.rstrip("/"))
    return bool(name) and not folder.query and not _HOME_PATH.fullmatch(name) and own.path.startswith(name + "/")


def label_of(link: LexborNode) -> str:
    """Return the words of a link: its text, its title, or the description of its picture; "" if it has none."""
    text = text_of(link)
    if text:
        return text
    picture = link.css_first("img[alt], img[title]")
    words = [link.attributes.get("title"), link.attributes.get("alt")]
    if picture is not None:
        words += [picture.attributes.get("alt"), picture.attributes.get("title")]
    return next((clean(word) for word in words if word and word.strip()), "")


def is_headline(label: str) -> bool:
    """Return True if the words of a link are as many as those of a headline. Some names of sections are as long."""
    return len(label) >= _HEADLINE or len(label.split()) >= _HEADLINE_WORDS


def is_name(label: str) -> bool:
    """Return True if the words of a link can be the name of a section: few words with letters, and no date."""
    if not _LETTER.search(label) or len(_WORD.findall(label)) > SHORT_WORDS:
        return False
    return not (any(map(str.isdigit, label)) and _DATED.search(fold(label)))


def is_heading(link: LexborNode) -> bool:
    """Return True if a link is the whole heading of a box, or says that it leads to all news of one ("Xem tất cả")."""
    if _ALL.fullmatch(fold(text_of(link))):
        return True
    box = link.parent
    for _ in range(_HEADING_STEPS):
        if box is None:
            return False
        if box.tag in _HEADINGS:
            return True
        box = box.parent
    return False
