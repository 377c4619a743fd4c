"""Articles on several pages: finds the next page, and stores the article after its last page has arrived."""

from __future__ import annotations

from scraper.crawl.run import Run
from scraper.crawl.stored_capture import ArticlePages
from scraper.model import Link, LinkRole, Page, PageKind

_MOST_USELESS = 3  # articles whose later pages added nothing; then pagers on articles are ignored


# Reasons of a page that shows text, but nothing around it.
_BARE = ("no-layout", "no-title", "empty-body")


def may_be_frame(page: Page) -> bool:
    """Returns whether a page can be the frame with the text of an article that shows none: it has no headline of its own."""
    return page.kind is PageKind.LISTING or (page.failure is not None and page.failure.reason in _BARE)


class ArticlePager:
    """Counts how many articles of a site gain text from later pages. On some sites the pager of an article belongs to something else:
    related news or comments. Then it is ignored.
    """

    def __init__(self, run: Run, most_pages: int) -> None:
        self._run, self._most_pages = run, most_pages
        self._useful = self._useless = 0

    def next_page(self, page: Page, pages: ArticlePages) -> Link | None:
        """Returns the link to the next page of an article, or None if no further page is to be requested.
        `page`: the page that arrived last. `pages`: all pages of the article that arrived.
        """
        link = next((link for link in page.links if link.role is LinkRole.PART), None)
        if page.kind is not PageKind.ARTICLE or link is None or (self._useless >= _MOST_USELESS and not self._useful):
            return None
        return None if pages.has(link.url) or len(pages.later) + 1 >= self._most_pages else link

    def store(self, pages: ArticlePages, candidate: tuple[str, str] | None, *, missing: bool = False) -> None:
        """Stores an article whose later pages have arrived. `candidate`: the key and the URL of the candidate that was requested.
        `missing`: one of the pages could not be fetched.
        """
        reading = self._run.parse(pages.first, later=pages.later, pages_missing=missing)
        self._run.store(reading, pages.first, later=pages.later, candidate=candidate)
        if reading.page.article is not None and reading.page.article.body.value != pages.body:
            self._useful += 1
        else:
            self._useless += 1
