"""Answers every request from a recording. If the recording has no response, the request fails as a miss; the network is never used."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Self
from urllib.parse import parse_qsl

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from scraper.content_coding import TooLarge
from scraper.crawl.replay.recorded_response import RecordedResponse, headers_of
from scraper.crawl.request_purpose import purpose_of, set_purpose, stored_url_of
from scraper.crawl.run import NoRun, run_of
from scraper.paths import project_paths
from scraper.post_urls import exact_post_url, is_post_url, post_url
from scraper.warc.dates import moment
from scraper.warc.recording import Recorded, Recording


class NotRecorded(IgnoreRequest):
    """The recording has no response for this URL."""


class RecordedBodyTooLarge(IgnoreRequest):
    """The recorded body is longer than DOWNLOAD_MAXSIZE.

    `at`: when it was recorded; None if that is not known. `has_later`: whether there is a later version.
    """

    def __init__(self, why: str, at: datetime | None, *, has_later: bool) -> None:
        super().__init__(why)
        self.at, self.has_later = at, has_later


class ReplayMiddleware:
    """Takes the place of the server if there is a recording."""

    def __init__(self, recording: Recording, longest_body: int, *, has_run: bool) -> None:
        self._recording, self._longest_body, self._has_run = recording, longest_body, has_run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Returns the middleware with the recording of the run, or without a run, with that of the setting REPLAY.
        Raises: NotConfigured if there is no recording. Scrapy then works without this middleware.
        """
        try:
            run = run_of(crawler)
            recording = run.recording if isinstance(run.recording, Recording) else None
        except NoRun:
            run = None
            files = project_paths(crawler.settings.get("REPLAY"))
            recording = Recording(files) if files else None
        if recording is None:
            raise NotConfigured
        return cls(recording, crawler.settings.getint("DOWNLOAD_MAXSIZE"), has_run=run is not None)

    def process_request(self, request: Request) -> Response:
        """Returns the recorded response.
        Raises: NotRecorded if the recording has no response for the URL; RecordedBodyTooLarge if the recorded body is too long.
        """
        purpose = purpose_of(request)
        version = purpose.recorded.number if purpose.role is not None else None  # of robots.txt, the newest
        try:
            recorded = self._recorded(request, version)
        except RecordedBodyTooLarge as error:
            set_purpose(request, replace(purpose, recorded=replace(purpose.recorded, has_later=error.has_later)))
            raise
        if recorded is None:
            raise NotRecorded(f"the recording has no {stored_url_of(request)}")
        if purpose.role is not None:
            set_purpose(request, replace(purpose, recorded=replace(purpose.recorded, has_later=recorded.more)))
        headers = headers_of(recorded.response.headers)
        status, body = recorded.response.status, recorded.response.body
        if self._has_run:
            return RecordedResponse(request.url, status=status, headers=headers, body=body, request=request, recorded=recorded)
        response_class = responsetypes.from_args(headers=Headers(headers), url=request.url, body=body)
        return response_class(request.url, status=status, headers=headers, body=body, request=request)

    def _recorded(self, request: Request, version: int | None) -> Recorded | None:
        """Returns the recorded answer to a request. A form is found by what its link sends, or by all of its fields.
        Raises: RecordedBodyTooLarge.
        """
        stored_url = stored_url_of(request)
        urls = [stored_url] if is_post_url(stored_url) else []
        if request.method == "GET":
            urls += [request.url, stored_url]
        elif request.method == "POST":
            sent = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
            urls += [exact_post_url(request.url, sent), post_url(request.url, sent)]
        pages = purpose_of(request).article_pages
        # A later page of an article is that of the same visit as its first page.
        since = pages.first.capture.captured_at if pages is not None else None
        return next((one for url in urls if (one := self._found(url, version, since)) is not None), None)

    def _found(self, url: str, version: int | None, since: datetime | None) -> Recorded | None:
        try:
            return self._recording.find(url, self._longest_body, version, since=since)
        except TooLarge as error:
            found = self._recording.version(url, version) if version is not None and since is None else None
            later = self._recording.version(url, version + 1) if found is not None and version is not None else None
            at = moment(found.date) if found is not None else None
            raise RecordedBodyTooLarge(str(error), at, has_later=later is not None) from error
