"""Atom feeds of what lists articles: a document, a unit, a source, the table of articles with filters or a search, and named queries."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from datasette import Response
from datasette.utils import InvalidSql, escape_sqlite, tilde_decode
from datasette.utils.asgi import NotFound

from scraper.export.atom_feed import MEDIA_TYPE, Entry, Feed, atom
from scraper.export.reading import Query
from scraper.web.file_queries import query_of
from scraper.web.languages import gettext as _
from scraper.web.notices import notices_of

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

ENDING = "atom"
_MOST = 50  # entries: what feed readers expect
# table → the ids of the newest articles about one of its rows
_OF_ROW = {
    "documents": "select id from articles where id in (select article_id from citations where document_id = :row)",
    "units": "select id from articles where unit_id = :row",
    "sources": "select id from articles where source_id = :row",
}
_LABELS = {"documents": "label", "units": "name", "sources": "name"}
_DETAILS = (
    "select articles.id, source_id, key, title, url, sources.name as source, articles.first_seen, published_at, articles.summary"
    " from articles join sources on sources.id = source_id where articles.id in ({})"
)


def has_feed(table: str | None, columns: Sequence[str], view_name: str) -> bool:
    """Returns whether the page of a row, a table or a query has a feed. Datasette calls it."""
    return table in _OF_ROW if view_name == "row" else lists_articles(table, columns)


def lists_articles(table: str | None, columns: Sequence[str]) -> bool:
    """Returns whether a result has a feed: its rows are articles, or name one each."""
    return "article_id" in columns or (table == "articles" and "id" in columns)


async def feed(datasette: Datasette, request: Request) -> Response:
    """Returns the feed of what the URL names. Raises: NotFound if it lists no articles, and as `query_of`."""
    database = tilde_decode(request.url_vars["database"])
    try:
        if request.url_vars.get("pks") is not None:
            name, title, ids = await _of_row(datasette, database, request)
        else:
            name, title, ids = await _of_result(datasette, database, request)
        entries = await _entries(datasette, request, database, ids)
        last_run = await _rows(datasette, database, "select started_at as last from runs order by id desc limit 1", {})
    except (sqlite3.Error, InvalidSql) as error:
        raise NotFound(_("There is no feed of this.")) from error
    notice = "; ".join(map(str, await notices_of(datasette, database)))
    path = str(datasette.urls.path(request.path.removeprefix(str(datasette.setting("base_url")).rstrip("/"))))
    chosen = f"?{request.query_string}" if request.query_string else ""
    about = Feed(
        name=name,
        title=title,
        url=_absolute(datasette, request, path + chosen),
        page=_absolute(datasette, request, path.removesuffix(f".{ENDING}") + chosen),
        notice=notice,
        updated=last_run[0]["last"] if last_run else "1970-01-01T00:00:00Z",
    )
    return Response(atom(about, entries).decode(), content_type=MEDIA_TYPE)


async def _of_row(datasette: Datasette, database: str, request: Request) -> tuple[str, str, list[int]]:
    table, row = tilde_decode(request.url_vars["table"]), tilde_decode(request.url_vars["pks"])
    if table not in _OF_ROW:
        raise NotFound(_("Only a document, a unit and a source have a feed."))
    await _check_may_view(datasette, request, database, table)
    found = await _rows(datasette, database, f"select {_LABELS[table]} as label from {escape_sqlite(table)} where id = :row", {"row": row})
    if not found:
        raise NotFound(_("There is no such row."))
    ids = await _rows(datasette, database, f"{_OF_ROW[table]} order by published_at desc limit {_MOST}", {"row": row})
    title = _("Articles that cite %s") if table == "documents" else "%s"
    return f"{table}:{row}", title % found[0]["label"], [one["id"] for one in ids]


async def _of_result(datasette: Datasette, database: str, request: Request) -> tuple[str, str, list[int]]:
    query = await query_of(datasette, request)
    if not isinstance(query, Query):
        raise NotFound(_("There is no feed of this."))
    result = await datasette.get_database(database).execute(query.sql, query.parameters, truncate=True, page_size=_MOST)
    if not lists_articles(str(query.subject.get("table", "")), result.columns):
        raise NotFound(_("Only a result that lists articles has a feed: one with a column article_id."))
    column = "article_id" if "article_id" in result.columns else "id"
    ids = list(dict.fromkeys(row[column] for row in result.rows if row[column] is not None))[:_MOST]
    chosen = request.query_string
    return f"{query.name}:{chosen}", f"{query.name}: {chosen}" if chosen else query.name, ids


async def _check_may_view(datasette: Datasette, request: Request, database: str, table: str) -> None:
    permissions = [("view-table", (database, table)), ("view-database", database), "view-instance"]
    await datasette.ensure_permissions(request.actor, permissions)


async def _entries(datasette: Datasette, request: Request, database: str, ids: Sequence[int]) -> list[Entry]:
    """Returns the entries of articles, in the order of their ids."""
    found = await _rows(datasette, database, _DETAILS.format(", ".join("?" * len(ids))), list(ids)) if ids else []
    by_id = {row["id"]: row for row in found}
    return [_entry(datasette, request, database, by_id[one]) for one in ids if one in by_id]


def _entry(datasette: Datasette, request: Request, database: str, row: dict[str, Any]) -> Entry:
    page = _absolute(datasette, request, str(datasette.urls.row(database, "articles", str(row["id"]))))
    texts = {name: str(row[name] or "") for name in ("source_id", "key", "title", "source", "summary")}
    return Entry(page=page, original=str(row["url"] or ""), seen=row["first_seen"], published=row["published_at"], **texts)


async def _rows(datasette: Datasette, database: str, sql: str, parameters: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in (await datasette.get_database(database).execute(sql, parameters)).rows]


def _absolute(datasette: Datasette, request: Request, path: str) -> str:
    return str(datasette.absolute_url(request, path))
