"""Conditional requests (RFC 9110, 13): if a page has not changed since the last capture, the server does not send it again."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from scraper.crawl.request_purpose import kind_requested, purpose_of, set_purpose
from scraper.crawl.run import Run, run_of
from scraper.model import PageKind


class ConditionalMiddleware:
    """Sends the ETag and Last-Modified of the last good capture of the URL, if they proved reliable (`store/validators.py`).
    The purpose of the request then names that capture.

    Only an answer 304 counts as unchanged, and only for a limited number of days (UNMODIFIED_DAYS), so that a wrong one cannot hide a page
    forever. A page that comes with 200 is always parsed, whatever its ETag is.
    """

    def __init__(self, run: Run, *, days_of_articles: int, days_of_lists: int) -> None:
        self._run = run
        self._days_of_articles, self._days_of_lists = days_of_articles, days_of_lists

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        days = settings.getint("UNMODIFIED_DAYS"), settings.getint("UNMODIFIED_DAYS_LISTS")
        return cls(run_of(crawler), days_of_articles=days[0], days_of_lists=days[1])

    def process_request(self, request: Request) -> None:
        """Adds the validators of the last good capture. A later page of an article, a form, a retry and a replay get none."""
        purpose = purpose_of(request)
        kind = kind_requested(purpose)
        if kind is None or request.method != "GET" or self._run.recording is not None or purpose.attempt:
            return
        days = self._days_of_articles if kind is PageKind.ARTICLE else self._days_of_lists
        found = self._run.validators(request.url, kind, days)
        if found is None:
            return
        set_purpose(request, replace(purpose, unchanged_since=found.capture_id))
        if found.etag:
            request.headers["If-None-Match"] = found.etag
        if found.last_modified:
            request.headers["If-Modified-Since"] = found.last_modified
