"""Rejects every request to a host that the source does not list."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.statscollectors import StatsCollector
from scrapy.utils.httpobj import urlparse_cached

from scraper.model import Source


class ForeignHost(IgnoreRequest):
    """The request goes to a host that the source does not list."""


class HostMiddleware:
    """Compares hosts exactly: a subdomain or another port is another host. It replaces Scrapy's offsite middleware, which allows
    subdomains, and requests with `dont_filter`.
    """

    def __init__(self, source: Source, stats: StatsCollector) -> None:
        self._hosts, self._stats = source.hosts, stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        source = getattr(crawler.spidercls, "source", None)
        if not isinstance(source, Source):
            raise NotConfigured  # as in `scrapy shell` for a site that is no source
        return cls(source, crawler.stats)

    def process_request(self, request: Request) -> None:
        """Raises: ForeignHost if the URL is not http or https, or if the source does not list its host."""
        parts = urlparse_cached(request)
        if parts.scheme not in ("http", "https") or parts.netloc.lower() not in self._hosts:
            self._stats.inc_value("hosts/refused")
            raise ForeignHost(f"{parts.netloc} is not a host of this source")
