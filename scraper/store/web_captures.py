"""The tables `web_captures` and `web_archive_parts`: what web archives have of a source, and which parts of their indexes were queried.

States of a capture in a web archive:

- `listed`: the index lists it. It is requested if no capture with the same bytes before it was kept, unless `reason` says that its page
  has too many versions
- `kept`: it is in the table `captures`, with the same URL and time
- `failed`: it could not be played; `reason` says why. It is not requested again for some days
- `left-out`: it is never requested; `reason` says why
- `not-needed`: the run that requested everything else did not request it: its article was stored from another URL

A part is a month, or one crawl of Common Crawl. Its state is `begun` (`resume_key` says where to go on), `queried` or `failed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from scraper import clock
from scraper.warc.dates import moment, timestamp

LISTED, KEPT, FAILED, LEFT_OUT, NOT_NEEDED = "listed", "kept", "failed", "left-out", "not-needed"
BEGUN, QUERIED = "begun", "queried"
_COLUMNS = "rowid, listed_url, captured_at, mime, status, digest, length, file, offset, state, reason, tried_at"


@dataclass(frozen=True, slots=True)
class Entry:
    """A capture to write. `url`: under which the archive stores it. `key`: what all spellings of the URL have in common."""

    key: str
    url: str
    original: str
    at: datetime
    mime: str
    status: int
    digest: str
    length: int | None
    file: str
    offset: int | None
    left_out: str | None = None  # why it is never requested


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an index."""

    state: str
    resume_key: str | None
    queried_at: str | None


