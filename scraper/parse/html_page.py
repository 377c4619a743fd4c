"""An HTML page with what is read from it only if it is needed: its links, and the fields that the general rules find. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from scraper.model import Capture, Link, LinkRole
from scraper.parse.classify.platform_detection import Detection
from scraper.parse.discover.json_lists import html_of_values
from scraper.parse.discover.loaded_parts import loaded_parts, written_links
from scraper.parse.discover.page_links import PageLinks, leads_to_article, page_links, section_links
from scraper.parse.discover.script_calls import scripts_of
from scraper.parse.generic.generic_reader import GenericFields, read_generic
from scraper.parse.generic.script_data import list_data
from scraper.parse.tree.page_tree import PageTree
from scraper.platforms import PLAIN
from scraper.post_urls import is_post_url
from scraper.urls import at_listed_host

_FEW_SECTIONS = 2  # section pages that a page without a menu may link to: the home page, and one in a breadcrumb
_FEWEST_ENTRIES = 2  # entries of a list; see list_items.py


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which links of a page are read: those of articles, those of list pages. The others are as in `read_page`."""

    articles: bool
    lists: bool
    as_list: bool
    followed: bool


class HtmlPage:
    """`hosts`: those of the source. `generic`: use only the general rules, as if no layout matched."""

    def __init__(
        self, tree: PageTree, found: Detection, capture: Capture, hosts: tuple[str, ...], wanted: Wanted, *, generic: bool
    ) -> None:
        self.tree = tree
        self.found = found
        self.platform = found.platform
        self.capture = capture
        self.hosts = hosts
        self.wanted = wanted
        self.generic = generic

    @property
    def links(self) -> tuple[Link, ...]:
        """The links of the page, by the rules of its platform and by its menus."""
        return self._by_rules.links

    @cached_property
    def sections(self) -> tuple[Link, ...]:
        """The links of the page to sections: the menus."""
        if "_by_rules" in vars(self):
            return tuple(link for link in self.links if link.role is LinkRole.LISTING)
        return section_links(self.tree, self.platform, self.hosts)

    def leads_to_article(self) -> bool:
        """Return True if the page links to an article whose URL has an id of its platform."""
        if self.wanted.lists:
            return any(link.role is LinkRole.ARTICLE and self.platform.article_id(link.url) is not None for link in self.links)
        return leads_to_article(self.tree, self.platform, self.hosts, self.capture.captured_at)

    @cached_property
    def _by_rules(self) -> PageLinks:
        return page_links(self.tree, self.platform, self.hosts, self.capture.captured_at)

    @cached_property
    def list_links(self) -> tuple[Link, ...]:
        """The links of the page as a list, with the entries that the general rules find: an unknown platform has no selectors for its lists,
        and on a known one an article may have any URL. If every headline has a URL of the platform, the entries are not searched for.
        """
        links = self._links_of_list()
        if not any(link.role is LinkRole.ARTICLE for link in links):
            links = (*links, *self._entries_of_data())
        sections = sum(link.role is LinkRole.LISTING and link.url != self.tree.url for link in links)
        return links if sections > _FEW_SECTIONS else (*links, *self._links_of_parts())

    def _links_of_parts(self) -> Iterator[Link]:
        """Yield the section pages that the scripts of a page write, and the parts that it loads: it has no menu of its own."""
        tree = self.tree
        written = written_links(scripts_of(tree)) if tree.mentions("<script") else ""
        if written:
            yield from section_links(PageTree(tree.url, written), self.platform, self.hosts)
        yield from (link for link in loaded_parts(tree) if at_listed_host(link.url, self.hosts) is not None)

    def _links_of_list(self) -> tuple[Link, ...]:
        """Return the links of `list_links` without those of parts that scripts load."""
        by_rules = self._by_rules
        if self.platform is not PLAIN and by_rules.undecided < _FEWEST_ENTRIES:
            return by_rules.links
        entries = self.fields.list_entries()
        if not entries:
            leads_on = any(link.role in (LinkRole.ARTICLE, LinkRole.NEXT) for link in by_rules.links)
            return by_rules.links if leads_on else (*by_rules.links, *by_rules.others)
        return page_links(self.tree, self.platform, self.hosts, self.capture.captured_at, entries).links

    def _entries_of_data(self) -> tuple[Link, ...]:
        """Return the links to articles that a list describes which a script draws."""
        shown = html_of_values(list_data(self.tree))
        if shown is None:
            return ()
        tree = PageTree(self.capture.url, f"<html><body>{shown}</body></html>")
        listed = HtmlPage(tree, self.found, self.capture, self.hosts, self.wanted, generic=self.generic)
        entries = page_links(tree, self.platform, self.hosts, self.capture.captured_at, listed.fields.list_entries()).links
        return tuple(link for link in entries if link.role is LinkRole.ARTICLE)

    @cached_property
    def fields(self) -> GenericFields:
        """The fields that the general rules find."""
        return read_generic(self.tree, self.capture.captured_at)


def is_home_page(url: str) -> bool:
    """Return True if a URL is that of a page that shows articles but is never one: the home page, or a list page that came by POST."""
    parts = urlsplit(url)
    return (parts.path in ("", "/") and not parts.query) or is_post_url(url)
