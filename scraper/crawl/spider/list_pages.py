"""Decides which page of a list is read next. Pure.

Only one page of a list is on its way at a time, so that a list whose first page shows one new article does not cost a request for each page
that its pager links.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from scraper.crawl.list_reading import Depth, ListReading, identity
from scraper.model import Link
from scraper.store.listed_periods import MIXED, OLDEST_FIRST

LOOK_BACK = timedelta(days=60)  # how far back-dated articles are looked for, once a week
_MOST_KEPT = 60  # pages whose order is judged
_MOST_UNREAD = 2000  # pages of one list that were named and not requested; a drop-down may name them all


@dataclass(frozen=True, slots=True)
class ListPage:
    """What a page of a list shows. `keys`: its articles in their order, without scheme. `first_runs`: for each, the run that listed it
    first; 0 if that is not known.
    `brought`: how many of them no other list named before. `days`: for some, the day of publication (ISO 8601).
    `language`: of its links."""

    keys: Sequence[str]
    names: frozenset[str]
    first_runs: Mapping[str, int]
    later: Sequence[Link]  # the later pages that it names
    brought: int = 0
    days: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The days of publication that a run wants, both included, and its day."""

    first: date | None
    last: date | None
    today: date


def next_page(reading: ListReading, page: ListPage, wanted: Wanted, run_id: int) -> Link | None:
    """Returns the page of a list to request after `page`, or None if the list was read as far as needed. `page` is added to the reading."""
    if reading.resume is not None and identity(reading.resume) in reading.visited:
        reading.resume = None  # the reading has come to the page at which the last one ended
    shown_before = set(reading.keys)
    _add(reading, page, run_id)
    fresh = [key for key in page.keys if key not in shown_before]
    # The first page of a list that a script loads has no articles. Any other page without an article that earlier pages of the list did not
    # show ends it, whatever it links to: the pager repeats or is endless.
    is_empty_frame = reading.pages == 1 and not page.keys
    later = page.later if fresh or is_empty_frame else ()
    reading.is_cut = _out_of_range(reading, [page.days.get(key) for key in page.keys], wanted)
    ends = reading.is_cut or (not is_empty_frame and _nothing_new(reading, page, fresh, wanted))
    for link in later:
        reading.has_form |= link.form is not None
        if reading.floor and _natural(identity(link)) <= _natural(reading.floor):
            continue
        if identity(link) not in reading.visited and len(reading.unread) < _MOST_UNREAD:
            reading.unread.setdefault(identity(link), link)
    if ends:
        reading.unread.clear()
        return _resumed(reading)
    return _nearest(reading, later) or _resumed(reading)


def _add(reading: ListReading, page: ListPage, run_id: int) -> None:
    reading.pages += 1
    if not reading.front:
        reading.front, reading.front_size = set(page.names), len(page.keys)
    if reading.pages == 1:
        reading.language = page.language
    if len(reading.sequence) < _MOST_KEPT:
        reading.sequence.append([key for key in page.keys if key not in reading.keys])
    reading.keys.update(page.keys)
    reading.fresh.update(key for key in page.keys if page.first_runs.get(key, 0) >= run_id)
    # Pinned articles are at the top, so only the lower half shows that the list has come to what was known.
    lower = page.keys[len(page.keys) // 2 :]
    reading.reached_known = any(page.first_runs.get(key, 0) < run_id for key in lower)


def _nothing_new(reading: ListReading, page: ListPage, fresh: Sequence[str], wanted: Wanted) -> bool:
    """Returns whether nothing new can follow after a page. A known article at the top of a list (a pinned one) does not end it, because
    every article of the page must be known.
    """
    if reading.depth is Depth.ALL and reading.resume is None:
        return False
    if any(page.first_runs.get(key, 0) > reading.known_until for key in page.keys):
        return False
    if reading.depth is not Depth.RECENT:
        return True
    since = (wanted.today - LOOK_BACK).isoformat()
    days = [page.days[key] for key in fresh if key in page.days]
    return bool(days) and all(day < since for day in days)


def _out_of_range(reading: ListReading, days: Sequence[str | None], wanted: Wanted) -> bool:
    """Returns whether all articles of a page lie on the far side of the wanted days, so that those of the next pages do, too."""
    order = reading.row.list_order
    known = [day for day in days if day is not None]
    if not known or len(known) < len(days) or order == MIXED:
        return False
    if order == OLDEST_FIRST:
        return wanted.last is not None and min(known) > wanted.last.isoformat()
    return wanted.first is not None and max(known) < wanted.first.isoformat()


def _nearest(reading: ListReading, later: Sequence[Link]) -> Link | None:
    """Returns the page to request next: of those that the page names, the nearest after it; otherwise one that an earlier page named."""
    here = _natural(reading.current)
    named = [link for link in later if identity(link) in reading.unread]
    after = [link for link in named if _natural(identity(link)) > here]
    return min(after or named or reading.unread.values(), key=lambda link: _natural(identity(link)), default=None)


def _resumed(reading: ListReading) -> Link | None:
    """Returns the page at which an interrupted reading goes on, after what is new at the top of the list was read."""
    link, reading.resume = reading.resume, None
    if link is not None:
        reading.floor = identity(link)
        reading.unread.clear()
    return link


def _natural(text: str) -> list[tuple[int, str]]:
    """Returns a key that sorts numbers by their value: page 2 comes before page 10."""
    return [(int(part[:_MOST_DIGITS]), "") if part[0] in "0123456789" else (-1, part) for part in re.split(r"([0-9]+)", text) if part]


_MOST_DIGITS = 18
