"""Decides which later pages of a list are requested."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from scraper.crawl.known_articles import KnownArticles
from scraper.crawl.request_purpose import ListSoFar
from scraper.model import Link, LinkRole
from scraper.post_urls import url_of


def next_pages(links: Sequence[Link], so_far: ListSoFar, known: KnownArticles, start: date | None, *, truncated: bool) -> list[Link]:
    """Returns the links to later pages that are to be followed from a page of a list: none if the list ends here.

    `links`: the links of the page that may be requested. `so_far`: what earlier pages of the list showed; this page is added. `start`: the
    first day of publication that is wanted. `truncated`: the page lacks its end, and will be requested again.
    """
    articles = [link for link in links if link.role is LinkRole.ARTICLE]
    keys = {link.key or link.url for link in articles}
    fresh = keys - so_far.article_keys
    if not truncated:  # otherwise the page would show nothing new when it is requested again, and end the list
        so_far.article_keys |= keys
    if not articles and not so_far.article_keys and not so_far.is_begun:
        # A list whose first page has no articles: a script loads them.
        so_far.is_begun = True
        return [link for link in links if link.role is LinkRole.NEXT]
    so_far.is_begun = True
    # If a page shows only articles that earlier pages of this list showed, the list ends here, whatever the page links to.
    if not fresh or _all_before(start, [link.day for link in articles]):
        return []
    ends = known.nothing_new_after(articles)
    return [link for link in links if link.role is LinkRole.NEXT and not (ends and url_of(link) in known.requested)]


def _all_before(start: date | None, days: Sequence[date | None]) -> bool:
    return start is not None and bool(days) and all(day is not None and day < start for day in days)
