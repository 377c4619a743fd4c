"""Answers every request from a recording. If the recording has no response, the request fails as a miss; the network is never used."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from scraper.content_coding import TooLarge
from scraper.crawl.run import Run, run_of


class ReplayMiss(IgnoreRequest):
    """The recording has no response for this URL."""


class ReplayedTooLarge(IgnoreRequest):
    """The recorded body is longer than DOWNLOAD_MAXSIZE."""


class ReplayMiddleware:
    """Takes the place of the server if the run has a recording."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(run_of(crawler))

    def process_request(self, request: Request) -> Response | None:
        """Returns the recorded response, or None if the run has no recording.
        Raises: ReplayMiss if the recording has no response for the URL; ReplayedTooLarge if the recorded body is too long.
        """
        if self._run.recording is None:
            return None
        try:
            version = request.meta.get("version", 0) if "role" in request.meta else None  # Scrapy's own request for robots.txt
            recorded = self._run.recording.find(request.url, self._run.limit, version) if request.method == "GET" else None
        except TooLarge as error:
            raise ReplayedTooLarge(str(error)) from error
        if recorded is None:
            raise ReplayMiss(f"the recording has no {request.url}")
        request.meta["recorded"] = recorded
        request.meta["later_version"] = recorded.more
        headers: dict[str, list[str]] = {}
        for name, value in recorded.response.headers:
            headers.setdefault(name, []).append(value)
        return Response(request.url, status=recorded.response.status, headers=headers, body=recorded.response.body, request=request)
