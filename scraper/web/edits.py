"""What a revision changed, for its page: each field with its old and its new value, word by word."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from scraper.web import code_names
from scraper.web.archive_rows import ArchiveRows, Row
from scraper.word_difference import difference, shortened

_CONTEXT = 400  # characters of unchanged text that stay on each side of a change
_LISTS = ("tags", "attachments")


async def revision(archive: ArchiveRows, revision_id: object) -> dict[str, Any] | None:
    """Returns a revision: its article, its fields with their differences, the captures before and after, and the revisions beside it.
    Returns None if there is no such revision.
    """
    found = await archive.rows(
        "select revisions.id, revisions.article_id, seen_at, revisions.capture_id, articles.title, articles.url, sources.name as source"
        " from revisions join articles on articles.id = revisions.article_id join sources on sources.id = source_id where revisions.id = ?",
        [revision_id],
    )
    if not found:
        return None
    row = found[0]
    fields = await archive.rows("select field, old, new from changes where revision_id = ?", [revision_id])
    beside = [row["article_id"], row["seen_at"], row["id"]]
    other = "select id, seen_at from revisions where article_id = ? and (seen_at, id)"
    before = await archive.rows(
        # A capture whose clock was ahead has its place in `ordered_at`.
        "select captures.id, coalesce(ordered_at, captured_at) as at from captures join articles on articles.url = captures.url"
        " and articles.source_id = captures.source_id where articles.id = ? and outcome = 'article' and at < ?"
        " order by at desc, captures.id desc limit 1",
        [row["article_id"], row["seen_at"]],
    )
    return {
        "revision": row,
        # Comparing two long texts takes a part of a second, in which other requests must be answered.
        "fields": await asyncio.to_thread(lambda: [_field(one) for one in fields]),
        "before": before,
        "earlier": await archive.rows(f"{other} < (?, ?) order by seen_at desc, id desc limit 1", beside),
        "later": await archive.rows(f"{other} > (?, ?) order by seen_at, id limit 1", beside),
    }


def _field(row: Row) -> dict[str, Any]:
    old, new = (_text(row["field"], row[side]) for side in ("old", "new"))
    return {"name": code_names.named("field", row["field"]), "pieces": shortened(difference(old, new), _CONTEXT)}


def _text(field: str, value: str | None) -> str:
    """Returns the value of a field as text. A list has a line for each item."""
    if value is None:
        return ""
    return "\n".join(map(str, json.loads(value))) if field in _LISTS else str(value)
