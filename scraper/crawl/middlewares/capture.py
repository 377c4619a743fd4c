"""Stores every response before it is parsed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from http import HTTPStatus
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response

from scraper import clock
from scraper.content_coding import CannotDecode, TooLarge
from scraper.crawl.clock_check import ahead_of_us
from scraper.crawl.replay.recorded_response import RecordedResponse, headers_of
from scraper.crawl.request_purpose import Purpose, answered_at, kind_requested, purpose_of, set_purpose, stored_url_of
from scraper.crawl.run import Run, run_of
from scraper.crawl.stored_capture import StoredCapture
from scraper.failures import reason_of_status
from scraper.model import Failure, LinkRole, PageKind
from scraper.store.capture_writing import encode_capture
from scraper.warc import records
from scraper.warc.recording import Recorded

# Bytes of a body that is compressed in the event loop: 2 ms for the longest. Another thread costs 0.6 ms of processor time for each
# response, twice as much as compressing most pages.
_LONGEST_AT_ONCE = 256 * 1024


class UnreadableBody(IgnoreRequest):
    """A response that is stored, and whose page cannot be read: the purpose of its request names the capture."""


class BodyTooLarge(UnreadableBody):
    """The decoded body is longer than DOWNLOAD_MAXSIZE. The response is stored as sent."""


class CannotDecodeBody(UnreadableBody):
    """The content encoding of the body cannot be decoded. The response is stored as sent."""


class RevisitWithoutOriginal(UnreadableBody):
    """A revisit in a recording whose original is not in it. The record is stored; the page cannot be read."""


class CaptureMiddleware:
    """The middleware nearest to the server. It stores each response as sent and passes on the decoded body.
    After it, the purpose of the request holds the stored capture.
    """

    def __init__(self, run: Run) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(run_of(crawler))

    async def process_response(self, request: Request, response: Response) -> Response:
        """Returns the response with its content encoding decoded.
        Raises: BodyTooLarge if the decoded body is too long; CannotDecodeBody if it cannot be decoded; RevisitWithoutOriginal if the
        recording lacks the body.
        """
        if self._run.web is not None and not isinstance(response, RecordedResponse):
            return response  # of the web archive itself
        purpose = purpose_of(request)
        kind = kind_requested(purpose) if request.method == "GET" else None
        if isinstance(response, RecordedResponse):
            recorded = _as_stored(response.recorded, stored_url_of(request))
            sent = recorded.response
            purpose = self._with_original(purpose, recorded)
            capture_id = self._run.captures.keep_recorded(recorded, kind)
        else:
            sent = _as_sent(request, response)
            if self._run.counts.server_ahead is None:
                dates = response.headers.getlist("Date")
                self._run.counts.server_ahead = ahead_of_us(dates[-1] if dates else None, clock.real())
            address = str(response.ip_address) if response.ip_address else None
            capture_id = await self._store(sent, address, purpose, kind)
        if purpose.role is None:  # a request of Scrapy's own, for robots.txt
            self._run.captures.mark(capture_id, "robots")
        purpose = replace(purpose, capture_id=capture_id)
        set_purpose(request, purpose)
        is_without_body = isinstance(response, RecordedResponse) and response.recorded.original_missing
        try:
            if is_without_body:
                purpose, stored = self._completed(purpose, sent, capture_id)
                response = response.replace(status=stored.capture.status, headers=headers_of(stored.capture.headers))
            else:
                stored = StoredCapture(capture_id, records.decode(sent, self._longest(purpose)))
        except TooLarge as error:
            raise BodyTooLarge(str(error)) from error
        except CannotDecode as error:
            raise CannotDecodeBody(str(error)) from error
        set_purpose(request, replace(purpose, capture_id=capture_id, stored=stored))
        decoded = response.replace(url=sent.url, body=stored.capture.body)
        decoded.headers.pop("Content-Encoding", None)
        return decoded

    def _longest(self, purpose: Purpose) -> int:
        """Returns the limit of a decoded body, in bytes."""
        return self._run.files.longest if purpose.role is LinkRole.FILE else self._run.longest_body

    def _with_original(self, purpose: Purpose, recorded: Recorded) -> Purpose:
        """Returns the purpose of a request that a recording answers. If the answer is 304, it names the capture that is unchanged."""
        original = self._run.captures.original_of_recorded(recorded) if recorded.response.status == records.NOT_MODIFIED else None
        return replace(purpose, unchanged_since=original.id) if original is not None else purpose

    def _completed(self, purpose: Purpose, sent: records.Response, capture_id: int) -> tuple[Purpose, StoredCapture]:
        """Returns the capture of a revisit whose original is not in the recording, but in the archive, with the purpose of its request.
        Raises: RevisitWithoutOriginal if the archive lacks it, too; TooLarge or CannotDecode if it cannot be decoded.
        """
        try:
            page, original = self._run.captures.complete(capture_id)
        except records.WarcError as error:
            raise RevisitWithoutOriginal(str(error)) from error
        if original is None:
            raise RevisitWithoutOriginal(records.ORIGINAL_MISSING)
        if page is not None:
            return purpose, page
        return replace(purpose, unchanged_since=original), StoredCapture(capture_id, records.decode(sent, self._longest(purpose)))

    async def _store(self, sent: records.Response, address: str | None, purpose: Purpose, kind: PageKind | None) -> int:
        original = self._run.captures.original_of(sent, purpose.unchanged_since)
        if original is None and purpose.role is LinkRole.FILE:
            original = self._run.captures.original_of_file(sent)
        if len(sent.body) <= _LONGEST_AT_ONCE:
            encoded = encode_capture(sent, self._longest(purpose), address, original)
        else:
            encoded = await asyncio.to_thread(encode_capture, sent, self._longest(purpose), address, original)
        capture_id = self._run.captures.keep(sent, encoded, kind)
        if sent.status >= 500 or sent.status == 429:
            # A middleware further out requests the page again. If that succeeds, it clears this failure.
            failure = Failure("fetch", reason_of_status(sent.status), sent.url, f"status {sent.status}")
            self._run.record_failure(failure, at=sent.captured_at, capture_id=capture_id)
        return capture_id


def _as_stored(recorded: Recorded, url: str) -> Recorded:
    """Returns a recorded response with the URL under which the archive stores it; its original, too, if it is a version of that page."""
    original = recorded.original
    if original is not None and original.url == recorded.response.url:
        original = replace(original, url=url)
    return replace(recorded, response=replace(recorded.response, url=url), original=original)


def _as_sent(request: Request, response: Response) -> records.Response:
    try:
        reason = HTTPStatus(response.status).phrase
    except ValueError:
        reason = ""
    truncated = "dataloss" in response.flags  # Scrapy's flag for a body shorter than announced
    url, posted = stored_url_of(request), request.body if request.method == "POST" else None
    target = response.url if response.url != url else None
    return records.Response(
        url,
        response.status,
        reason,
        _pairs(response.headers),
        response.body,
        answered_at(request) or clock.now(),
        truncated,
        target,
        posted,
        requested=_pairs(request.headers),
    )


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values or [])
