"""Articles whose revisions must be written again, because a capture arrived that is older than the stored one and shows something else.

Revisions are written in the order of time. A recording may hold an older capture, and another parser may read an old capture differently.
Such an article is noted, and at the end of the run its captures are parsed again from the first one (`scraper/reparsing/histories.py`).
So the order in which captures arrive does not matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from scraper import clock
from scraper.content_changes import changed
from scraper.store.captures import KeptCapture, kept
from scraper.urls import other_scheme


@dataclass(frozen=True, slots=True)
class PendingHistory:
    """An article whose captures must be parsed again. `key`: of the article in its source."""

    article_id: int
    key: str


def note(database: Database, article_id: int, capture_id: int) -> None:
    """Records that the history of an article must be written again, because of a capture. Part of the caller's transaction."""
    database.conn.execute("insert or ignore into histories_pending (article_id, capture_id) values (?, ?)", [article_id, capture_id])


def contradicts(
    database: Database, article_id: int, now: Mapping[str, Any], now_at: str, content: Mapping[str, Any], names: Sequence[str], at: str
) -> bool:
    """Returns whether an older capture shows an article otherwise than its revisions say.

    `now`: the stored content, from a capture of the time `now_at`. `content`: that of the older capture, of the time `at`. `names`: the
    fields to compare. Times: ISO 8601, UTC.
    """
    state, shown_at = dict(now), now_at
    later = database.execute(
        "select seen_at, before from revisions where article_id = ? and seen_at > ? order by seen_at desc, id desc", [article_id, at]
    )
    for seen_at, before in later.fetchall():
        state.update(json.loads(before))
        shown_at = seen_at
    if shown_at != now_at:  # the content before a revision is that of the last capture before it
        sql = (
            "select max(coalesce(ordered_at, captured_at)) from captures where source_id = (select source_id from articles where id = ?)"
            " and url = (select url from articles where id = ?) and outcome = 'article' and coalesce(ordered_at, captured_at) < ?"
        )
        shown_at = database.execute(sql, [article_id, article_id, shown_at]).fetchone()[0] or shown_at
    return bool(changed(names, state, content, (day_of(shown_at), day_of(at))))


def day_of(stamp: str) -> date:
    """Returns the day of a time (ISO 8601, UTC) in Viet Nam."""
    return datetime.fromisoformat(stamp).astimezone(clock.VIETNAM).date()


def pending(database: Database, source_id: str) -> list[PendingHistory]:
    """Returns the articles of a source whose history must be written again."""
    sql = (
        "select distinct articles.id, articles.key from histories_pending join articles on articles.id = article_id"
        " where source_id = ? order by articles.id"
    )
    return [PendingHistory(*row) for row in database.execute(sql, [source_id]).fetchall()]


def captures_of(database: Database, folder: Path, source_id: str, history: PendingHistory) -> Iterator[KeptCapture]:
    """Yields the captures that showed an article, in the order of time, in which one whose clock was ahead has another place than its own
    time (`clock_faults`). They are found by the URLs of the article: its own, those of the captures that its rows name, and those under
    which lists named it.
    """
    found = database.execute(
        "select url from articles where id = ?"
        " union select captures.url from captures join articles on captures.id = capture_id where articles.id = ?"
        " union select captures.url from captures join revisions on captures.id = capture_id where article_id = ?"
        " union select captures.url from captures join histories_pending on captures.id = capture_id where article_id = ?"
        " union select url from candidates where source_id = ? and key in (?, ?)",
        [*[history.article_id] * 4, source_id, history.key, other_scheme(history.key)],
    )
    urls = sorted({one for (url,) in found for one in (url, other_scheme(url))})
    where = f"source_id = ? and url in ({', '.join('?' * len(urls))}) and outcome = 'article' and continues is null"
    return kept(database, folder, where, [source_id, *urls], order="coalesce(ordered_at, captured_at), id")


def settle(database: Database, article_id: int) -> None:
    """Records that the history of an article is complete. One transaction."""
    with database.conn:
        database.conn.execute("delete from histories_pending where article_id = ?", [article_id])
