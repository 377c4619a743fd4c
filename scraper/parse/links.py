"""What a page, a sitemap or a feed leads to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlsplit

from lxml import etree
from selectolax.lexbor import LexborNode

from scraper.model import Link, LinkRole
from scraper.parse.dates import localise, read_date
from scraper.parse.document import Document, text_of
from scraper.platforms import PLAIN, PLATFORMS
from scraper.platforms.base import Platform


def page_links(document: Document, platform: Platform, hosts: tuple[str, ...], captured_at: datetime) -> tuple[Link, ...]:
    """The articles, section pages and further pages that a page links to, each once, in the order of the page."""
    links: dict[tuple[LinkRole, str], Link] = {}

    def add(link: Link) -> None:
        links.setdefault((link.role, link.key or link.url), link)

    dated = platform.item_box is not None and platform.item_day is not None and document.matches(platform.item_day)
    for rules in (platform, PLAIN):
        for css in rules.items:
            for node in document.css(css):
                found = _usable(document, node, platform, hosts)
                key = _article(found.url, node, rules) if found is not None else None
                if found is not None and key is not None:
                    day = _item_day(node, platform, captured_at) if dated else None
                    add(Link(found.canonical, LinkRole.ARTICLE, key, day))
        # A copy of a site, or a site of a program's own making, has addresses that the program does not give.
        if any(role is LinkRole.ARTICLE for role, _ in links):
            break
    for css in platform.next_pages:
        for node in document.css(css):
            url = document.link(node)
            if url is not None and meaning(platform.id, url).host in hosts and platform.is_next(document.url, url):
                add(Link(url, LinkRole.NEXT))
    fragment = platform.page_fragments(document.url, document.source)
    if fragment is not None:
        add(Link(fragment, LinkRole.NEXT))
    for css in platform.sections:
        for node in document.css(css):
            found = _usable(document, node, platform, hosts)
            if found is not None and found.is_listing:
                add(Link(found.canonical, LinkRole.LISTING))
    return tuple(links.values())


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a platform's rules say of an address."""

    url: str
    host: str
    key: str | None  # that of an article
    canonical: str
    maybe_article: bool
    is_listing: bool
    is_trap: bool


# Pure, and the menus of a site stand on all of its pages: told once for as many addresses as the menus of many sites hold.
@lru_cache(maxsize=16384)
def meaning(platform: str, url: str) -> Meaning:
    """What the rules of a platform, by its id, say of an address."""
    rules = PLATFORMS[platform]
    key = rules.article_key(url)
    return Meaning(
        url=url,
        host=urlsplit(url).netloc.lower(),
        key=key,
        canonical=rules.canonical_url(url),
        maybe_article=key is None and rules.maybe_article(url),
        is_listing=key is None and rules.listing(url),
        is_trap=rules.is_trap(url),
    )


def _article(url: str, node: LexborNode, platform: Platform) -> str | None:
    """The key of the article that a link leads to, as far as its address and its words tell; None for another page."""
    told = meaning(platform.id, url)
    if told.maybe_article and _names_article(node) and not _in_menu(node):
        return told.canonical
    return told.key


def _names_article(node: LexborNode) -> bool:
    """Whether a link whose address tells nothing for certain is called like an article: by several words, or by a picture."""
    text = text_of(node) or (node.attributes.get("title") or "")
    return len(text) >= 20 or len(text.split()) >= 5 or (not text and node.css_first("img") is not None)


_MENU = re.compile(r"(?:^|[\s_-])(?:nav\w*|\w*menu\w*|breadcrumbs?|footer\w*|pathway|pagination)(?:$|[\s_-])", re.IGNORECASE)


def _in_menu(node: LexborNode) -> bool:
    """Whether a link stands in a menu, a breadcrumb or the foot of the page."""
    box = node.parent
    for _ in range(8):
        if box is None or box.tag in ("body", "main", "article"):
            return False
        attributes = box.attributes
        if box.tag in ("nav", "footer") or _MENU.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
            return True
        box = box.parent
    return False


