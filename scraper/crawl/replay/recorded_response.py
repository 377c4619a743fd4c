"""A response that comes from a recording instead of the site."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scrapy.http import Response

from scraper.warc.recording import Recorded


class RecordedResponse(Response):
    """Scrapy's response for a recorded one. `recorded` is the response as it was recorded, with its place in the WARC file."""

    attributes = (*Response.attributes, "recorded")

    def __init__(self, *args: Any, recorded: Recorded, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recorded = recorded


def headers_of(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Returns the headers of a recorded response as Scrapy takes them. A name may occur several times."""
    headers: dict[str, list[str]] = {}
    for name, value in pairs:
        headers.setdefault(name, []).append(value)
    return headers
