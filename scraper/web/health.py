"""The pages of the health of the sources: /-/health for people, /-/health.json for programs, /-/health.atom for feed readers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from datasette import Response
from sqlite_utils import Database

from scraper.health.feed import atom
from scraper.health.overview import Overview, counts, read, worst_first
from scraper.health.overview import as_json as lines_as_json
from scraper.health.status_page import style
from scraper.health.wording import state_name
from scraper.web.served_archive import archive_name

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request


async def page(datasette: Datasette, request: Request) -> Response:
    """Returns the page."""
    name, overview = await _read(datasette)
    content = {
        "lines": worst_first(overview.lines),
        "counts": counts(overview.lines),
        "changes": overview.changes,
        "unjudged": overview.unjudged,
        "state_name": state_name,
        "style": style(),
        "query": datasette.urls.query(name, "broken_sources") if name is not None else "",
        "feed": datasette.urls.path("/-/health.atom"),
        "json": datasette.urls.path("/-/health.json"),
    }
    return Response.html(await datasette.render_template("health.html", {"health": content}, request=request))


async def as_json(datasette: Datasette, request: Request) -> Response:
    """Returns the states as JSON."""
    _, overview = await _read(datasette)
    return Response(json.dumps(lines_as_json(overview.lines), ensure_ascii=False), content_type="application/json; charset=utf-8")


async def feed(datasette: Datasette, request: Request) -> Response:
    """Returns the Atom feed of the changes."""
    _, overview = await _read(datasette)
    updated = max((line.judged_at for line in overview.lines), default="1970-01-01T00:00:00Z")
    return Response(atom(overview.changes, updated, str(request.url)).decode(), content_type="application/atom+xml; charset=utf-8")


async def _read(datasette: Datasette) -> tuple[str | None, Overview]:
    """Returns the name of the archive that is served, and how its sources are now. Without one: None and nothing."""
    name = archive_name(datasette)
    if name is None:
        return None, Overview()
    return name, await datasette.get_database(name).execute_fn(lambda connection: read(Database(connection)))
