"""The Datasette plugin: search that knows Vietnamese, SQL functions, pages for articles, documents and sources."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from datasette import hookimpl as _hookimpl
from markupsafe import Markup

from scraper.text import fold, number_form, search_form
from scraper.web.pages import Archive
from scraper.web.search import match_expression, number_forms, snippet

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself being imported
    from datasette.app import Datasette

_Hook = TypeVar("_Hook", bound=Callable[..., Any])
# Datasette marks its hooks without types.
hookimpl: Callable[[_Hook], _Hook] = _hookimpl

PLUGIN = "vietnam-government-news-archive"


def _null_safe(function: Callable[..., str]) -> Callable[..., str | None]:
    return lambda value, *rest: None if value is None else function(str(value), *rest)


@_hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """SQL functions. Last of all plugins, since Datasette has an `escape_fts` of its own that knows no Vietnamese."""
    conn.create_function("escape_fts", 1, lambda query: match_expression(str(query or "")), deterministic=True)
    conn.create_function("fold", 1, _null_safe(fold), deterministic=True)
    conn.create_function("search_form", 1, _null_safe(search_form), deterministic=True)
    conn.create_function("number_form", 1, _null_safe(number_form), deterministic=True)
    conn.create_function("number_forms", 1, lambda query: number_forms(str(query or "")), deterministic=True)
    conn.create_function("snippet_vi", 3, lambda summary, body, query: snippet(str(query or ""), summary, body), deterministic=True)


@hookimpl
def extra_template_vars(datasette: Datasette, database: str | None) -> dict[str, Any]:
    """`archive`: the questions that the templates ask."""
    name = (
        database if database and database in datasette.databases else next((n for n in datasette.databases if not n.startswith("_")), None)
    )
    return {"archive": Archive(datasette, name)} if name else {}


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    """The style of the pages."""
    return [datasette.urls.static_plugins(PLUGIN, "archive.css")]


@hookimpl
def extra_js_urls(datasette: Datasette) -> list[str]:
    """The script of the pages: one comfort, nothing that a page needs."""
    return [datasette.urls.static_plugins(PLUGIN, "archive.js")]


# Columns of named queries that hold the key of a row: column → table. In tables, Datasette links foreign keys itself.
_KEYS = {"article_id": "articles", "document_id": "documents", "source_id": "sources", "unit_id": "units", "capture_id": "captures"}


# How a time is shown where nothing but the day, or the month, was read: the zeros behind it say nothing.
_SHOWN_LENGTH = {"day": 10, "month": 7, "minute": 16}


@hookimpl
def render_cell(row: sqlite3.Row, value: object, column: str, table: str | None, database: str, datasette: Datasette) -> Markup | None:
    """A key in the result of a query as a link to its row; a time of publication as exactly as it is known."""
    if table is None and column in _KEYS and value is not None:
        return Markup('<a href="{}">{}</a>').format(datasette.urls.row(database, _KEYS[column], str(value)), value)
    if column == "published_at" and table == "articles" and value is not None and "published_precision" in row.keys():  # noqa: SIM118
        shown = str(value)[: _SHOWN_LENGTH[row["published_precision"]]].replace("T", " ")
        return Markup('<time datetime="{}">{}</time>').format(value, shown)
    return None
