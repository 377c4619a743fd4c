"""Answers every request from a recording. If the recording has no response, the request fails as a miss; the network is never used."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from scraper.content_coding import TooLarge
from scraper.crawl.replay.recorded_response import RecordedResponse
from scraper.crawl.request_purpose import purpose_of, set_purpose
from scraper.crawl.run import Run, run_of


class NotRecorded(IgnoreRequest):
    """The recording has no response for this URL."""


class RecordedBodyTooLarge(IgnoreRequest):
    """The recorded body is longer than DOWNLOAD_MAXSIZE."""


class ReplayMiddleware:
    """Takes the place of the server if the run has a recording."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(run_of(crawler))

    def process_request(self, request: Request) -> RecordedResponse | None:
        """Returns the recorded response, or None if the run has no recording.
        Raises: NotRecorded if the recording has no response for the URL; RecordedBodyTooLarge if the recorded body is too long.
        """
        if self._run.recording is None:
            return None
        purpose = purpose_of(request)
        version = purpose.recorded.number if purpose.role is not None else None  # of robots.txt, the newest
        try:
            recorded = self._run.recording.find(request.url, self._run.longest_body, version) if request.method == "GET" else None
        except TooLarge as error:
            raise RecordedBodyTooLarge(str(error)) from error
        if recorded is None:
            raise NotRecorded(f"the recording has no {request.url}")
        if purpose.role is not None:
            set_purpose(request, replace(purpose, recorded=replace(purpose.recorded, has_later=recorded.more)))
        headers: dict[str, list[str]] = {}
        for name, value in recorded.response.headers:
            headers.setdefault(name, []).append(value)
        return RecordedResponse(
            request.url,
            status=recorded.response.status,
            headers=headers,
            body=recorded.response.body,
            request=request,
            recorded=recorded,
        )
