"""A platform: everything that is known about a content management system, made of the parts of this kit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from scraper.platforms.kit.examples import Examples
from scraper.platforms.kit.layouts import Layout, Marker
from scraper.platforms.kit.pagers import Pager
from scraper.platforms.kit.url_rules import IdInPath, IdInQuery, tidy

_HEADLINE = 7  # hyphens in the name of a page; names of sections have up to seven words


class UrlKind(StrEnum):
    """What a URL is by the rules of a platform."""

    ARTICLE = "article"  # it has an article id, or the form of an article and a name as long as a headline
    MAYBE_ARTICLE = "maybe article"  # it has the form of an article, but no id, and a shorter name
    SECTION = "section"
    TRAP = "trap"  # never requested
    OTHER = "other"


def never(_: str) -> bool:
    """Returns False: the rule of a platform that has no such URLs."""
    return False


def always(_: str) -> bool:
    """Returns True."""
    return True


# eq=False: platforms are compared and cached by identity, which is fast.
@dataclass(frozen=True, eq=False)
class Platform:
    """A content management system that many sources share. docs/adding-a-platform.md shows how to write one.

    A rule for URLs is a function of a URL: a UrlRule, or a function if no UrlRule can express it.
    """

    id: str  # lower-case letters, digits and hyphens; stored with every capture, so it never changes
    name: str
    markers: tuple[Marker, ...]
    layouts: tuple[Layout, ...]  # the first that fits a page is used
    examples: Examples

    # URLs
    article_ids: tuple[IdInPath | IdInQuery, ...] = ()  # the first that finds an id is used
    maybe_articles: Callable[[str], bool] = never  # URLs that may be articles; only the page itself can decide
    sections: Callable[[str], bool] = never  # URLs that look like section pages, if they are not articles
    traps: Callable[[str], bool] = never  # URLs never to request: log-in, search, print copies, files
    keeps_query: Callable[[str], bool] = always  # URLs without an article id that need their query

    # list pages
    article_links: tuple[str, ...] = ("a[href]",)  # selectors of the links that may lead to articles
    section_links: tuple[str, ...] = ("a[href]",)  # selectors of the links that may lead to section pages
    pager_links: tuple[str, ...] = ()  # selectors of the links that may lead to later pages of a list
    pager: Pager | None = None
    next_fragment: Callable[[str, str], str | None] | None = None  # (URL, source) of a list -> the URL of its next part, or None
    item_box: str | None = None  # selector of an item of a list
    item_day: str | None = None  # selector of the day of an item, inside its box

    # paths to request on every site
    sitemaps: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    sitemap_dates_are_publication: bool = False

    not_found: tuple[re.Pattern[str], ...] = ()  # titles of "not found" pages that come with status 200

    def selectors(self) -> Iterator[str]:
        """Yields every selector that is used on a whole page."""
        yield from (marker.css for marker in self.markers if marker.css is not None)
        yield from (*self.pager_links, *self.article_links, *self.section_links)
        for layout in self.layouts:
            yield from layout.selectors()

    @lru_cache(maxsize=8192)  # noqa: B019 (platforms live as long as the program; the URLs of a page are looked at several times)
    def article_id(self, url: str) -> str | None:
        """Returns the id of the article that a URL names, or None. A URL with an id is an article, whatever its page shows. A trap has none."""
        parts = urlsplit(url)
        for one in self.article_ids:
            if (found := one.find(url, parts)) is not None:
                return None if self.traps(url) else found
        return None

    def article_key(self, url: str) -> str | None:
        """Returns the key of the article at a URL: its id, else the canonical URL if it has the form of an article; None for other URLs.

        A key that is a URL does not say that the page is an article. Only `article_id` does.
        """
        found = self.article_id(url)
        return found if found is not None or not self.maybe_article(url) else self.canonical_url(url)

    def is_trap(self, url: str) -> bool:
        """Returns whether a URL must not be requested."""
        return self.traps(url)

    def maybe_article(self, url: str) -> bool:
        """Returns whether a URL may be an article, although it has no id."""
        return self.maybe_articles(url) and not self.traps(url)

    def is_section(self, url: str) -> bool:
        """Returns whether a URL looks like a section page. Only meaningful for a URL that is neither an article nor a trap."""
        return self.sections(url)

    def is_later_page(self, page: str, target: str) -> bool:
        """Returns whether `target` is a later page of the list at `page`."""
        return self.pager is not None and self.pager(page, target)

    def url_kind(self, url: str) -> UrlKind:
        """Returns what a URL is by these rules."""
        if self.is_trap(url):
            return UrlKind.TRAP
        if self.article_id(url) is not None:
            return UrlKind.ARTICLE
        if self.maybe_article(url):
            name = urlsplit(url).path.rstrip("/").rpartition("/")[2]
            return UrlKind.ARTICLE if name.count("-") >= _HEADLINE else UrlKind.MAYBE_ARTICLE
        return UrlKind.SECTION if self.is_section(url) else UrlKind.OTHER

    def canonical_url(self, url: str) -> str:
        """Returns the URL without the parts that do not identify its page."""
        cleaned = tidy(url)
        parts = urlsplit(url)
        for one in self.article_ids:
            if one.find(url, parts) is not None:
                whole = urlsplit(cleaned)
                return urlunsplit(whole._replace(query=one.query_of(whole.query)))
        return cleaned if self.keeps_query(url) else urlunsplit(urlsplit(cleaned)._replace(query=""))
