"""Handles an article on several pages: finds the link to its next page, and joins all pages into one article. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.model import Article, Link, LinkRole, SharedDate
from scraper.parse.discover.pagers import NEXT, SYMBOLS
from scraper.parse.enrich.enrichment import complete
from scraper.parse.tree.page_tree import PageTree, text_of
from scraper.rule_codes import RuleCode
from scraper.text import fold
from scraper.urls import host_of

_NAME = r"(?:page|trang|paged|pageno|pageindex|pg|p|phan|part|start|limitstart)"
# The forms of a page number in a URL. The URL without it belongs to the first page. The last two forms are bare numbers.
_NUMBERED = (
    re.compile(rf"(?<=[?&]){_NAME}=(\d{{1,3}})(?:&|$)", re.IGNORECASE),
    re.compile(rf"[/_.-]{_NAME}[/_.-]?(\d{{1,3}})(?=/?$|\.\w{{2,5}}$|/?\?)", re.IGNORECASE),
    re.compile(r"_(\d{1,2})(?=\.\w{2,5}$)"),
    re.compile(r"/(\d{1,2})/?$"),
)
_PAGE_NUMBER = re.compile(r"(?:trang|page|phan|part)\s*(\d{1,3})$")
_TITLE_OF_PAGE = re.compile(r"^(?:trang|page)\s*\d{1,3}\s*[:–-]\s*")
_COMMENTS = re.compile(r"comment|binh-?luan|phan-?hoi|y-?kien", re.IGNORECASE)
_OTHERS = re.compile(r"related|lien-?quan|(?:tin|bai)-?(?:khac|cung|moi|cu)|other-?news|same-?cat|xem-?them", re.IGNORECASE)
_STEPS_OUT = 6  # from a link to the box that names its list
_NEAR = 4  # steps to the box with the titles that a pager of other articles is below
_TITLE = 20  # characters of the title of another article
_TEXT = 600  # characters; a box with more is not only a pager and its list
_NUMBER_AFTER = re.compile(rb"(?:\.\w{2,5})?[/_.?;-]+(?:amp;)?(?:\w+[=/_.-]?)?\d")  # after the name of a page in its URL
_REL_NEXT = ('rel="next', "rel='next", "rel=next")
_OWN_QUERY = ('href="?', "href='?")


def next_part(tree: PageTree, hosts: Collection[str]) -> Link | None:
    """Return the link to the next page of the same article, or None. Its URL is the URL of this page with another page number.

    `rel=next` with a different URL is the next *article* (WordPress), and not a part of this one.
    """
    here = dict(_numbers(tree.url))
    here.setdefault(_bare(tree.url), 1)
    if not _may_have_parts(tree, here):
        return None
    for url in _candidates(tree, here):
        if host_of(url) in hosts and any(_follows(here, tree.url, base, number) for base, number in _numbers(url)):
            return Link(url, LinkRole.PART)
    return None


def _follows(here: dict[str, int], own: str, base: str, number: int) -> bool:
    """Return True if a numbered URL is the next page. Some systems count from 0: then the page after the first has the number 1."""
    return here.get(base) == number - 1 or (number == 1 and base == _bare(own))


def _may_have_parts(tree: PageTree, here: Collection[str]) -> bool:
    """Return True if the links must be searched. Most pages have neither `rel=next` nor a longer link that begins with their own URL.

    `here`: the possible URLs of this page without its page number.
    """
    source = tree.encoded
    if any(tree.mentions(mark) and mark.encode() in source for mark in (*_REL_NEXT, *_OWN_QUERY)):
        return True
    names = {urlsplit(base).path.rstrip("/").rpartition("/")[2].partition(".")[0].encode() for base in here}
    return any(_is_numbered(source, name) for name in names if name)


def _is_numbered(source: bytes, name: bytes) -> bool:
    """Return True if a page number follows a name anywhere. The pattern is compiled once, which a pattern with the name would not be."""
    at = source.find(name)
    while at >= 0:
        if _NUMBER_AFTER.match(source, at + len(name)) is not None:
            return True
        at = source.find(name, at + 1)
    return False


def _candidates(tree: PageTree, here: dict[str, int]) -> Iterator[str]:
    """Yield the URLs of links with words that mean the next page: "Trang sau", "2", or `rel=next`."""
    wanted = {str(number + more) for number in here.values() for more in (1, 2)}  # 2 if the URLs count from 0
    nodes = tree.css("link[rel~=next][href]") + tree.css("a[rel~=next][href]")
    for node in tree.css("a[href]"):
        words = fold(text_of(node))
        plain = words.strip(SYMBOLS)
        number = _PAGE_NUMBER.search(plain) if len(plain) < 30 else None
        if words.strip("[]() .") in NEXT or plain in NEXT or plain in wanted or (number is not None and number[1] in wanted):
            nodes.append(node)
    for node in nodes:
        url = tree.link(node)
        if url is not None and not (node.tag == "a" and _is_of_another_list(node)):
            yield url


def _is_of_another_list(node: LexborNode) -> bool:
    """Return True if the pager with a link belongs to the comments, or to a list of other articles below the text.

    The boxes around the link say so by their names, or the closest one with more than the pager consists of links with long words.
    """
    if _COMMENTS.search((node.attributes.get("href") or "").partition("#")[2]):
        return True
    box = node.parent
    for step in range(_STEPS_OUT):
        if box is None or box.tag in ("body", "main", "article", "html"):
            return False
        attributes = box.attributes
        named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if _COMMENTS.search(named) or _OTHERS.search(named):
            return True
        words = len(text_of(box))
        titles = [len(text_of(link)) for link in box.css("a[href]")]
        titles = [length for length in titles if length >= _TITLE]
        if step < _NEAR and len(titles) >= 2 and sum(titles) * 2 > words:
            return True
        if words > _TEXT:
            return False
        box = box.parent
    return False


def _numbers(url: str) -> Iterator[tuple[str, int]]:
    """Yield the possible readings of a URL as a numbered page: the URL without the number, and the number."""
    for pattern in _NUMBERED:
        match = pattern.search(url)
        if match is not None:
            yield _bare(url[: match.start()] + url[match.end() :]), int(match[1])


def _bare(url: str) -> str:
    return url.rstrip("/?&")


def is_part(first: Article, other: Article) -> bool:
    """Return True if another page is a part of the same article: its title is the same, except for a page number ("Trang 2: ...")."""
    one, another = (_TITLE_OF_PAGE.sub("", fold(article.title.value or "")) for article in (first, other))
    return bool(one) and (another.startswith(one) or one.startswith(another)) and bool(another)


def joined(first: Article, later: Sequence[Article], shared: Collection[SharedDate] = ()) -> Article:
    """Return one article from the first page and the later ones. Paragraphs that later pages repeat (the summary) are added only once."""
    paragraphs = (first.body.value or "").split("\n\n")
    attachments = {one.url: one for one in first.attachments}
    bold = list(first.bold_lines)
    for article in later:
        seen = set(paragraphs)
        paragraphs += [one for one in (article.body.value or "").split("\n\n") if one and one not in seen]
        attachments |= {one.url: one for one in article.attachments if one.url not in attachments}
        bold += article.bold_lines
    rule = replace(first.body.rule, notes=(*first.body.rule.notes, RuleCode.PAGES_JOINED))
    body = replace(first.body, value="\n\n".join(one for one in paragraphs if one), rule=rule)
    whole = replace(first, body=body, attachments=tuple(attachments.values()), bold_lines=tuple(bold))
    return complete(whole, shared)
