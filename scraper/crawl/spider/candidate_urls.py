"""Decides which article URLs are requested: each article once, and another of its URLs only if the first one fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from scraper.crawl.known_articles import KnownArticles
from scraper.crawl.replay.recorded_pages import RecordedPages
from scraper.crawl.spider.arguments import SpiderArguments
from scraper.model import Link
from scraper.platforms import PLAIN
from scraper.urls import first_page, host_of, without_scheme


@dataclass(frozen=True, slots=True)
class Candidate:
    """A URL to request now, and the article that it may be."""

    url: str
    article_key: str
    is_guess: bool = False  # no page named the URL


@dataclass(slots=True)
class _Urls:
    """The URLs of one article in the order in which they were found, and how many of them were requested."""

    found: list[str] = field(default_factory=list)
    requested: int = 0
    settled: bool = False  # requested, and not failed so far


class Candidates:
    """The articles that links named. If all URLs of an article fail in a replay, URLs that only the recording names are tried."""

    def __init__(self, arguments: SpiderArguments, known: KnownArticles, recorded: RecordedPages | None) -> None:
        self._arguments, self._known, self._recorded = arguments, known, recorded
        self._urls_by_key: dict[str, _Urls] = {}

    def add(self, link: Link) -> Iterator[Candidate]:
        """Yields what to request for a link to an article. Yields nothing if the article is not wanted or was requested before; then the
        URL is kept in case the other one fails.
        """
        key = link.key or link.url
        if not self._arguments.includes(link.day) or self._known.has(link):
            return
        # A list may link to a later page of an article. Then the first page is requested, which leads to the others.
        first = first_page(link.url) if host_of(key) is not None else None
        if first is not None and PLAIN.maybe_article(first):
            yield from self.add(replace(link, url=first, key=first))
            key = first
        urls = self._urls(key)
        if link.url in urls.found:
            return
        urls.found.append(link.url)
        if urls.requested == len(urls.found) - 1 and not urls.settled:
            yield self._next(key, urls)

    def after_failure(self, article_key: str) -> Candidate | None:
        """Returns what to request after a URL of an article has failed, or None if no URL is left."""
        urls = self._urls(article_key)
        urls.settled = False
        if urls.requested < len(urls.found):
            return self._next(article_key, urls)
        guess = self._recorded.other_url(article_key, urls.found) if self._recorded is not None else None
        if guess is None:
            return None
        urls.found.append(guess)
        return self._next(article_key, urls, is_guess=True)

    def leave_out(self, url: str) -> None:
        """Requests no article for a URL, because it is a later page of another article."""
        self._urls(url).settled = True

    def _urls(self, article_key: str) -> _Urls:
        # If the key is a URL, http and https are the same article.
        return self._urls_by_key.setdefault(without_scheme(article_key), _Urls())

    def _next(self, article_key: str, urls: _Urls, *, is_guess: bool = False) -> Candidate:
        url = urls.found[urls.requested]
        urls.requested += 1
        urls.settled = True  # until the request fails
        return Candidate(url, article_key, is_guess)
