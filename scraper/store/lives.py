"""What the archive has of each source over time: captures by month, by who made them, by platform and by layout (`source_lives`).

`update` counts again only the months that changed since the last call (`move_triggers`).
"""

from __future__ import annotations

from sqlite_utils import Database

_OWN, _FILE = "own", "file"  # who made a capture: a crawl of this archive, or an unknown tool whose file was imported; else a host
_HOST = "substr(origin, instr(origin, '//') + 2)"
# A web archive is named by its host: https://web.archive.org/web/20090801id_/http://mic.gov.vn/ -> web.archive.org
_MADE_BY = (
    f"case when origin is null then '{_OWN}' when origin like 'http://%' or origin like 'https://%'"
    f" then substr({_HOST}, 1, instr({_HOST} || '/', '/') - 1) else '{_FILE}' end"
)
# The layout of an article is that of the capture it was read from. Earlier captures of it have none.
_COUNT = f"""
    insert into source_lives (source_id, month, made_by, platform, layout, captures, articles, first_capture, last_capture)
    select captures.source_id, substr(captured_at, 1, 7), {_MADE_BY}, coalesce(platform, ''), coalesce(layout, ''), count(*),
        sum(outcome is 'article'), min(captured_at), max(captured_at)
    from lives_pending cross join captures left join articles on articles.capture_id = captures.id
    where captures.source_id = lives_pending.source_id and captured_at >= month and captured_at < month || '~'
    group by 1, 2, 3, 4, 5
"""


def update(database: Database) -> None:
    """Counts the months again that changed since the last call. Part of the caller's transaction."""
    database.conn.execute("delete from source_lives where (source_id, month) in (select source_id, month from lives_pending)")
    database.conn.execute(_COUNT)
    database.conn.execute("delete from lives_pending")


def rebuild(database: Database) -> None:
    """Counts all months again. Part of the caller's transaction."""
    database.conn.execute("delete from source_lives")
    database.conn.execute(
        "insert or ignore into lives_pending (source_id, month) select distinct source_id, substr(captured_at, 1, 7) from captures"
    )
    update(database)
