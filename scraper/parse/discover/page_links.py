"""Finds the links of a page to articles, section pages and further list pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.model import Link, LinkRole
from scraper.parse.discover.fragments import fragment_links
from scraper.parse.discover.pagers import later_pages
from scraper.parse.discover.postbacks import postback_links
from scraper.parse.fields.written_dates import localise, read_date
from scraper.parse.tree.page_tree import PageTree, text_of
from scraper.platforms import PLAIN, PLATFORMS
from scraper.platforms.kit import Platform
from scraper.post_urls import url_of
from scraper.urls import host_of

_NOTHING: Mapping[str, date | None] = {}


def page_links(
    tree: PageTree, platform: Platform, hosts: tuple[str, ...], captured_at: datetime, listed: Mapping[str, date | None] = _NOTHING
) -> tuple[Link, ...]:
    """Return the articles, section pages and further pages that a page links to, each once, in the order of the page.

    `listed`: the entries that the general rules found in lists, by URL, each with its day. On a page of an unknown platform they
    are articles, even if their URLs and titles are too short to decide.
    """
    links: dict[tuple[LinkRole, str], Link] = {}
    for link in _articles(tree, platform, hosts, captured_at, listed):
        links.setdefault((link.role, link.key or link.url), link)
    shown = len(links)
    for link in chain(_later_pages(tree, platform, hosts, shown), _sections(tree, platform, hosts)):
        links.setdefault((link.role, link.key or url_of(link)), link)
    return tuple(links.values())


def _articles(
    tree: PageTree, platform: Platform, hosts: tuple[str, ...], captured_at: datetime, listed: Mapping[str, date | None]
) -> Iterator[Link]:
    """Yield the links to articles. A link may come several times.

    A copy of a site, or a site with a changed program, has URLs that do not match its platform. If none does, the plain rules are tried.
    """
    dated = platform.item_box is not None and platform.item_day is not None and tree.matches(platform.item_day)
    none = True
    for rules in (platform, PLAIN):
        for css in rules.article_links:
            for node in tree.css(css):
                found = _usable(tree, node, platform, hosts)
                key = _article(found.url, node, rules) if found is not None else None
                if found is not None and key is not None:
                    none = False
                    day = _item_day(node, platform, captured_at) if dated else listed.get(found.url)
                    yield Link(found.canonical, LinkRole.ARTICLE, key, day)
        if not none:
            break
    if platform is PLAIN:
        for address, day in listed.items():
            facts = meaning(platform.id, address)
            if facts.host in hosts and not facts.is_trap:
                yield Link(facts.canonical, LinkRole.ARTICLE, facts.canonical, day)


def _later_pages(tree: PageTree, platform: Platform, hosts: tuple[str, ...], shown: int) -> Iterator[Link]:
    """Yield the links to later pages of the list: by the rules of the platform, else by the words of the links, else by scripts.

    `shown`: the number of articles that the page links to.
    """
    found = False
    for link in chain(_by_platform(tree, platform, hosts), (link for link in postback_links(tree) if host_of(link.url) in hosts)):
        found = True
        yield link
    if platform is PLAIN or not found:
        # The theme of a site may have another pager than its platform has. Its links must not look like articles.
        for url in later_pages(tree):
            facts = meaning(platform.id, url)
            if facts.host in hosts and (platform is PLAIN or not (facts.key or facts.is_trap)):
                found = True
                yield Link(url, LinkRole.NEXT)
    if not found:
        yield from (link for link in fragment_links(tree, shown) if host_of(link.url) in hosts)


def _by_platform(tree: PageTree, platform: Platform, hosts: tuple[str, ...]) -> Iterator[Link]:
    for css in platform.pager_links:
        for node in tree.css(css):
            url = tree.link(node)
            if url is not None and meaning(platform.id, url).host in hosts and platform.is_later_page(tree.url, url):
                yield Link(url, LinkRole.NEXT)
    fragment = platform.next_fragment(tree.url, tree.source) if platform.next_fragment is not None else None
    if fragment is not None:
        yield Link(fragment, LinkRole.NEXT)


def _sections(tree: PageTree, platform: Platform, hosts: tuple[str, ...]) -> Iterator[Link]:
    for css in platform.section_links:
        for node in tree.css(css):
            found = _usable(tree, node, platform, hosts)
            if found is not None and found.is_section:
                yield Link(found.canonical, LinkRole.LISTING)


@dataclass(frozen=True, slots=True)
class Meaning:
    """The classification of a URL by the rules of a platform."""

    url: str
    host: str
    key: str | None  # the key of an article, or None
    canonical: str
    maybe_article: bool
    is_section: bool
    is_trap: bool


# The function is pure, and the menus of a site are on all of its pages. The cache holds the menus of many sites.
@lru_cache(maxsize=16384)
def meaning(platform: str, url: str) -> Meaning:
    """Return the classification of a URL by the rules of a platform. Raises KeyError if `platform` is not the id of a platform."""
    rules = PLATFORMS[platform]
    key = rules.article_id(url)
    return Meaning(
        url=url,
        host=urlsplit(url).netloc.lower(),
        key=key,
        canonical=rules.canonical_url(url),
        maybe_article=key is None and rules.maybe_article(url),
        is_section=key is None and rules.is_section(url),
        is_trap=rules.is_trap(url),
    )


def _article(url: str, node: LexborNode, platform: Platform) -> str | None:
    """Return the key of the article that a link leads to, by its URL and its words; None for another page."""
    facts = meaning(platform.id, url)
    if facts.maybe_article and _names_article(node) and not _in_menu(node):
        return facts.canonical
    return facts.key


def _names_article(node: LexborNode) -> bool:
    """Return True if a link with an undecided URL looks like one to an article: it has several words, or a picture."""
    text = text_of(node) or (node.attributes.get("title") or "")
    return len(text) >= 20 or len(text.split()) >= 5 or (not text and node.css_first("img") is not None)


_MENU = re.compile(r"(?:^|[\s_-])(?:nav\w*|\w*menu\w*|breadcrumbs?|footer\w*|pathway|pagination)(?:$|[\s_-])", re.IGNORECASE)


def _in_menu(node: LexborNode) -> bool:
    """Return True if a link is in a menu, a breadcrumb or the footer of the page."""
    box = node.parent
    for _ in range(8):
        if box is None or box.tag in ("body", "main", "article"):
            return False
        attributes = box.attributes
        if box.tag in ("nav", "footer") or _MENU.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
            return True
        box = box.parent
    return False


def _usable(tree: PageTree, node: LexborNode, platform: Platform, hosts: tuple[str, ...]) -> Meaning | None:
    url = tree.link(node)
    if url is None:
        return None
    facts = meaning(platform.id, url)
    return facts if facts.host in hosts and not facts.is_trap else None


def _item_day(node: LexborNode, platform: Platform, captured_at: datetime) -> date | None:
    """Return the day beside a link, in the closest box of its item, or None."""
    if platform.item_box is None or platform.item_day is None:
        return None
    box = node.parent
    for _ in range(6):
        if box is None or box.css_matches(platform.item_box):
            break
        box = box.parent
    else:
        return None
    if box is None or not box.css_matches(platform.item_box):
        return None
    found = box.css_first(platform.item_day)
    if found is None:
        return None
    text = text_of(found) or (text_of(found.parent) if found.parent is not None else "")
    stamp = read_date(text, captured_at)
    return localise(stamp).date() if stamp else None
