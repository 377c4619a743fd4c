"""The pause between two requests that the robots.txt of a site requires: `Crawl-delay: 10` or `Request-rate: 1/10`.
Scrapy measures DOWNLOAD_DELAY between the starts of two requests, so a slow network can shorten the pause that the server sees. This
middleware measures from the end of a response to the next request. It applies to DOWNLOAD_DELAY too.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from scraper.crawl.signals import host_closed


class CrawlDelayMiddleware:
    """Delays each request until the pause of its host is over. If a host requires a pause longer than RETRY_AFTER_MAX, it gets no
    further request in this run.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._longest = crawler.settings.getfloat("RETRY_AFTER_MAX")
        jitter = min(1.0, crawler.settings.getfloat("DOWNLOAD_DELAY_JITTER"))
        self._shortest = crawler.settings.getfloat("DOWNLOAD_DELAY") * (1 - jitter)
        self._pauses: dict[str, float] = {}  # pause in seconds, by host
        self._answered: dict[str, float] = {}  # end of the last response, by host (event loop clock)
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        if not crawler.settings.get("REPLAY"):
            crawler.signals.connect(middleware.robots_parsed, signals.robots_parsed)
        return middleware

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        """Read the pause from a robots.txt that was just parsed. If both directives occur, the longer pause applies."""
        rules, agent = robotparser.rp, str(self._crawler.settings["USER_AGENT"])
        rate = rules.request_rate(agent)
        pause = max(rules.crawl_delay(agent) or 0.0, rate.seconds / rate.requests if rate is not None and rate.requests else 0.0)
        host = urlparse_cached(request).netloc
        if pause > self._longest:
            why = f"the robots.txt of {host} asks for {pause:.0f} s between two requests, more than RETRY_AFTER_MAX ({self._longest:.0f} s)"
            self._crawler.signals.send_catch_log(host_closed, host=host, why=why)
        else:
            self._pauses[host] = max(pause, self._shortest)

    async def process_request(self, request: Request) -> None:
        """Wait until the pause of the host is over. A replay never waits."""
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
