"""The news spider: it sends requests, and passes each response to the run, which parses and stores it.

The spider loader makes one subclass for each source. The other modules of this folder decide what is requested. No module here parses HTML:
the links of a page are in its reading.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Self
from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure as TwistedFailure

from scraper import clock
from scraper.content_coding import CannotDecode, TooLarge
from scraper.crawl.exception_reasons import reason_of_exception
from scraper.crawl.exception_texts import detail_of_exception
from scraper.crawl.middlewares.capture import UnreadableBody
from scraper.crawl.politeness.crawl_hosts import hosts_of
from scraper.crawl.politeness.host_closed import BLOCKED, BY_RULE, ROBOTS_FORBIDDEN, HostClosed, NotSent
from scraper.crawl.politeness.host_rules import host_key
from scraper.crawl.replay.middleware import RecordedBodyTooLarge
from scraper.crawl.replay.not_played import CaptureNotPlayed
from scraper.crawl.replay.recorded_pages import later_version, note_version
from scraper.crawl.request_purpose import Purpose, is_for_list, kind_requested, purpose_of, stored_url_of
from scraper.crawl.run import Run
from scraper.crawl.signals import host_closed
from scraper.crawl.spider import start_links
from scraper.crawl.spider.arguments import SpiderArguments
from scraper.crawl.spider.article_pages import ArticlePager, may_be_frame
from scraper.crawl.spider.form_requests import FormPage
from scraper.crawl.spider.limits import CrawlLimits
from scraper.crawl.spider.link_requests import LinkRequests
from scraper.crawl.spider.redirects import target_of
from scraper.crawl.spider.source_spider import SourceSpider
from scraper.crawl.stored_capture import ArticlePages, StoredCapture
from scraper.failures import OF_SITE, reason_of_status
from scraper.health.reasons import LEADS_HOME
from scraper.model import Failure, Link, LinkRole, Page, PageKind
from scraper.store.runs import outcome_of
from scraper.two_languages import EMPTY, Bilingual, Message, as_message, as_text
from scraper.urls import host_of, is_home, without_session
from scraper.warc.dates import timestamp
from scraper.warc.records import WarcError

logger = logging.getLogger(__name__)

_MOST_UNLINKED = 1000  # pages per batch, so that the queue stays short
_DOES_NOT_EXIST = ("replay-miss", "not-found", "soft-404")  # no failure if we guessed the URL


@dataclass(frozen=True, slots=True)
class _Answer:
    """A response, the request that it answers, and where it is stored."""

    response: Response
    request: Request
    purpose: Purpose
    stored: StoredCapture


class NewsSpider(SourceSpider):
    """Crawls the source of its subclass."""

    def __init__(self, run: Run, limits: CrawlLimits, arguments: SpiderArguments | None = None, **kwargs: Any) -> None:
        super().__init__(self.source.id, **kwargs)
        self.run = run
        self.arguments = arguments or SpiderArguments()
        self._limits = limits
        self._retries = limits.retries if run.recording is None else 0
        self._requests = LinkRequests(
            run,
            self.arguments,
            limits,
            callback=self.parse,
            file_callback=self.parse_file,
            errback=self.failed,
            waiting=self._waiting,
        )
        self._site = self._requests.site
        self._article_pager = ArticlePager(run, limits.article_pages)
        self._redirects: set[str] = set()  # URLs that answered with a redirect
        self._closed_hosts: dict[str, HostClosed] = {}  # hosts that get no further request
        self._forbidden_starts: list[str] = []  # list pages with which the crawl begins and that robots.txt forbids

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, limits=CrawlLimits.from_settings(crawler.settings), **kwargs)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        crawler.signals.connect(spider.dropped, signals.request_dropped)
        crawler.signals.connect(spider.robots_parsed, signals.robots_parsed)
        crawler.signals.connect(spider.close_host, host_closed)
        return spider

    # --- start and end ------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        """Yields the first requests: sitemaps, feeds and lists."""
        with self._ending_if_not_writable():
            for request in self._requests.first() if not self.arguments.files_only else ():
                yield request

    def robots_parsed(self, robotparser: RobotParser) -> None:
        """Requests the sitemaps that robots.txt names, if the source configures none. Scrapy's signal."""
        rules = getattr(robotparser, "rp", None)
        if self.source.sitemaps or rules is None or self.arguments.files_only:
            return
        with self._ending_if_not_writable():
            for found in start_links.robots_links(self.source, islice(rules.sitemaps, self._limits.sitemaps)):
                if isinstance(found, Failure):
                    self.run.record_failure(found)
                    if found.target is not None:
                        self.run.counts.other_hosts[found.target] += 1
                else:
                    self._send(self._requests.for_sitemap(found, depth=1))

    def idle(self) -> None:
        """Requests /sitemap.xml if nothing named a sitemap, then what waits in the archive, then the recorded pages that no page links to,
        after all other requests are done; last of all, files of articles. Scrapy's signal.
        """
        with self._ending_if_not_writable():
            if not self.arguments.files_only and self._send_pages():
                raise DontCloseSpider
            if not self._closed_hosts and self._send(self._requests.for_files()):
                raise DontCloseSpider

    def _send_pages(self) -> bool:
        """Sends requests for pages that nothing else led to. Returns whether there were any."""
        if not self._closed_hosts and self._send(self._requests.for_guessed_sitemap()):
            return True
        return self._send(self._requests.for_waiting()) or self._send([*islice(self._requests.for_unlinked(), _MOST_UNLINKED)])

    def dropped(self, request: Request) -> None:
        """Goes on with a list if one of its pages was requested before for another purpose. Scrapy's signal."""
        with self._ending_if_not_writable():
            self._send(self._requests.for_dropped(request))

    def close_host(self, host: str, why: str, closed: HostClosed) -> None:
        """Sends no further request to a host. If the source has no other host, the run ends. A signal of our middlewares."""
        self._closed_hosts[host] = closed
        logger.log(logging.INFO if closed.outcome in BY_RULE else logging.WARNING, "%s; nothing more is requested from it in this run", why)
        if closed.url is not None:
            reason = reason_of_exception(closed) or closed.reason
            with self._ending_if_not_writable():
                self.run.record_failure(Failure("fetch", reason, urljoin(self.source.site, closed.url), why[:500]))
        if self.run.web is not None:  # no page comes from anywhere else
            self._end(closed.outcome, why)
            return
        scheme = self.source.site.partition(":")[0]
        if {host_key(f"{scheme}://{one}") for one in self.source.hosts} <= self._closed_hosts.keys():
            waiting = self._waiting()
            rest = Message(f"; {waiting} requests were not sent", f"; {waiting} yêu cầu chưa gửi") if waiting else EMPTY
            known = as_message(why) + rest
            self._end(closed.outcome, as_text(known))

    def closed(self, reason: str) -> None:
        """Closes the run. Scrapy calls it when the spider is closed; `reason` is the outcome, unless no page could be requested."""
        home = self._closed_hosts.get(host_key(self.source.site))
        if reason == "finished" and home is not None:
            reason, self.run.problem = home.outcome, home.why
        elif reason == "finished" and self._forbidden_starts and not self.run.counts.articles:
            reason = ROBOTS_FORBIDDEN
            first = self._forbidden_starts[0]
            self.run.problem = Bilingual(
                f"robots.txt forbids {first}; write to the operator of the site, or name other list pages",
                f"robots.txt không cho phép {first}; hãy viết cho đơn vị quản trị trang, hoặc ghi trang danh sách khác",
            )
        elif reason == "finished" and not (self.run.counts.articles or self.run.counts.lists) and "challenge" in self.run.open_failures():
            reason = BLOCKED
            self.run.problem = Bilingual(
                f"{self.source.site} shows a bot challenge instead of its pages; it is not answered, so write to its operator",
                f"{self.source.site} đòi kiểm tra robot thay cho trang; chương trình không trả lời, hãy viết cho đơn vị quản trị trang",
            )
        try:
            self._requests.lists.close(is_whole=reason == "finished")
        except (OSError, sqlite3.Error) as error:
            reason, self.run.problem = outcome_of(error)
        self.run.lists_complete = self._requests.lists.complete and not self._closed_hosts
        self.run.close(reason)

    @contextmanager
    def _ending_if_not_writable(self) -> Iterator[None]:
        """Ends the run if the block cannot write to the archive."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            self._end(*outcome_of(error))

    def _end(self, outcome: str, problem: str) -> None:
        """Ends the run before all requests are done."""
        self.run.problem = problem
        hosts_of(self.crawler).end()
        deferred_from_coro(self._engine.close_spider_async(reason=outcome))

    def _send(self, requests: Iterable[Request]) -> bool:
        """Sends requests outside a callback. Returns whether there were any."""
        sent = False
        for request in requests:
            self._engine.crawl(request)
            sent = True
        return sent

    def _waiting(self) -> int:
        """Returns the number of requests in the queue."""
        return self._stats("scheduler/enqueued") - self._stats("scheduler/dequeued")

    def _stats(self, name: str) -> int:
        return int(self.crawler.stats.get_value(name, 0))

    @property
    def _engine(self) -> ExecutionEngine:
        return self.crawler.engine

    # --- responses ----------------------------------------------------------------------------------------

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request]:
        """Handles a response: stores what is on it, and yields the requests that follow from it."""
        request = response.request
        assert request is not None
        purpose = purpose_of(request)
        assert purpose.stored is not None, "CaptureMiddleware stores every response"
        with self._ending_if_not_writable():
            yield from self._handle(_Answer(response, request, purpose, purpose.stored))
            yield from self._later_version_requests(request)

    async def parse_file(self, response: Response, **kwargs: Any) -> AsyncIterator[Request]:
        """Handles the response to a request for a file: keeps it, and takes its text in another process."""
        request = response.request
        assert request is not None
        purpose = purpose_of(request)
        assert purpose.stored is not None and purpose.file_id is not None, "CaptureMiddleware stores every response"
        answer = _Answer(response, request, purpose, purpose.stored)
        with self._ending_if_not_writable():
            if response.status != 200:
                for one in self._handle(answer):
                    yield one
                return
            failure = self.run.files.keep(purpose.file_id, purpose.stored)
            if failure is not None:
                self._record(answer, failure)
                self._note_failure(request, failure.reason)
                return
            await self.run.files.read(purpose.file_id, purpose.stored)

    def _handle(self, answer: _Answer) -> Iterator[Request]:
        status = answer.response.status
        if status == 304 and answer.purpose.unchanged_since is not None:
            yield from self._handle_unchanged(answer, answer.purpose.unchanged_since)
        elif 300 <= status < 400 and answer.response.headers.get("Location"):
            yield from self._handle_redirect(answer)
        elif status == 200:
            yield from self._handle_page(answer)
        else:
            yield from self._handle_error_status(answer)

    def _handle_page(self, answer: _Answer) -> Iterator[Request]:
        """Parses a page, stores it, and yields requests for its links."""
        try:
            page, next_part = self._parse_and_store(answer)
        except (OSError, sqlite3.Error):
            raise
        except Exception as error:
            logger.exception("reading %s failed", answer.response.url)
            self._record(answer, Failure("read", "reader-fault", answer.response.url, f"{type(error).__name__}: {error}"))
            self._note_failure(answer.request, "reader-fault")
            return
        if page.target is not None:
            yield from self._handle_redirect(answer, page.target)
            return
        if next_part is not None:
            yield next_part
        if answer.purpose.role is LinkRole.PART:
            return
        if answer.stored.capture.truncated:
            yield from self._retry_requests(answer)
        if page.kind is PageKind.LISTING and answer.purpose.role is LinkRole.ARTICLE and answer.purpose.redirected_from:
            self.run.record_vanished(without_session(answer.purpose.redirected_from[0]), answer.stored)
        yield from self._requests_after(page, answer)

    def _parse_and_store(self, answer: _Answer) -> tuple[Page, Request | None]:
        """Returns a parsed page, and the request for the next page of its article. An article with several pages is stored after all of
        them have arrived.
        """
        reading = self.run.parse(answer.stored, platform=self._site.first_platform, as_list=is_for_list(answer.purpose))
        page, pages = reading.page, answer.purpose.article_pages
        if _is_no_file(page, answer.purpose):
            self.run.captures.mark(answer.stored.id, PageKind.OTHER)
            missing = Failure("read", "not-found", answer.response.url)
            return replace(page, kind=PageKind.OTHER, links=(), failure=missing), None
        if pages is None:
            body = page.article.body.value if page.article is not None else None
            next_part = self._next_part(page, ArticlePages(answer.stored, body), answer)
            if next_part is None:
                self.run.store(reading, answer.stored, candidate=answer.purpose.candidate)
            return page, next_part
        if page.kind is not PageKind.ARTICLE and not (may_be_frame(page) and not pages.body and not pages.later):
            self._record(answer, Failure("read", "no-layout", answer.response.url, "a later page of an article is not an article"))
            self._article_pager.store(pages, answer.purpose.candidate, missing=True)
            return page, None
        pages.later.append(answer.stored)
        next_part = self._next_part(page, pages, answer)
        if next_part is None:
            self._article_pager.store(pages, answer.purpose.candidate)
        return page, next_part

    def _next_part(self, page: Page, pages: ArticlePages, answer: _Answer) -> Request | None:
        """Returns the request for the next page of an article, or None."""
        link = self._article_pager.next_page(page, pages)
        return self._requests.for_part(link, replace(answer.purpose.same_page(), article_pages=pages)) if link is not None else None

    def _requests_after(self, page: Page, answer: _Answer) -> Iterator[Request]:
        """Yields the requests that follow after a page was parsed."""
        is_article = page.kind is PageKind.ARTICLE
        if answer.purpose.role is LinkRole.ARTICLE:
            note_version(answer.request, page.kind)
        if page.failure is not None and page.failure.reason == "off-site" and page.failure.target and is_for_list(answer.purpose):
            self.run.counts.other_hosts[host_of(page.failure.target) or page.failure.target] += 1
        if page.platform is not None:
            yield from self._requests.for_platform(page.platform)
        if answer.purpose.role is LinkRole.ARTICLE and not is_article:
            yield from self._requests.for_other_url(answer.request)
        forms = FormPage(answer.response, answer.request)
        capture = answer.stored.capture
        again = capture.truncated and answer.purpose.attempt < self._retries
        yield from self._requests.for_links(page, answer.purpose, capture, truncated=again, forms=forms)

    def _retry_requests(self, answer: _Answer) -> Iterator[Request]:
        """Yields a repeated request for a truncated page, up to the number of retries. A recording would give the same answer again."""
        attempt, role = answer.purpose.attempt + 1, answer.purpose.role
        if attempt > self._retries or role is None:
            return
        purpose = replace(answer.purpose.same_page(), attempt=attempt)
        if answer.request.method == "POST":
            yield self._requests.make_again(answer.request, purpose)
        else:
            yield self._requests.make(Link(answer.response.url, role), purpose, again=True)

    def _handle_unchanged(self, answer: _Answer, earlier_id: int) -> Iterator[Request]:
        """Handles a 304 answer: the links of the earlier capture are followed."""
        kind = kind_requested(answer.purpose)
        if kind is not None and self.run.is_contradicted(earlier_id, answer.stored, kind):
            self.run.captures.mark(answer.stored.id, "not-modified")
            yield from self._retry_requests(answer)
            return
        try:
            earlier = self.run.store_unchanged(earlier_id, answer.stored, answer.purpose.candidate)
        except (WarcError, TooLarge, CannotDecode) as error:
            self._record(answer, Failure("read", "capture-unreadable", answer.response.url, str(error)))
            self._note_failure(answer.request, "capture-unreadable")
            return
        if earlier is not None:
            page = self.run.parse(earlier, platform=self._site.first_platform, as_list=is_for_list(answer.purpose)).page
            yield from self._requests_after(page, replace(answer, response=answer.response.replace(body=earlier.capture.body)))

    def _handle_redirect(self, answer: _Answer, on_page: str | None = None) -> Iterator[Request]:
        """Follows a redirect. `on_page`: the target, if the page itself names it."""
        response, purpose = answer.response, answer.purpose
        # A form may lead back to its own page, which then shows another part of the list.
        requested = answer.request.url if answer.request.method == "GET" else response.url
        target = target_of(response.replace(url=requested), purpose.redirected_from, self.source.hosts, on_page)
        role, key = purpose.role, purpose.article_key
        assert role is not None
        bare = without_session(target) if isinstance(target, str) else ""
        if isinstance(target, str) and role is LinkRole.ARTICLE and self._is_other_page(key, bare):
            detail = f"status {response.status}: leads to something that is not this article"
            target = Failure("fetch", "soft-404", response.url, detail, target)
        if isinstance(target, str) and role is not LinkRole.SITEMAP and not self._site.has(bare):
            target = Failure("fetch", "other-part", response.url, f"status {response.status}: leads to {target}")
        if isinstance(target, Failure):
            self._record(answer, replace(target, url=response.url))
            self._note_failure(answer.request, LEADS_HOME if is_home(bare) and target.reason == "soft-404" else target.reason)
            if target.reason != "off-site":
                yield from self._requests.for_other_url(answer.request)
            elif role is not LinkRole.ARTICLE and target.target:
                self.run.counts.other_hosts[host_of(target.target) or target.target] += 1
            return
        self.run.captures.mark(answer.stored.id, "redirect")
        self._redirects.add(requested)
        self._requests.keep_session(requested, target)
        # If the target was requested before, it is not requested again, unless it is a redirect itself: that may be a loop, which must be
        # recorded as a failure.
        redirected_from = (*purpose.redirected_from, requested)
        again = target in self._redirects
        onward = replace(purpose.same_page(), redirected_from=redirected_from)
        if answer.request.method == "POST":
            yield self._requests.after_form(target, answer.request, response.status, onward)
        else:
            yield self._requests.make(Link(target, role), onward, again=again)

    def _is_other_page(self, article_key: str | None, url: str) -> bool:
        """Returns whether the target of a redirect cannot be the article: the front page, a list page of the source, or by its key."""
        if is_home(url) or url in self.source.listings:
            return True
        return article_key is not None and not self._site.may_be_article(article_key, url)

    def _handle_error_status(self, answer: _Answer) -> Iterator[Request]:
        response, purpose = answer.response, answer.purpose
        failure = Failure("fetch", self._reason_of_error(answer), response.url, f"status {response.status}")
        if self._counts_as_failure(failure, purpose):
            self._record(answer, failure)
        self._note_failure(answer.request, failure.reason)
        yield from self._requests_after_failure(answer.request)

    def _reason_of_error(self, answer: _Answer) -> str:
        """Returns why an error page was sent. Protection services send a challenge with status 403, 406 or 503, and a site that is
        maintained answers 503; only the page shows the difference."""
        reason = reason_of_status(answer.response.status)
        if reason not in ("forbidden", "rate-limited", "odd-status"):
            return reason
        try:
            shown = self.run.parse(answer.stored).page.failure
        except Exception:  # a page that cannot be parsed still has its status
            logger.debug("reading %s failed", answer.response.url, exc_info=True)
            return reason
        return shown.reason if shown is not None and shown.reason in OF_SITE else reason

    def failed(self, failure: TwistedFailure) -> Iterator[Request]:
        """Records why a request got no response, and yields the requests that replace it. Scrapy's errback."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        assert error is not None
        reason = reason_of_exception(error)
        if isinstance(error, sqlite3.Error | OSError) and reason is None:
            self._end(*outcome_of(error))
            return
        with self._ending_if_not_writable():
            yield from self._handle_failure(request, error, reason)

    def _handle_failure(self, request: Request, error: BaseException, reason: str | None) -> Iterator[Request]:
        purpose = purpose_of(request)
        if isinstance(error, NotSent):  # the host gets no request now; the URL is left for a later run
            if purpose.article_pages is not None:
                self._article_pager.store(purpose.article_pages, purpose.candidate, missing=True)
            return
        if (
            reason == "robots"
            and purpose.role is LinkRole.LISTING
            and request.url in {one.url for one in start_links.list_links(self.source)}
        ):
            self._forbidden_starts.append(request.url)
        found = Failure("fetch", reason or "fetch-fault", stored_url_of(request), detail_of_exception(error))
        if self._counts_as_failure(found, purpose):
            self.run.record_failure(found, at=self._time_of(error, purpose), capture_id=purpose.capture_id)
        if isinstance(error, CaptureNotPlayed) and error.requested is not None and self.run.web is not None:
            self.run.web.note_failed(error.requested, error.reason)
        self._note_failure(request, found.reason)
        yield from self._requests_after_failure(request)
        yield from self._later_version_requests(request)

    def _time_of(self, error: BaseException, purpose: Purpose) -> datetime | None:
        """Returns when a failure occurred, if the request got an answer: a recorded one may be years old, and a later one be well."""
        if isinstance(error, CaptureNotPlayed | RecordedBodyTooLarge):
            return error.at
        if isinstance(error, UnreadableBody) and purpose.capture_id is not None:
            return self.run.captures.time_of(purpose.capture_id)
        return None

    def _requests_after_failure(self, request: Request) -> Iterator[Request]:
        purpose = purpose_of(request)
        if purpose.article_pages is not None:
            self._article_pager.store(purpose.article_pages, purpose.candidate, missing=True)
        yield from self._requests.for_other_url(request)

    def _later_version_requests(self, request: Request) -> Iterator[Request]:
        later = later_version(request)
        if later is not None:
            self.run.expect(later, self._site.first_platform)
            yield later

    def _counts_as_failure(self, failure: Failure, purpose: Purpose) -> bool:
        """Returns whether to record a failure: not if the URL was a guess and does not exist."""
        return not purpose.is_guess or failure.reason not in _DOES_NOT_EXIST

    def _note_failure(self, request: Request, reason: str) -> None:
        """Notes the failure of a request on the candidate or the list that it was for. A later page of an article is neither."""
        if purpose_of(request).article_pages is None:
            self._requests.note_failure(request, reason, timestamp(clock.now()))

    def _record(self, answer: _Answer, failure: Failure) -> None:
        """Records a failure of a response that arrived."""
        self.run.record_failure(failure, at=answer.stored.capture.captured_at, capture_id=answer.stored.id)


def _is_no_file(page: Page, purpose: Purpose) -> bool:
    """Returns whether a page was sent instead of a sitemap or feed whose URL we guessed: the site says "not found" with status 200."""
    is_file = page.kind in (PageKind.SITEMAP, PageKind.FEED) or (page.failure is not None and page.failure.reason == "too-large")
    return purpose.is_guess and purpose.role in (LinkRole.SITEMAP, LinkRole.FEED) and not is_file
