"""The pages of the health of the sources: /-/health for people, /-/health.json for programs, /-/health.atom for feed readers."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from datasette import Response

from scraper.health.feed import atom
from scraper.health.overview import Line, counts, lines, worst_first
from scraper.health.status_page import style, table
from scraper.store.source_health import CHANGES, NEWEST

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database
    from datasette.utils.asgi import Request

_CHANGES = 50  # that the page and the feed show


async def page(datasette: Datasette, request: Request) -> Response:
    """Returns the page, in Vietnamese and English."""
    name, found, changes = await _read(datasette)
    unjudged = 0
    if name is not None:
        sql = "select count(*) from sources where id not in (select source_id from source_health)"
        unjudged = (await datasette.get_database(name).execute(sql)).rows[0][0]

    def link(line: Line) -> str:
        return str(datasette.urls.row(name, "sources", line.source_id))

    content = {
        "table": table(found, changes, unjudged, link),
        "style": style(),
        "is_judged": bool(found),
        "query": datasette.urls.query(name, "broken_sources") if name is not None else "",
        "feed": datasette.urls.path("/-/health.atom"),
        "json": datasette.urls.path("/-/health.json"),
    }
    return Response.html(await datasette.render_template("health.html", {"health": content}, request=request))


async def as_json(datasette: Datasette, request: Request) -> Response:
    """Returns the states as JSON."""
    _, found, _ = await _read(datasette)
    numbers = {state.value: number for state, number in counts(found).items()}
    content = {"counts": numbers, "sources": [line.as_json() for line in worst_first(found)]}
    return Response(json.dumps(content, ensure_ascii=False), content_type="application/json; charset=utf-8")


async def feed(datasette: Datasette, request: Request) -> Response:
    """Returns the Atom feed of the changes."""
    _, found, changes = await _read(datasette)
    updated = max((line.judged_at for line in found), default="1970-01-01T00:00:00Z")
    return Response(atom(changes, updated, str(request.url)).decode(), content_type="application/atom+xml; charset=utf-8")


async def _read(datasette: Datasette) -> tuple[str | None, list[Line], list[Line]]:
    """Returns the name of the archive that is served, the states of its sources, and their changes. Without one: None and nothing."""
    served = [name for name in datasette.databases if not name.startswith("_")]
    for name in sorted(served, key=lambda name: name != "archive"):
        database = datasette.get_database(name)
        try:
            return name, lines(await _rows(database, NEWEST)), lines(await _rows(database, CHANGES, _CHANGES))
        except sqlite3.Error:
            continue  # not an archive
    return None, [], []


async def _rows(database: Database, sql: str, *parameters: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in (await database.execute(sql, list(parameters))).rows]
