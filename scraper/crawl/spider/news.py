"""The news spider. It requests pages and passes each response to the run; it parses no HTML itself.
The loader makes one subclass for each source (`loader.py`). The reader extracts the links of a page. The spider decides which links are
requested: only hosts of the source, each article once, and each list only until a rule says that it has ended.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar, Self
from urllib.parse import urljoin

from scrapy import Request, Spider, signals
from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.settings import BaseSettings
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure as TwistedFailure

from scraper.crawl.article_pages import Parts
from scraper.crawl.exception_reasons import reason_of_exception
from scraper.crawl.known_articles import Chain, Known
from scraper.crawl.run import Run
from scraper.crawl.signals import host_closed
from scraper.crawl.spider.redirects import same_page, target_of
from scraper.crawl.user_agent import user_agent
from scraper.failures import TRANSIENT, reason_of_status
from scraper.model import Failure, Link, LinkRole, Page, PageKind, Source, UserError
from scraper.platforms import PLAIN, PLATFORMS
from scraper.urls import absolute, first_page, host_of, without_scheme

logger = logging.getLogger(__name__)

# Sitemaps and feeds are requested first, because they list canonical URLs. The articles of a list page are requested before its next page,
# so that an interrupted crawl leaves no gaps.
_PRIORITY = {LinkRole.SITEMAP: 40, LinkRole.FEED: 30, LinkRole.ARTICLE: 20, LinkRole.LISTING: 10, LinkRole.NEXT: 15, LinkRole.PART: 25}
_MOST_USELESS_PARTS = 3  # useless pages after which pagers are ignored
_MOST_UNLINKED = 1000  # pages per batch, so that the queue stays short


@dataclass(frozen=True, slots=True)
class Range:
    """The days of publication that the user requested, both included, and whether known articles are requested again."""

    start: date | None = None
    end: date | None = None
    again: bool = True

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Self:
        """Returns the range for the `-a` arguments.
        Raises: UserError that names the argument and the fix, if an argument is unknown or invalid.
        """
        days: dict[str, date | None] = {"start": None, "end": None}
        for name, value in arguments.items():
            if name in days:
                try:
                    days[name] = date.fromisoformat(value)
                except ValueError:
                    raise UserError(f"-a {name}={value}: is not a day; write it like -a {name}=2009-01-31") from None
            elif name != "again" or value not in ("yes", "no"):
                raise UserError(f"-a {name}={value}: known are start=YYYY-MM-DD, end=YYYY-MM-DD and again=yes or no")
        if days["start"] and days["end"] and days["start"] > days["end"]:
            raise UserError(f"-a start={days['start']} is after end={days['end']}; swap the two days")
        return cls(days["start"], days["end"], arguments.get("again", "yes") == "yes")

    def holds(self, day: date | None) -> bool:
        """Returns whether a day is in the range. If the day is unknown, returns True."""
        return day is None or ((self.start is None or day >= self.start) and (self.end is None or day <= self.end))


@dataclass(slots=True)
class Candidate:
    """An article to request: its URLs in the order in which they were found, and how many were tried.
    If all of them failed in a replay, the URLs that the recording has for the same article are tried: `guesses`.
    """

    addresses: list[str] = field(default_factory=list)
    tried: int = 0
    done: bool = False
    guesses: list[str] | None = None
    guessed: set[str] = field(default_factory=set)


def _kept(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the metadata that a request for the same page inherits: its article and its list."""
    return {name: meta[name] for name in ("key", "chain", "nesting", "parts") if name in meta}


