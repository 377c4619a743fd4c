"""The hosts of one crawl: the rules that apply to each, its queue, and which of them get no further request."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, cached_property
from pathlib import Path
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from scraper.crawl.politeness.host_closed import HostClosed
from scraper.crawl.politeness.host_queue import HostQueue, queue_of
from scraper.crawl.politeness.host_rules import HostRules, host_key, rules_of
from scraper.crawl.politeness.pauses import PauseLimits
from scraper.crawl.signals import host_closed
from scraper.model import Source
from scraper.paths import project_path, project_paths
from scraper.sources import load
from scraper.webarchives.archives import INDEX, PAGES, WebArchive


class CrawlHosts:
    """What the middlewares and the download handler of a crawler share. `hosts_of` returns it."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self.limits = PauseLimits.from_settings(settings)
        self._window_wait = settings.getfloat("WINDOW_WAIT_MAX")
        self._closed: dict[str, HostClosed] = {}
        self._is_ended = False
        self._rules: dict[str, HostRules] = {}

    @property
    def web_archive(self) -> WebArchive | None:
        """The web archive that answers instead of the site, or None."""
        web = getattr(getattr(self._crawler.spider, "run", None), "web", None)
        return web.archive if web is not None else None

    def key(self, url: str) -> str:
        """Returns the name of the queue of a URL: its host. A web archive has one for its index and one for its pages."""
        archive = self.web_archive
        if archive is None or not archive.has(url):
            return host_key(url)
        return f"{host_key(url)}-{archive.queue_of(url)}"

    def set_robots_delay(self, url: str, seconds: float) -> None:
        """Sets the delay that the robots.txt of the host of a URL requires."""
        archive = self.web_archive
        is_archive = archive is not None and archive.has(url)
        for name in {f"{host_key(url)}-{queue}" for queue in (INDEX, PAGES)} if is_archive else {host_key(url)}:
            queue_of(self._folder, name).set_robots_delay(seconds)

    @property
    def source(self) -> Source | None:
        """The source of the crawl, or None if it has none."""
        source = getattr(self._crawler.spidercls, "source", None)
        return source if isinstance(source, Source) else None

    def check(self, url: str) -> None:
        """Raises: HostClosed if the host of a URL gets no further request in this run."""
        if (closed := self._closed.get(self.key(url))) is not None:
            raise closed

    def close(self, url: str, closed: HostClosed) -> None:
        """Sends no further request to the host of a URL, and says so with the signal `host_closed`."""
        host = self.key(url)
        if host not in self._closed:
            self._closed[host] = closed
            self._crawler.signals.send_catch_log(host_closed, host=host, why=closed.why, closed=closed)

    def is_closed(self, url: str) -> bool:
        """Returns whether the host of a URL gets no further request in this run."""
        return self.key(url) in self._closed

    def queue(self, url: str) -> HostQueue:
        """Returns the queue of the host of a URL."""
        return queue_of(self._folder, self.key(url))

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[HostQueue]:
        """Waits for the turn of a request, and holds it until the block ends. What the host did is noted at its queue.
        Raises: HostClosed if the host gets no request now; NotSent if the run ends.
        """
        self.check(url)
        queue = self.queue(url)
        try:
            async with queue.turn(self._rules_of(url), self.limits, self._window_wait, self._is_ending):
                yield queue
        except HostClosed as closed:
            self.close(url, closed)
            raise
        finally:
            if queue.closed is not None:
                self.close(url, queue.closed)

    def _is_ending(self) -> bool:
        return self._is_ended or not self._crawler.engine.running

    def end(self) -> None:
        """Says that the run ends: no request waits for its turn any longer."""
        self._is_ended = True

    def _rules_of(self, url: str) -> HostRules:
        host, archive = self.key(url), self.web_archive
        if host not in self._rules and archive is not None and archive.has(url):
            self._rules[host] = HostRules(archive.delay_of(archive.queue_of(url)))
        if host not in self._rules:
            settings = self._crawler.settings
            sources = dict(_sources(tuple(project_paths(settings.get("SOURCES_EXTRA")))))
            if self.source is not None:
                sources[self.source.id] = self.source
            self._rules[host] = rules_of(host, sources.values(), settings.getfloat("DOWNLOAD_DELAY"))
        return self._rules[host]

    @cached_property
    def _folder(self) -> Path:
        """Where the states of the hosts are: beside the captures, for everything that belongs to the archive. A command that stores
        nothing makes no folder there; then they are in the folder for temporary files of this user. Each request needs it, and to look
        for `scrapy.cfg` takes 0.1 ms.
        """
        settings = self._crawler.settings
        if settings.get("HOSTS_FOLDER") or hasattr(self._crawler.spider, "run") or project_path(settings["CAPTURES"]).exists():
            return hosts_folder(settings)
        return Path(tempfile.gettempdir()) / f"{settings['BOT_NAME']}-{os.getuid()}"


def hosts_folder(settings: BaseSettings) -> Path:
    """Returns the folder of the states of the hosts that belong to the archive; it need not exist."""
    return project_path(settings.get("HOSTS_FOLDER") or f"{settings['CAPTURES']}/.hosts")


@cache
def _sources(extra: tuple[Path, ...]) -> dict[str, Source]:
    return load(extra)


_OF_CRAWLER: WeakKeyDictionary[Crawler, CrawlHosts] = WeakKeyDictionary()


def hosts_of(crawler: Crawler) -> CrawlHosts:
    """Returns the hosts of a crawl, the same for all its middlewares."""
    if crawler not in _OF_CRAWLER:
        _OF_CRAWLER[crawler] = CrawlHosts(crawler)
    return _OF_CRAWLER[crawler]
