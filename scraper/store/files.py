"""The table `files`: every file that an article of a source links to, whether it was requested, and what became of it.

The states:

- `new`: wanted, and not requested yet
- `kept`: its bytes are a capture (`capture_id`)
- `failed`: the request failed, or something else came; `reason` as in `failures`, `retry_at`: when it is requested again
- `gone`: the server answered 404 or 410
- `elsewhere`: on a host that the source does not list; only the link is recorded
- `not-wanted`: the key `attachments` of the source leaves it out

A file is requested once. What it says is in `file_texts`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from scraper.failures import TRANSIENT
from scraper.model import ALL_FILES, NO_FILES, Attachment, Source
from scraper.urls import host_of
from scraper.warc.dates import moment, timestamp

NEW, KEPT, FAILED, GONE, ELSEWHERE, NOT_WANTED = "new", "kept", "failed", "gone", "elsewhere", "not-wanted"

# With attachments = "new", a file is wanted if its article was published at most so many days before it was first seen: the first crawl of
# a site finds articles of twenty years, and "from now on" means those of its last weeks.
NEW_DAYS = 30
# Days until a request that failed for a reason that may be over is repeated; after that the file is given up.
_RETRY_DAYS = (1, 3, 7, 30)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that is to be requested."""

    id: int
    url: str


def note(database: Database, source: Source, article_id: int | None, attachments: Sequence[Attachment], at: str) -> None:
    """Adds a row for each file of a stored article that has none. Part of the caller's transaction. `at`: ISO 8601, UTC."""
    if article_id is None or not attachments:
        return
    urls = database.execute(
        "select url from attachments where article_id = ? and not exists"
        " (select 1 from files where files.source_id = ? and files.url = attachments.url) order by attachments.id",
        [article_id, source.id],
    ).fetchall()
    if not urls:
        return
    [(published, first_seen)] = database.execute("select published_at, first_seen from articles where id = ?", [article_id]).fetchall()
    is_new = published is None or str(published)[:10] >= _day_before(str(first_seen))
    database.conn.executemany(
        "insert into files (source_id, url, state, first_seen) values (?, ?, ?, ?)",
        ([source.id, url, _state(source, url, is_new=is_new), at] for (url,) in urls),
    )


def _day_before(first_seen: str) -> str:
    return (moment(first_seen) - timedelta(days=NEW_DAYS)).date().isoformat()


def _state(source: Source, url: str, *, is_new: bool) -> str:
    if host_of(url) not in source.hosts:
        return ELSEWHERE
    return NOT_WANTED if source.attachments == NO_FILES or (source.attachments != ALL_FILES and not is_new) else NEW


def refresh(database: Database, source: Source) -> None:
    """Decides again which files are wanted: those that triggers noted (`file_triggers`), or all of the source if its block has changed.
    One transaction, and none if there is nothing to decide.
    """
    all_files = _has_changed(database, source)
    if not all_files and not database.execute("select 1 from files_pending where source_id = ? limit 1", [source.id]).fetchone():
        return
    with database.conn:
        # First a write: what another process notes from here on waits for the next call.
        database.conn.execute("insert or replace into files_decided (source_id, attachments, hosts) values (?, ?, ?)", _block(source))
        changes = _changes(database, source, all_files=all_files)
        database.conn.executemany("update files set state = ? where id = ?", [(after, file_id) for file_id, _, after in changes])
        database.conn.execute("delete from files_pending where source_id = ?", [source.id])


def _block(source: Source) -> tuple[str, str, str]:
    return source.id, source.attachments, json.dumps(source.hosts)


def _has_changed(database: Database, source: Source) -> bool:
    """Returns whether the block of a source differs from that by which its files were decided."""
    decided = database.execute("select source_id, attachments, hosts from files_decided where source_id = ?", [source.id]).fetchone()
    return bool(decided != _block(source))


def _changes(database: Database, source: Source, *, all_files: bool) -> list[tuple[int, str, str]]:
    """Returns (id, state, new state) of the files that are to have another state. `all_files`: not only of those that are noted."""
    chosen = "files" if all_files else "files_pending cross join files on files.id = file_id and files.source_id = files_pending.source_id"
    rows = database.execute(
        "select id, url, state, exists (select 1 from attachments cross join articles on articles.id = article_id"
        " where attachments.url = files.url and articles.source_id = files.source_id"
        " and (published_at is null or substr(published_at, 1, 10) >= date(articles.first_seen, ?)))"
        f" from {chosen} where files.source_id = ? and state in ('new', 'elsewhere', 'not-wanted')",
        [f"-{NEW_DAYS} days", source.id],
    ).fetchall()
    wanted = [(file_id, state, _state(source, url, is_new=bool(is_new))) for file_id, url, state, is_new in rows]
    return [(file_id, before, after) for file_id, before, after in wanted if before != after]


def waiting(database: Database, source: Source, now: datetime) -> int:
    """Returns how many files of a source are to be requested now, as its block says. Writes nothing."""
    [(new,)] = database.execute(f"select count(*) {_NEW}", [source.id]).fetchall()
    [(again,)] = database.execute(f"select count(*) {_AGAIN}", [source.id, timestamp(now)]).fetchall()
    changes = _changes(database, source, all_files=_has_changed(database, source))
    return int(new) + int(again) + sum((after == NEW) - (before == NEW) for _, before, after in changes)


