"""A small look at the site of a source: what it has, without crawling it. Nothing is stored.

The requests are sent by the rules of a crawl: by turns with all other requests to the host, only if robots.txt allows them, and only to the
hosts of the source. There are about fifteen: robots.txt, the home page, a few sitemaps and feeds, and a few sections.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, pairwise
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.settings import BaseSettings
from scrapy.utils.datatypes import SequenceExclude
from twisted.python.failure import Failure as TwistedFailure

from scraper.base_command import silence_failed_requests
from scraper.crawl.exception_reasons import reason_of_exception
from scraper.crawl.exception_texts import detail_of_exception
from scraper.crawl.single_page import capture_of, page_settings
from scraper.crawl.spider.source_spider import PageSpider
from scraper.crawl.spider.start_links import configured_links, list_links, platform_links, robots_links
from scraper.failures import reason_of_status
from scraper.model import Capture, Failure, Link, LinkRole, Page, PageKind, Source
from scraper.platforms import PLATFORMS
from scraper.urls import host_of

MOST_REQUESTS = 15  # with robots.txt and redirects
_MOST_OF = {LinkRole.LISTING: 6, LinkRole.FEED: 4, LinkRole.SITEMAP: 4}  # so that one kind does not use up the requests of the others
_FEWEST_DAYS = 3  # from which the order of a list is known
ReadPage = Callable[[Capture, Source, str | None], Page]  # of a page, its source, and the platform that other pages showed
_XML = {PageKind.FEED: LinkRole.FEED, PageKind.SITEMAP: LinkRole.SITEMAP}


@dataclass(frozen=True, slots=True)
class Seen:
    """A list page, feed or sitemap that was looked at. `found_on`: the URL of the page that named it; None if the source or its platform
    does. `order` is newest-first, oldest-first, mixed or unknown; `pager` is link, form or none."""

    role: LinkRole
    url: str
    found_on: str | None
    articles: int
    order: str
    pager: str


@dataclass(slots=True)
class SiteLook:
    """What a look at a site found."""

    home: tuple[Capture, Page] | None = None
    platforms: dict[str, str] = field(default_factory=dict)  # id -> the URL of the first page that showed it
    seen: list[Seen] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)  # URL of a section that was not looked at -> the page that named it
    other_hosts: dict[str, str] = field(default_factory=dict)  # host -> the page that led to it
    robots: str | None = None  # the URL of robots.txt, if it was received
    crawl_delay: float = 0.0  # that robots.txt requires, in seconds
    failures: list[Failure] = field(default_factory=list)
    requests: int = 0


def look(source: Source, settings: BaseSettings, read_page: ReadPage) -> SiteLook:
    """Looks at the site of a source. Can be called only once in a process, because it runs the event loop of Scrapy."""
    found = SiteLook()
    own = page_settings(settings)
    own.set("RETRY_ENABLED", False, priority="cmdline")  # a page that fails once is not worth a repetition here
    process = CrawlerProcess(own)
    silence_failed_requests()
    process.crawl(type("Look", (_LookSpider,), {"name": source.id, "source": source}), found=found, read_page=read_page)
    process.start()
    return found


class _LookSpider(PageSpider):
    """Requests one page after the other, until nothing is left or the number of requests is used up."""

    def __init__(self, found: SiteLook, read_page: ReadPage, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._found, self._read_page = found, read_page
        self._waiting: deque[tuple[Link, str | None]] = deque()  # what to request next, each with the page that named it
        self._named: set[str] = set()
        self._taken = dict.fromkeys(_MOST_OF, 0)
        self._answered = 0  # requests that a recording answered do not reach the downloader

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> _LookSpider:
        spider: _LookSpider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._robots_parsed, signals.robots_parsed)
        crawler.signals.connect(spider._sent, signals.request_reached_downloader)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Yields the request for the first list page of the source: its home page, if it configures no other."""
        for link in [*configured_links(self.source), *list_links(self.source)]:
            self._add(link, None)
        self._waiting.rotate(-next((at for at, (link, _) in enumerate(self._waiting) if link.role is LinkRole.LISTING), 0))
        for request in self._next():
            yield request

    def closed(self, _: str) -> None:
        """Notes the sections for which no request was left. Scrapy calls it."""
        self._found.requests = max(self._found.requests, self._answered)
        for link, found_on in self._waiting:
            if link.role is LinkRole.LISTING:
                self._found.sections[link.url] = found_on or ""

    def _sent(self) -> None:
        self._found.requests += 1

    def _robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        rules = getattr(robotparser, "rp", None)
        self._found.crawl_delay = max(self._found.crawl_delay, float(getattr(robotparser, "delay", 0.0)))
        self._found.robots = f"{self.source.site}/robots.txt"
        if self.source.sitemaps or rules is None:
            return
        for named in robots_links(self.source, islice(rules.sitemaps, _MOST_OF[LinkRole.SITEMAP])):
            if isinstance(named, Failure):
                self._note(named)
            else:
                self._add(named, self._found.robots)

    def _add(self, link: Link, found_on: str | None) -> None:
        if link.url not in self._named and host_of(link.url) in self.source.hosts and link.form is None:
            self._named.add(link.url)
            self._waiting.append((link, found_on))

    def _next(self) -> Iterator[Request]:
        """Yields the request for the next page, if any is left. Sections wait until the sitemaps and feeds were looked at."""
        while self._waiting and self._found.requests < MOST_REQUESTS:
            at = next((number for number, (link, _) in enumerate(self._waiting) if link.role is not LinkRole.LISTING), 0)
            if self._found.home is None:
                at = 0
            link, found_on = self._waiting[at]
            del self._waiting[at]
            self._taken[link.role] += 1
            if self._taken[link.role] <= _MOST_OF[link.role]:
                meta = {"handle_httpstatus_list": SequenceExclude(range(300, 400))}
                where = {"link": link, "found_on": found_on}
                yield Request(link.url, callback=self._received, errback=self._failed, cb_kwargs=where, dont_filter=True, meta=meta)
                return
            if link.role is LinkRole.LISTING:
                self._found.sections[link.url] = found_on or ""

    def _received(self, response: Response, link: Link, found_on: str | None) -> Iterator[Request]:
        """Notes what a page shows, and yields the next request."""
        self._answered += 1
        first = self._found.home is None
        if response.status == 200:
            self._read(capture_of(response), link, found_on)
        elif found_on is not None or first:  # a path of the platform may be missing
            self._found.failures.append(Failure("fetch", reason_of_status(response.status), link.url, f"status {response.status}"))
        yield from self._next()

    def _failed(self, failure: TwistedFailure) -> Iterator[Request]:
        """Notes why a page was not received, and yields the next request."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        assert error is not None
        reason = reason_of_exception(error) or "fetch-fault"
        self._found.failures.append(Failure("fetch", reason, request.url, detail_of_exception(error)))
        left = next(iter(request.meta.get("redirect_urls", ())), None)
        if reason == "off-site" and left is not None and (host := host_of(request.url)) is not None:
            self._found.other_hosts.setdefault(host, left)
        yield from self._next()

    def _read(self, capture: Capture, link: Link, found_on: str | None) -> None:
        page = self._read_page(capture, self.source, next(iter(self._found.platforms), None))
        if self._found.home is None:
            self._found.home = (capture, page)
        if page.platform is not None and page.kind not in _XML:
            self._found.platforms.setdefault(page.platform, capture.url)
        for fault in page.faults:
            self._note(fault)
        if page.failure is not None:
            self._found.failures.append(page.failure)
        role = _XML.get(page.kind, LinkRole.LISTING)
        if page.kind in (PageKind.LISTING, *_XML) and (role is link.role or role is not LinkRole.LISTING):
            self._found.seen.append(_seen(page, role, capture.url, found_on))
        named = [one for one in page.links if one.role in _MOST_OF]
        for one in named:
            self._add(one, capture.url)
        platform = PLATFORMS.get(page.platform or "")
        if platform is not None and len(self._found.platforms) == 1:
            for one in platform_links(self.source, platform):
                self._add(one, None)

    def _note(self, failure: Failure) -> None:
        if failure.target is not None and failure.reason == "other-host":
            self._found.other_hosts.setdefault(failure.target, failure.url)
        else:
            self._found.failures.append(failure)


def _seen(page: Page, role: LinkRole, url: str, found_on: str | None) -> Seen:
    articles = [link for link in page.links if link.role is LinkRole.ARTICLE]
    later = [link for link in page.links if link.role is LinkRole.NEXT]
    pager = "none" if not later else "form" if all(link.form is not None for link in later) else "link"
    return Seen(role, url, found_on, len(articles), order_of_page([link.day for link in articles if link.day is not None]), pager)


def order_of_page(days: list[date]) -> str:
    """Returns in which order a page of a list shows its articles: newest-first, oldest-first, mixed or unknown. `days`: those of its
    articles, in the order of the page.
    """
    steps = [(one, other) for one, other in pairwise(days) if one != other]
    if len(days) < _FEWEST_DAYS or not steps:
        return "unknown"
    falling = sum(one > other for one, other in steps)
    # A pinned item, or two lists on one page, turn the order once.
    if falling >= len(steps) - 1 and falling > len(steps) - falling:
        return "newest-first"
    return "oldest-first" if falling <= 1 and falling < len(steps) - falling else "mixed"
