"""Scrapy's spider loaders: one spider for each source."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar, Self

from scrapy import Request
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached

from scraper.crawl.spider.news import NewsSpider
from scraper.crawl.spider.source_spider import PageSpider, SourceSpider, spider_of
from scraper.model import Source
from scraper.paths import project_paths
from scraper.sources import find, load


class SourceSpiderLoader:
    """Makes a spider for each source of `scraper/sources` and the files of SOURCES_EXTRA, to crawl it.
    The files are read only when they are needed, so that an error in one is reported by the command and not as a traceback at the start.
    """

    spider_class: ClassVar[type[SourceSpider]] = NewsSpider

    def __init__(self, settings: BaseSettings) -> None:
        self._extra = project_paths(settings.get("SOURCES_EXTRA"))
        self._live = not settings.get("REPLAY")

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        return cls(settings)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Returns every source by id.
        Raises: SourceError if an entry is invalid.
        """
        return load(self._extra, live=self._live)

    def load(self, spider_name: str) -> type[SourceSpider]:
        """Returns the spider class of a source.
        Raises: SourceError, with the most similar names, if there is no such source.
        """
        return spider_of(find(self.sources, spider_name), self.spider_class)

    def find_by_request(self, request: Request) -> list[str]:
        """Returns the ids of the sources that list the host of a request."""
        host = urlparse_cached(request).netloc.lower()
        return [source.id for source in self.sources.values() if host in source.hosts]

    def list(self) -> list[str]:
        """Returns the ids of all sources."""
        return [*self.sources]


class PageSpiderLoader(SourceSpiderLoader):
    """Makes a spider for each source to fetch single pages, which writes nothing to the archive."""

    spider_class = PageSpider

    def find_by_request(self, request: Request) -> list[str]:
        """Returns the id of the first source that lists the host of a request. Several sources can be parts of one host."""
        return super().find_by_request(request)[:1]
