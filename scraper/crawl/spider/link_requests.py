"""Turns links into requests: only links that may be followed, and each article, list page and sitemap once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http.cookies import CookieJar

from scraper import clock
from scraper.crawl.list_reading import ListReading
from scraper.crawl.replay.recorded_pages import RecordedPages, another_version_counts
from scraper.crawl.request_purpose import Purpose, is_for_list, purpose_of, set_purpose, stored_url_of
from scraper.crawl.run import Run
from scraper.crawl.site import Site
from scraper.crawl.spider import start_links
from scraper.crawl.spider.arguments import SpiderArguments
from scraper.crawl.spider.form_requests import FormPage, form_purpose, form_request
from scraper.crawl.spider.frontier import Candidate, Frontier
from scraper.crawl.spider.limits import CrawlLimits, ListLimit, SitemapLimit
from scraper.crawl.spider.list_pages import ListPage
from scraper.crawl.spider.lists import Lists
from scraper.model import Capture, Failure, Link, LinkRole, Page, PageKind
from scraper.post_urls import method_query, requested_url, url_of, with_method_query
from scraper.store.candidates import FAILED, GONE, OUTSIDE
from scraper.store.discovered import PLATFORM
from scraper.store.files import Wanted
from scraper.urls import asp_session, with_asp_session, without_session
from scraper.warc.dates import timestamp

# Sitemaps and feeds are requested first, because they list canonical URLs. The articles of a list page are requested before its next page,
# so that an interrupted crawl leaves no gaps.
_PRIORITY = {LinkRole.SITEMAP: 40, LinkRole.FEED: 30, LinkRole.ARTICLE: 20, LinkRole.LISTING: 10, LinkRole.NEXT: 15, LinkRole.PART: 25}
_PRIORITY[LinkRole.FILE] = 0  # after all pages
_FILES = 50  # per batch: a limit of the day is looked at again after each

_RECHECK = 5  # after everything that may be new


class LinkRequests:
    """Makes the requests of one crawl. `callback` and `errback`: those of the spider. `waiting`: returns the number of requests in the
    queue.
    """

    def __init__(
        self,
        run: Run,
        arguments: SpiderArguments,
        limits: CrawlLimits,
        *,
        callback: Callable[..., Iterator[Request]],
        file_callback: Callable[..., AsyncIterator[Request]],
        errback: Callable[..., Iterator[Request]],
        waiting: Callable[[], int],
    ) -> None:
        self._run, self._source, self._arguments = run, run.source, arguments
        self._callback, self._file_callback, self._errback = callback, file_callback, errback
        self.site = Site(run.source)
        full = arguments.is_full(replays=run.recording is not None)
        self._recorded = RecordedPages(run.recording, self.site) if run.recording is not None else None
        self._frontier = Frontier(arguments, run.candidates, self._recorded, run.id, full=full, waiting=waiting)
        self.lists = Lists(run, arguments, full=full)
        self._cookies = CookieJar() if run.source.cookies else None
        self._session: str | None = None  # the beginning of the URLs of an ASP.NET site without cookies, with its session
        self._later_pages: set[str] = set()  # URLs that a list page names as later pages of its list
        self._list_limit = ListLimit(run, limits.list_pages)
        self._sitemap_limit = SitemapLimit(run, limits.sitemaps, limits.sitemap_depth)

    def make(self, link: Link, purpose: Purpose | None = None, *, again: bool = False) -> Request:
        """Returns the request for a link. `again`: also if the URL was requested before.

        If the site keeps its session in the path, the request has it, and its answer is stored under the URL without it.
        """
        purpose, bare = purpose or Purpose(), without_session(link.url)
        url = with_asp_session(bare, self._session) if self._session is not None else link.url
        if purpose.stored_url is None and url != bare:
            purpose = replace(purpose, stored_url=bare)
        return self._with_purpose(Request(url, dont_filter=again, **self._arguments_of(link)), link, purpose)

    def keep_session(self, url: str, target: str) -> None:
        """Remembers the session of a redirect that adds it to the path: without it, the site redirects each request once more."""
        if without_session(url) == without_session(target):
            self._session = asp_session(target) or self._session

    def make_form(self, link: Link, purpose: Purpose, page: FormPage | None) -> Request | None:
        """Returns the request for a link that is sent by POST, or None if its page has no such form. `page`: the page with the link."""
        assert link.form is not None
        # The state of the page is in the body, so Scrapy's filter of duplicates cannot know such a request. ListLimit does.
        request = form_request(link, link.form, page, dont_filter=True, **self._arguments_of(link))
        return self._with_purpose(request, link, form_purpose(link, purpose, page)) if request is not None else None

    def make_again(self, request: Request, purpose: Purpose) -> Request:
        """Returns the request for a form that is sent once more."""
        again = request.replace(meta=dict(self._arguments_of(Link(request.url, LinkRole.NEXT))["meta"]), dont_filter=True)
        set_purpose(again, replace(purpose, role=purpose_of(request).role, stored_url=stored_url_of(request)))
        return again

    def after_form(self, target: str, request: Request, status: int, purpose: Purpose) -> Request:
        """Returns the request for the target of a redirect after a form was sent: by GET, or after a 307 or 308 by POST again.

        If the target is the page that has the form, which now shows another part of the list, its answer is stored under the URL of the
        form's answer, with the method GET.
        """
        if status in (307, 308):
            again = self.make_again(request, purpose)
            query = method_query(stored_url_of(request))
            again = again.replace(url=target)
            set_purpose(again, replace(purpose_of(again), stored_url=with_method_query(target, query) if query is not None else None))
            return again
        role = purpose_of(request).role or LinkRole.NEXT
        query = method_query(stored_url_of(request))
        same = query is not None and without_session(target) == requested_url(stored_url_of(request))
        url = with_method_query(target, (query or "").replace("=POST", "=GET", 1)) if same else None
        return self.make(Link(target, role), replace(purpose, stored_url=url), again=True)

    def _arguments_of(self, link: Link) -> dict[str, Any]:
        meta: dict[str, Any] = {"dont_redirect": True, "handle_httpstatus_all": True}
        callback: Callable[..., object] = self._callback
        if link.role is LinkRole.FILE:
            callback, meta["download_maxsize"] = self._file_callback, self._run.files.longest
        return {"callback": callback, "errback": self._errback, "priority": _PRIORITY[link.role], "meta": meta}

    def _with_purpose(self, request: Request, link: Link, purpose: Purpose) -> Request:
        cookies = purpose.cookies if purpose.cookies is not None else self._cookies
        set_purpose(request, replace(purpose, role=link.role, cookies=cookies))
        self._run.expect(request, self.site.first_platform)
        return request

    def first(self) -> Iterator[Request]:
        """Yields the first requests of a crawl: sitemaps, feeds and lists."""
        for link in start_links.list_links(self._source):
            yield from self._for_list(link, is_first=True)
        for link in start_links.configured_links(self._source):
            yield from self._for_list(link)
        if self._source.platform is not None:
            yield from self.for_platform(self._source.platform)
        if self._recorded is None:
            yield from self._for_known_lists()
            yield from self._for_rechecks()

    def _for_known_lists(self) -> Iterator[Request]:
        """Yields requests for the lists that earlier runs found, if they are looked at in this run."""
        allowed = {
            LinkRole.LISTING: self._source.discover_sections,
            LinkRole.FEED: self._source.discover_sections and not self._source.feeds,
            LinkRole.SITEMAP: not self._source.sitemaps,
        }
        for link in self.lists.known():
            if allowed[link.role] and self.site.may_request(link.url, link.role):
                yield from self._for_list(link, is_guess=link.role is not LinkRole.LISTING)

    def _for_rechecks(self) -> Iterator[Request]:
        """Yields requests for the known articles that are requested again in this run, after its lists and new articles. If everything is
        requested again, or only some days are wanted, there are none.
        """
        if self._arguments.is_full(replays=False) or self._arguments.start or self._arguments.end:
            return
        for key, url in self._run.rechecks():
            if self.site.may_request(url):
                self._run.candidates.take(key, url, at=timestamp(clock.now()))
                yield self._for_candidate(Candidate(url, key)).replace(priority=_RECHECK)

    def for_platform(self, platform_id: str) -> Iterator[Request]:
        """Yields requests for the usual sitemaps and feeds of a platform that was not found before."""
        platform = self.site.add_platform(platform_id)
        if platform is None:
            return
        self._run.discovered.note(PLATFORM, platform_id, timestamp(clock.now()))
        for link in start_links.platform_links(self._source, platform):
            if self.site.may_request(link.url, link.role):
                yield from self._for_list(link, is_guess=True)

    def for_guessed_sitemap(self) -> Iterator[Request]:
        """Yields the request for /sitemap.xml, if nothing names a sitemap and the file was not missing in an earlier run."""
        source, url = self._source, urljoin(self._source.site, "/sitemap.xml")
        if source.sitemaps or source.under != "/" or not source.discover_sections or self._sitemap_limit.is_used:
            return
        if not self._run.was_missing(url):
            yield from self._for_list(Link(url, LinkRole.SITEMAP), is_guess=True)

    def for_sitemap(self, link: Link, *, depth: int, found_on: str | None = None) -> Iterator[Request]:
        """Yields the request for a sitemap, unless a limit is reached. `depth`: 1 for a sitemap that no other sitemap named."""
        yield from self._for_list(link, found_on, depth=depth)

    def for_links(
        self, page: Page, purpose: Purpose, capture: Capture, *, truncated: bool, forms: FormPage | None = None
    ) -> Iterator[Request]:
        """Yields requests for the links of a page. `truncated`: its end is missing, and it will be requested again. `forms`: the response
        with the page, for links that send a form.

        Of an article, only the sections that its menus and its breadcrumb link to are requested: the other links in its boxes are in the
        lists too. But if the page was requested as a list, it is followed like one, because its text may be the teasers of a section.
        """
        is_list = page.kind is not PageKind.ARTICLE or is_for_list(purpose)
        links = [link for link in page.links if (is_list or link.role is LinkRole.LISTING) and self.site.may_request(link.url, link.role)]
        at, where = timestamp(capture.captured_at), capture.url
        added = self._frontier.add([link for link in links if link.role is LinkRole.ARTICLE], where, at)
        self._run.counts.listed_articles.update(added.first_runs)
        yield from map(self._for_candidate, added.requests)
        later = [link for link in links if link.role is LinkRole.NEXT]
        self._later_pages.update(link.url for link in later if self.site.is_later_page(where, link.url))
        yield from self._for_named_lists(links, where, purpose.sitemap_depth + 1)
        reading = purpose.list_so_far
        if reading is None and page.kind is PageKind.LISTING and not self._run.was_article(where, at):
            reading = self.lists.adopt(where)
        if reading is not None and not truncated:
            at = timestamp(capture.captured_at)
            if page.kind in (PageKind.REFUSED, PageKind.OTHER):
                self.lists.fail(reading, at, page.failure.reason if page.failure is not None else "not-html")
                return
            reading.is_article |= page.kind is PageKind.ARTICLE
            shown = ListPage([*added.first_runs], added.names, added.first_runs, later, added.new, language=page.language)
            yield from self._for_next_page(reading, self.lists.next_page(reading, shown, capture.url, at), at, purpose, forms)

    def _for_named_lists(self, links: list[Link], where: str, depth: int) -> Iterator[Request]:
        """Yields requests for the sitemaps, feeds and sections among the links of a page. `where`: its URL. `depth`: that of a sitemap."""
        for link in links:
            if link.role is LinkRole.SITEMAP:
                yield from self.for_sitemap(link, depth=depth, found_on=where)
            elif link.role is LinkRole.FEED and not self._source.feeds and self._source.discover_sections:
                # If such a feed does not exist, that is not a failure: its articles are in the lists too.
                yield from self._for_list(link, where, is_guess=True)
            elif link.role is LinkRole.LISTING and self._source.discover_sections and link.url not in self._later_pages:
                yield from self._for_list(link, where)

    def _for_next_page(
        self, reading: ListReading, link: Link | None, at: str, before: Purpose | None = None, forms: FormPage | None = None
    ) -> Iterator[Request]:
        """Yields the request for the next page of a list, or for another one if that was requested before. `before`: the purpose of the
        page that names it.
        """
        while link is not None:
            request = None
            if self._list_limit.allows(url_of(link)):
                cookies = before.cookies if before is not None and link.form is not None else None
                purpose = Purpose(list_so_far=reading, cookies=cookies)
                request = self.make(link, purpose) if link.form is None else self.make_form(link, purpose, forms)
                if request is None:
                    detail = f"the form of the page cannot be sent for {url_of(link)[:300]}"
                    self._run.record_failure(Failure("discover", "postback-pager", link.url, detail))
            if request is not None:
                self.lists.visit(reading, link)
                yield request
                return
            link = self.lists.another_page(reading, link, at)

    def for_part(self, link: Link, purpose: Purpose) -> Request | None:
        """Returns the request for a later page of an article, or None if it may not be requested."""
        if not self.site.may_request(link.url):
            return None
        self._frontier.leave_out(link.url)  # a list may have the same URL
        return self.make(link, purpose, again=True)

    def for_other_url(self, request: Request) -> Iterator[Request]:
        """Yields the request for another URL of an article, after the given one has failed. In a recording, also of a list page."""
        purpose = purpose_of(request)
        if self._recorded is not None and is_for_list(purpose) and purpose.role is not None:
            other = self._recorded.other_list_url(request.url)
            if other is not None and self.site.may_request(other):
                yield self.make(Link(other, purpose.role), purpose.same_page())
        if purpose.article_key is None or another_version_counts(purpose):
            return
        candidate = self._frontier.after_failure(purpose.article_key)
        if candidate is not None:
            yield self._for_candidate(candidate)

    def for_unlinked(self) -> Iterator[Request]:
        """Yields requests for the recorded pages that nothing requested yet. Yields none if only some sections or days are wanted, because
        these pages may belong to others.
        """
        if self._recorded is None or not self._source.discover_sections or self._arguments.start or self._arguments.end:
            return
        for url in self._recorded.unlinked():
            if not self.site.may_request(url):
                continue
            key = next(self.site.article_keys(url), None)
            if key is None:
                # Its content decides the kind of the page. An article among these pages is not followed like a list.
                yield from self._for_list(Link(url, LinkRole.LISTING), is_guess=True)
            else:
                added = self._frontier.add([Link(url, LinkRole.ARTICLE, key)], url, timestamp(clock.now()))
                yield from map(self._for_candidate, added.requests)

    def for_waiting(self) -> Iterator[Request]:
        """Yields what is left to do when no request is on its way: candidates that wait in the archive, and lists that are looked at only
        if others left a gap.
        """
        if self._recorded is not None:
            return
        for candidate in self._frontier.waiting():
            if self.site.may_request(candidate.url):
                yield self._for_candidate(candidate)
            else:
                self._run.candidates.set_state(candidate.article_key, candidate.url, OUTSIDE)
        if self.lists.look_at_all():
            yield from self._for_known_lists()

    def for_files(self) -> Iterator[Request]:
        """Yields requests for some of the files of articles that are wanted and were not requested yet, within the limits of the day; in
        a recording, for those that it has. If it yields none, none is left. They come last, when nothing else is left to do.
        """
        if self._run.web is not None or not self._run.requests_files:
            return
        found: list[Wanted] = []
        while not found and (batch := self._run.files.take(_FILES)):
            found = [one for one in batch if self._recorded is None or self._recorded.has(one.url)]
        for wanted in found:
            yield self.make(Link(wanted.url, LinkRole.FILE), Purpose(file_id=wanted.id), again=True)

    def note_failure(self, request: Request, reason: str, at: str) -> None:
        """Records that a request failed: for an article in the table of candidates, for a page of a list on the list."""
        purpose = purpose_of(request)
        is_missing = reason == "replay-miss" or (self._run.web is not None and purpose.capture_id is None)
        if purpose.candidate is not None and is_missing:
            self._run.candidates.set_not_requested(*purpose.candidate)
        elif purpose.candidate is not None:
            state = GONE if reason in ("not-found", "gone") else FAILED
            self._run.candidates.settle_failed(*purpose.candidate, state, at, reason)
            self._run.count_failed_article(purpose.candidate, reason)
        if purpose.list_so_far is not None:
            self.lists.fail(purpose.list_so_far, at, reason)
        if purpose.file_id is not None and not is_missing:
            self._run.files.fail(purpose.file_id, reason, at)

    def for_dropped(self, request: Request) -> Iterator[Request]:
        """Yields the request that replaces one which was not sent, because its URL was requested before for another purpose."""
        reading = purpose_of(request).list_so_far
        if reading is None:
            return
        at = timestamp(clock.now())
        yield from self._for_next_page(reading, self.lists.another_page(reading, Link(stored_url_of(request), LinkRole.NEXT), at), at)

    def _for_list(
        self, link: Link, found_on: str | None = None, *, is_guess: bool = False, is_first: bool = False, depth: int = 1
    ) -> Iterator[Request]:
        """Yields the request for the first page of a list, for a feed or a sitemap, if this run looks at it."""
        is_sitemap = link.role is LinkRole.SITEMAP
        if self._sitemap_limit.refuses(link.url, depth) if is_sitemap else self._list_limit.refuses(url_of(link)):
            return  # before it becomes a row: there may be millions of them
        reading = self.lists.begin(link.role, link.url, found_on, is_first=is_first)
        if reading is None:
            return
        link = replace(link, url=reading.start)
        is_allowed = self._sitemap_limit.allows(link.url, depth) if is_sitemap else self._list_limit.allows(url_of(link))
        if is_allowed:
            yield self.make(link, Purpose(list_so_far=reading, sitemap_depth=depth, is_guess=is_guess))
        else:  # it is a later page of another list, or the limit is reached
            self.lists.another_page(reading, link, timestamp(clock.now()))

    def _for_candidate(self, candidate: Candidate) -> Request:
        link = Link(candidate.url, LinkRole.ARTICLE)
        purpose = Purpose(article_key=candidate.article_key, candidate_url=candidate.url, is_guess=candidate.is_guess)
        return self.make(link, purpose)
