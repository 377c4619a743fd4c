"""Writes the full-text index `articles_fts`. (`scraper/web/search_articles.py` queries it.)

The index is contentless: to delete a row, SQLite needs the exact text from which the row was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from scraper.article_forms import search_forms
from scraper.model import ArticleForms

_INDEXED = ("title", "summary", "body", "tags")  # what `columns` depends on


def index(
    database: Database,
    article_id: int,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    forms: ArticleForms | None = None,
) -> None:
    """Writes an article's text into the index and removes its earlier text. Part of the caller's transaction. `forms`: those of `after`, if
    they are known."""
    if before is not None and all(before[name] == after[name] for name in _INDEXED):
        return
    new = forms.search if forms is not None else columns(after)
    if before is not None:
        if columns(before) == new:
            return
        remove(database, article_id, before)
    database.conn.execute(
        "insert into articles_fts (rowid, title, text, title_folded, text_folded) values (?, ?, ?, ?, ?)", [article_id, *new]
    )


def remove(database: Database, article_id: int, content: Mapping[str, Any]) -> None:
    """Removes an article from the index. `content`: the stored title, summary, body and sorted tags. Part of the caller's transaction."""
    database.conn.execute(
        "insert into articles_fts (articles_fts, rowid, title, text, title_folded, text_folded) values ('delete', ?, ?, ?, ?, ?)",
        [article_id, *columns(content)],
    )


def columns(content: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Returns what the index holds of a stored article."""
    return search_forms(content["title"], content["summary"], content["body"], content["tags"])
