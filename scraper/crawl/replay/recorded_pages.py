"""Finds the pages of a recording that the pages of the site do not lead to: other URLs of an article, later versions, unlinked pages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

from scrapy import Request

from scraper.crawl.request_purpose import Purpose, RecordedVersion, purpose_of, set_purpose
from scraper.crawl.site import Site
from scraper.model import LinkRole, PageKind
from scraper.platforms.kit import tidy
from scraper.urls import at_listed_host
from scraper.warc.recording import RecordedSite

_ENDING = re.compile(r"(?:/(?:index|default))?\.(?:html?|aspx?|php|jsp)$|/(?:index|default)$")


class RecordedPages:
    """The pages of the recording that a crawl replays."""

    def __init__(self, recording: RecordedSite, site: Site) -> None:
        self._recording, self._site = recording, site

    def other_url(self, article_key: str, tried: Collection[str]) -> str | None:
        """Returns a recorded URL of an article that was not tried, or None. A mirror may have saved an article under another URL than its
        links have.
        """
        return next((url for url in self._urls_by_key.get(article_key, ()) if url not in tried), None)

    @cached_property
    def _urls_by_key(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for url in self._urls():
            if self._site.has(url):
                for key in self._site.article_keys(url):
                    found.setdefault(key, []).append(url)
        return found

    def other_list_url(self, url: str) -> str | None:
        """Returns the recorded URL of a list page that the recording lacks under the URL of its link, or None. A mirror may have saved it
        with another ending, without a slash at its end, or with the parameters of its query in another spelling.
        """
        return next((one for one in self._lists_by_name.get(_list_name(url), ()) if one != url), None)

    @cached_property
    def _lists_by_name(self) -> dict[tuple[str, ...], list[str]]:
        found: dict[tuple[str, ...], list[str]] = {}
        for url in self._urls():
            if self._site.has(url):
                found.setdefault(_list_name(url), []).append(url)
        return found

    def _urls(self) -> Iterator[str]:
        """Yields the recorded URLs, those of another spelling of a listed host at the listed one."""
        hosts = self._site.source.hosts
        return (at_listed_host(url, hosts) or url for url in self._recording.urls())

    def has(self, url: str) -> bool:
        """Returns whether the recording has a response for a URL."""
        return self._recording.has(url)

    def unlinked(self) -> Iterator[str]:
        """Yields the URLs of the recorded pages that nothing requested yet. Each is yielded once."""
        hosts = self._site.source.hosts
        for url in self._recording.pages_not_found():
            self._recording.pass_over(url)
            yield at_listed_host(url, hosts) or url


def _list_name(url: str) -> tuple[str, ...]:
    """Returns what the URLs of one list page have in common: the path without ending and slash, and the parameters that have a value."""
    parts = urlsplit(tidy(url))
    path = _ENDING.sub("", parts.path.lower()).rstrip("/")
    return (path, *sorted(f"{name}={value}".lower() for name, value in parse_qsl(parts.query)))


def later_version(request: Request) -> Request | None:
    """Returns the request for the next recorded version of a page, or None if this was the last. So the versions of a page are parsed in
    order of time. A later page of an article is requested again only with its first page.
    """
    purpose = purpose_of(request)
    if not purpose.recorded.has_later or purpose.role is LinkRole.PART:
        return None
    version = RecordedVersion(purpose.recorded.number + 1, shows_article=purpose.recorded.shows_article)
    again = request.replace(meta={name: request.meta[name] for name in ("dont_redirect", "handle_httpstatus_all")}, dont_filter=True)
    same = replace(purpose.same_page(), redirected_from=purpose.redirected_from, is_guess=purpose.is_guess, stored_url=purpose.stored_url)
    set_purpose(again, replace(same, recorded=version))
    return again


def note_version(request: Request, kind: PageKind) -> None:
    """Records on the request for an article whether its recorded version is one. A version that was refused says nothing."""
    purpose = purpose_of(request)
    if kind is not PageKind.REFUSED:
        version = replace(purpose.recorded, shows_article=kind is PageKind.ARTICLE)
        set_purpose(request, replace(purpose, recorded=version))


def another_version_counts(purpose: Purpose) -> bool:
    """Returns whether another recorded version of a page is an article, or may be one."""
    return purpose.recorded.shows_article or purpose.recorded.has_later
