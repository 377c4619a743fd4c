"""Stores every response before it is parsed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from scraper.content_coding import CannotDecode, TooLarge
from scraper.crawl.run import Run, run_of
from scraper.failures import reason_of_status
from scraper.model import Failure
from scraper.store.captures import record_of
from scraper.warc import records


class UnpacksTooLarge(IgnoreRequest):
    """The decoded body is longer than DOWNLOAD_MAXSIZE. The response is stored as sent."""


class CannotUnpack(IgnoreRequest):
    """The content encoding of the body cannot be decoded. The response is stored as sent."""


class CaptureMiddleware:
    """The middleware nearest to the server. It stores each response as sent and passes on the decoded body.
    After it, `request.meta` holds `capture` (scraper.model.Capture) and `capture_id`.
    """

    def __init__(self, run: Run) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(run_of(crawler))

    async def process_response(self, request: Request, response: Response) -> Response:
        """Returns the response with its content encoding decoded.
        Raises: UnpacksTooLarge if the decoded body is too long; CannotUnpack if it cannot be decoded.
        """
        recorded = request.meta.pop("recorded", None)
        if recorded is not None:
            sent = recorded.response
            capture_id = self._run.keep_recorded(recorded)
        else:
            sent = _as_sent(response)
            address = str(response.ip_address) if response.ip_address else None
            # Compression takes longer than fetching and parsing a page, so it runs outside the event loop.
            record, digest = await asyncio.to_thread(record_of, sent, address)
            capture_id = self._run.keep(sent, record, digest)
            if sent.status >= 500 or sent.status == 429:
                # A middleware further out requests the page again. If that succeeds, it clears this failure.
                failure = Failure("fetch", reason_of_status(sent.status), sent.url, f"status {sent.status}")
                self._run.fail(failure, at=sent.captured_at, capture_id=capture_id)
        if "role" not in request.meta:  # a request of Scrapy's own, for robots.txt
            self._run.mark(capture_id, "robots")
        try:
            capture = records.decode(sent, self._run.limit)
        except TooLarge as error:
            request.meta["capture_id"] = capture_id
            raise UnpacksTooLarge(str(error)) from error
        except CannotDecode as error:
            request.meta["capture_id"] = capture_id
            raise CannotUnpack(str(error)) from error
        request.meta["capture"], request.meta["capture_id"] = capture, capture_id
        decoded = response.replace(body=capture.body)
        decoded.headers.pop("Content-Encoding", None)
        return decoded


def _as_sent(response: Response) -> records.Response:
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in response.headers.items() for value in values or []
    )
    try:
        reason = HTTPStatus(response.status).phrase
    except ValueError:
        reason = ""
    truncated = "dataloss" in response.flags  # Scrapy's flag for a body shorter than announced
    return records.Response(response.url, response.status, reason, headers, response.body, datetime.now(UTC), truncated)
