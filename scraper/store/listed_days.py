"""The day of publication that only a list of the site states: some sites print it in their lists and not on the pages of the articles.

The page of an article says nothing of its list, so its reading gets the day when it is stored, from `candidates`. A date on the page itself
always counts more, even one that was rejected.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlite_utils import Database

from scraper.model import Source
from scraper.reader import Reading, with_listed_day
from scraper.rule_codes import RuleCode
from scraper.store import shared_dates
from scraper.store.documents import ArchiveDocuments
from scraper.urls import other_scheme


def dated(database: Database, source: Source, reading: Reading, captured_at: datetime) -> Reading:
    """Returns the reading of an article without any date with the day that a list states for it; any other reading unchanged."""
    article = reading.page.article
    if article is None or article.published.rule.code != RuleCode.NOT_ON_PAGE:
        return reading
    [(day,)] = database.execute(
        "select max(listed_day) from candidates where source_id = ? and key in (?, ?)", [source.id, article.key, other_scheme(article.key)]
    ).fetchall()
    if day is None:
        return reading
    shared = shared_dates.known(database, source.id)
    return with_listed_day(reading, date.fromisoformat(day), captured_at, source, ArchiveDocuments(database), shared)


def undated(database: Database, source_id: str) -> list[int]:
    """Returns the captures of the stored articles without a date for which a list states a day now."""
    rows = database.execute(
        # A cross join keeps the order: an article without a date is rarer than a candidate. With the plus, SQLite finds its candidate by
        # the key, and does not read all candidates with a day for each article.
        "select distinct capture_id from articles cross join candidates on candidates.source_id = articles.source_id and"
        " candidates.key = articles.key where articles.source_id = ? and published_at is null and published_rule = ?"
        " and +listed_day is not null and capture_id is not null order by capture_id",
        [source_id, RuleCode.NOT_ON_PAGE],
    ).fetchall()
    return [capture_id for (capture_id,) in rows]
