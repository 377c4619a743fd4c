"""A host that says "later" (429, 503) is left alone for as long as it asks, and then asked again."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

_STATUSES = (429, 503)

logger = logging.getLogger(__name__)


class RetryAfterMiddleware:
    """Holds every request to a host until its Retry-After is over. The wait is of that host, not of the run."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._default = settings.getfloat("RETRY_AFTER_DEFAULT")
        self._longest = settings.getfloat("RETRY_AFTER_MAX")
        self._times = settings.getint("RETRY_AFTER_TIMES")
        self._replaying = bool(settings.get("REPLAY"))
        self._not_before: dict[str, float] = {}
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        host = urlparse_cached(request).netloc
        loop = asyncio.get_running_loop()
        while (wait := self._not_before.get(host, 0.0) - loop.time()) > 0:
            await asyncio.sleep(wait)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        if response.status not in _STATUSES or self._replaying:
            return response
        asked = seconds(response.headers.get("Retry-After"), datetime.now(UTC))
        wait = self._default if asked is None else asked
        times = request.meta.get("retry_after_times", 0) + 1
        host = urlparse_cached(request).netloc
        if wait > self._longest or times > self._times:
            logger.warning("%s asks to wait %d s (answer %d, try %d): given up for this run", host, wait, response.status, times)
            return response
        logger.warning("%s asks to wait %d s (answer %d): waiting", host, wait, response.status)
        self._not_before[host] = max(self._not_before.get(host, 0.0), asyncio.get_running_loop().time() + wait)
        self._stats.inc_value("retry_after/waits")
        again = request.replace(dont_filter=True)
        again.meta["retry_after_times"] = times
        return again


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
