"""The exception of a capture that a web archive lists and does not give."""

from __future__ import annotations

from datetime import datetime

from scrapy.exceptions import IgnoreRequest


class CaptureNotPlayed(IgnoreRequest):
    """A web archive lists a capture and does not give it. `reason`: of the failure. `at`: the time of the capture."""

    def __init__(self, why: str, reason: str, at: datetime) -> None:
        super().__init__(why)
        self.reason, self.at = reason, at
