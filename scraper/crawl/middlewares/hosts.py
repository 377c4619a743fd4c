"""Rejects every request to a host that the source does not list, and without a source, every redirect to another host."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.statscollectors import StatsCollector
from scrapy.utils.httpobj import urlparse_cached

from scraper.model import Source


class ForeignHost(IgnoreRequest):
    """The request goes to a host that the source does not list, or a redirect leads to another host."""


class HostMiddleware:
    """Compares hosts exactly: a subdomain or another port is another host. It replaces Scrapy's offsite middleware, which allows
    subdomains, and requests with `dont_filter`.
    """

    def __init__(self, source: Source | None, stats: StatsCollector) -> None:
        self._source, self._stats = source, stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        source = getattr(crawler.spidercls, "source", None)
        return cls(source if isinstance(source, Source) else None, crawler.stats)

    def process_request(self, request: Request) -> None:
        """Raises: ForeignHost if the URL is not http or https, or if the source does not list its host. Without a source, as in
        `scrapy fetch` for another site, the user may request any host, but a redirect must not leave it.
        """
        parts = urlparse_cached(request)
        if self._source is None:
            before = request.meta.get("redirect_urls")
            if before and urlsplit(before[0]).netloc.lower() != parts.netloc.lower():
                raise ForeignHost(f"{before[0]} leads to {request.url}, which is another site; fetch that URL itself")
        elif parts.scheme not in ("http", "https") or parts.netloc.lower() not in self._source.hosts:
            self._stats.inc_value("hosts/refused")
            raise ForeignHost(f"{parts.netloc} is not a host of this source")
