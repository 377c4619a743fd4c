"""Markers, which identify a platform on a page, and layouts, which say where an article's fields are. Data only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# The least sum of weights at which a page counts as a page of a platform. A single weak marker proves nothing, because any site can use a
# class name. docs/adding-a-platform.md has the numbers.
DETECTED = 2.5


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker of a platform: a CSS selector that matches, or a text that occurs in the source of the page."""

    weight: float
    css: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """How to find a field: the first element of a selector that gives a text.

    `attribute`: use this attribute instead of the text. `pattern`: use the first group of this pattern, which must match. `all_of`: use
    every element that matches, not only the first. `last`: use the last element that gives a text, for example of a breadcrumb.
    `without`: a selector of elements inside whose text does not count, for example the caption of the picture in the box of a summary.
    """

    css: str
    attribute: str | None = None
    pattern: re.Pattern[str] | None = None
    all_of: bool = False
    last: bool = False
    without: str | None = None


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
    """How a platform renders an article. It fits a page if `when` matches.

    If several layouts fit, one in whose time (`since` to `until`) the page was captured goes before the others.
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
        for pick in (
            *self.title,
            *self.summary,
            *self.author,
            *self.section,
            *self.tags,
            *(one.pick for one in (*self.published, *self.modified)),
        ):
            yield pick.css
            if pick.without is not None:
                yield pick.without


def first_of_day(layouts: Sequence[Layout], day: date) -> Layout | None:
    """Returns the first of the layouts that fit a page in whose time the page was captured, else the first of all; None if none fits.

    Old pages stay on a site after its redesign, and are copied to other hosts, so the time decides only between layouts that fit.

    >>> old, new = (Layout(f"mau/{year}", "h1", (), (), (), since=date(year, 1, 1), until=date(year + 6, 12, 31)) for year in (2013, 2020))
    >>> [first_of_day((old, new), date(year, 6, 1)).name for year in (2009, 2015, 2021, 2030)]
    ['mau/2013', 'mau/2013', 'mau/2020', 'mau/2013']
    """
    of_day = (one for one in layouts if (one.since is None or day >= one.since) and (one.until is None or day <= one.until))
    return next(of_day, layouts[0] if layouts else None)