@dataclass(frozen=True, slots=True)
class WebCaptureTable:
    """The rows of one source in one web archive. `archive`: its name or URL."""

    database: Database
    source_id: str
    archive: str

    # --- the index ----------------------------------------------------------------------------------------

    def part(self, host: str, part: str) -> Part | None:
        """Returns the row of a part, or None if it was never queried."""
        sql = "select state, resume_key, queried_at from web_archive_parts"
        found = self.database.execute(f"{sql} where source_id = ? and archive = ? and host = ? and part = ?", [*self._place, host, part])
        row = found.fetchone()
        return Part(*row) if row is not None else None

    def write(self, host: str, part: str, entries: Iterable[Entry], *, resume: str | None, unreadable: int, is_first: bool) -> None:
        """Stores an answer of an index and how far it was queried. One transaction, so that a kill in between changes nothing.

        `resume`: where the next question goes on, None if there is none. `is_first`: the part is queried from its beginning.
        """
        place = list(self._place)
        rows = [[*place, *self._values(one)] for one in entries]
        with self.database.conn:
            self.database.conn.executemany(
                "insert into web_captures (source_id, archive, key, url, listed_url, captured_at, mime, status, digest, length, file,"
                " offset, state, reason) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " on conflict (source_id, archive, listed_url, captured_at) do update set mime = excluded.mime, status = excluded.status,"
                " digest = excluded.digest, length = excluded.length, file = excluded.file, offset = excluded.offset",
                rows,
            )
            self.database.conn.execute(
                "insert into web_archive_parts (source_id, archive, host, part, state, resume_key, captures, unreadable, queried_at)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (source_id, archive, host, part) do update set state = excluded.state,"
                " reason = null, resume_key = excluded.resume_key, queried_at = excluded.queried_at,"
                " captures = excluded.captures + iif(?, 0, captures), unreadable = excluded.unreadable + iif(?, 0, unreadable)",
                [
                    *place,
                    host,
                    part,
                    BEGUN if resume else QUERIED,
                    resume,
                    len(rows),
                    unreadable,
                    timestamp(clock.now()),
                    is_first,
                    is_first,
                ],
            )

    def fail_part(self, host: str, part: str, reason: str, *, keeps_place: bool) -> None:
        """Records that a part could not be queried. `keeps_place`: the next run goes on where this one stopped. One transaction."""
        with self.database.conn:
            self.database.conn.execute(
                "insert into web_archive_parts (source_id, archive, host, part, state, reason, captures, unreadable, queried_at)"
                " values (?, ?, ?, ?, 'failed', ?, 0, 0, ?) on conflict (source_id, archive, host, part) do update set state = 'failed',"
                " reason = excluded.reason, queried_at = excluded.queried_at, resume_key = iif(?, resume_key, null)",
                [*self._place, host, part, reason, timestamp(clock.now()), keeps_place],
            )

    def failed_parts(self) -> list[tuple[str, str, str]]:
        """Returns the host, the part and the reason of what could not be queried."""
        sql = "select host, part, reason from web_archive_parts where source_id = ? and archive = ? and state = 'failed' order by 1, 2"
        return [(host, part, reason) for host, part, reason in self.database.execute(sql, list(self._place)).fetchall()]

    # --- the captures -------------------------------------------------------------------------------------

    def of_page(self, key: str) -> list[tuple[Any, ...]]:
        """Returns the captures of a page that may be requested, from the earliest."""
        sql = f"select {_COLUMNS} from web_captures where source_id = ? and archive = ? and key = ? and state <> 'left-out'"
        return self.database.execute(f"{sql} order by captured_at, rowid", [*self._place, key]).fetchall()

    def pages(self, first: datetime, last: datetime) -> Iterator[tuple[str, str]]:
        """Yields key and URL of each page with a capture of a time that may be requested, in the order of their first captures."""
        sql = (
            "select key, url from web_captures where source_id = ? and archive = ? and captured_at between ? and ? and state <> 'left-out'"
            " group by key order by min(captured_at), min(rowid)"
        )
        yield from self.database.execute(sql, [*self._place, timestamp(first), timestamp(last)]).fetchall()

    def pages_with_more(self, number: int, first: datetime, last: datetime) -> list[str]:
        """Returns the key of each page with more than a number of captures of a time that may be requested."""
        sql = (
            "select key from web_captures where source_id = ? and archive = ? and captured_at between ? and ? and state <> 'left-out'"
            " group by key having count(*) > ?"
        )
        return [str(key) for (key,) in self.database.execute(sql, [*self._place, timestamp(first), timestamp(last), number]).fetchall()]

    def set_too_many(self, numbers: Sequence[int], first: datetime, last: datetime) -> None:
        """Records that captures of a time are not requested because their page has too many versions, and that no others are. One
        transaction.
        """
        with self.database.conn:
            self.database.conn.execute(
                "update web_captures set reason = null where source_id = ? and archive = ? and captured_at between ? and ?"
                " and state = 'listed' and reason is not null",
                [*self._place, timestamp(first), timestamp(last)],
            )
            self.database.conn.executemany(
                "update web_captures set reason = 'too-many-versions' where rowid = ? and state = 'listed'", ([one] for one in numbers)
            )

    def set_kept(self, original: str, at: datetime) -> None:
        """Records that a capture is in the archive. One transaction."""
        self._set(KEPT, None, original, at)

    def set_failed(self, original: str, at: datetime, reason: str) -> None:
        """Records that a capture could not be played. One transaction."""
        self._set(FAILED, reason, original, at)

    def _set(self, state: str, reason: str | None, original: str, at: datetime) -> None:
        with self.database.conn:
            self.database.conn.execute(
                "update web_captures set state = ?, reason = ?, tried_at = ? where source_id = ? and archive = ? and listed_url = ?"
                " and captured_at = ?",
                [state, reason, timestamp(clock.now()), *self._place, original, timestamp(at)],
            )

    def set_not_needed(self, numbers: Sequence[int]) -> None:
        """Records that captures were not needed by a run that came to its end. One transaction."""
        with self.database.conn:
            self.database.conn.executemany(
                "update web_captures set state = 'not-needed', reason = null where rowid = ? and state = 'listed'",
                ([number] for number in numbers),
            )

    def capture_at(self, urls: Sequence[str], at: datetime) -> int | None:
        """Returns the id of the capture of one of some URLs at a time, or None if the archive has none that can be read."""
        sql = "select id from captures where source_id = ? and captured_at = ? and lost_at is null and url in ({})".format(
            ", ".join("?" * len(urls))
        )
        row = self.database.execute(f"{sql} order by id", [self.source_id, timestamp(at), *urls]).fetchone()
        return int(row[0]) if row is not None else None

    def count(self) -> dict[str, int]:
        """Returns the number of captures by state."""
        sql = "select state, count(*) from web_captures where source_id = ? and archive = ? group by 1 order by 2 desc, 1"
        return {str(value): int(number) for value, number in self.database.execute(sql, list(self._place)).fetchall()}

    @property
    def _place(self) -> tuple[str, str]:
        return self.source_id, self.archive

    @staticmethod
    def _values(one: Entry) -> list[object]:
        state = LISTED if one.left_out is None else LEFT_OUT
        at = timestamp(one.at)
        return [one.key, one.url, one.original, at, one.mime, one.status, one.digest, one.length, one.file, one.offset, state, one.left_out]


def is_recent(queried_at: str | None, now: datetime, days: int) -> bool:
    """Returns whether a time of the archive is less than some days ago."""
    return queried_at is not None and now - moment(queried_at) < timedelta(days=days)