# The indexes are named, because SQLite would take one that has all failed, or all kept files of a source.
_NEW = "from files where source_id = ? and state = 'new'"
_AGAIN = "from files indexed by files_to_retry where source_id = ? and retry_at <= ?"


@dataclass(frozen=True, slots=True)
class DayLimits:
    """What may be requested from a source since `since`, by earlier runs, too: so many files, so many bytes."""

    files: int
    bytes: int
    since: datetime


class FileQueue:
    """The files that one run of a source requests: those that were never requested, then those that failed. Each once."""

    def __init__(self, database: Database, source_id: str, limits: DayLimits | None) -> None:
        """`limits`: None if no site is contacted."""
        self._database, self._source_id, self._limits = database, source_id, limits
        self._last = {_NEW: 0, _AGAIN: 0}  # the id of the last file of each kind that was taken

    def take(self, number: int, now: datetime) -> list[Wanted]:
        """Returns up to `number` files that this run has not requested yet; none if a limit of the day is reached."""
        left = number if self._limits is None else min(number, self._left(self._limits))
        found = self._after(_NEW, left)
        return found + self._after(_AGAIN, left - len(found), timestamp(now))

    def _after(self, chosen: str, most: int, *parameters: str) -> list[Wanted]:
        rows = self._database.execute(
            f"select id, url {chosen} and id > ? order by id limit ?", [self._source_id, *parameters, self._last[chosen], max(most, 0)]
        ).fetchall()
        if rows:
            self._last[chosen] = rows[-1][0]
        return [Wanted(*row) for row in rows]

    def _left(self, limits: DayLimits) -> int:
        requested, received = self._database.execute(
            "select count(*), coalesce(sum(bytes), 0) from files where source_id = ? and requested_at >= ?",
            [self._source_id, timestamp(limits.since)],
        ).fetchone()
        return limits.files - int(requested) if received < limits.bytes else 0


def may_request(database: Database, source: Source, limits: DayLimits, now: datetime) -> bool:
    """Returns whether a run would request a file of a source now. Writes nothing."""
    return bool(FileQueue(database, source.id, limits).take(1, now))


def keep(database: Database, file_id: int, capture_id: int, size: int, at: str) -> None:
    """Records that the bytes of a file were received. One transaction. `size`: in bytes; `at`: ISO 8601, UTC."""
    with database.conn:
        database.conn.execute("update captures set outcome = 'file' where id = ?", [capture_id])
        database.conn.execute(
            "update files set state = 'kept', reason = null, retry_at = null, attempts = attempts + 1, requested_at = ?, capture_id = ?,"
            " bytes = ?, digest = (select digest from captures where captures.id = ?) where id = ?",
            [at, capture_id, size, capture_id, file_id],
        )


def same_file(database: Database, source_id: str, digest: str) -> int | None:
    """Returns the first capture of a file of the source that has these bytes, or None."""
    row = database.execute(
        "select coalesce(captures.revisit_of, captures.id) from files join captures on captures.id = capture_id"
        " where files.source_id = ? and files.digest = ? and captures.lost_at is null order by files.id limit 1",
        [source_id, digest],
    ).fetchone()
    return int(row[0]) if row is not None else None


def fail(database: Database, file_id: int, reason: str, at: str) -> None:
    """Records that a request for a file failed. One transaction. `reason`: as in `failures`; `at`: ISO 8601, UTC."""
    [(attempts,)] = database.execute("select attempts from files where id = ?", [file_id]).fetchall()
    state = GONE if reason in ("not-found", "gone") else FAILED
    again = reason in TRANSIENT and attempts < len(_RETRY_DAYS)
    retry_at = timestamp(moment(at) + timedelta(days=_RETRY_DAYS[attempts])) if again else None
    with database.conn:
        database.conn.execute(
            "update files set state = ?, reason = ?, retry_at = ?, attempts = attempts + 1, requested_at = ? where id = ?",
            [state, reason, retry_at, at, file_id],
        )


def counts(database: Database, source_ids: Collection[str] = ()) -> list[tuple[str, str, str | None, int, int]]:
    """Returns for each source, state and state of the text: how many files, and their bytes. `source_ids`: empty means all."""
    chosen = f" where source_id in ({', '.join('?' * len(source_ids))})" if source_ids else ""
    sql = "select source_id, state, text_state, count(*), coalesce(sum(bytes), 0) from files"
    rows = database.execute(f"{sql}{chosen} group by 1, 2, 3 order by 1, 2, 3", [*source_ids])
    return [(str(row[0]), str(row[1]), row[2], int(row[3]), int(row[4])) for row in rows.fetchall()]


def to_extract(database: Database, source_ids: Iterable[str] = (), *, again: bool = False) -> list[tuple[int, str, int]]:
    """Returns (id, source, capture) of the kept files whose text was not taken yet; `again`: of all kept files. Ordered by id."""
    some = [*source_ids]
    chosen = f" and source_id in ({', '.join('?' * len(some))})" if some else ""
    kept = "files where state = 'kept'" if again else "files indexed by files_without_text where state = 'kept' and extracted_at is null"
    rows = database.execute(f"select id, source_id, capture_id from {kept}{chosen} order by id", some)
    return [(int(row[0]), str(row[1]), int(row[2])) for row in rows.fetchall()]
