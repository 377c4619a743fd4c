"""Rejects every request to a host that the source does not list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scraper.spiders.news import NewsSpider


class ForeignHost(IgnoreRequest):
    """The request goes to a host that the source does not list."""


class HostMiddleware(OffsiteMiddleware):
    """Scrapy's offsite middleware with exact comparison: a subdomain or another port is another host. `dont_filter` makes no exception."""

    def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Raises: ForeignHost if the source does not list the host."""
        assert self.crawler.spider is not None
        if not self.should_follow(request, self.crawler.spider):
            self.crawler.stats.inc_value("hosts/refused")
            raise ForeignHost(f"{urlparse_cached(request).netloc} is not a host of this source")

    def request_scheduled(self, request: Request, spider: Spider) -> None:
        """Does nothing: requests are checked only in `process_request`."""

    def should_follow(self, request: Request, spider: Spider) -> bool:
        """Returns whether the URL is http or https and its host is a host of the source."""
        parts = urlparse_cached(request)
        return parts.scheme in ("http", "https") and parts.netloc.lower() in _hosts(spider)

    def get_host_regex(self, spider: Spider) -> re.Pattern[str]:
        """Returns a pattern that matches only the hosts of the source."""
        return re.compile("|".join(re.escape(host) for host in _hosts(spider)))


def _hosts(spider: Spider) -> tuple[str, ...]:
    return cast("NewsSpider", spider).source.hosts
