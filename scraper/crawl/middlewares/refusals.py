"""Requests a page again that the host refused with 429 or 503. The queue of the host keeps the pause before."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from scraper import clock
from scraper.crawl.politeness.crawl_hosts import hosts_of
from scraper.crawl.politeness.download_handler import REFUSING
from scraper.crawl.politeness.pauses import stated_seconds
from scraper.crawl.request_purpose import purpose_of, set_purpose

logger = logging.getLogger(__name__)


class RefusalMiddleware:
    """If the host states the length of the pause, a page is requested again up to RETRY_AFTER_TIMES times; if it states none, once, because
    it may refuse this page always. It is not requested again if the host is closed.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._hosts = hosts_of(crawler)
        self._times = crawler.settings.getint("RETRY_AFTER_TIMES")
        self._replaying = bool(crawler.settings.get("REPLAY"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Returns the response, or a new request for the same page."""
        if response.status not in REFUSING or self._replaying or self._hosts.is_closed(request.url):
            return response
        stated = stated_seconds(response.headers.get("Retry-After"), clock.now())
        waits = purpose_of(request).waits + 1
        if stated is None and (waits > 1 or not self._hosts.queue(request.url).pauses_left(self._hosts.limits)):
            return response
        if waits > self._times:
            return response
        logger.info("%s answers %d: %s is requested again", urlparse_cached(request).netloc, response.status, request.url)
        again = request.replace(dont_filter=True)
        set_purpose(again, replace(purpose_of(again), waits=waits))
        return again
