"""Turns links into requests: only links that may be followed, and each article, list page and sitemap once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.http.cookies import CookieJar

from scraper.crawl.known_articles import KnownArticles
from scraper.crawl.replay.recorded_pages import RecordedPages, another_version_counts
from scraper.crawl.request_purpose import ListSoFar, Purpose, is_for_list, purpose_of, set_purpose, stored_url_of
from scraper.crawl.run import Run
from scraper.crawl.site import Site
from scraper.crawl.spider import start_links
from scraper.crawl.spider.arguments import SpiderArguments
from scraper.crawl.spider.candidate_urls import Candidate, Candidates
from scraper.crawl.spider.form_requests import FormPage, form_purpose, form_request
from scraper.crawl.spider.limits import CrawlLimits, ListLimit, SitemapLimit
from scraper.crawl.spider.list_pages import next_pages
from scraper.model import Failure, Link, LinkRole, Page, PageKind
from scraper.post_urls import method_query, requested_url, url_of, with_method_query
from scraper.urls import without_session

# Sitemaps and feeds are requested first, because they list canonical URLs. The articles of a list page are requested before its next page,
# so that an interrupted crawl leaves no gaps.
_PRIORITY = {LinkRole.SITEMAP: 40, LinkRole.FEED: 30, LinkRole.ARTICLE: 20, LinkRole.LISTING: 10, LinkRole.NEXT: 15, LinkRole.PART: 25}


class LinkRequests:
    """Makes the requests of one crawl. `callback` and `errback`: those of the spider."""

    def __init__(
        self,
        run: Run,
        arguments: SpiderArguments,
        limits: CrawlLimits,
        *,
        callback: Callable[..., Iterator[Request]],
        errback: Callable[..., Iterator[Request]],
    ) -> None:
        self._run, self._source, self._arguments = run, run.source, arguments
        self._callback, self._errback = callback, errback
        self.site = Site(run.source)
        self._known = KnownArticles() if arguments.again else run.known_articles()
        self._recorded = RecordedPages(run.recording, self.site) if run.recording is not None else None
        self._candidates = Candidates(arguments, self._known, self._recorded)
        self._cookies = CookieJar() if run.source.cookies else None
        self._list_limit = ListLimit(run, limits.list_pages)
        self._sitemap_limit = SitemapLimit(run, limits.sitemaps, limits.sitemap_depth)

    def make(self, link: Link, purpose: Purpose | None = None, *, again: bool = False) -> Request:
        """Returns the request for a link. `again`: also if the URL was requested before."""
        return self._with_purpose(Request(link.url, dont_filter=again, **self._arguments_of(link)), link, purpose or Purpose())

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
        meta = {"dont_redirect": True, "handle_httpstatus_all": True}
        return {"callback": self._callback, "errback": self._errback, "priority": _PRIORITY[link.role], "meta": meta}

    def _with_purpose(self, request: Request, link: Link, purpose: Purpose) -> Request:
        cookies = purpose.cookies if purpose.cookies is not None else self._cookies
        set_purpose(request, replace(purpose, role=link.role, cookies=cookies))
        return request

    def first(self) -> Iterator[Request]:
        """Yields the first requests of a crawl: sitemaps, feeds, lists, and articles that failed in an earlier run."""
        yield from map(self.make, start_links.configured_links(self._source))
        if self._source.platform is not None:
            yield from self.for_platform(self._source.platform)
        yield from map(self.make, start_links.list_links(self._source))
        if not self._arguments.again and self._recorded is None:
            # An article that failed before may come after known articles in its list, in a part that this run does not reach.
            failed = (Link(url, LinkRole.ARTICLE) for url in self._run.failed_before() if self.site.may_request(url))
            yield from map(self.make, failed)

    def for_platform(self, platform_id: str) -> Iterator[Request]:
        """Yields requests for the usual sitemaps and feeds of a platform that was not found before."""
        platform = self.site.add_platform(platform_id)
        for link in start_links.platform_links(self._source, platform) if platform is not None else ():
            if not self.site.may_request(link.url, link.role):
                continue
            if link.role is LinkRole.SITEMAP:
                yield from self.for_sitemap(link, depth=1)
            else:
                yield self.make(link)

    def for_sitemap(self, link: Link, *, depth: int) -> Iterator[Request]:
        """Yields the request for a sitemap, unless a limit is reached. `depth`: 1 for a sitemap that no other sitemap named."""
        if self._sitemap_limit.allows(link.url, depth):
            yield self.make(link, Purpose(sitemap_depth=depth))

    def for_links(self, page: Page, purpose: Purpose, *, truncated: bool, forms: FormPage | None = None) -> Iterator[Request]:
        """Yields requests for the links of a page. `truncated`: the end of the page is missing. `forms`: the response with the page, for
        links that send a form.

        Of an article, only the sections that its menus and its breadcrumb link to are requested: the other links in its boxes are in the
        lists too. But if the page was requested as a list, it is followed like one, because its text may be the teasers of a section.
        """
        is_list = page.kind is not PageKind.ARTICLE or is_for_list(purpose)
        links = [link for link in page.links if (is_list or link.role is LinkRole.LISTING) and self.site.may_request(link.url, link.role)]
        for link in links:
            if link.role is LinkRole.ARTICLE:
                self._run.counts.listed_articles.add(link.key or link.url)
                yield from map(self._for_candidate, self._candidates.add(link))
            elif link.role is LinkRole.SITEMAP:
                yield from self.for_sitemap(link, depth=purpose.sitemap_depth + 1)
            elif link.role is LinkRole.FEED and not self._source.feeds and self._source.discover_sections:
                # If such a feed does not exist, that is not a failure: its articles are in the lists too.
                yield self.make(link, Purpose(is_guess=True))
            elif link.role is LinkRole.LISTING and self._source.discover_sections:
                yield from self._for_list_page(link, ListSoFar())
        if page.kind is PageKind.LISTING or is_for_list(purpose):
            so_far = purpose.list_so_far or ListSoFar()
            for link in next_pages(links, so_far, self._known, self._arguments.start, truncated=truncated):
                yield from self._for_list_page(link, so_far, purpose, forms)

    def for_part(self, link: Link, purpose: Purpose) -> Request | None:
        """Returns the request for a later page of an article, or None if it may not be requested."""
        if not self.site.may_request(link.url):
            return None
        self._candidates.leave_out(link.url)  # a list may have the same URL
        return self.make(link, purpose, again=True)

    def for_other_url(self, request: Request) -> Iterator[Request]:
        """Yields the request for another URL of an article, after the given one has failed."""
        purpose = purpose_of(request)
        if purpose.article_key is None or another_version_counts(purpose):
            return
        candidate = self._candidates.after_failure(purpose.article_key)
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
                # Only the page itself can say what it is. An article among these pages is not followed like a list.
                yield from self._for_list_page(Link(url, LinkRole.LISTING), ListSoFar(), is_guess=True)
            else:
                yield from map(self._for_candidate, self._candidates.add(Link(url, LinkRole.ARTICLE, key)))

    def _for_list_page(
        self,
        link: Link,
        list_so_far: ListSoFar,
        before: Purpose | None = None,
        forms: FormPage | None = None,
        *,
        is_guess: bool = False,
    ) -> Iterator[Request]:
        if not self._list_limit.allows(url_of(link)):
            return
        cookies = before.cookies if before is not None and link.form is not None else None
        purpose = Purpose(list_so_far=list_so_far, is_guess=is_guess, cookies=cookies)
        if link.form is None:
            yield self.make(link, purpose)
        elif (request := self.make_form(link, purpose, forms)) is not None:
            yield request
        else:
            detail = f"the form of the page cannot be sent for {url_of(link)[:300]}"
            self._run.record_failure(Failure("discover", "postback-pager", link.url, detail))

    def _for_candidate(self, candidate: Candidate) -> Request:
        link = Link(candidate.url, LinkRole.ARTICLE)
        return self.make(link, Purpose(article_key=candidate.article_key, is_guess=candidate.is_guess))
