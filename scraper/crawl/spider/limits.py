"""The limits of a crawl. They stop sites that link to new lists or sitemaps without end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from scrapy.settings import BaseSettings

from scraper.crawl.run import Run
from scraper.model import Failure


@dataclass(frozen=True, slots=True)
class CrawlLimits:
    """The limits that the settings give. All are numbers per run, unless stated otherwise."""

    list_pages: int
    sitemaps: int
    sitemap_depth: int
    article_pages: int  # per article
    retries: int  # per page that arrives truncated

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Returns the limits in the settings. If a recording is replayed, nothing is requested twice (RETRY_ENABLED is off)."""
        return cls(
            list_pages=settings.getint("MAX_LISTINGS"),
            sitemaps=settings.getint("MAX_SITEMAPS"),
            sitemap_depth=settings.getint("MAX_SITEMAP_NESTING"),
            article_pages=settings.getint("MAX_ARTICLE_PAGES"),
            retries=settings.getint("RETRY_TIMES") if settings.getbool("RETRY_ENABLED") else 0,
        )


class ListLimit:
    """Allows each list page once, and only a limited number of them. Records a failure when the limit is reached."""

    def __init__(self, run: Run, most: int) -> None:
        self._run, self._most = run, most
        self._urls: set[str] = set()
        self._reached = False

    def allows(self, url: str) -> bool:
        """Returns whether a list page may be requested now, and counts it. A drop-down can link to every page of a list from each page."""
        if url in self._urls or self.refuses(url):
            return False
        self._urls.add(url)
        return True

    def refuses(self, url: str) -> bool:
        """Returns whether a list page that was not requested yet is over the limit."""
        if url in self._urls or len(self._urls) < self._most:
            return False
        if not self._reached:
            detail = f"more than {self._most} list pages; the site links to new ones without end, or MAX_LISTINGS is too low"
            self._run.record_failure(Failure("discover", "endless-listing", url, detail))
        self._reached = True
        return True


class SitemapLimit:
    """Allows each sitemap once, and only a limited number and depth of them. Records a failure when a limit is reached."""

    def __init__(self, run: Run, most: int, deepest: int) -> None:
        self._run, self._most, self._deepest = run, most, deepest
        self._urls: set[str] = set()
        self._reached = False

    @property
    def is_used(self) -> bool:
        """Whether a sitemap was requested."""
        return bool(self._urls)

    def allows(self, url: str, depth: int) -> bool:
        """Returns whether a sitemap may be requested now, and counts it. `depth`: 1 for a sitemap that no other sitemap named."""
        if url in self._urls or self.refuses(url, depth):
            return False
        self._urls.add(url)
        return True

    def refuses(self, url: str, depth: int) -> bool:
        """Returns whether a sitemap that was not requested yet is over a limit."""
        if url in self._urls or (depth <= self._deepest and len(self._urls) < self._most):
            return False
        if not self._reached:
            too_deep = f"nested more than {self._deepest} deep (MAX_SITEMAP_NESTING)"
            limit = too_deep if depth > self._deepest else f"more than {self._most} (MAX_SITEMAPS)"
            detail = f"sitemaps {limit}; this one and others were not requested"
            self._run.record_failure(Failure("discover", "endless-sitemap", url, detail))
        self._reached = True
        return True
