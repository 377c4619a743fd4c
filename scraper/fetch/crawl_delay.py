"""The pause between two requests that a site's robots.txt asks for: `Crawl-delay: 10` or `Request-rate: 1/10`.

Scrapy counts DOWNLOAD_DELAY from request to request, which a slow network can shorten at the server. Here a pause is counted from the
end of a response to the next request, so the server never sees a shorter one; that holds for the shortest DOWNLOAD_DELAY, too.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached


class CrawlDelayMiddleware:
    """Holds each request until the pause of its host is over. A host that asks for more than RETRY_AFTER_MAX is left alone."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._longest = crawler.settings.getfloat("RETRY_AFTER_MAX")
        jitter = min(1.0, crawler.settings.getfloat("DOWNLOAD_DELAY_JITTER"))
        self._shortest = crawler.settings.getfloat("DOWNLOAD_DELAY") * (1 - jitter)
        self._pauses: dict[str, float] = {}  # s, by host
        self._answered: dict[str, float] = {}  # when the last response of a host ended, by the clock of the event loop
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        if not crawler.settings.get("REPLAY"):
            crawler.signals.connect(middleware.robots_parsed, signals.robots_parsed)
        return middleware

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        """Take the pause out of a robots.txt that was just parsed."""
        rules, agent = robotparser.rp, str(self._crawler.settings["USER_AGENT"])
        rate = rules.request_rate(agent)
        pause = max(rules.crawl_delay(agent) or 0.0, rate.seconds / rate.requests if rate is not None and rate.requests else 0.0)
        host = urlparse_cached(request).netloc
        if pause > self._longest:
            why = f"the robots.txt of {host} asks for {pause:.0f} s between two requests, more than RETRY_AFTER_MAX ({self._longest:.0f} s)"
            self._crawler.spider.leave(host, why)  # type: ignore[union-attr]
        else:
            self._pauses[host] = max(pause, self._shortest)

    async def process_request(self, request: Request) -> None:
        host = urlparse_cached(request).netloc
        if self._crawler.settings.get("REPLAY"):
            return
        async with self._turns[host]:
            loop = asyncio.get_running_loop()
            while (wait := self._answered.get(host, 0.0) + self._pauses.get(host, self._shortest) - loop.time()) > 0:
                await asyncio.sleep(wait)
            self._answered[host] = loop.time()

    def process_response(self, request: Request, response: Response) -> Response:
        self._ended(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        self._ended(request)

    def _ended(self, request: Request) -> None:
        self._answered[urlparse_cached(request).netloc] = asyncio.get_running_loop().time()
