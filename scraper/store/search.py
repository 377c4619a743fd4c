"""The full-text index: what is written into articles_fts. (How it is asked: `scraper/web/search.py`.)

The index is contentless, so a row is taken out by naming the very text that it was made from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from scraper.text import fold, search_form


def index(database: Database, article_id: int, *, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """Put an article's text into the index, in the place of what stood there. Part of the caller's transaction."""
    old = columns(before) if before is not None else None
    new = columns(after)
    if old == new:
        return
    if old is not None:
        database.conn.execute(
            "insert into articles_fts (articles_fts, rowid, title, text, title_folded, text_folded) values ('delete', ?, ?, ?, ?, ?)",
            [article_id, *old],
        )
    database.conn.execute(
        "insert into articles_fts (rowid, title, text, title_folded, text_folded) values (?, ?, ?, ?, ?)", [article_id, *new]
    )


def columns(content: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Title and text as the index holds them: as written (marks count), and folded."""
    title = content["title"] or ""
    text = "\n\n".join(filter(None, [content["summary"], content["body"], *content["tags"]]))
    return search_form(title), search_form(text), fold(title), fold(text)
