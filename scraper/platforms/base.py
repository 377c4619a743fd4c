"""The parts of a platform: markers that identify it, layouts that extract articles, and rules for URLs. Data with small pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from scraper.urls import without_session

_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|zarsrc|_ga|mc_[ce]id)$", re.IGNORECASE)


def tidy(url: str) -> str:
    """Returns a URL without session ids, tracking parameters, fragment and default port. The host is in lower case."""
    parts = urlsplit(without_session(url.strip()))
    host = parts.netloc.lower()
    if (parts.scheme, host.rpartition(":")[2]) in (("http", "80"), ("https", "443")):
        host = host.rpartition(":")[0]
    query = parts.query
    if query:
        kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not _TRACKING.match(name)]
        if len(kept) != query.count("&") + 1:
            query = urlencode(kept)
    return urlunsplit((parts.scheme, host, parts.path or "/", query, ""))


@dataclass(frozen=True, slots=True)
class Marker:
    """A sign of a platform: a CSS selector that matches, or a text that occurs in the source of the page."""

    weight: float
    css: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """How to find a field: the first element of a selector that gives a text.

    `attribute`: use this attribute instead of the text. `pattern`: use the first group of this pattern, which must match. `all_of`: use
    every element that matches, not only the first. `last`: use the last element that gives a text, for example of a breadcrumb.
    """

    css: str
    attribute: str | None = None
    pattern: re.Pattern[str] | None = None
    all_of: bool = False
    last: bool = False


class Trust(StrEnum):
    """How much of a date reading can be trusted."""

    TIME = "time"  # day and time of publication
    DAY = "day"  # only the day
    ZONE = "zone"  # only the offset from UTC: the time zone in which the page was rendered


@dataclass(frozen=True, slots=True)
class DatePick:
    """How to find a date, and how much to trust it. A layout uses the first one that gives a plausible date."""

    pick: Pick
    trust: Trust = Trust.TIME
    midnight_is_no_time: bool = False  # the CMS writes 12:00 AM if no time was entered
    month_first: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """How a platform renders an article. It fits if `when` matches and the page was captured between `since` and `until`.

    `published` is ordered by trust. Dates in metadata and in the URL only confirm them, and are used only if the page shows no date.
    """

    name: str
    when: str
    title: tuple[Pick, ...]
    body: tuple[str, ...]  # selectors; the first that matches is used
    published: tuple[DatePick, ...]
    summary: tuple[Pick, ...] = ()
    author: tuple[Pick, ...] = ()
    section: tuple[Pick, ...] = ()
    tags: tuple[Pick, ...] = ()
    modified: tuple[DatePick, ...] = ()
    attachments: tuple[str, ...] = ()  # selectors of links to files outside the body
    cut: tuple[str, ...] = ()  # selectors of elements inside the body that are not part of the text
    numbers_items: bool = True  # whether items of ordered lists keep their numbers
    decisive: bool = False  # only pages of articles match `when`, whatever their URL
    since: date | None = None
    until: date | None = None

    def selectors(self) -> Iterator[str]:
        """Yields every selector of the layout."""
        yield self.when
        yield from (*self.body, *self.attachments, *self.cut)
        for picks in (self.title, self.summary, self.author, self.section, self.tags):
            yield from (pick.css for pick in picks)
        yield from (date.pick.css for date in (*self.published, *self.modified))


def never(_: str) -> bool:
    """Returns False: the default for platforms without such URLs."""
    return False


@dataclass(frozen=True, slots=True)
class Platform:
    """A content management system that many sources share."""

    id: str
    name: str
    markers: tuple[Marker, ...]
    layouts: tuple[Layout, ...]
    article_key: Callable[[str], str | None]  # the article id in a URL, or None
    listing: Callable[[str], bool]  # whether a URL looks like a section page
    next_pages: tuple[str, ...] = ()  # selectors of links to later pages of a list
    is_next: Callable[[str, str], bool] = lambda page, target: page != target  # (URL of the page, URL of the link)
    items: tuple[str, ...] = ("a[href]",)  # selectors of the links of a list that may lead to articles
    item_day: str | None = None  # selector of the date of an item, inside the closest `item_box`
    item_box: str | None = None
    maybe_article: Callable[[str], bool] = never  # URLs that may be articles; only the page itself can decide
    sections: tuple[str, ...] = ("a[href]",)  # selectors of links that may lead to section pages
    is_trap: Callable[[str], bool] = never
    canonical_url: Callable[[str], str] = tidy
    page_fragments: Callable[[str, str], str | None] = lambda page, source: None  # the URL of the next fragment of a list
    sitemaps: tuple[str, ...] = ()  # paths to request
    feeds: tuple[str, ...] = ()
    sitemap_dates_are_publication: bool = False
    not_found: tuple[re.Pattern[str], ...] = field(default_factory=tuple)  # titles of "not found" pages that come with status 200

    def selectors(self) -> Iterator[str]:
        """Every selector of the platform and its layouts."""
        yield from (marker.css for marker in self.markers if marker.css is not None)
        yield from (*self.next_pages, *self.items, *self.sections)
        for layout in self.layouts:
            yield from layout.selectors()
