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


def headers_of(pairs: Iterable[tuple[str, str]]) -> dict[str, list[bytes]]:
    """Returns the headers of a recorded response as a server sends them. A name may occur several times. A value has a letter for each byte
    if it was received just now (`latin-1`), and is the text of these bytes if a record was read.
    """
    headers: dict[str, list[bytes]] = {}
    for name, value in pairs:
        headers.setdefault(name, []).append(_as_sent(value))
    return headers


def _as_sent(value: str) -> bytes:
    try:
        received = value.encode("latin-1")
        received.decode("utf-8")
    except UnicodeError:
        return value.encode("utf-8", "replace")
    return received
