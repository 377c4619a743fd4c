"""The URLs with which a crawl begins, before any page has been parsed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from scraper.model import Failure, Link, LinkRole, Source
from scraper.platforms import Platform
from scraper.sources import home_page
from scraper.urls import absolute, host_of


def configured_links(source: Source) -> Iterator[Link]:
    """Yields the sitemaps and feeds that a source configures."""
    yield from (Link(url, LinkRole.SITEMAP) for url in source.sitemaps)
    yield from (Link(url, LinkRole.FEED) for url in source.feeds)


def list_links(source: Source) -> Iterator[Link]:
    """Yields the list pages that a source configures, or its home page."""
    yield from (Link(url, LinkRole.LISTING) for url in source.listings or (home_page(source),))


def platform_links(source: Source, platform: Platform) -> Iterator[Link]:
    """Yields the usual sitemaps and feeds of a platform, if the source configures none."""
    if not source.sitemaps:
        yield from (Link(urljoin(source.site, path), LinkRole.SITEMAP) for path in platform.sitemaps)
    if not source.feeds:
        yield from (Link(urljoin(source.site, path), LinkRole.FEED) for path in platform.feeds)


def robots_links(source: Source, sitemaps: Iterable[str]) -> Iterator[Link | Failure]:
    """Yields the sitemaps that robots.txt names, and a failure for each that cannot be requested."""
    robots = f"{source.site}/robots.txt"
    for written in sitemaps:
        url = absolute(source.site, written)
        host = host_of(url) if url is not None else None
        if url is None or host is None:
            yield Failure("discover", "bad-url", robots, f"robots.txt names a sitemap that is not a URL: {written[:200]!r}")
        elif host not in source.hosts:
            yield Failure("discover", "other-host", robots, f"robots.txt names a sitemap on {host}", host)
        else:
            yield Link(url, LinkRole.SITEMAP)
