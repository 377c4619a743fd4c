"""The site of a source during a crawl: its hosts, and the platforms that its pages have shown."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from scraper.model import LinkRole, Source
from scraper.platforms import PLAIN, PLATFORMS, Platform
from scraper.sources import is_inside
from scraper.urls import first_page, host_of

_MOST_KEPT = 8192  # URLs whose answer is remembered; the menus and lists of a site name some thousands again and again


class Site:
    """Decides from a URL whether it may be requested, and which article it belongs to."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._platforms: dict[str, Platform] = {}  # in the order in which they were found
        self._may_request: dict[tuple[str, LinkRole], bool] = {}  # what was decided so far

    def add_platform(self, platform_id: str) -> Platform | None:
        """Adds a platform. Returns it, or None if it was added before or is not known."""
        if platform_id in self._platforms or platform_id not in PLATFORMS:
            return None
        self._platforms[platform_id] = PLATFORMS[platform_id]
        self._may_request.clear()  # it has traps of its own
        return self._platforms[platform_id]

    @property
    def first_platform(self) -> str | None:
        """The id of the platform that was found first, or None."""
        return next(iter(self._platforms), None)

    def may_request(self, url: str, role: LinkRole = LinkRole.ARTICLE) -> bool:
        """Returns whether a URL is one of the source, on its hosts and under its path, and leads to no trap: pages without end or without
        articles. A sitemap may be anywhere on the hosts, because a site has one for all its parts.
        """
        known = self._may_request.get((url, role))
        if known is None:
            if len(self._may_request) >= _MOST_KEPT:
                self._may_request.clear()
            known = self._may_request[url, role] = self._decide(url, role)
        return known

    def _decide(self, url: str, role: LinkRole) -> bool:
        if not (host_of(url) in self.source.hosts if role is LinkRole.SITEMAP else self.has(url)):
            return False
        # A URL with "rss", "sitemap" or ".json" is a trap only if it should be an article or a section.
        return role in (LinkRole.SITEMAP, LinkRole.FEED, LinkRole.NEXT) or not self._is_trap(url)

    def has(self, url: str) -> bool:
        """Returns whether a URL is on a host of the source and under its path, and not in a part that is a source of its own."""
        return host_of(url) in self.source.hosts and is_inside(self.source, url)

    def article_keys(self, url: str) -> Iterator[str]:
        """Yields the id of the article that a URL names, on each platform that finds one."""
        return (key for platform in self._platforms.values() if (key := platform.article_id(url)))

    def is_later_page(self, page: str, url: str) -> bool:
        """Returns whether a URL is a later page of the list that the URL `page` belongs to, by its words or the pagers of the platforms."""
        return first_page(url) is not None or any(platform.is_later_page(page, url) for platform in (*self._platforms.values(), PLAIN))

    def may_be_article(self, article_key: str, url: str) -> bool:
        """Returns whether a URL can be the article of a key: it has the same key on one of the platforms.
        If the platform gives its articles no id, the key is their URL. Then every URL is accepted that can be an article at all.
        """
        platforms = [*self._platforms.values()]
        if not platforms or any(platform.article_key(url) == article_key for platform in platforms):
            return True
        if host_of(article_key) is None or self._is_trap(url):
            return False
        return _same_page(article_key, url) or any(platform.maybe_article(url) for platform in (*platforms, PLAIN))

    def _is_trap(self, url: str) -> bool:
        return any(platform.is_trap(url) for platform in self._platforms.values())


def _same_page(one: str, other: str) -> bool:
    """Returns whether two URLs differ only in scheme, host, a slash at the end of the path, or a query that only one of them has."""
    first, second = urlsplit(one), urlsplit(other)
    paths = {parts.path.rstrip("/").lower() for parts in (first, second)}
    return len(paths) == 1 and paths != {""} and (first.query == second.query or not first.query or not second.query)
