"""What was requested from a source and with what result, per day in Viet Nam's time zone. No URL counts twice on a day.

Triggers note the days that a change touches, whoever makes it, and `update` counts only those again. They also note each day on which a URL
gave no response: the table `failures` has only the first and the last of them.
"""

from __future__ import annotations

from sqlite_utils import Database

# In a trigger, "or ignore" would not hold if the statement that fires it has a rule for conflicts of its own.
_PENDING = (
    "insert into coverage_pending (source_id, day) select new.source_id, date(new.{column}, '+7 hours') where not exists"
    " (select 1 from coverage_pending where source_id = new.source_id and day = date(new.{column}, '+7 hours'));"
)
_UNANSWERED = (
    "insert into unanswered (source_id, day, url) select new.source_id, date(new.last_seen, '+7 hours'), new.url where not exists"
    " (select 1 from unanswered where source_id = new.source_id and day = date(new.last_seen, '+7 hours') and url = new.url);"
)
# Failures of requests that were sent, or tried: the name of a host may be unknown. The others say why nothing was requested.
_TRIED = (
    "{row}.capture_id is null and {row}.stage not in ('discover', 'keep') and {row}.reason not in"
    " ('robots', 'robots-unreachable', 'budget-used', 'outside-window', 'private-address', 'bad-url', 'other-host')"
)


def statements() -> list[str]:
    """Returns the SQL that creates the triggers, then the SQL that notes what they would have noted of the rows that are there."""
    capture = _PENDING.format(column="captured_at")
    failure = f"{_UNANSWERED} {_PENDING.format(column='last_seen')}"
    tried = f"when {_TRIED.format(row='new')} begin {failure} end"
    known = f"from failures where {_TRIED.format(row='failures')}"
    return [
        f"create trigger cover_capture after insert on captures begin {capture} end",
        f"create trigger cover_outcome after update of outcome on captures when old.outcome is not new.outcome begin {capture} end",
        f"create trigger cover_failure after insert on failures {tried}",
        f"create trigger cover_failure_again after update of last_seen on failures {tried}",
        "insert or ignore into coverage_pending (source_id, day) select source_id, date(captured_at, '+7 hours') from captures",
        *(
            f"insert or ignore into unanswered (source_id, day, url) select source_id, date({column}, '+7 hours'), url {known}"
            for column in ("first_seen", "last_seen")
        ),
        "insert or ignore into coverage_pending (source_id, day) select distinct source_id, day from unanswered",
    ]


def update(database: Database, source_id: str) -> None:
    """Counts the coverage of a source again for the days that changed since the last call. One transaction.

    - captured = URLs that gave a response
    - failed = URLs that gave none
    - asked = captured + failed
    - articles = URLs that gave an article
    - lists = URLs that gave a list page, a sitemap or a feed
    - refused = URLs that gave only error responses or, at the URL of an article, pages that hold none
    """
    days = [day for (day,) in database.execute("select day from coverage_pending where source_id = ?", [source_id]).fetchall()]
    with database.conn:
        database.conn.executemany("delete from coverage where source_id = ? and day = ?", [(source_id, day) for day in days])
        database.conn.executemany(_COUNT, [{"source": source_id, "day": day} for day in days])
        database.conn.execute("delete from coverage_pending where source_id = ?", [source_id])


# The captures of a day, and whether the page of one that says "not modified" is the one that another capture holds.
_COUNT = """
    insert into coverage (source_id, day, asked, captured, articles, lists, refused, failed)
    with received as (
        select captures.url, case captures.outcome when 'not-modified' then original.outcome else captures.outcome end as outcome
        from captures left join captures original on original.id = captures.revisit_of
        where captures.source_id = :source and captures.captured_at >= strftime('%Y-%m-%dT%H:%M', :day, '-7 hours')
        and captures.captured_at < strftime('%Y-%m-%dT%H:%M', :day, '+17 hours')
    ), urls as (
        select max(outcome = 'article') as article, max(outcome in ('listing', 'sitemap', 'feed')) as list,
            min(coalesce(outcome = 'refused', 0)) as refused, 0 as failed
        from received group by url
        union all
        select 0, 0, 0, 1 from unanswered where source_id = :source and day = :day and url not in (select url from received)
    )
    select :source, :day, count(*), sum(not failed), coalesce(sum(article), 0), coalesce(sum(list), 0), sum(refused), sum(failed)
    from urls having count(*)
"""
