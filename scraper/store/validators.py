"""Whether the validators of a source can be trusted: ETag and Last-Modified, which a conditional request sends back (RFC 9110, 13).

Many servers send an ETag that changes with every answer, the time of the request as Last-Modified, or 304 for a page that did change. So a
validator is used only if it has proved itself: the last two captures of the same URL had the same value and the same bytes, and no capture
of any page of that kind had the value of an earlier one with other bytes. Bytes are compared, not content: a page with a counter then
counts as different, which costs a few responses and can hide nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from sqlite_utils import Database

from scraper.warc.dates import timestamp
from scraper.warc.records import NOT_MODIFIED

_HEADERS = {"ETag": "etag", "Last-Modified": "last_modified"}  # header: column of `captures`
_CLOCK_ERROR = timedelta(hours=1)  # of a server; clocks that are wrong by more are rare, and cost only responses


@dataclass(frozen=True, slots=True)
class Validators:
    """The values that a conditional request sends, from the last good capture of a URL."""

    capture_id: int
    etag: str | None
    last_modified: str | None


def find(database: Database, source_id: str, url: str, page_kind: str, since: str) -> Validators | None:
    """Returns the proven validators of the last good capture of a URL if it was made after `since` (ISO 8601, UTC), else None.

    `page_kind`: what the URL is requested as: article, listing, feed or sitemap.
    """
    rows = database.execute(
        "select id, etag, last_modified, digest, captured_at, coalesce(outcome, 'refused') = 'refused' or exists"
        " (select 1 from failures where capture_id = captures.id and cleared_at is null and stage <> 'discover') or exists"
        " (select 1 from captures as body where body.id in (captures.id, captures.revisit_of) and body.lost_at is not null)"
        " from captures where source_id = ? and url = ? and status = 200 order by coalesce(ordered_at, captured_at) desc, id desc limit 2",
        [source_id, url],
    ).fetchall()
    if len(rows) < 2 or rows[0][5] or rows[0][4] < since or rows[0][3] != rows[1][3]:
        return None
    sql = "select header from validators where source_id = ? and page_kind = ? and verdict = 'reliable'"
    reliable = {header for (header,) in database.execute(sql, [source_id, page_kind])}
    etag, last_modified = (
        value if value == before and header in reliable else None
        for header, value, before in zip(_HEADERS, rows[0][1:3], rows[1][1:3], strict=True)
    )
    return Validators(rows[0][0], etag, last_modified) if etag or last_modified else None


def note(database: Database, source_id: str, page_kind: str, capture_id: int) -> None:
    """Compares a new capture with the one before it that had the same validator, and stores what that shows. Part of the
    caller's transaction.
    """
    sql = "select url, captured_at, status, digest, etag, last_modified from captures where id = ?"
    url, captured_at, status, digest, *values = database.execute(sql, [capture_id]).fetchone()
    if status != 200 or not any(values):
        return
    was_wrong = _said_unmodified_after(database, source_id, url, digest, values[1])
    for (header, column), value in zip(_HEADERS.items(), values, strict=True):
        if not value:
            continue
        before = database.execute(
            f"select digest from captures where source_id = ? and url = ? and captured_at < ? and status = 200 and {column} = ?"
            " order by captured_at desc limit 1",
            [source_id, url, captured_at, value],
        ).fetchone()
        same = before is not None and before[0] == digest
        different = was_wrong or (before is not None and not same)
        _count(database, source_id, page_kind, header, captured_at, same=int(same), different=int(different))


def contradicted(database: Database, source_id: str, page_kind: str, earlier_id: int, etag: str | None, at: str) -> bool:
    """Returns whether an answer 304 contradicts itself: it names another ETag than the capture of which it says that nothing changed.
    This is stored. `at`: ISO 8601, UTC. One transaction.
    """
    (before,) = database.execute("select etag from captures where id = ?", [earlier_id]).fetchone()
    if not etag or not before or _strong(etag) == _strong(before):
        return False
    with database.conn:
        for header in _HEADERS:
            _count(database, source_id, page_kind, header, at, same=0, different=1)
    return True


def _strong(etag: str) -> str:
    """Returns an ETag without the mark of a weak one: servers add it when they compress a page."""
    return etag.strip().removeprefix("W/")


def _said_unmodified_after(database: Database, source_id: str, url: str, digest: str, last_modified: str | None) -> bool:
    """Returns whether the server answered 304 after the time at which, as it says now, the page was changed to these bytes."""
    try:
        modified = parsedate_to_datetime(last_modified or "")
    except (ValueError, OverflowError):
        return False
    modified = modified.replace(tzinfo=UTC) if modified.tzinfo is None else modified
    try:
        since = timestamp(modified + _CLOCK_ERROR)
    except OverflowError:
        return False
    sql = (
        "select 1 from captures join captures as original on original.id = captures.revisit_of"
        " where captures.source_id = ? and captures.url = ? and captures.status = ? and captures.captured_at > ? and original.digest <> ?"
    )
    return database.execute(sql, [source_id, url, NOT_MODIFIED, since, digest]).fetchone() is not None


def _count(database: Database, source_id: str, page_kind: str, header: str, at: str, *, same: int, different: int) -> None:
    database.conn.execute(
        "insert into validators (source_id, page_kind, header, verdict, same, different, checked_at) values (?, ?, ?, 'unknown', ?, ?, ?)"
        " on conflict (source_id, page_kind, header) do update set same = same + excluded.same,"
        " different = different + excluded.different, checked_at = max(checked_at, excluded.checked_at)",
        [source_id, page_kind, header, same, different, at],
    )
    database.conn.execute(
        "update validators set verdict = case when different > 0 then 'unreliable' when same > 0 then 'reliable' else 'unknown' end"
        " where source_id = ? and page_kind = ? and header = ?",
        [source_id, page_kind, header],
    )
