"""Decides which lists, feeds and sitemaps a run looks at, and how far it reads them. Pure.

A daily run looks at

1. the page with which the crawl of the source begins (the home page), every night;
2. the *complete* list, every night, if there is one: a list whose first page shows each of the newest articles that the archive has of the
source;
3. lists that are *needed*, every night: at a weekly look, they brought an article that no nightly list had shown;
4. if no list is complete: every list that ever named an article before all others did (it *brings*);
5. every other list that is not *covered* yet. It is covered if another nightly list showed all that it shows, or if it brought something
new and the complete list showed that, too, or if it brought nothing new for a month. Feeds and sitemaps are covered by the lists;
6. lists that were not read as far as needed, because a run was interrupted or the server failed;
7. everything else once a week.

If the complete list cannot be read one night, or shows nothing that was known, so that something between may be missing, all lists are
looked at. So an article that only a weekly list shows is found within a week, and only once: then that list is needed.

Once a week, a list with the newest articles first is read back to 60 days, and any other list to its end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low

from scraper.crawl.list_reading import Depth
from scraper.store.discovered import FEED, LIST, NIGHTLY, SITEMAP, WEEKLY, ListRow
from scraper.store.listed_periods import MIXED, NEWEST_FIRST, OLDEST_FIRST, UNKNOWN
from scraper.warc.dates import moment

_WEEK = timedelta(days=6, hours=12)  # a daily run may begin some hours earlier than a week ago
MOST_FAILED = 3  # nights on which a list is tried again; then weekly
_FEWEST_PAIRS = 3  # neighbours with different dates that show an order
_SURE_SHARE = 0.75  # of such neighbours; pinned articles and the boxes of a home page break the order at a few places
_FEWEST_NEWEST = 5  # articles that a complete list must show, or that a covered one shares; fewer could be the same by chance
_QUIET = timedelta(days=30)  # after which a list that brought nothing new is looked at weekly; most sections have a new article each month
MOST_NEWEST = 100  # enough, also for a sitemap of 50,000 URLs
_PREFERRED = {FEED: 1, LIST: 2, SITEMAP: 3}  # of several complete lists, the one with the smallest answer


def depth_of(row: ListRow, now: datetime, *, is_first: bool = False) -> Depth | None:
    """Returns how far a list is read in a daily run; None if it is not looked at. `is_first`: the crawl begins with it."""
    is_nightly = is_first or (row.look == NIGHTLY and row.finished_run_id is not None)
    if row.failed_looks >= MOST_FAILED and not is_nightly and not _is_over(row.last_tried, now):
        return None
    if row.finished_run_id is None:
        return Depth.ALL
    if _is_over(row.last_deep, now):
        return Depth.RECENT if row.kind == LIST and row.list_order == NEWEST_FIRST else Depth.ALL
    was_interrupted = (row.reading_run_id or 0) > row.finished_run_id
    return Depth.NEWS if is_nightly or was_interrupted or row.failed_looks else None


def _is_over(last: str | None, now: datetime) -> bool:
    """Returns whether a week has passed since `last`."""
    return last is None or moment(last) + _WEEK <= now


def order_of(pages: Sequence[Sequence[str]]) -> str:
    """Returns the order of a list from the dates on its pages, in the order of the list: newest-first, oldest-first, mixed or unknown.

    Both the articles within the pages and the pages must be in that order: a pager that jumps shows pages in order, but not in sequence.

    >>> order_of([["2026-05-04", "2026-05-03", "2026-05-01"], ["2026-04-30", "2026-04-02"]])
    'newest-first'
    """
    neighbours = [pair for page in pages for pair in pairwise(page)]
    within = _falling(neighbours, _FEWEST_PAIRS)
    between = _falling([*pairwise(median_low(page) for page in pages if page)], 1)
    if within is None:
        return UNKNOWN
    for share, order in ((1.0, NEWEST_FIRST), (0.0, OLDEST_FIRST)):
        if all(one is None or abs(one - share) <= 1 - _SURE_SHARE for one in (within, between)):
            return order
    return MIXED


def _falling(pairs: Sequence[tuple[str, str]], fewest: int) -> float | None:
    """Returns the share of pairs whose second date is earlier, of those that differ. Returns None if fewer than `fewest` differ."""
    different = [(one, other) for one, other in pairs if one != other]
    if len(different) < fewest:
        return None
    return sum(one > other for one, other in different) / len(different)


def shows_newest(front: Collection[str], newest: Iterable[tuple[str, Collection[str]]], size: int) -> bool:
    """Returns whether a list shows the newest articles of its source: half as many as it shows (`size`), and at least 5.

    `front`: all names on its first page. `newest`: the articles of the source, the newest first: time of publication, and names of each.
    Articles with the same time count together, because nobody knows which of them is the newest.
    """
    needed = min(max(_FEWEST_NEWEST, size // 2), MOST_NEWEST)
    shown, last = 0, ""
    for when, names in newest:
        if shown >= needed and when != last:
            return True
        if not any(name in front for name in names):
            return False
        shown, last = shown + 1, when
    return shown >= needed


def chosen_of(rows: Sequence[ListRow], *, first: str | None, complete: Collection[int]) -> int | None:
    """Returns the position of the complete list that is looked at, if there is one: the page with which the crawl begins, else the one with
    the smallest answer. `first`: that page. `complete`: the positions of the rows that show the newest articles of the source."""
    able = [(rows[place].name != first, _PREFERRED[rows[place].kind], place) for place in complete]
    return min(able)[2] if able else None


def covered_by_others(shown: Mapping[int, Collection[str]], chosen: int | None) -> set[int]:
    """Returns the positions of the lists whose articles another list shows, too. Of such lists, the longest is not covered.

    `shown`: by position, the articles of the lists that this run read to their end. `chosen`: the position of the complete list, if any.

    >>> sorted(covered_by_others({0: "abcdefgh", 1: "abcdef", 2: "uvwxyz", 3: "uvwxy", 4: "", 5: "a"}, 0))
    [1, 3, 4]
    """
    kept = [frozenset(shown[chosen])] if chosen is not None and chosen in shown else []
    covered = set()
    for place in sorted(shown, key=lambda place: (-len(shown[place]), place)):
        keys = frozenset(shown[place])
        if place == chosen:
            continue
        if not keys or (len(keys) >= _FEWEST_NEWEST and any(keys <= other for other in kept)):
            covered.add(place)
        else:
            kept.append(keys)
    return covered


def choose(rows: Sequence[ListRow], *, first: str | None, chosen: int | None, covered: Collection[int], now: datetime) -> None:
    """Sets `look` and `look_reason` of all rows. `first`: the list with which the crawl begins. `chosen`: the position of the complete list
    that is looked at. `covered`: the positions of the lists that this run found to be covered."""
    for place, row in enumerate(rows):
        if place == chosen:
            reason = "complete"
        elif row.name == first:
            reason = "home"
        elif row.look_reason in ("needed", "missing"):
            reason = row.look_reason
        elif row.finished_run_id is None:
            reason = "new"
        elif chosen is None and row.brought:
            reason = "brings"
        else:
            reason = "covered" if place in covered or _is_superfluous(row, now) else "unproven"
        row.look, row.look_reason = (WEEKLY if reason in ("covered", "missing") else NIGHTLY), reason
    nightly = {row.found_on for row in rows if row.kind == SITEMAP and row.look == NIGHTLY}
    for row in rows:  # the index that names a nightly sitemap, because the next sitemap appears there
        if row.kind == SITEMAP and row.name in nightly and row.look_reason == "covered":
            row.look, row.look_reason = NIGHTLY, "index"


def _is_superfluous(row: ListRow, now: datetime) -> bool:
    """Returns whether a list was covered before, is a feed or a sitemap (their articles are in lists, too), or is quiet."""
    return row.kind != LIST or row.look_reason in ("covered", "index") or row.last_new is None or moment(row.last_new) + _QUIET <= now
