"""The purpose of a request: one frozen value that the spider and the middlewares keep in `request.meta`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scrapy import Request
from scrapy.http.cookies import CookieJar

from scraper.crawl.list_reading import ListReading
from scraper.crawl.stored_capture import ArticlePages, StoredCapture
from scraper.model import LinkRole, PageKind

_KEY = "purpose"
_ANSWERED = "answered_at"


@dataclass(frozen=True, slots=True)
class RecordedVersion:
    """The version of a recorded page that a request is for. Used only if a recording is crawled."""

    number: int = 0  # 0 is the oldest
    has_later: bool = False
    shows_article: bool = False  # whether the last version that is not a failure is an article


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a request is for, and after its response has arrived, where that is stored."""

    role: LinkRole | None = None  # None for a request of Scrapy's own (robots.txt)
    article_key: str | None = None  # the article that the request is for
    candidate_url: str | None = None  # the URL under which the article is in the table `candidates`
    list_so_far: ListReading | None = None  # the list that the page belongs to
    sitemap_depth: int = 0  # 1 for a sitemap that no other sitemap named
    article_pages: ArticlePages | None = None  # for a later page of an article: the pages before it
    is_guess: bool = False  # no page named the URL; if it does not exist, that is not a failure
    redirected_from: tuple[str, ...] = ()  # the URLs that redirected to this one, in order
    attempt: int = 0  # how many times the page was requested before and arrived truncated
    waits: int = 0  # how many times the page was requested again after a 429 or 503
    recorded: RecordedVersion = RecordedVersion()
    stored_url: str | None = None  # the URL under which the response is stored, if it is not that of the request
    cookies: CookieJar | None = None  # sent with the request, and filled by its response; None: no cookies
    unchanged_since: int | None = None  # id of the capture whose ETag or Last-Modified the request sends
    capture_id: int | None = None  # of the response, also if it cannot be decoded
    stored: StoredCapture | None = None  # the response
    file_id: int | None = None  # the file of an article that the request is for (table `files`)

    @property
    def candidate(self) -> tuple[str, str] | None:
        """The key and the URL of the candidate that the request is for, or None."""
        return (self.article_key, self.candidate_url) if self.article_key is not None and self.candidate_url is not None else None

    def same_page(self) -> Purpose:
        """Returns the purpose of another request for the same page: at another URL, or once more."""
        return Purpose(
            role=self.role,
            article_key=self.article_key,
            candidate_url=self.candidate_url,
            list_so_far=self.list_so_far,
            sitemap_depth=self.sitemap_depth,
            article_pages=self.article_pages,
            cookies=self.cookies,
            file_id=self.file_id,
        )


_KINDS = {
    LinkRole.ARTICLE: PageKind.ARTICLE,
    LinkRole.LISTING: PageKind.LISTING,
    LinkRole.NEXT: PageKind.LISTING,
    LinkRole.SITEMAP: PageKind.SITEMAP,
    LinkRole.FEED: PageKind.FEED,
}


def kind_requested(purpose: Purpose) -> PageKind | None:
    """Returns the kind of page that a request is for, or None for robots.txt and a later page of an article."""
    return _KINDS.get(purpose.role) if purpose.role is not None else None


def purpose_of(request: Request) -> Purpose:
    """Returns the purpose of a request. If it has none, returns a purpose without a role."""
    purpose = request.meta.get(_KEY)
    return purpose if isinstance(purpose, Purpose) else Purpose()


def is_for_list(purpose: Purpose) -> bool:
    """Returns whether a page was requested as a list: the operator, a menu or another list page named it. Such a page is followed whatever
    it is classified as.
    """
    return purpose.role in (LinkRole.LISTING, LinkRole.NEXT) and not purpose.is_guess


def stored_url_of(request: Request) -> str:
    """Returns the URL under which the response to a request is stored. For a form it has the fields in its query."""
    return purpose_of(request).stored_url or request.url


def set_purpose(request: Request, purpose: Purpose) -> None:
    """Replaces the purpose of a request."""
    request.meta[_KEY] = purpose


def answered_at(request: Request) -> datetime | None:
    """Returns when the response to a request came, if the download handler noted it; else it came just now."""
    at = request.meta.get(_ANSWERED)
    return at if isinstance(at, datetime) else None


def set_answered_at(request: Request, at: datetime) -> None:
    """Notes when the response to a request came."""
    request.meta[_ANSWERED] = at
