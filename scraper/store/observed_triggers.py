"""The triggers of archive.db that note the months of a source for which it must be judged again what was observed."""

from __future__ import annotations

from collections.abc import Iterator

UNDATED = "unknown"  # instead of a month: articles and candidates without a day

# In a trigger, "or ignore" would not hold if the statement that fires it has a rule for conflicts of its own.
_NOTE = (
    "insert into observed_pending (source_id, month) select {side}.source_id, coalesce(substr({side}.{column}, 1, 7), '{undated}')"
    " where not exists (select 1 from observed_pending where source_id = {side}.source_id"
    " and month = coalesce(substr({side}.{column}, 1, 7), '{undated}'));"
)
_TRIGGERS = (
    ("article_added", "insert on articles", "published_at", "new", ""),
    ("article_removed", "delete on articles", "published_at", "old", ""),
    ("article_moved", "update of published_at, source_id on articles", "published_at", "old new", "published_at source_id"),
    ("candidate_added", "insert on candidates", "listed_day", "new", ""),
    ("candidate_changed", "update of state, listed_day on candidates", "listed_day", "old new", "state listed_day"),
)


def statements() -> Iterator[str]:
    """Yields the SQL that creates the triggers, and notes all months of the rows that are there."""
    for name, event, column, sides, changed in _TRIGGERS:
        notes = "".join(_NOTE.format(side=side, column=column, undated=UNDATED) for side in sides.split())
        when = f"when {' or '.join(f'old.{one} is not new.{one}' for one in changed.split())}" if changed else ""
        yield f"create trigger observe_{name} after {event} {when} begin {notes} end"
    for table, column in (("articles", "published_at"), ("candidates", "listed_day")):
        yield (
            "insert or ignore into observed_pending (source_id, month)"
            f" select distinct source_id, coalesce(substr({column}, 1, 7), '{UNDATED}') from {table}"
        )
