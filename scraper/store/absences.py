"""Articles that vanished from their site, and came back: the table `absences`.

One answer "there is no such page" proves little: a site that moves its files, or a bad night, answers so for articles that are there. So an
article gets `gone_at` only if its URL answered 404 or 410, or led to another page, in two good runs at least a day apart. A run counts
if it came to its end, could read a list of the site, and if hardly any other known article was missing in it (`Vanished.at_once`).

During a run, `note` writes what the run finds into the columns `pending_...`. `conclude` judges it at the end of the run. What an
interrupted run has found does not count; the next run requests those articles again at once. An article that is suspected, and not yet
confirmed to be gone, is requested with several others (`rechecks.py`), so that the run shows whether the article or the site has changed.

An article that returns loses the mark. Its row in `absences` stays as history.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlite_utils import Database

from scraper.failures import GONE
from scraper.model import Failure, Source
from scraper.warc.dates import moment

# Between the two runs. Half an hour less than a day, because a daily run does not begin at the same second.
A_DAY = timedelta(hours=23, minutes=30)
# Of the known articles that a run requests, the share that may be missing. Sites remove single articles; if more than a fifth of those
# that were requested is missing, the site was rebuilt or is out of order.
MOST_AT_ONCE = 0.2
OTHER_OWNER = "other-owner"  # the flag of articles that another owner of the domain published
_FEWEST_AT_ONCE = 2  # a share of one article says nothing


@dataclass(frozen=True, slots=True)
class Vanished:
    """What a run found of the articles that were not known to be gone. `requested`: those that answered, `missing` ones included. `most`:
    the share that may be missing.
    """

    missing: int
    requested: int
    most: float = MOST_AT_ONCE

    @property
    def share(self) -> float:
        """The share of them that was missing, from 0 to 1."""
        return self.missing / self.requested if self.requested else 0.0

    @property
    def at_once(self) -> bool:
        """Whether so many are missing that this is a fault of the site: then none of them is marked as gone."""
        return self.missing >= _FEWEST_AT_ONCE and self.share > self.most


def note(database: Database, source_id: str, failure: Failure, at: str, run_id: int | None) -> None:
    """Records that the URL of a stored article said at `at` (ISO 8601, UTC) that the article is gone, if the failure means that. Part of
    the caller's transaction. `run_id`: None if an old capture is parsed again, which proves nothing new.
    """
    if failure.reason not in GONE or run_id is None:
        return
    found = database.conn.execute(
        # With the plus, SQLite uses the indexes of the URLs, and does not read all articles of the source.
        "select id from articles where +source_id = ? and last_seen < ?"
        " and (url = ? or capture_id in (select id from captures where source_id = ? and url = ?))",
        [source_id, at, failure.url, source_id, failure.url],
    ).fetchall()
    for (article_id,) in found:
        values = [failure.reason, run_id, at]
        sql = "update absences set reason = ?, pending_run_id = ?, pending_at = ? where article_id = ? and returned_at is null"
        if database.conn.execute(sql, [*values, article_id]).rowcount == 0:
            sql = "insert into absences (reason, pending_run_id, pending_at, article_id, source_id) values (?, ?, ?, ?, ?)"
            database.conn.execute(sql, [*values, article_id, source_id])


def returned(database: Database, article_id: int, at: str) -> None:
    """Records that a capture made at `at` (ISO 8601, UTC) shows an article. Part of the caller's transaction.

    If that was after the article was missing, it is back. If it was in between, only the later time counts, and one time is not enough.
    """
    row = database.conn.execute(
        "select id, coalesce(first_missing, pending_at, ''), max(coalesce(last_missing, ''), coalesce(pending_at, '')), first_missing"
        " from absences where article_id = ? and returned_at is null",
        [article_id],
    ).fetchone()
    if row is None or at < row[1]:
        return
    absence_id, first, last, counted = row
    if at < last:
        sql = "update absences set first_missing = case when last_missing > ? then last_missing end, first_run_id = last_run_id,"
        database.conn.execute(f"{sql} confirmed_at = null where id = ?", [at, absence_id])
    elif counted and at > first:
        sql = "update absences set returned_at = ?, pending_run_id = null, pending_at = null where id = ?"
        database.conn.execute(sql, [at, absence_id])
    else:
        database.conn.execute("delete from absences where id = ?", [absence_id])
    database.conn.execute("update articles set gone_at = null, gone_reason = null where id = ?", [article_id])


def vanished(database: Database, source: Source, run_id: int, not_missed: Collection[str] = ()) -> Vanished:
    """Returns how many known articles a run requested, and how many of them were missing. Those that are gone already count as neither.
    `not_missed`: keys of missing articles that do not count, either (`replaced_nights.not_missed`). It can be called until `conclude`.
    """
    source_id = source.id
    [(missing,)] = database.execute(
        "select count(*) from absences join articles on articles.id = article_id where absences.source_id = ? and returned_at is null"
        " and confirmed_at is null and pending_run_id = ? and key not in (select value from json_each(?))",
        [source_id, run_id, json.dumps([*not_missed])],
    ).fetchall()
    # Captures of the run that show an article, also by the answer that nothing changed, except those that showed one for the first time.
    [(present,)] = database.execute(
        "select count(distinct captures.url) from captures left join captures original on original.id = captures.revisit_of"
        " where captures.run_id = ?"
        " and case captures.outcome when 'not-modified' then original.outcome else captures.outcome end = 'article'"
        " and not exists (select 1 from articles where capture_id = captures.id and first_seen >= captures.captured_at)",
        [run_id],
    ).fetchall()
    # Who states a larger share says that this site does remove so many.
    return Vanished(missing, missing + present, max(MOST_AT_ONCE, source.expect.get("max_gone_share", 0)))


def conclude(database: Database, source: Source, run_id: int, *, is_good: bool, is_replay: bool) -> None:
    """Judges at the end of a run what it found missing, and marks the articles that were missing a day before, too. One transaction.

    `is_good`: the run came to its end, its site answered as usual, and not too many articles were missing. `is_replay`: a recording
    answered, so the time between captures counts, and not that between runs.
    """
    source_id, began = source.id, _began(database, run_id)
    rows = database.execute(
        "select absences.id, article_id, first_missing, first_run_id, pending_at, reason, confirmed_at is not null,"
        # Another page instead of an article may be an error of one night if a list still names the article.
        " reason in ('soft-404', 'no-longer-article') and exists (select 1 from candidates"
        " where source_id = absences.source_id and key = articles.key and last_listed >= ?)"
        " from absences join articles on articles.id = article_id"
        " where absences.source_id = ? and returned_at is null and pending_run_id = ?",
        [began.removesuffix("Z"), source_id, run_id],  # as text, "12:00:00" comes before "12:00:00.5Z", and "12:00:00Z" after it
    ).fetchall()
    with database.conn:
        for absence_id, article_id, first, first_run, at, reason, is_confirmed, is_listed in rows:
            if not is_good or is_listed:
                continue
            sql = "update absences set first_missing = coalesce(first_missing, ?), first_run_id = coalesce(first_run_id, ?),"
            database.conn.execute(f"{sql} last_missing = ?, last_run_id = ? where id = ?", [at, run_id, at, run_id, absence_id])
            if first is None or is_confirmed:
                continue
            earlier, later = (first, at) if is_replay or first_run is None else (_began(database, first_run), began)
            if moment(later) - moment(earlier) >= A_DAY:
                database.conn.execute("update absences set confirmed_at = ? where id = ?", [at, absence_id])
                database.conn.execute("update articles set gone_at = ?, gone_reason = ? where id = ?", [first, reason, article_id])
        sql = "update absences set pending_run_id = null, pending_at = null where source_id = ? and pending_run_id is not null"
        database.conn.execute(sql, [source_id])


def _began(database: Database, run_id: int) -> str:
    return str(database.execute("select started_at from runs where id = ?", [run_id]).fetchone()[0])
