"""What a platform is: markers that betray it, layouts that read its pages, rules for its addresses. Data, with small pure functions."""

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
    """An address without session ids, tracking parameters and fragment; host in lower case, no default port."""
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
    """A sign of a platform: a CSS selector that matches, or a text that stands in the page's source."""

    weight: float
    css: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """Where a field stands: the first element of a selector that gives a text.

    `attribute`: its attribute instead of its text. `pattern`: the first group of it, where it must match.
    `all_of`: every element that matches, not only the first. `last`: the last that gives a text, as of a breadcrumb.
    """

    css: str
    attribute: str | None = None
    pattern: re.Pattern[str] | None = None
    all_of: bool = False
    last: bool = False


class Trust(StrEnum):
    """What a date reading is worth."""

    TIME = "time"  # day and time are the publication's
    DAY = "day"  # only its day is
    ZONE = "zone"  # only its offset from UTC is: the zone in which the page was rendered


@dataclass(frozen=True, slots=True)
class DatePick:
    """Where a date stands, and what it is worth. The first of a layout that gives a plausible date is taken."""

    pick: Pick
    trust: Trust = Trust.TIME
    midnight_is_no_time: bool = False  # the CMS writes 12:00 AM where no time was given
    month_first: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """How a platform lays out an article. It fits where `when` matches and the page was captured in its window.

    The places of `published` stand in the order of trust; what machines are told and what the address says only check them,
    and are taken where the page shows no date.
    """

    name: str
    when: str
    title: tuple[Pick, ...]
    body: tuple[str, ...]  # selectors; the first that matches
    published: tuple[DatePick, ...]
    summary: tuple[Pick, ...] = ()
    author: tuple[Pick, ...] = ()
    section: tuple[Pick, ...] = ()
    tags: tuple[Pick, ...] = ()
    modified: tuple[DatePick, ...] = ()
    attachments: tuple[str, ...] = ()  # selectors of links to files beside the body
    cut: tuple[str, ...] = ()  # what is no text of the article, inside the body
    numbers_items: bool = True  # whether items of ordered lists keep their numbers
    decisive: bool = False  # no other page than an article's shows `when`, whatever its address says
    since: date | None = None
    until: date | None = None

    def selectors(self) -> Iterator[str]:
        """Every selector of the layout."""
        yield self.when
        yield from (*self.body, *self.attachments, *self.cut)
        for picks in (self.title, self.summary, self.author, self.section, self.tags):
            yield from (pick.css for pick in picks)
        yield from (date.pick.css for date in (*self.published, *self.modified))


def never(_: str) -> bool:
    """No address is a trap."""
    return False


@dataclass(frozen=True, slots=True)
class Platform:
    """A content management system that many sources share."""

    id: str
    name: str
    markers: tuple[Marker, ...]
    layouts: tuple[Layout, ...]
    article_key: Callable[[str], str | None]  # the article id that an address tells, or None
    listing: Callable[[str], bool]  # whether an address looks like a section page
    next_pages: tuple[str, ...] = ()  # selectors of links to later pages of a listing
    is_next: Callable[[str, str], bool] = lambda page, target: page != target  # (address of the page, of the link)
    items: tuple[str, ...] = ("a[href]",)  # selectors of the links of a listing that may lead to articles
    item_day: str | None = None  # the date beside an item, inside the closest `item_box`
    item_box: str | None = None
    maybe_article: Callable[[str], bool] = never  # addresses that can be articles', where only the page can tell
    sections: tuple[str, ...] = ("a[href]",)  # selectors of links that may lead to section pages
    is_trap: Callable[[str], bool] = never
    canonical_url: Callable[[str], str] = tidy
    page_fragments: Callable[[str, str], str | None] = lambda page, source: None  # the address of the next fragment of a list
    sitemaps: tuple[str, ...] = ()  # paths to try
    feeds: tuple[str, ...] = ()
    sitemap_dates_are_publication: bool = False
    not_found: tuple[re.Pattern[str], ...] = field(default_factory=tuple)  # titles of pages that say "not found" with status 200

    def selectors(self) -> Iterator[str]:
        """Every selector of the platform and its layouts."""
        yield from (marker.css for marker in self.markers if marker.css is not None)
        yield from (*self.next_pages, *self.items, *self.sections)
        for layout in self.layouts:
            yield from layout.selectors()
