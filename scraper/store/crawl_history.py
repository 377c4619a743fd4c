"""What earlier runs say about a source and its URLs: its articles, what was missing, and whether the last run came to its end."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlite_utils import Database

from scraper.rule_codes import RuleCode
from scraper.store import absences
from scraper.store.published_days import published_day


def last_run_concluded(database: Database, source_id: str) -> bool:
    """Returns whether the last crawl of a source drew its conclusions: it was not interrupted, and its end did not fail."""
    sql = "select concluded from runs where source_id = ? and command in ('crawl', 'backfill') order by id desc limit 1"
    row = database.execute(sql, [source_id]).fetchone()
    return row is None or bool(row[0])


def count_articles(database: Database, source_id: str) -> int:
    """Returns the number of articles of a source."""
    return int(database.execute("select count(*) from articles where source_id = ?", [source_id]).fetchone()[0])


@dataclass(frozen=True, slots=True)
class Overview:
    """What a person looks at to judge a new source. `newest`: day or "", title and URL of its newest articles. `first`, `last`: days."""

    newest: tuple[tuple[str, str, str], ...]
    articles: int
    undated: int
    empty: int
    first: str
    last: str


def overview(database: Database, source_id: str, most: int = 3) -> Overview:
    """Returns what the archive has of a source, with its newest articles."""
    day = published_day()
    sql = (
        f"select count(*), coalesce(sum(published_at is null), 0), coalesce(sum(length = 0), 0), min({day}), max({day})"
        " from articles where source_id = ?"
    )
    articles, undated, empty, first, last = database.execute(sql, [source_id]).fetchone()
    sql = f"select coalesce({day}, ''), title, url from articles where source_id = ? order by published_at desc, id limit ?"
    newest = database.execute(sql, [source_id, most]).fetchall()
    return Overview(tuple(newest), articles, undated, empty, first or "", last or "")


def stored_article(database: Database, source_id: str, key: str) -> tuple[str, bool, bool] | None:
    """Returns of an article of the archive its layout, whether its page showed a date of publication, and whether it has a text; None if
    the archive does not have it."""
    sql = "select layout, published_at is not null and published_rule <> ?, length > 0 from articles where source_id = ? and key = ?"
    row = database.execute(sql, [RuleCode.LISTED_DAY, source_id, key]).fetchone()
    return (row[0], bool(row[1]), bool(row[2])) if row is not None else None


def is_as_before(database: Database, article_id: int | None) -> bool:
    """Returns whether an article that has just changed has the fields again that it had before an earlier change: the site took back what
    it had done. Only the fields that changed now are compared.
    """
    rows = database.execute("select before, changed from revisions where article_id = ? order by id desc", [article_id]).fetchall()
    if len(rows) < 2:
        return False
    changed = set(json.loads(rows[0][1])) - {"tags", "attachments"}
    [current] = database.query(
        "select title, summary, author, section, published_at, body from articles left join article_text on article_id = id where id = ?",
        [article_id],
    )
    earlier: dict[str, list[str | None]] = {}
    for before, _ in rows[1:]:
        for name, value in json.loads(before).items():
            earlier.setdefault(name, []).append(value)
    return bool(changed) and all(current[name] in earlier.get(name, ()) for name in changed)


def was_missing(database: Database, source_id: str, url: str) -> bool:
    """Returns whether the last capture of a URL has the status 404 or 410, or is an HTML page instead of the file that was requested.
    Captures of a run that was interrupted do not count: what followed from them was not stored.
    """
    sql = (
        "select status, captures.outcome from captures join runs on runs.id = run_id where captures.source_id = ? and url = ?"
        " and runs.outcome is not null order by coalesce(ordered_at, captured_at) desc, captures.id desc limit 1"
    )
    row = database.execute(sql, [source_id, url]).fetchone()
    return row is not None and (row[0] in (404, 410) or row[1] not in (None, "sitemap", "feed", "redirect", "not-modified"))


def confirm(database: Database, source_id: str, capture_id: int, at: str) -> bool:
    """Records that the article of a capture is unchanged. Returns False if the capture holds none. Part of the caller's transaction."""
    found = database.conn.execute(
        # With the plus, SQLite uses the indexes of both, and does not read all articles of the source.
        "select id from articles where +source_id = ? and (capture_id = ? or url = (select url from captures where id = ?))",
        [source_id, capture_id, capture_id],
    ).fetchall()
    for (article_id,) in found:
        database.conn.execute("update articles set last_seen = max(last_seen, ?) where id = ?", [at, article_id])
        absences.returned(database, article_id, at)
    return bool(found)
