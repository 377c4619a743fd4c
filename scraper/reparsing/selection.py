"""Which captures `scrapy reparse` parses, as a stream in the order of their time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from sqlite_utils import Database

from scraper import clock
from scraper.store.captures import KeptCapture, kept
from scraper.warc.dates import timestamp

_BATCH = 500  # captures that are read from the index at a time
Position = tuple[str, int]  # captured_at and id of a capture
START: Position = ("", 0)

# What a crawl parses: responses with a page, but not robots.txt and not the later pages of an article, which are parsed with its first.
# Files of articles are read by `scrapy attachments extract`.
_PARSED = (
    "source_id = ? and status = 200 and outcome is not 'robots' and outcome is not 'part' and outcome is not 'file' and continues is null"
)
_OF_LAYOUT = "id in (select capture_id from articles where source_id = ? and (layout = ? or substr(layout, 1, length(?) + 1) = ? || '/'))"
_FAILED = (
    "(outcome = 'refused' or outcome is null"
    " or id in (select capture_id from failures where source_id = ? and stage = 'read' and cleared_at is null))"
)


@dataclass(frozen=True, slots=True)
class Selection:
    """The captures of a source that are wanted.

    `since`: only those of this day in Viet Nam and later. `layout`: only those of articles with this layout, or with any of this platform.
    `only_failed`: only those of which no page could be parsed.
    """

    since: date | None = None
    layout: str | None = None
    only_failed: bool = False

    def condition(self, source_id: str) -> tuple[str, list[object]]:
        """Returns the selection as an SQL condition on `captures`, and its parameters."""
        parts, parameters = [_PARSED], list[object]([source_id])
        if self.since is not None:
            parts.append("captured_at >= ?")
            # Without its "Z": as text, "17:00:00.5Z" comes before "17:00:00Z".
            parameters.append(timestamp(datetime.combine(self.since, time(), clock.VIETNAM)).removesuffix("Z"))
        if self.layout is not None:
            parts.append(_OF_LAYOUT)
            parameters += [source_id, self.layout, self.layout, self.layout]
        if self.only_failed:
            parts.append(_FAILED)
            parameters.append(source_id)
        return " and ".join(parts), parameters


def count(database: Database, source_id: str, selection: Selection, after: Position = START) -> int:
    """Returns how many captures of a source are selected after a position."""
    where, parameters = selection.condition(source_id)
    sql = f"select count(*) from captures where {where} and (captured_at, id) > (?, ?)"
    return int(database.execute(sql, [*parameters, *after]).fetchone()[0])


def stream(database: Database, folder: Path, source_id: str, selection: Selection, after: Position = START) -> Iterator[KeptCapture]:
    """Yields the selected captures of a source after a position, the oldest first. Only a part of them is in memory.

    `folder`: of all captures.
    """
    where, parameters = selection.condition(source_id)
    while True:
        # `kept` orders by captured_at and id; the inner query takes the next ones in that order.
        part = f"id in (select id from captures where {where} and (captured_at, id) > (?, ?) order by captured_at, id limit {_BATCH})"
        batch = list(kept(database, folder, part, [*parameters, *after]))
        yield from batch
        if len(batch) < _BATCH:
            return
        after = position_of(batch[-1])


def position_of(capture: KeptCapture) -> Position:
    """Returns the place of a capture in the order of the stream."""
    return capture.captured_at, capture.id
