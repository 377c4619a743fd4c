"""What was requested from a source and with what result, per day in Viet Nam's time zone."""

from __future__ import annotations

from sqlite_utils import Database


def rebuild(database: Database, source_id: str) -> None:
    """Counts a source's coverage again from its captures and failures. One transaction.

    - captured = responses that were received
    - failed = URLs that gave no response
    - asked = captured + failed
    - articles = responses that hold an article
    - refused = error responses, and responses at the URL of an article that hold none
    """
    with database.conn:
        database.conn.execute("delete from coverage where source_id = ?", [source_id])
        database.conn.execute(
            """
            insert into coverage (source_id, day, asked, captured, articles, refused, failed)
            select ?, day, sum(captured) + sum(failed), sum(captured), sum(articles), sum(refused), sum(failed) from (
                select date(captured_at, '+7 hours') as day, 1 as captured, outcome = 'article' as articles,
                    coalesce(outcome = 'refused', 0) as refused, 0 as failed
                from captures where source_id = ?
                union all
                select date(last_seen, '+7 hours'), 0, 0, 0, 1 from failures where source_id = ? and capture_id is null
            ) group by day
            """,
            [source_id, source_id, source_id],
        )
