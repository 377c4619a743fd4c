"""Articles from outside the period of their source: published before its first day, or after its last."""

from __future__ import annotations

from sqlite_utils import Database

from scraper.store.published_days import published_day


def count_outside(database: Database, source_id: str) -> int:
    """Returns the number of articles of a source that were published outside its period. The named query `outside_the_period` shows them.

    A date that is only a month is outside if the whole month is. An unknown day excludes nothing.
    """
    day = published_day()
    [(number,)] = database.execute(
        "select count(*) from articles join sources on sources.id = source_id where source_id = ?"
        f" and ({day} < substr(valid_from, 1, length({day})) or {day} > substr(valid_to, 1, length({day})))",
        [source_id],
    ).fetchall()
    return int(number)
