"""Answers every request from a web archive: from the captures that are kept already, else from its replay or its WARC files.

No request goes to the site. What the web archive does not have, or does not give, fails with a name.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from tqdm import tqdm

from scraper.crawl.exception_reasons import reason_of_exception
from scraper.crawl.exception_texts import detail_of_exception
from scraper.crawl.politeness.host_closed import NotSent
from scraper.crawl.replay.middleware import NotRecorded
from scraper.crawl.replay.not_played import CaptureNotPlayed
from scraper.crawl.replay.recorded_response import RecordedResponse, headers_of
from scraper.crawl.request_purpose import purpose_of, set_purpose, stored_url_of
from scraper.crawl.run import run_of
from scraper.crawl.web_recording import Fetched, WebRecording
from scraper.webarchives.playback import NotPlayed, Played, played, played_range, range_header
from scraper.webarchives.versions import Listed

logger = logging.getLogger(__name__)


class WebArchiveMiddleware:
    """Takes the place of the server if a web archive is queried."""

    def __init__(self, crawler: Crawler, web: WebRecording, longest_body: int) -> None:
        self._crawler, self._web, self._longest_body = crawler, web, longest_body
        self._bar: tqdm[Any] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Returns the middleware of a back-fill. Raises: NotConfigured if the run is not one. Scrapy then works without this middleware."""
        run = run_of(crawler)
        if run.web is None:
            raise NotConfigured
        middleware = cls(crawler, run.web, run.longest_body)
        crawler.signals.connect(middleware.closed, signals.spider_closed)
        return middleware

    async def process_request(self, request: Request) -> Response | None:
        """Returns the response of the site as the web archive captured it; None for a request to the archive itself.
        Raises: NotRecorded if the archive has none; CaptureNotPlayed if it does not give it; HostClosed or NotSent if it gets no request.
        """
        if self._web.archive.has(request.url):
            return None
        purpose = purpose_of(request)
        pages = purpose.article_pages
        since = pages.first.capture.captured_at if pages is not None else None
        urls = dict.fromkeys((stored_url_of(request), request.url))
        finds = (self._web.find(url, purpose.recorded.number, since) for url in urls) if purpose.role is not None else iter(())
        found = next((one for one in finds if one is not None), None)
        if found is None or request.method != "GET":
            raise NotRecorded(f"{self._web.archive.id} lists no capture of {stored_url_of(request)}")
        set_purpose(request, replace(purpose, recorded=replace(purpose.recorded, has_later=found.has_later)))
        captures, url = found.version.captures, stored_url_of(request)
        kept = next((one for listed in captures if (one := self._web.stored(listed, url)) is not None), None)
        if kept is not None:
            return _response(kept, request)
        requested: Listed | None = None
        reason = ""
        for listed in self._web.to_try(captures):
            if requested is not None:
                self._web.note_failed(requested, reason)
            self._show()
            result = await self._fetch(listed)
            if isinstance(result, Played):
                return _response(self._web.played(listed, result), request)
            logger.info("%s of %s: %s", listed.original, listed.at, result.detail)
            requested, reason, detail = listed, result.reason, f"{self._web.archive.id}: {result.detail}"
        # The spider records the failure first, then the state: after a kill in between, the capture is requested again.
        if requested is None:
            reason, detail = self._earlier(captures, url)
        raise CaptureNotPlayed(detail, reason, found.version.at, requested)

    def _earlier(self, captures: tuple[Listed, ...], url: str) -> tuple[str, str]:
        """Returns why none of the captures of a version is requested again: the reason, and the detail of the failure that the last
        request left.
        """
        failed = max((one for one in captures if one.tried is not None), key=lambda one: (one.tried, one.at))
        reason = failed.reason or ""
        archive, recorded = self._web.archive.id, self._web.recorded_detail(url, reason) or ""
        if recorded.startswith(f"{archive}: "):  # another web archive may have refused the same URL since
            return reason, recorded
        return reason, f"{archive}: not requested again before a week is over; it failed on {failed.tried:%Y-%m-%d}"

    async def _fetch(self, listed: Listed) -> Played | NotPlayed:
        """Requests a capture from the web archive."""
        archive = self._web.archive
        url = archive.page_url(listed.original, listed.at, listed.file)
        headers = {"Accept-Encoding": "identity"} | ({"Range": range_header(listed)} if archive.has_ranges else {})
        meta = {"dont_redirect": True, "handle_httpstatus_all": True}
        request = Request(url, callback=NO_CALLBACK, dont_filter=True, headers=headers, meta=meta)
        try:
            response = await self._crawler.engine.download_async(request)
        except NotSent:
            raise
        except Exception as error:  # noqa: BLE001 (whatever happened, the capture did not come)
            return NotPlayed(reason_of_exception(error) or "fetch-fault", detail_of_exception(error))
        if archive.has_ranges:
            return played_range(listed, url, response.status, response.body, self._longest_body)
        pairs = [(name.decode("latin-1"), one.decode("latin-1")) for name, values in response.headers.items() for one in values or []]
        return played(listed, url, response.status, pairs, response.body, self._longest_body, is_cut="dataloss" in response.flags)

    # --- progress -----------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Shows on a terminal how many captures are requested, of how many."""
        if self._bar is None:
            self._bar = tqdm(desc=f"{self._web.table.source_id}: captures", unit=" captures", disable=None)
            if not self._bar.disable:
                self._bar.total = sum(1 for _ in self._web.to_fetch())
        self._bar.update()

    def closed(self) -> None:
        """Scrapy's signal at the end."""
        if self._bar is not None:
            self._bar.close()


def _response(fetched: Fetched, request: Request) -> RecordedResponse:
    """Returns Scrapy's response for a capture."""
    url = stored_url_of(request)
    recorded = replace(fetched, response=replace(fetched.response, url=url))
    sent = recorded.response
    headers = headers_of(sent.headers)
    return RecordedResponse(request.url, status=sent.status, headers=headers, body=sent.body, request=request, recorded=recorded)
