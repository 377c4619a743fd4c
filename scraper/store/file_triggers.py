"""Triggers that note the files of which it must be decided again whether they are wanted: another article links to the file, or one no
longer does, or an article that does has another date. (`files` decides.)
"""

from __future__ import annotations

from collections.abc import Iterator

# A file that was requested is not decided on again. In a trigger, "or ignore" would not hold if the statement that fires it has a rule
# for conflicts of its own.
_NOTE = """
insert into files_pending (source_id, file_id) select files.source_id, files.id from {links}
    cross join files on files.source_id = articles.source_id and files.url = {url}
    where {article} and files.state in ('new', 'not-wanted')
    and not exists (select 1 from files_pending where source_id = files.source_id and file_id = files.id);
"""
_DATES = ("published_at", "first_seen")  # columns of `articles` on which it depends


def statements() -> Iterator[str]:
    """Yields the SQL that creates the triggers."""
    for name, event, side in (("added", "insert", "new"), ("removed", "delete", "old")):
        note = _NOTE.format(links="articles", url=f"{side}.url", article=f"articles.id = {side}.article_id")
        yield f"create trigger note_attachment_{name} after {event} on attachments begin {note} end"
    note = _NOTE.format(
        links="articles cross join attachments on article_id = articles.id", url="attachments.url", article="articles.id = new.id"
    )
    differs = " or ".join(f"old.{column} is not new.{column}" for column in _DATES)
    yield f"create trigger note_attachments_dated after update of {', '.join(_DATES)} on articles when {differs} begin {note} end"
