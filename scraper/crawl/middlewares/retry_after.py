"""Handles 429 and 503: no request goes to the host until the wait in its Retry-After header is over; then the page is requested again."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from scraper import clock
from scraper.crawl.request_purpose import purpose_of, set_purpose
from scraper.crawl.signals import host_closed

_STATUSES = (429, 503)

logger = logging.getLogger(__name__)


class HostClosed(IgnoreRequest):
    """The host gets no further request in this run: it demanded too long a wait, or refused too many requests."""


@dataclass(slots=True)
class _Host:
    """How a host has answered so far in this run."""

    not_before: float = 0.0  # time on the event loop clock
    refusals: int = 0  # consecutive answers 429 or 503, for any page
    guessed_waits: int = 0  # waits after an answer without a usable Retry-After
    closed: str = ""  # reason why the host gets no further request; empty if it is open


class RetryAfterMiddleware:
    """Delays every request to a host until its Retry-After is over, and closes the host if it demands too much.
    If the host states the length of the wait, a page is requested again up to RETRY_AFTER_TIMES times. If it states none,
    RETRY_AFTER_DEFAULT is waited once for each page, and at most RETRY_AFTER_TIMES times in a run, because pages that always refuse must
    not cost a wait each. A host is closed for this run if it demands more than RETRY_AFTER_MAX, or if it refuses more than
    RETRY_AFTER_REFUSALS requests in a row.
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
        """Wait until the host accepts requests again.
        Raises: HostClosed if the host gets no further request in this run.
        """
        host = self._hosts[urlparse_cached(request).netloc]
        if host.closed:
            raise HostClosed(host.closed)
        loop = asyncio.get_running_loop()
        while (wait := host.not_before - loop.time()) > 0:
            await asyncio.sleep(wait)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Returns the response, or a new request for the same page if the answer is 429 or 503 and another wait is allowed."""
        name = urlparse_cached(request).netloc
        host = self._hosts[name]
        if response.status not in _STATUSES or self._replaying:
            host.refusals = 0
            return response
        host.refusals += 1
        stated = seconds(response.headers.get("Retry-After"), clock.now())
        if stated is not None and stated > self._longest:
            self._close(name, f"{name} asks us to wait {stated:.0f} s, more than RETRY_AFTER_MAX ({self._longest:.0f} s)")
            return response
        if host.refusals > self._most_refusals:
            self._close(name, f"{name} refused {host.refusals} requests in a row (429 or 503)")
            return response
        times = purpose_of(request).waits + 1
        if not self._may_wait(host, stated, times):
            logger.info("%s answers %d (try %d): no more waits for this page", name, response.status, times)
            return response
        return self._again(request, host, self._default if stated is None else stated, times)

    def _may_wait(self, host: _Host, stated: float | None, times: int) -> bool:
        if stated is not None:
            return times <= self._times
        host.guessed_waits += 1
        return times == 1 and host.guessed_waits <= self._times

    def _again(self, request: Request, host: _Host, wait: float, times: int) -> Request:
        logger.warning("%s asks us to wait: %.0f s", urlparse_cached(request).netloc, wait)
        host.not_before = max(host.not_before, asyncio.get_running_loop().time() + wait)
        self._crawler.stats.inc_value("retry_after/waits")
        again = request.replace(dont_filter=True)
        set_purpose(again, replace(purpose_of(again), waits=times))
        return again

    def _close(self, name: str, why: str) -> None:
        self._hosts[name].closed = why
        self._crawler.signals.send_catch_log(host_closed, host=name, why=why)


def seconds(header: bytes | None, now: datetime) -> float | None:
    """Returns the wait in seconds that a Retry-After header states, either as a number of seconds or as a date (RFC 9110, 10.2.3).
    Returns None if the header is missing or cannot be parsed. A date before `now` gives 0.
    """
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
