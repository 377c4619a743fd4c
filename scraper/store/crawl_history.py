"""What the archive knows about a source before a crawl: its articles, earlier requests, URLs to request again, and validators."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from scraper.failures import TRANSIENT

_MOST_AGAIN = 2000  # failed URLs that are requested again; if a whole site failed, its list pages find the articles
_AGAIN_DAYS = 60  # how long a failed URL is retried


@dataclass(frozen=True, slots=True)
class Validators:
    """The values that a conditional request sends, from the last good capture of a URL."""

    capture_id: int
    etag: str | None
    last_modified: str | None


def count_articles(database: Database, source_id: str) -> int:
    """Returns the number of articles of a source."""
    return int(database.execute("select count(*) from articles where source_id = ?", [source_id]).fetchone()[0])


def published(database: Database, source_id: str) -> dict[str, str | None]:
    """Returns the complete articles of a source: key to time of publication. Articles that lack a part are left out."""
    sql = "select key, published_at from articles where source_id = ? and coalesce(flags, '') not like '%truncated%'"
    return dict(database.execute(f"{sql} and coalesce(flags, '') not like '%pages-missing%'", [source_id]).fetchall())


def requested(database: Database, source_id: str) -> frozenset[str]:
    """Returns every URL of a source that was requested before, whatever the result."""
    sql = "select url from captures where source_id = ? union select url from failures where source_id = ?"
    return frozenset(url for (url,) in database.execute(sql, [source_id, source_id]))


def read_before(database: Database, source_id: str) -> frozenset[str]:
    """Returns the URLs at which an article was read, including URLs other than the canonical one of their article."""
    sql = "select distinct url from captures where source_id = ? and outcome = 'article' except " + _FAILED
    return frozenset(url for (url,) in database.execute(sql, [source_id, source_id]))


_FAILED = "select url from failures where source_id = ? and cleared_at is null and stage = 'fetch'"


def last_run_complete(database: Database, source_id: str) -> bool:
    """Returns whether the last crawl of a source read every list to its end."""
    sql = "select complete from runs where source_id = ? and command = 'crawl' order by id desc limit 1"
    row = database.execute(sql, [source_id]).fetchone()
    return bool(row and row[0])


def failed_before(database: Database, source_id: str, now: str) -> list[str]:
    """Returns the URLs that failed in earlier runs for a reason that may be over, the latest first. `now`: ISO 8601, UTC."""
    places = ", ".join("?" * len(TRANSIENT))
    sql = f"{_FAILED} and reason in ({places}) and last_seen > datetime(?, ?) group by url order by max(last_seen) desc limit ?"
    rows = database.execute(sql, [source_id, *sorted(TRANSIENT), now, f"-{_AGAIN_DAYS} days", _MOST_AGAIN])
    return [url for (url,) in rows.fetchall()]


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