def _usable(document: Document, node: LexborNode, platform: Platform, hosts: tuple[str, ...]) -> Meaning | None:
    url = document.link(node)
    if url is None:
        return None
    told = meaning(platform.id, url)
    return told if told.host in hosts and not told.is_trap else None


def _item_day(node: LexborNode, platform: Platform, captured_at: datetime) -> date | None:
    """The day that stands beside a link, in the closest box of its item."""
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


_TAG = re.compile(r"\{[^}]*\}")


def feed_links(body: bytes, platform: Platform | None, hosts: tuple[str, ...]) -> tuple[str, tuple[Link, ...]] | None:
    """What a sitemap, a sitemap index or a feed names: ("sitemap" or "feed", links). None where the XML is neither.

    A day is given only where the platform is known to mean the day of publication by it.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body.lstrip(b"\xef\xbb\xbf\r\n\t "), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None:
        return None
    name = _name(root)
    if name == "sitemapindex":
        found = [Link(url, LinkRole.SITEMAP) for url in (_child(entry, "loc") for entry in root) if url]
        return "sitemap", tuple(link for link in found if urlsplit(link.url).netloc.lower() in hosts)
    if name == "urlset":
        dated = platform is not None and platform.sitemap_dates_are_publication
        named = ((_child(entry, "loc"), _child(entry, "lastmod") if dated else "") for entry in root)
        return "sitemap", _entries(named, platform, hosts, sections=True)
    if name in ("rss", "rdf"):
        items = (element for element in root.iter() if isinstance(element.tag, str) and _name(element) == "item")
        return "feed", _entries(((_child(item, "link"), "") for item in items), platform, hosts)
    if name == "feed":
        entries = (element for element in root if isinstance(element.tag, str) and _name(element) == "entry")
        return "feed", _entries(((_atom_link(entry), "") for entry in entries), platform, hosts)
    return None


def _entries(
    pairs: Iterable[tuple[str, str]], platform: Platform | None, hosts: tuple[str, ...], *, sections: bool = False
) -> tuple[Link, ...]:
    """The links of a feed or a sitemap. `sections`: it names section pages too, as a sitemap does.

    Everything that a feed names is taken for an article, whatever its URL; on a WordPress or VHV site no URL says for certain that
    it is one. Of a sitemap, URLs that the platform does not know are left out unless they have the form of an article's.
    """
    links: dict[tuple[LinkRole, str], Link] = {}
    for url, stamp_text in pairs:
        if not url or urlsplit(url).netloc.lower() not in hosts:
            continue
        link = Link(url, LinkRole.ARTICLE) if platform is None else _entry(url, platform, sections=sections)
        if link is not None:
            stamp = read_date(stamp_text) if stamp_text else None
            links.setdefault((link.role, link.key or link.url), replace(link, day=localise(stamp).date() if stamp else None))
    return tuple(links.values())


def _entry(url: str, platform: Platform, *, sections: bool) -> Link | None:
    meant = meaning(platform.id, url)
    if meant.is_trap:
        return None
    if meant.key is not None or meant.maybe_article or not sections:
        return Link(meant.canonical, LinkRole.ARTICLE, meant.key or meant.canonical)
    if meant.is_listing:
        return Link(meant.canonical, LinkRole.LISTING)
    return Link(meant.canonical, LinkRole.ARTICLE, meant.canonical) if PLAIN.maybe_article(url) else None


def _name(element: etree._Element) -> str:
    return _TAG.sub("", str(element.tag)).lower()


def _child(element: etree._Element, name: str) -> str:
    return next(((child.text or "").strip() for child in element if isinstance(child.tag, str) and _name(child) == name), "")


def _atom_link(entry: etree._Element) -> str:
    links = [child for child in entry if isinstance(child.tag, str) and _name(child) == "link"]
    chosen = next((link for link in links if link.get("rel", "alternate") == "alternate"), None)
    return (chosen.get("href") or "").strip() if chosen is not None else ""
