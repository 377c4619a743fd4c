"""Scrapy's download handler for http and https, which sends each request only when it is the turn of its host.

Everything that goes to the network goes through it: pages, robots.txt, retries, redirects, POST requests, and the pages of `scrapy fetch`.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from scraper import clock
from scraper.crawl.politeness.crawl_hosts import hosts_of
from scraper.crawl.politeness.header_limit import with_bounded_headers
from scraper.crawl.politeness.host_queue import REFUSED, UNANSWERED
from scraper.crawl.politeness.pauses import stated_seconds
from scraper.crawl.politeness.tls import insecure, old_tls_policy
from scraper.crawl.private_addresses import rejected
from scraper.crawl.request_purpose import purpose_of

REFUSING = (429, 503)  # statuses that ask us to come later

_BROKEN = {
    CannotResolveHostError: "dns",
    DownloadConnectionRefusedError: "refused-connection",
    DownloadFailedError: "connection-lost",
}


class PoliteDownloadHandler(HTTP11DownloadHandler):
    """Waits for the turn of each request, and notes how the host answered."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = with_bounded_headers(self._pool._factory)
        self._hosts = hosts_of(crawler)
        if crawler.settings.getbool("OLD_TLS_ALLOWED"):
            self._contextFactory = old_tls_policy(self._contextFactory)

    async def download_request(self, request: Request) -> Response:
        """Returns the response.
        Raises: HostClosed or NotSent if no request is sent; InsecureConnection; what Scrapy's handler raises.
        """
        limits = self._hosts.limits
        again = bool(purpose_of(request).waits or request.meta.get("retry_times"))
        async with self._hosts.turn(request.url) as queue:
            await self._at_its_turn()
            try:
                response = await super().download_request(request)
            except DownloadTimeoutError:
                queue.refused(None, limits, again=again, how=UNANSWERED, reason="timeout")
                raise
            except tuple(_BROKEN) as error:
                if (private := rejected(urlparse_cached(request).hostname or "")) is not None:
                    raise private from error
                unsafe = insecure(error, queue.host, self._hosts.source, clock.now().astimezone(clock.VIETNAM).date())
                queue.failed(unsafe.reason if unsafe is not None else _BROKEN[type(error)], again=again)
                if unsafe is not None:
                    raise unsafe from error
                raise
            if response.status in REFUSING:
                stated = stated_seconds(response.headers.get("Retry-After"), clock.now())
                queue.refused(stated, limits, again=again, how=REFUSED, reason="rate-limited")
            else:
                queue.answered()
            return response

    async def _at_its_turn(self) -> None:
        """Called just before a request is sent, when it has waited for its turn. Raises: NotSent if it may not be sent any more."""
