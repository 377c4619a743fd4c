"""Articles from outside the period of their source: published before its first day, or after its last."""

from __future__ import annotations

from sqlite_utils import Database


def count_outside(database: Database, source_id: str) -> int:
    """Returns the number of articles of a source that were published outside its period. The named query `outside_the_period` shows them.

    A date that is only a month is outside if the whole month is. An unknown day excludes nothing.
    """
    [(number,)] = database.execute(
        "select count(*) from articles join sources on sources.id = source_id where source_id = ?"
        " and (substr(published_at, 1, 10) < substr(valid_from, 1, length(published_at))"
        " or substr(published_at, 1, 10) > substr(valid_to, 1, length(published_at)))",
        [source_id],
    ).fetchall()
    return int(number)
