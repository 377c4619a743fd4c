"""Revisits whose original came into the archive after them: from another recording, or from a file that was copied back.

Until then they are captures without a body (*revisit-without-original*). A run looks for the originals before it draws its conclusions.
"""

from __future__ import annotations

import json
from pathlib import Path

from sqlite_utils import Database

from scraper.content_coding import TooLarge
from scraper.store import crawl_history, failures, files
from scraper.store.candidates import PART
from scraper.store.captures import STATED, capture_place, stated
from scraper.warc.records import NOT_MODIFIED, WarcError, read

_REASON = "revisit-without-original"
_LONGEST_RECORD = 64 * 1024 * 1024  # bytes
_WAITING = "source_id = ? and revisit_of is null and lost_at is null"
# One query for each partial index: an `or` of both would read every capture of the source.
_WITHOUT_ORIGINAL = (
    f"select id, url, captured_at, digest, status from captures where {_WAITING} and reason = '{_REASON}'"
    f" union select id, url, captured_at, digest, status from captures where {_WAITING} and outcome is null and length = 0"
)
_HAS_BODY = f"source_id = ? and length > 0 and revisit_of is null and status <> {NOT_MODIFIED} and lost_at is null"


def link(database: Database, folder: Path, source_id: str, at: str) -> list[int]:
    """Gives the revisits of a source without an original the capture that has their body, if the archive has it now: the first one with the
    same digest, and for an answer 304 the latest one of its URL before it. Returns those that must be parsed, also those of an earlier call
    that was killed before they were. All links are one transaction; files are kept after it, each in its own.

    `folder`: of all captures. `at`: now, ISO 8601 in UTC. A later page of an article is linked, but not returned: parsed without its first
    page, it would be an article of its own.
    """
    if waiting := database.execute(_WITHOUT_ORIGINAL, [source_id, source_id]).fetchall():
        by_digest = _with_digests(database, source_id, {digest for _, _, _, digest, status in waiting if status != NOT_MODIFIED})
        with database.conn:
            for capture_id, url, captured_at, digest, status in waiting:
                original = _before(database, source_id, url, captured_at) if status == NOT_MODIFIED else by_digest.get(digest)
                if original is not None and _link(database, folder, capture_id, status, original) and status == NOT_MODIFIED:
                    failures.clear(database, source_id, url, captured_at)
                    crawl_history.confirm(database, source_id, original, captured_at)
            for url in {url for _, url, _, _, _ in waiting}:
                _clear(database, source_id, url, at)
    _keep_files(database, source_id)
    rows = database.execute(
        f"select id from captures where source_id = ? and reason = '{_REASON}' and revisit_of is not null and continues is null"
        " and not exists (select 1 from candidates where source_id = captures.source_id and candidates.url = captures.url and state = ?)"
        " order by captured_at, id",
        [source_id, PART],
    )
    return [capture_id for (capture_id,) in rows.fetchall()]


def _keep_files(database: Database, source_id: str) -> None:
    """Keeps the files of articles among the revisits that have their original now. They are not pages, and are not parsed as such."""
    found = database.execute(
        "select captures.id, captures.captured_at, captures.length, files.id, files.state, original.outcome from captures"
        " join files on files.source_id = captures.source_id and files.url = captures.url"
        " join captures as original on original.id = captures.revisit_of"
        f" where captures.source_id = ? and captures.reason = '{_REASON}' order by captures.captured_at",
        [source_id],
    )
    for capture_id, captured_at, length, file_id, state, outcome in found.fetchall():
        if outcome == "file" and state != files.KEPT:
            files.keep(database, file_id, capture_id, length, captured_at)
        with database.conn:
            database.conn.execute("update captures set outcome = 'file', reason = null where id = ?", [capture_id])


def complete(database: Database, folder: Path, source_id: str, capture_id: int) -> bool:
    """Returns whether a capture has a body in the archive, its own or that of its original. If it is a revisit without an original, one at
    its own URL or among the files of articles is looked for, which is quick. Part of the caller's transaction.
    """
    sql = "select url, captured_at, digest, status, length > 0 or revisit_of is not null from captures where id = ? and lost_at is null"
    row = database.execute(sql, [capture_id]).fetchone()
    if row is None or row[4]:
        return row is not None
    url, captured_at, digest, status, _ = row
    if status == NOT_MODIFIED:
        original = _before(database, source_id, url, captured_at)
    else:
        same = database.execute(f"select id from captures where {_HAS_BODY} and url = ? and digest = ? limit 1", [source_id, url, digest])
        original = next((int(found) for (found,) in same), None) or files.same_file(database, source_id, digest)
    return original is not None and _link(database, folder, capture_id, status, original)


def _with_digests(database: Database, source_id: str, digests: set[str]) -> dict[str, int]:
    """Returns the first capture with a body for each of the digests. It looks at every capture of the source, so only if some wait."""
    rows = database.execute(
        f"select digest, id from captures where {_HAS_BODY} and digest in (select value from json_each(?))"
        " order by captured_at desc, id desc",
        [source_id, json.dumps(sorted(digests - {""}))],
    )
    return dict(rows.fetchall())


def _before(database: Database, source_id: str, url: str, captured_at: str) -> int | None:
    """Returns the capture that has the body of the latest page of a URL that is not later than a time."""
    row = database.execute(
        f"select coalesce(revisit_of, id) from captures where source_id = ? and url = ? and captured_at <= ? and status <> {NOT_MODIFIED}"
        " and (length > 0 or revisit_of is not null) and lost_at is null order by captured_at desc limit 1",
        [source_id, url, captured_at],
    ).fetchone()
    return int(row[0]) if row else None


def _link(database: Database, folder: Path, capture_id: int, status: int, original: int) -> bool:
    """Links a revisit to its original. A page keeps the reason until it is parsed, so that a crash in between loses nothing.
    Returns False if one of both cannot be read, or the record is not a revisit.
    """
    place, body = capture_place(database, folder, capture_id), capture_place(database, folder, original)
    if place is None or body is None:
        return False
    try:
        response = read(place, _LONGEST_RECORD, body)
    except (WarcError, TooLarge):
        return False
    if status == NOT_MODIFIED:
        values = "outcome = 'not-modified', reason = null"
        database.conn.execute(f"update captures set revisit_of = ?, {values} where id = ?", [original, capture_id])
        return True
    database.conn.execute(
        f"update captures set revisit_of = ?, ({STATED}) = (?, ?, ?, ?, ?), outcome = 'refused', reason = '{_REASON}' where id = ?",
        [original, *stated(response), capture_id],
    )
    return True


def _clear(database: Database, source_id: str, url: str, at: str) -> None:
    """Marks the failure of a URL as over, if none of its revisits waits for an original any more."""
    database.conn.execute(
        f"update failures set cleared_at = ? where source_id = ? and url = ? and reason = '{_REASON}' and cleared_at is null and not exists"
        f" (select 1 from captures where {_WAITING} and reason = '{_REASON}' and url = failures.url)",
        [at, source_id, url, source_id],
    )