class NewsSpider(Spider):
    """Crawls the source of its subclass."""

    source: ClassVar[Source]

    def __init__(self, run: Run, span: Range | None = None, **kwargs: Any) -> None:
        super().__init__(self.source.id, **kwargs)
        self.run = run
        self.span = span or Range()
        self._candidates: dict[str, Candidate] = {}
        self._platforms_asked: dict[str, None] = {}  # platform ids in the order in which they were found
        self._listings_asked: set[str] = set()
        self._sitemaps: set[str] = set()  # URLs of sitemaps that were requested
        self._endless_sitemaps = False
        self._useful_parts = self._useless_parts = 0  # articles whose later pages added text, or none
        self._redirects: set[str] = set()  # URLs that answered with a redirect
        self._left: dict[str, str] = {}  # hosts that get no further request, and why
        self._known = Known() if self.span.again else run.known_articles()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        crawler.signals.connect(spider.robots_parsed, signals.robots_parsed)
        crawler.signals.connect(spider.leave, host_closed)
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set("USER_AGENT", user_agent(settings), priority="spider")
        if settings.get("REPLAY") or cls.source.replay:
            settings.set("REPLAY", settings.get("REPLAY") or ",".join(cls.source.replay), priority="spider")
            settings.set("RETRY_ENABLED", False, priority="spider")  # a replay returns the same answer again

    # --- what to request ------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        """Returns the first requests: sitemaps, feeds, lists, and articles that failed in an earlier run."""
        for request in self._first_requests():
            yield request

    def _first_requests(self) -> Iterator[Request]:
        yield from self._named(self.source.sitemaps, LinkRole.SITEMAP)
        yield from self._named(self.source.feeds, LinkRole.FEED)
        if self.source.platform is not None:
            yield from self._platform_requests(self.source.platform)
        yield from self._named(self.source.listings or (self.source.site + "/",), LinkRole.LISTING)
        if not self.span.again and self.run.recording is None:
            # An article that failed before may come after known articles in its list, in a part that this run does not reach.
            yield from self._named((url for url in self.run.failed_before() if self._may_ask(url)), LinkRole.ARTICLE)

    def robots_parsed(self, robotparser: RobotParser) -> None:
        """Request the sitemaps that robots.txt lists, if the source configures none."""
        rules = getattr(robotparser, "rp", None)
        if self.source.sitemaps or rules is None:
            return
        for written in islice(rules.sitemaps, self.settings.getint("MAX_SITEMAPS")):
            url = absolute(self.source.site, written)
            if url is None:
                detail = f"robots.txt names a sitemap that is no URL: {written[:200]!r}"
                self.run.fail(Failure("discover", "bad-url", f"{self.source.site}/robots.txt", detail))
            elif host_of(url) not in self.source.hosts:
                host = host_of(url) or ""
                detail = f"robots.txt names a sitemap on {host}"
                self.run.fail(Failure("discover", "other-host", f"{self.source.site}/robots.txt", detail, host))
                self.run.other_hosts[host] += 1
            else:
                for request in self._sitemap_requests(url, 1):
                    self._engine.crawl(request)

    def leave(self, host: str, why: str) -> None:
        """Send no further request to a host. If the source has no other host, the run ends."""
        self._left[host.lower()] = why
        logger.warning("%s; nothing more is requested from it in this run", why)
        if set(self.source.hosts) <= self._left.keys():
            waiting = self._stats("scheduler/enqueued") - self._stats("scheduler/dequeued")
            self.run.problem = f"{why}; {waiting} requests were not sent"
            self._end("rate-limited")

    def _stats(self, name: str) -> int:
        assert self.crawler.stats is not None
        return int(self.crawler.stats.get_value(name, 0))

    @property
    def _engine(self) -> ExecutionEngine:
        assert self.crawler.engine is not None
        return self.crawler.engine

    def _platform_requests(self, platform_id: str) -> Iterator[Request]:
        """Returns requests for the usual sitemaps and feeds of a platform, if the source configures none."""
        if platform_id in self._platforms_asked or platform_id not in PLATFORMS:
            return
        self._platforms_asked[platform_id] = None
        platform = PLATFORMS[platform_id]
        if not self.source.sitemaps:
            for path in platform.sitemaps:
                yield from self._sitemap_requests(urljoin(self.source.site, path), 1)
        if not self.source.feeds:
            yield from self._named((urljoin(self.source.site, path) for path in platform.feeds), LinkRole.FEED)

    def _named(self, urls: Iterable[str], role: LinkRole) -> Iterator[Request]:
        for url in urls:
            yield self._request(url, role)

    def _request(self, url: str, role: LinkRole, **meta: Any) -> Request:
        return Request(
            url,
            callback=self.parse,
            errback=self.failed,
            priority=_PRIORITY[role],
            meta={"role": role, "dont_redirect": True, "handle_httpstatus_all": True, **meta},
        )

    def _follow(self, page: Page, response: Response) -> Iterator[Request]:
        """Returns requests for the links of a page."""
        links = [link for link in page.links if self._may_ask(link.url, link.role)]
        for link in links:
            if link.role is LinkRole.ARTICLE:
                yield from self._article_requests(link)
            elif link.role is LinkRole.SITEMAP:
                yield from self._sitemap_requests(link.url, response.meta.get("nesting", 0) + 1)
            elif link.role is LinkRole.FEED and not self.source.feeds and self.source.discover_sections:
                # If such a feed does not exist, it is no failure: its articles are in the lists too.
                yield self._request(link.url, LinkRole.FEED, guess=True)
            elif link.role is LinkRole.LISTING and self.source.discover_sections:
                yield from self._listing_requests(link.url, LinkRole.LISTING, Chain())
        if page.kind is PageKind.LISTING:
            yield from self._next_pages(links, response)

    def _next_pages(self, links: Sequence[Link], response: Response) -> Iterator[Request]:
        """Returns requests for the later pages of a list, unless this page is its end."""
        articles = [link for link in links if link.role is LinkRole.ARTICLE]
        chain: Chain = response.meta.get("chain") or Chain()
        keys = {link.key or link.url for link in articles}
        fresh = keys - chain.met
        if not response.meta["capture"].truncated:  # otherwise its retry would show nothing new and end the list
            chain.met |= keys
        # If a page shows only articles that earlier pages of this list showed, the list ends here, whatever the page links to.
        if not fresh or self._all_before_start([link.day for link in articles]):
            return
        ends = self._known.ends(articles)
        for link in links:
            if link.role is LinkRole.NEXT and not (ends and link.url in self._known.requested):
                yield from self._listing_requests(link.url, LinkRole.NEXT, chain)

    def _sitemap_requests(self, url: str, nesting: int) -> Iterator[Request]:
        """Returns a request for a sitemap, unless a limit is reached. `nesting`: the depth of the sitemap, 1 for the first. The limits
        stop indexes that list new sitemaps without end.
        """
        if url in self._sitemaps:
            return
        most, deepest = self.settings.getint("MAX_SITEMAPS"), self.settings.getint("MAX_SITEMAP_NESTING")
        if nesting > deepest or len(self._sitemaps) >= most:
            if not self._endless_sitemaps:
                limit = (
                    f"nested more than {deepest} deep (MAX_SITEMAP_NESTING)" if nesting > deepest else f"more than {most} (MAX_SITEMAPS)"
                )
                self.run.fail(Failure("discover", "endless-sitemap", url, f"sitemaps {limit}; this one and others were not requested"))
            self._endless_sitemaps = True
            return
        self._sitemaps.add(url)
        yield self._request(url, LinkRole.SITEMAP, nesting=nesting)

    def _all_before_start(self, days: list[date | None]) -> bool:
        start = self.span.start
        return start is not None and bool(days) and all(day is not None and day < start for day in days)

    def _article_requests(self, link: Link) -> Iterator[Request]:
        """Returns a request for an article that was not requested yet. Other URLs of the same article are kept in case the first one
        fails.
        """
        key = link.key or link.url
        if not self.span.holds(link.day) or self._known.holds(link):
            return
        # A list may link to a later page of an article. Then the first page is requested, which leads to the others.
        first = first_page(link.url) if host_of(key) is not None else None
        if first is not None and PLAIN.maybe_article(first):
            yield from self._article_requests(replace(link, url=first, key=first))
            key = first
        candidate = self._candidate(key)
        if link.url in candidate.addresses or link.url in candidate.guessed:
            return
        candidate.addresses.append(link.url)
        if candidate.tried == len(candidate.addresses) - 1 and not candidate.done:
            yield self._next_address(key, candidate)

    def _candidate(self, key: str) -> Candidate:
        """Returns the candidate for an article key. If the key is a URL, http and https are the same article."""
        return self._candidates.setdefault(without_scheme(key), Candidate())

    def _next_address(self, key: str, candidate: Candidate) -> Request:
        url = candidate.addresses[candidate.tried]
        candidate.tried += 1
        candidate.done = True  # until the request fails
        return self._request(url, LinkRole.ARTICLE, key=key)

    def _another_address(self, request: Request | None) -> Iterator[Request]:
        key = request.meta.get("key") if request is not None else None
        if request is not None and (request.meta.get("good") or request.meta.get("later_version")):
            return  # a version of this recorded page is an article, or may be
        if key is None:
            return
        candidate = self._candidate(key)
        candidate.done = False
        if candidate.tried < len(candidate.addresses):
            yield self._next_address(key, candidate)
            return
        if candidate.guesses is None:
            candidate.guesses = list(self._recorded_addresses.get(key, ()))
        candidate.guesses = [url for url in candidate.guesses if url not in candidate.addresses]
        if candidate.guesses:
            url = candidate.guesses.pop(0)
            candidate.guessed.add(url)
            candidate.done = True
            yield self._request(url, LinkRole.ARTICLE, key=key, guess=True)

    @cached_property
    def _recorded_addresses(self) -> dict[str, list[str]]:
        """Returns the URLs of the recording by article key. A mirror may have saved an article under another URL than its links have."""
        found: dict[str, list[str]] = {}
        for url in self.run.recording.addresses() if self.run.recording is not None else ():
            for name in self._platforms_asked:
                if host_of(url) in self.source.hosts and (key := PLATFORMS[name].article_key(url)):
                    found.setdefault(key, []).append(url)
        return found

    def _fail(self, failure: Failure, request: Request | None, **at: Any) -> None:
        """Record a failure, unless it is a 404 (or a miss) for a URL that we guessed."""
        role = request.meta.get("role") if request is not None else None
        if role in (LinkRole.LISTING, LinkRole.NEXT) and failure.reason in TRANSIENT:
            self.run.lists_complete = False
        if request is None or not request.meta.get("guess") or failure.reason not in ("replay-miss", "not-found", "soft-404"):
            self.run.fail(failure, **at)

    def _listing_requests(self, url: str, role: LinkRole, chain: Chain) -> Iterator[Request]:
        # A drop-down can link to every page of a list from each page.
        if url in self._listings_asked:
            return
        most = self.settings.getint("MAX_LISTINGS")
        if len(self._listings_asked) == most:
            detail = f"more than {most} pages of lists; the site makes them without end, or MAX_LISTINGS is too low"
            self.run.fail(Failure("discover", "endless-listing", url, detail))
        self._listings_asked.add(url)
        if len(self._listings_asked) <= most:
            yield self._request(url, role, chain=chain)

    def _may_ask(self, url: str, role: LinkRole = LinkRole.ARTICLE) -> bool:
        if host_of(url) not in self.source.hosts:
            return False
        # A URL with "rss" or "sitemap" is a trap only if it should be an article or a list.
        return role in (LinkRole.SITEMAP, LinkRole.FEED) or not any(PLATFORMS[name].is_trap(url) for name in self._platforms_asked)

    # --- recordings -----------------------------------------------------------------------------------------

    def _later_version(self, request: Request) -> Iterator[Request]:
        """Returns the request for the next recorded version of a page, so that its captures are parsed in order of time."""
        if request.meta.get("later_version"):
            names = ("role", "key", "chain", "trail", "nesting", "guess", "good", "dont_redirect", "handle_httpstatus_all")
            meta = {name: request.meta[name] for name in names if name in request.meta}
            yield request.replace(meta=meta | {"version": request.meta.get("version", 0) + 1}, dont_filter=True)

    def idle(self) -> None:
        """Request the recorded pages that no list page links to, after all other requests are done."""
        requests = [*islice(self._unlinked_pages(), _MOST_UNLINKED)]
        if requests:
            for request in requests:
                self._engine.crawl(request)
            raise DontCloseSpider

    def _unlinked_pages(self) -> Iterator[Request]:
        """Returns requests for the recorded pages that nothing requested yet. Returns none if only some sections or days are wanted,
        because these pages may belong to others.
        """
        if self.run.recording is None or not self.source.discover_sections or self.span.start or self.span.end:
            return
        for url in self.run.recording.pages_not_found():
            self.run.recording.pass_over(url)
            if not self._may_ask(url):
                continue
            key = next((key for name in self._platforms_asked if (key := PLATFORMS[name].article_key(url))), None)
            if key is None:
                yield from self._listing_requests(url, LinkRole.LISTING, Chain())
            else:
                yield from self._article_requests(Link(url, LinkRole.ARTICLE, key))

    # --- what came ----------------------------------------------------------------------------------------

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request]:
        """Handle a response: store it and return the requests that follow from it."""
        assert response.request is not None
        yield from self._parsed(response)
        yield from self._later_version(response.request)

    def _parsed(self, response: Response) -> Iterator[Request]:
        meta = response.meta
        if response.status == 304 and "unmodified" in meta:
            yield from self._unmodified(response)
        elif 300 <= response.status < 400 and response.headers.get("Location"):
            yield from self._redirected(response)
        elif response.status == 200:
            yield from self._read(response)
        else:
            failure = Failure("fetch", reason_of_status(response.status), response.url, f"status {response.status}")
            self._fail(failure, response.request, at=meta["capture"].captured_at, capture_id=meta["capture_id"])
            if response.status in (404, 410) and meta["role"] is LinkRole.ARTICLE:
                self.run.mark_gone(response.url, meta["capture"].captured_at)
            if meta["role"] is LinkRole.PART:
                self._store_parts(meta["parts"], missing=True)
            yield from self._another_address(response.request)

    def _read(self, response: Response) -> Iterator[Request]:
        """Parse a page, store it, and follow its links. An article with several pages is stored after all of them have arrived."""
        meta = response.meta
        try:
            if meta["role"] is LinkRole.PART:
                yield from self._read_part(response)
                return
            reading = self.run.read(meta["capture"], met=self._met)
            later = self._later_part(reading.page, Parts(meta["capture"], meta["capture_id"]), meta)
            if later is not None:
                yield later
            else:
                self.run.store(reading, meta["capture"], meta["capture_id"])
                self._noted(reading.page, response)
        except (OSError, sqlite3.Error) as error:
            self._stop(f"the archive cannot be written: {error}")
            return
        except Exception as error:
            logger.exception("reading %s failed", response.url)
            failure = Failure("read", "reader-fault", response.url, f"{type(error).__name__}: {error}")
            self.run.fail(failure, at=meta["capture"].captured_at, capture_id=meta["capture_id"])
            return
        if meta["capture"].truncated:
            yield from self._retried(response)
        yield from self._after(reading.page, response)

    def _after(self, page: Page, response: Response) -> Iterator[Request]:
        """Returns the requests that follow after a page was parsed."""
        meta = response.meta
        if page.kind is not PageKind.REFUSED:
            meta["good"] = meta["role"] is not LinkRole.ARTICLE or page.kind is PageKind.ARTICLE
        if page.platform is not None:
            yield from self._platform_requests(page.platform)
        if meta["role"] is LinkRole.ARTICLE and page.kind is not PageKind.ARTICLE:
            yield from self._another_address(response.request)
        # The links in the boxes of an article are in the lists too.
        if page.kind is not PageKind.ARTICLE:
            yield from self._follow(page, response)

    @property
    def _met(self) -> str | None:
        """Returns the first platform that pages of this crawl showed, or None."""
        return next(iter(self._platforms_asked), None)

    def _noted(self, page: Page, response: Response) -> None:
        """Record which links of a list page, sitemap or feed cannot be followed."""
        if page.kind in (PageKind.LISTING, PageKind.SITEMAP, PageKind.FEED):
            capture = response.meta["capture"]
            self.run.note(page.faults, capture.url, at=capture.captured_at, capture_id=response.meta["capture_id"])

    def _unmodified(self, response: Response) -> Iterator[Request]:
        """Handle a 304 answer: use the links of the last capture."""
        meta = response.meta
        page = self.run.unmodified(meta["unmodified"], meta["capture"], meta["capture_id"], self._met)
        if page is not None:
            yield from self._after(page, response)

    # --- articles on several pages ------------------------------------------------------------------------

    def _later_part(self, page: Page, parts: Parts, meta: Mapping[str, Any]) -> Request | None:
        """Returns the request for the next page of an article. Returns None if there is none, or if later pages on this site add
        nothing.
        """
        link = next((link for link in page.links if link.role is LinkRole.PART), None)
        if page.kind is not PageKind.ARTICLE or link is None or self._parts_are_useless():
            return None
        if parts.holds(link.url) or len(parts.more) + 1 >= self.settings.getint("MAX_ARTICLE_PAGES") or not self._may_ask(link.url):
            return None
        # A list may have the same URL. It must not become an article of its own.
        self._candidate(link.url).done = True
        return self._request(link.url, LinkRole.PART, **_kept(meta) | {"parts": parts}).replace(dont_filter=True)

    def _parts_are_useless(self) -> bool:
        """Returns whether the pagers on article pages of this site belong to something else: related news or comments."""
        return self._useless_parts >= _MOST_USELESS_PARTS and not self._useful_parts

    def _read_part(self, response: Response) -> Iterator[Request]:
        meta, parts = response.meta, response.meta["parts"]
        page = self.run.read(meta["capture"], met=self._met).page
        if page.kind is not PageKind.ARTICLE:
            detail = "a later page of an article is no article"
            self.run.fail(Failure("read", "no-layout", response.url, detail), at=meta["capture"].captured_at, capture_id=meta["capture_id"])
            self._store_parts(parts, missing=True)
            return
        parts.more.append((meta["capture"], meta["capture_id"]))
        later = self._later_part(page, parts, meta)
        if later is not None:
            yield later
        else:
            self._store_parts(parts)

    def _store_parts(self, parts: Parts, *, missing: bool = False) -> None:
        """Store an article after its pages have arrived, or failed."""
        added = self.run.store_parts(parts, missing=missing)
        self._useful_parts += added
        self._useless_parts += not added

    def _retried(self, response: Response) -> Iterator[Request]:
        """Returns a repeated request for a truncated page, up to RETRY_TIMES times."""
        tries = response.meta.get("tries", 0) + 1
        if self.settings.getbool("RETRY_ENABLED") and tries <= self.settings.getint("RETRY_TIMES"):
            again = self._request(response.url, response.meta["role"], tries=tries, **_kept(response.meta))
            yield again.replace(dont_filter=True)

    def _redirected(self, response: Response) -> Iterator[Request]:
        meta = response.meta
        trail = [*meta.get("trail", ()), response.url]
        target = target_of(response, trail[:-1], self.source.hosts)
        if isinstance(target, str) and meta["role"] is LinkRole.ARTICLE and not self._same_article(meta.get("key"), target):
            detail = f"status {response.status}: leads to something that is not this article"
            target = Failure("fetch", "soft-404", response.url, detail, target)
        if isinstance(target, Failure):
            self.run.fail(target, at=meta["capture"].captured_at, capture_id=meta["capture_id"])
            if target.reason != "off-site":
                yield from self._another_address(response.request)
            elif meta["role"] is not LinkRole.ARTICLE and target.target:
                self.run.other_hosts[host_of(target.target) or target.target] += 1
            return
        self.run.mark(meta["capture_id"], "redirect")
        self._redirects.add(response.url)
        # If the target was requested before, it is not requested again, unless it is a redirect itself: that may be a loop, which must be
        # recorded as a failure.
        again = target in self._redirects
        yield self._request(target, meta["role"], trail=trail, **_kept(meta)).replace(dont_filter=again)

    def _same_article(self, key: str | None, target: str) -> bool:
        """Returns whether a URL can be the article of `key`: it has the same key on a platform found so far.
        If the platform gives its articles no id, the key is their URL. Then every URL is accepted that can be an article at all.
        """
        platforms = [PLATFORMS[name] for name in self._platforms_asked]
        if key is None or not platforms or any(platform.article_key(target) == key for platform in platforms):
            return True
        if host_of(key) is None or any(platform.is_trap(target) for platform in platforms):
            return False
        return same_page(key, target) or any(platform.maybe_article(target) for platform in (*platforms, PLAIN))

    def failed(self, failure: TwistedFailure) -> Iterator[Request]:
        """Record why a request failed, and return the requests that replace it."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        assert error is not None
        if isinstance(error, sqlite3.Error | OSError) and reason_of_exception(error) is None:
            self._stop(f"the archive cannot be written: {error}")
            return
        reason = reason_of_exception(error) or "fetch-fault"
        self._fail(Failure("fetch", reason, request.url, f"{error}"[:500]), request, capture_id=request.meta.get("capture_id"))
        if request.meta.get("role") is LinkRole.PART:
            self._store_parts(request.meta["parts"], missing=True)
        yield from self._another_address(request)
        yield from self._later_version(request)

    def _stop(self, problem: str) -> None:
        self.run.problem = problem
        self._end("archive-not-writable")

    def _end(self, reason: str) -> None:
        """End the run before its requests are done. `reason` becomes its outcome."""
        deferred_from_coro(self._engine.close_spider_async(reason=reason))

    def closed(self, reason: str) -> None:
        """Close the run. Scrapy calls it when the spider is closed; `reason` is the outcome of the run."""
        self.run.close(reason)
