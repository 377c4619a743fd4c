"""When each article was last requested, whatever the answer: the table `recheck_times`, which triggers keep.

The last request is the latest of these: a capture shows the article, its URL was captured (an error page, too), a request of its URL
failed, or its candidate was requested. Empty: the capture of the article was lost since then, so it is requested as soon as possible.
"""

from __future__ import annotations

# With the plus, SQLite uses the index of the URLs, and does not read all articles of the source.
_OF_URL = (
    "select id from articles where capture_id in (select id from captures where source_id = new.source_id and url = new.url)"
    " union all select id from articles where url = new.url and +source_id = new.source_id and capture_id is null"
)
_OF_KEY = "select id from articles where source_id = new.source_id and key = new.key"
# Of some articles, from all that the archive has about them. With the limit, SQLite computes the latest time once, not twice.
_COUNT = (
    "insert into recheck_times (article_id, source_id, checked_at)"
    " select id, source_id, case when lost_at > checked_at then '' else checked_at end from ("
    "select articles.id, articles.source_id, lost_at, max(articles.last_seen, coalesce(gone_at, ''),"
    " coalesce((select max(coalesce(ordered_at, captured_at)) from captures as other where other.source_id = articles.source_id"
    " and other.url = coalesce(captures.url, articles.url)), ''),"
    " coalesce((select max(failures.last_seen) from failures where failures.source_id = articles.source_id"
    " and failures.url = coalesce(captures.url, articles.url)), ''),"
    " coalesce((select max(last_requested) from candidates where candidates.source_id = articles.source_id"
    " and candidates.key = articles.key), '')) as checked_at"
    " from articles left join captures on captures.id = articles.capture_id where {where} limit -1) where true"
    " on conflict (article_id) do update set source_id = excluded.source_id, checked_at = excluded.checked_at;"
)


def statements() -> list[str]:
    """Returns the SQL that creates the triggers, then the SQL that counts what they would have counted of the rows that are there."""
    of_capture, of_failure, of_candidate = (
        _later(articles, time)
        for articles, time in (
            (_OF_URL, "coalesce(new.ordered_at, new.captured_at)"),
            (_OF_URL, "new.last_seen"),
            (_OF_KEY, "new.last_requested"),
        )
    )
    moved = " or ".join(f"old.{column} is not new.{column}" for column in ("source_id", "key", "url", "capture_id"))
    return [
        f"create trigger time_article after insert on articles begin {_COUNT.format(where='articles.id = new.id')} end",
        "create trigger time_article_moved after update of source_id, key, url, capture_id on articles"
        f" when {moved} begin {_COUNT.format(where='articles.id = new.id')} end",
        "create trigger time_article_seen after update of last_seen on articles when old.last_seen is not new.last_seen"
        f" begin {_later('select new.id', 'new.last_seen')} end",
        "create trigger time_article_removed after delete on articles begin delete from recheck_times where article_id = old.id; end",
        f"create trigger time_capture after insert on captures begin {of_capture} end",
        "create trigger time_capture_lost after update of lost_at on captures when old.lost_at is not new.lost_at"
        f" begin {_COUNT.format(where='articles.capture_id = new.id')} end",
        f"create trigger time_failure after insert on failures begin {of_failure} end",
        f"create trigger time_failure_again after update of last_seen on failures begin {of_failure} end",
        f"create trigger time_candidate after insert on candidates when new.last_requested > '' begin {of_candidate} end",
        "create trigger time_candidate_again after update of last_requested on candidates"
        f" when old.last_requested is not new.last_requested begin {of_candidate} end",
        _COUNT.format(where="true"),
    ]


def _later(articles: str, time: str) -> str:
    """Returns the SQL that notes a time for some articles, if it is later than the one that they have."""
    return f"update recheck_times set checked_at = {time} where article_id in ({articles}) and checked_at < {time};"
