"""Finds the links of a page to articles, section pages and further list pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from itertools import chain
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.model import Link, LinkRole
from scraper.parse.discover.fragments import fragment_links
from scraper.parse.discover.menus import Menus, Place, is_above, is_heading, is_headline, is_name, label_of
from scraper.parse.discover.pager_widgets import guessed_page, widget_links
from scraper.parse.discover.pagers import later_pages
from scraper.parse.discover.postbacks import postback_links
from scraper.parse.discover.script_functions import Functions
from scraper.parse.fields.written_dates import localise, read_date
from scraper.parse.tree.page_tree import PageTree, text_of
from scraper.platforms import PLAIN, PLATFORMS
from scraper.platforms.kit import Platform, tidy
from scraper.post_urls import url_of
from scraper.urls import at_listed_host, host_of

_NOTHING: Mapping[str, date | None] = {}
_MOST_HYPHENS = 10  # in the name of a section in its URL, with an id: "pho-bien-giao-duc-phap-luat-cho-nhan-dan-12"
_MOST_OF_SITE = 4096  # links whose meaning is kept of one site; menus have some hundreds
_FEW = 10  # links of a page that only leads into the site ("Vào trang chủ")
_STEPS_TO_ITEM = 6  # elements around a link in which the box of its item is searched for
_MOST_SCRIPTS = 500  # elements with a script that are looked at; a bound against hostile input
# A script that opens a page when it is clicked: location.href='/tin/12', window.open("/tin/12").
_OPENS = re.compile(r"""(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\s*\(|window\.open\s*\()\s*['"]([^'"\s]{1,500})['"]""")
# A quick check, without IGNORECASE, which would make it slow.
_MAY_OPEN = re.compile(rb"on[cC]lick\s*=[^>]{0,100}?(?:location|window\.open)")
_OPEN_IN_LINK = ("javascript:location", "javascript:window.location", "javascript:document.location", "javascript:window.open")
_CLICKED = "[onclick], a[href^='javascript']"


@dataclass(frozen=True, slots=True)
class PageLinks:
    """The links of a page."""

    links: tuple[Link, ...]
    undecided: int  # links that look like headlines, but have URLs of no known form
    others: tuple[Link, ...]  # the other links of a page with few links, which may only lead into the site ("Vào trang chủ")


def page_links(
    tree: PageTree, platform: Platform, hosts: tuple[str, ...], captured_at: datetime, listed: Mapping[str, date | None] = _NOTHING
) -> PageLinks:
    """Return the articles, section pages and further pages that a page links to, each once, in the order of the page.

    `listed`: the entries that the general rules found in lists, by URL, each with its day. They are articles even if their URLs and titles
    are too short to decide.
    """
    reader = _Reader(tree, platform, hosts)
    links: dict[tuple[LinkRole, str], Link] = {}
    for link in _articles(reader, captured_at, listed):
        links.setdefault((link.role, link.key or link.url), link)
    shown = len(links)
    for link in chain(_later_pages(reader, shown), _sections(reader)):
        links.setdefault((link.role, link.key or url_of(link)), link)
    undecided = sum((LinkRole.ARTICLE, url) not in links for url in reader.headlines)
    return PageLinks(tuple(links.values()), undecided, tuple(reader.others))


def leads_to_article(tree: PageTree, platform: Platform, hosts: tuple[str, ...], captured_at: datetime) -> bool:
    """Return True if `page_links` has a link to an article whose URL has an id of the platform. The links after the first one are not read."""
    found = _articles(_Reader(tree, platform, hosts), captured_at, _NOTHING)
    return any(platform.article_id(link.url) is not None for link in found)


def section_links(tree: PageTree, platform: Platform, hosts: tuple[str, ...]) -> tuple[Link, ...]:
    """Return the section pages that a page links to: the same as in `page_links`, without what only a list needs, which takes longer."""
    links: dict[str, Link] = {}
    for link in _sections(_Reader(tree, platform, hosts)):
        links.setdefault(link.key or url_of(link), link)
    return tuple(links.values())


class _Reader:
    """The links of one page. Each element is looked at once, although several selectors find it."""

    def __init__(self, tree: PageTree, platform: Platform, hosts: tuple[str, ...]) -> None:
        self.tree, self.platform, self.hosts = tree, platform, hosts
        self.menus = Menus(tree)
        self.others: list[Link] = []
        self.headlines: set[str] = set()  # the URLs of links with words like a headline that no rule recognised
        self._by_css: dict[str, list[tuple[LexborNode, Meaning]]] = {}
        self._links: dict[int, Meaning | None] = {}  # by the id of the element
        self._of_site = _links_of_site(platform.id, hosts, tree.origin)

    def links(self, css: str) -> list[tuple[LexborNode, Meaning]]:
        """Return the links of a selector that may be requested, each with the meaning of its URL."""
        found = self._by_css.get(css)
        if found is None:
            nodes = self.tree.css(css)
            if not nodes:
                return []
            if not self._links:
                self._links = {node.mem_id: self._leads_to(node) for node in self.tree.css("a[href]")}
            known = self._links
            pairs = [(node, known[key] if (key := node.mem_id) in known else self._leads_to(node)) for node in nodes]
            found = self._by_css[css] = [(node, facts) for node, facts in pairs if facts is not None]
        return found

    def _leads_to(self, node: LexborNode) -> Meaning | None:
        """Return the meaning of the URL of a link. Most links of a page are in menus, which all pages of the site have."""
        written = node.attrs.get("href") or ""
        if written in self._of_site:
            return self._of_site[written]
        found = self.meant(self.tree.link(node))
        # Other URLs depend on the page itself.
        if written.startswith(("/", "http://", "https://")) and "/http" not in written:
            if len(self._of_site) >= _MOST_OF_SITE:
                self._of_site.clear()
            self._of_site[written] = found
        return found

    def meant(self, url: str | None) -> Meaning | None:
        """Return the meaning of a URL; None if it may not be requested."""
        return _meant(self.platform.id, self.hosts, url) if url is not None else None

    @cached_property
    def scripted(self) -> list[tuple[LexborNode, Meaning]]:
        """The elements that open a page of the site when they are clicked."""
        tree = self.tree
        in_link = tree.mentions("javascript:") and any(map(tree.mentions, _OPEN_IN_LINK))
        first = tree.words[b"onclick"]  # the same place in the source: in lower case, it is as long
        if not in_link and (first is None or _MAY_OPEN.search(tree.encoded, first) is None):
            return []
        found = []
        for node in self.tree.css(_CLICKED)[:_MOST_SCRIPTS]:
            attributes = node.attributes
            opens = _OPENS.search(f"{attributes.get('onclick') or ''} {attributes.get('href') or ''}")
            url = self.tree.absolute(opens[1]) if opens is not None else None
            facts = self.meant(url) if url is not None else None
            if facts is not None:
                found.append((node, facts))
        return found


@lru_cache(maxsize=64)
def _links_of_site(platform: str, hosts: tuple[str, ...], origin: str) -> dict[str, Meaning | None]:
    """Return the meanings of the links of a site that were met so far, by the text of their attribute; to be filled by `_Reader`."""
    return {}


def _articles(reader: _Reader, captured_at: datetime, listed: Mapping[str, date | None]) -> Iterator[Link]:
    """Yield the links to articles. A link may come several times.

    A copy of a site, or a site with a changed program, has URLs that do not match its platform. If none does, the plain rules are tried.
    """
    platform = reader.platform
    days = _ItemDays(reader.tree, platform, captured_at)
    none = True
    for rules in (platform, PLAIN):
        for css in rules.article_links:
            for node, found in reader.links(css):
                key = _article(reader, found, node, rules)
                if key is not None:
                    none = False
                    day = days.of(node) or listed.get(found.url)
                    yield Link(found.canonical, LinkRole.ARTICLE, key, day)
        if not none:
            break
    for url, day in listed.items():
        facts = reader.meant(url)
        if facts is not None and (facts.key is None or platform is PLAIN):
            yield Link(facts.canonical, LinkRole.ARTICLE, facts.canonical, day)
    for node, facts in reader.scripted:
        if is_headline(text_of(node)):
            yield Link(facts.canonical, LinkRole.ARTICLE, facts.key or facts.canonical)


def _later_pages(reader: _Reader, shown: int) -> Iterator[Link]:
    """Yield the links to later pages of the list: by the rules of the platform, else by the words of the links, else by scripts.

    `shown`: the number of articles that the page links to.
    """
    tree, platform, hosts = reader.tree, reader.platform, reader.hosts
    found, functions = False, Functions(tree)
    for link in chain(_by_platform(reader), (link for link in postback_links(tree, functions) if host_of(link.url) in hosts)):
        found = True
        yield link
    if platform is PLAIN or not found:
        # The theme of a site may have another pager than its platform has. Its links must not look like articles.
        for url in later_pages(tree, functions):
            facts = reader.meant(url)
            if facts is not None and (platform is PLAIN or facts.key is None):
                found = True
                yield Link(facts.url, LinkRole.NEXT)
    if not found:
        for link in chain(widget_links(tree, shown), fragment_links(tree, shown)):
            if host_of(link.url) in hosts:
                found = True
                yield link
    if not found and shown and (guessed := guessed_page(tree)) is not None:
        yield guessed


def _by_platform(reader: _Reader) -> Iterator[Link]:
    tree, platform = reader.tree, reader.platform
    for css in platform.pager_links:
        for _, found in reader.links(css):
            if platform.is_later_page(tree.url, found.url):
                yield Link(found.url, LinkRole.NEXT)
    fragment = platform.next_fragment(tree.url, tree.source) if platform.next_fragment is not None else None
    if fragment is not None:
        yield Link(fragment, LinkRole.NEXT)


def _sections(reader: _Reader) -> Iterator[Link]:
    """Yield the links to section pages: those that the platform knows, and those in menus, in breadcrumbs and in headings of boxes."""
    sections: set[str] = set()
    for css in reader.platform.section_links:
        for _, found in reader.links(css):
            if found.is_section:
                sections.add(found.url)
                yield Link(found.canonical, LinkRole.LISTING)
    others: dict[str, Meaning] = {}
    for node, found in reader.links("a[href]"):
        if not found.is_short or found.url in sections:
            continue
        label = label_of(node)
        if _is_section(reader, found, node, label):
            sections.add(found.url)
            yield Link(_section_url(found), LinkRole.LISTING)
        else:
            others[found.url] = found
            if found.key is None and is_headline(label):
                reader.headlines.add(found.canonical)
    for node, found in reader.scripted:
        if not is_headline(text_of(node)):
            yield Link(_section_url(found), LinkRole.LISTING)
    yield from _other_sections(reader)
    if len(others) + len(sections) <= _FEW and not reader.headlines:
        reader.others += [Link(_section_url(found), LinkRole.LISTING) for found in others.values() if found.key is None]


def _other_sections(reader: _Reader) -> Iterator[Link]:
    """Yield the links of image maps and drop-downs, which old sites have as menus."""
    for _, found in reader.links("area[href]") if reader.tree.mentions("<area") else ():
        yield Link(_section_url(found), LinkRole.LISTING)
    for node in reader.tree.css("option[value]") if reader.tree.mentions("<option") else ():
        value = (node.attributes.get("value") or "").strip()
        url = reader.tree.absolute(value) if value.startswith(("/", "http://", "https://")) else None
        if url is not None and is_name(text_of(node)) and (facts := reader.meant(url)) is not None:
            yield Link(_section_url(facts), LinkRole.LISTING)


def _section_url(found: Meaning) -> str:
    """Return the URL of a section. The canonical URL of a platform may lack the query, which is the section on another system."""
    return found.canonical if found.is_section else found.tidy


def _is_section(reader: _Reader, found: Meaning, node: LexborNode, label: str) -> bool:
    """Return True if a link leads to a section by its place. The URL of a section may have an id and a name, as those of articles have."""
    if found.key is not None:
        least = Place.SURE if is_headline(label) else Place.MENU
        return is_name(label) and reader.menus.place_of(node) >= least
    if not label:
        return False
    if reader.menus.place_of(node):
        return True
    if not is_name(label):
        return False
    if reader.menus.names_category(node) or is_above(found.url, reader.tree.url):
        return True
    return not found.maybe_article and is_heading(node)


class Meaning:
    """The classification of a URL by the rules of a platform. Each part is computed when it is first needed: for many links of an article, only
    `is_trap` and `is_short`."""

    def __init__(self, rules: Platform, url: str) -> None:
        self._rules, self.url = rules, url

    @cached_property
    def tidy(self) -> str:
        """The URL without session ids and tracking parameters."""
        return tidy(self.url)

    @cached_property
    def key(self) -> str | None:
        """The key of an article, or None."""
        return self._rules.article_id(self.url)

    @cached_property
    def canonical(self) -> str:
        """The canonical URL."""
        return self._rules.canonical_url(self.url)

    @cached_property
    def maybe_article(self) -> bool:
        """Whether it may be an article, although it has no id."""
        return self.key is None and self._rules.maybe_article(self.url)

    @cached_property
    def is_section(self) -> bool:
        """Whether it looks like a section page."""
        return self.key is None and self._rules.is_section(self.url)

    @cached_property
    def is_trap(self) -> bool:
        """Whether it must not be requested."""
        return self._rules.is_trap(self.url)

    @cached_property
    def is_short(self) -> bool:
        """Whether its last name has no more words than the name of a section."""
        return urlsplit(self.url).path.rstrip("/").rpartition("/")[2].count("-") <= _MOST_HYPHENS


# The function is pure, and the menus of a site are on all of its pages. The cache holds the menus of many sites.
@lru_cache(maxsize=16384)
def meaning(platform: str, url: str) -> Meaning:
    """Return the classification of a URL by the rules of a platform. Raises KeyError if `platform` is not the id of a platform."""
    return Meaning(PLATFORMS[platform], url)


@lru_cache(maxsize=16384)
def _meant(platform: str, hosts: tuple[str, ...], url: str) -> Meaning | None:
    """Return the meaning of a URL as it is requested; None if it is on another host, or a trap."""
    listed = at_listed_host(url, hosts)
    facts = meaning(platform, listed) if listed is not None else None
    return facts if facts is not None and not facts.is_trap else None


def _article(reader: _Reader, found: Meaning, node: LexborNode, rules: Platform) -> str | None:
    """Return the key of the article that a link leads to, by its URL, its words and its place; None for another page."""
    facts = found if rules is reader.platform else meaning(rules.id, found.url)
    if facts.maybe_article and _names_article(node) and not reader.menus.place_of(node):
        return facts.canonical
    if facts.key is not None and facts.is_short and _is_section(reader, facts, node, label_of(node)):
        return None
    return facts.key


def _names_article(node: LexborNode) -> bool:
    """Return True if a link with an undecided URL looks like one to an article: it has several words, or a picture."""
    text = text_of(node) or (node.attributes.get("title") or "")
    return is_headline(text) or (not text and node.css_first("img") is not None)


class _ItemDays:
    """The days beside the links of a list. The box of an item is looked at once for all its links."""

    def __init__(self, tree: PageTree, platform: Platform, captured_at: datetime) -> None:
        self._captured_at = captured_at
        self._box, self._day = platform.item_box or "", platform.item_day or ""
        self._dated = bool(self._box) and bool(self._day) and tree.matches(self._day)
        self._is_box: dict[int, bool] = {}  # by the id of an element
        self._days: dict[int, date | None] = {}  # the same, of boxes

    def of(self, node: LexborNode) -> date | None:
        """Return the day beside a link, in the closest box of its item, or None."""
        outer = node.parent if self._dated else None
        for _ in range(_STEPS_TO_ITEM):
            if outer is None:
                return None
            element = outer.mem_id
            is_box = self._is_box.get(element)
            if is_box is None:
                is_box = self._is_box[element] = bool(outer.css_matches(self._box))
            if is_box:
                if element not in self._days:
                    self._days[element] = self._read(outer)
                return self._days[element]
            outer = outer.parent
        return None

    def _read(self, box: LexborNode) -> date | None:
        found = box.css_first(self._day)
        if found is None:
            return None
        text = text_of(found) or (text_of(found.parent) if found.parent is not None else "")
        stamp = read_date(text, self._captured_at)
        return localise(stamp).date() if stamp else None
