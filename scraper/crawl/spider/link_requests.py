"""Turns links into requests: only links that may be followed, and each article, list page and sitemap once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from scrapy import Request

from scraper.crawl.known_articles import KnownArticles
from scraper.crawl.replay.recorded_pages import RecordedPages, another_version_counts
from scraper.crawl.request_purpose import ListSoFar, Purpose, is_for_list, purpose_of, set_purpose
from scraper.crawl.run import Run
from scraper.crawl.site import Site
from scraper.crawl.spider import start_links
from scraper.crawl.spider.arguments import SpiderArguments
from scraper.crawl.spider.candidate_urls import Candidate, Candidates
from scraper.crawl.spider.limits import CrawlLimits, ListLimit, SitemapLimit
from scraper.crawl.spider.list_pages import next_pages
from scraper.model import Link, LinkRole, Page, PageKind

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
        self._list_limit = ListLimit(run, limits.list_pages)
        self._sitemap_limit = SitemapLimit(run, limits.sitemaps, limits.sitemap_depth)

    def make(self, link: Link, purpose: Purpose | None = None, *, again: bool = False) -> Request:
        """Returns the request for a link. `again`: also if the URL was requested before."""
        meta: dict[str, Any] = {"dont_redirect": True, "handle_httpstatus_all": True}
        request = Request(
            link.url, callback=self._callback, errback=self._errback, priority=_PRIORITY[link.role], meta=meta, dont_filter=again
        )
        set_purpose(request, replace(purpose or Purpose(), role=link.role))
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

    def for_links(self, page: Page, purpose: Purpose, *, truncated: bool) -> Iterator[Request]:
        """Yields requests for the links of a page. `truncated`: the end of the page is missing.

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
                yield from self._for_list_page(link, so_far)

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

    def _for_list_page(self, link: Link, list_so_far: ListSoFar, *, is_guess: bool = False) -> Iterator[Request]:
        if self._list_limit.allows(link.url):
            yield self.make(link, Purpose(list_so_far=list_so_far, is_guess=is_guess))

    def _for_candidate(self, candidate: Candidate) -> Request:
        link = Link(candidate.url, LinkRole.ARTICLE)
        return self.make(link, Purpose(article_key=candidate.article_key, is_guess=candidate.is_guess))
