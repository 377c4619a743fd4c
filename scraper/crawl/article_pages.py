"""An article with several pages: the pages fetched so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from scraper.model import Capture


@dataclass(slots=True)
class Parts:
    """The first page of an article, and its later pages in order, each with its capture id."""

    first: Capture
    first_id: int
    more: list[tuple[Capture, int]] = field(default_factory=list)

    def holds(self, url: str) -> bool:
        """Returns whether a page of the article has that URL."""
        return url == self.first.url or any(capture.url == url for capture, _ in self.more)
