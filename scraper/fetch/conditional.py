"""Conditional requests (RFC 9110, 13): if a page has not changed since the last capture, the server does not send it again."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from scraper.model import LinkRole


class ConditionalMiddleware:
    """Sends the ETag and Last-Modified of the last good capture of the URL. `meta["unmodified"]` is then the id of that capture.
    Only an answer 304 counts as unchanged, and only for a limited number of days (UNMODIFIED_DAYS). A page that comes with 200 is always
    parsed, whatever its ETag is.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._days = {True: crawler.settings.getint("UNMODIFIED_DAYS"), False: crawler.settings.getint("UNMODIFIED_DAYS_LISTS")}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Add the validators of the last good capture. A later page of an article, a retry and a replay get none."""
        session = self._crawler.spider.session  # type: ignore[union-attr]
        role = request.meta.get("role")
        if role is None or role is LinkRole.PART or session.recording is not None or request.meta.get("tries"):
            return
        found = session.validators(request.url, self._days[role is LinkRole.ARTICLE])
        if found is None:
            return
        request.meta["unmodified"] = found.capture_id
        if found.etag:
            request.headers["If-None-Match"] = found.etag
        if found.last_modified:
            request.headers["If-Modified-Since"] = found.last_modified
