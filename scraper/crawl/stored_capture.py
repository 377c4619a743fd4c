"""Responses that the archive has stored: one capture, or the captures of an article that has several pages."""

from __future__ import annotations

from dataclasses import dataclass, field

from scraper.model import Capture


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """A response with its content encoding decoded, and its id in the table `captures`."""

    id: int
    capture: Capture


@dataclass(slots=True)
class ArticlePages:
    """The pages of one article that were fetched so far."""

    first: StoredCapture
    body: str | None  # the text of the first page
    later: list[StoredCapture] = field(default_factory=list)  # in page order

    def has(self, url: str) -> bool:
        """Returns whether one of the pages has that URL."""
        return any(page.capture.url == url for page in (self.first, *self.later))
