"""The day of publication as a text. Of a date of which only the month is known, `published_at` has the first of the month: that day means
nothing, so that only the month is compared and shown.
"""

from __future__ import annotations


def published_day(articles: str = "articles") -> str:
    """Returns SQL for the day or the month on which an article was published: "2012-05-14" or "2012-05". `articles`: the name of the table
    in the query.
    """
    return f"substr({articles}.published_at, 1, iif({articles}.published_precision = 'month', 7, 10))"
