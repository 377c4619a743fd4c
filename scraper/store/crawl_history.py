"""What the archive knows about a source before a crawl: the number of its articles, and validators for conditional requests."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Validators:
    """The values that a conditional request sends, from the last good capture of a URL."""

    capture_id: int
    etag: str | None
    last_modified: str | None


def count_articles(database: Database, source_id: str) -> int:
    """Returns the number of articles of a source."""
    return int(database.execute("select count(*) from articles where source_id = ?", [source_id]).fetchone()[0])


def was_missing(database: Database, source_id: str, url: str) -> bool:
    """Returns whether the last capture of a URL has the status 404 or 410, or is an HTML page instead of the file that was requested."""
    sql = "select status, outcome from captures where source_id = ? and url = ? order by captured_at desc limit 1"
    row = database.execute(sql, [source_id, url]).fetchone()
    return row is not None and (row[0] in (404, 410) or row[1] not in (None, "sitemap", "feed", "redirect", "not-modified"))


def validators(database: Database, source_id: str, url: str, since: str) -> Validators | None:
    """Returns the validators of the last good capture of a URL if it was made after `since` (ISO 8601, UTC), else None.

    Also returns None if the last two captures have the same validators but different bodies: then the validators cannot be trusted.
    """
    rows = database.execute(
        "select id, etag, last_modified, digest, captured_at, coalesce(outcome, 'refused') = 'refused' or exists"
        " (select 1 from failures where capture_id = captures.id and cleared_at is null and stage <> 'discover')"
        " from captures where source_id = ? and url = ? and status = 200 order by captured_at desc limit 2",
        [source_id, url],
    ).fetchall()
    if not rows:
        return None
    capture_id, etag, last_modified, digest, captured_at, failed = rows[0]
    if failed or not (etag or last_modified) or captured_at < since:
        return None
    if len(rows) == 2 and rows[1][1:3] == (etag, last_modified) and rows[1][3] != digest:
        return None
    return Validators(capture_id, etag, last_modified)


def confirm(database: Database, source_id: str, capture_id: int, at: str) -> bool:
    """Records that the article of a capture is unchanged. Returns False if the capture holds none. Part of the caller's transaction."""
    found = database.conn.execute(
        "update articles set last_seen = max(last_seen, ?), gone_at = null where source_id = ? and"
        " (capture_id = ? or url = (select url from captures where id = ?))",
        [at, source_id, capture_id, capture_id],
    )
    return found.rowcount > 0
