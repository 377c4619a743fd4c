"""A host that says "later" (429, 503) is left alone for as long as it asks, and then asked again."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

_STATUSES = (429, 503)

logger = logging.getLogger(__name__)


class HostClosed(IgnoreRequest):
    """The host asked to be left alone for longer than we wait in one run."""


@dataclass(slots=True)
class _Host:
    """How a host has answered so far in this run."""

    not_before: float = 0.0  # by the clock of the event loop
    refusals: int = 0  # answers 429 and 503 in a row, of any page
    guessed_waits: int = 0  # waits whose length the host did not name
    closed: str = ""  # why nothing more is requested from it


class RetryAfterMiddleware:
    """Holds every request to a host until its Retry-After is over, and leaves the host if it asks for too much.

    A wait of a length that the host names is repeated up to RETRY_AFTER_TIMES for a page. Without a length RETRY_AFTER_DEFAULT is
    waited once for a page, and RETRY_AFTER_TIMES in a run: pages that always refuse must not cost a wait each. A host that asks for
    more than RETRY_AFTER_MAX, or that refuses RETRY_AFTER_REFUSALS requests in a row, gets no further request in this run.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._default = settings.getfloat("RETRY_AFTER_DEFAULT")
        self._longest = settings.getfloat("RETRY_AFTER_MAX")
        self._times = settings.getint("RETRY_AFTER_TIMES")
        self._most_refusals = settings.getint("RETRY_AFTER_REFUSALS")
        self._replaying = bool(settings.get("REPLAY"))
        self._hosts: dict[str, _Host] = defaultdict(_Host)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        host = self._hosts[urlparse_cached(request).netloc]
        if host.closed:
            raise HostClosed(host.closed)
        loop = asyncio.get_running_loop()
        while (wait := host.not_before - loop.time()) > 0:
            await asyncio.sleep(wait)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        name = urlparse_cached(request).netloc
        host = self._hosts[name]
        if response.status not in _STATUSES or self._replaying:
            host.refusals = 0
            return response
        host.refusals += 1
        asked = seconds(response.headers.get("Retry-After"), datetime.now(UTC))
        if asked is not None and asked > self._longest:
            self._close(name, f"{name} asks to wait {asked:.0f} s, more than RETRY_AFTER_MAX ({self._longest:.0f} s)")
            return response
        if host.refusals > self._most_refusals:
            self._close(name, f"{name} refused {host.refusals} requests in a row (429 or 503)")
            return response
        times = request.meta.get("retry_after_times", 0) + 1
        if not self._may_wait(host, asked, times):
            logger.info("%s answers %d (try %d): no more waits for this page", name, response.status, times)
            return response
        return self._again(request, host, self._default if asked is None else asked, times)

    def _may_wait(self, host: _Host, asked: float | None, times: int) -> bool:
        if asked is not None:
            return times <= self._times
        host.guessed_waits += 1
        return times == 1 and host.guessed_waits <= self._times

    def _again(self, request: Request, host: _Host, wait: float, times: int) -> Request:
        logger.warning("%s asks to wait: %.0f s", urlparse_cached(request).netloc, wait)
        host.not_before = max(host.not_before, asyncio.get_running_loop().time() + wait)
        self._crawler.stats.inc_value("retry_after/waits")
        again = request.replace(dont_filter=True)
        again.meta["retry_after_times"] = times
        return again

    def _close(self, name: str, why: str) -> None:
        self._hosts[name].closed = why
        self._crawler.spider.leave(name, why)  # type: ignore[union-attr]


def seconds(header: bytes | None, now: datetime) -> float | None:
    """The wait in s that a Retry-After header asks for: a number of s, or a date (RFC 9110, 10.2.3). None where it says nothing."""
    if header is None:
        return None
    text = header.decode("latin-1").strip()
    if text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
