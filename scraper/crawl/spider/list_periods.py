"""What the reading of a list says of the days of publication that the list has shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from scraper.clock import VIETNAM
from scraper.crawl.list_reading import Depth, ListReading
from scraper.store.discovered import FEED, LIST, SITEMAP
from scraper.store.listed_periods import MIXED, NEWEST_FIRST, UNKNOWN, Shown
from scraper.warc.dates import moment

# The longest time from the first to the last page of one reading. A polite reading of a long list takes hours, of a recording perhaps days.
_ONE_READING = timedelta(days=3)
_ORDERS = {FEED: NEWEST_FIRST, SITEMAP: MIXED}  # of other kinds than lists


def shown_by(
    reading: ListReading, parts: Sequence[ListReading], days: Mapping[str, str], *, is_home: bool, longest_page: int
) -> Shown | None:
    """Returns what a list has shown, or None if its pages do not say that: there are none, or they are weeks apart in a recording.

    `parts`: all readings that have pages of the list, with itself. `days`: for the articles of all parts, the day of publication, if known.
    `is_home`: the crawl begins with it. `longest_page`: the number of articles on the longest first page of lists with a pager.
    """
    times = [moment(one) for part in parts for one in (part.first_at, part.last_at) if one]
    if not times or max(times) - min(times) > _ONE_READING:
        return None
    whole = all(_is_whole(part) for part in parts)
    return Shown(
        days=[*days.values()],
        last_days=[days[key] for key in reading.last_keys if key in days],
        read_on=max(times).astimezone(VIETNAM).date().isoformat(),
        order=_ORDERS.get(reading.row.kind) or reading.row.list_order or UNKNOWN,
        to_end=whole and all(part.depth is Depth.ALL for part in parts) and _reaches_start(reading, is_home, longest_page),
        joins=whole and any(part.reached_known for part in parts),
        articles=len({key for part in parts for key in part.keys}),
    )


def _is_whole(reading: ListReading) -> bool:
    return reading.finished and not (reading.failed or reading.is_cut or reading.is_torn)


def _reaches_start(reading: ListReading, is_home: bool, longest_page: int) -> bool:
    """Returns whether a list that was read to its end has nothing older. A feed shows the newest only. A list of one page may be cut: it
    must be shorter than the pages of the site's other lists, which have a pager.
    """
    if reading.row.kind != LIST or reading.row.pager != "none":
        return reading.row.kind != FEED
    return not is_home and len(reading.keys) < longest_page
