"""Spiders that know their source, with the settings that follow from it."""

from __future__ import annotations

from typing import ClassVar

from scrapy import Spider
from scrapy.settings import BaseSettings

from scraper import clock
from scraper.crawl.politeness import tls
from scraper.crawl.user_agent import user_agent
from scraper.model import Source


class SourceSpider(Spider):
    """A spider for one source. A spider loader makes a subclass for each source. HostMiddleware allows only the hosts of `source`."""

    source: ClassVar[Source]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set("USER_AGENT", user_agent(settings), priority="spider")
        for name, value in tls.settings_of(cls.source, clock.now().astimezone(clock.VIETNAM).date()).items():
            settings.set(name, value, priority="cmdline")  # the source is more specific than any other setting
        if settings.get("REPLAY") or cls.source.replay:
            settings.set("REPLAY", settings.get("REPLAY") or ",".join(cls.source.replay), priority="spider")
            settings.set("RETRY_ENABLED", False, priority="spider")  # a replay returns the same answer again


class PageSpider(SourceSpider):
    """Fetches single pages of a source for `scrapy fetch`, `shell` and `view`. It has no run, so nothing is written to the archive."""


def spider_of(source: Source, spider_class: type[SourceSpider], **attributes: object) -> type[SourceSpider]:
    """Returns the spider class of a source, with these attributes."""
    name = f"{spider_class.__name__}_{source.id.replace('-', '_')}"
    return type(name, (spider_class,), {"name": source.id, "source": source, **attributes})
