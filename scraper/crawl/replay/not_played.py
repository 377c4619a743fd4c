"""The exception of a capture that a web archive lists and does not give."""

from __future__ import annotations

from datetime import datetime

from scrapy.exceptions import IgnoreRequest

from scraper.webarchives.versions import Listed


class CaptureNotPlayed(IgnoreRequest):
    """A web archive lists a capture and does not give it. `reason`: of the failure. `at`: the time of the capture. `requested`: the capture
    that was requested last, whose state is set after the failure is recorded; None if none was requested in this run.
    """

    def __init__(self, why: str, reason: str, at: datetime, requested: Listed | None) -> None:
        super().__init__(why)
        self.reason, self.at, self.requested = reason, at, requested
