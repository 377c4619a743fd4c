"""/-/about: what the archive is, how to cite it, what may be reused, whom site owners write to, and examples for R and Python."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from datasette import Response

from scraper import __version__, clock
from scraper.web.days import day
from scraper.web.plugin_settings import settings
from scraper.web.served_archive import archive_name

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request


async def page(datasette: Datasette, request: Request) -> Response:
    """Returns the page. The contact is `contact` of the plugin in metadata.yml, else the setting CRAWLER_CONTACT."""
    stated = settings(datasette).get("contact") or os.environ.get("CRAWLER_CONTACT", "")
    name = archive_name(datasette)
    address = datasette.absolute_url(request, datasette.urls.instance()).rstrip("/")
    content = {
        "contact": stated,
        "is_mail": "@" in stated and "/" not in stated,
        "url": address,
        "data": datasette.absolute_url(request, datasette.urls.database(name)) if name else address,
        "today": f"{clock.now():%Y-%m-%d}",
        "version": __version__,
        "runs": await _last_run(datasette, name),
    }
    return Response.html(await datasette.render_template("about.html", {"about": content}, request=request))


async def _last_run(datasette: Datasette, name: str | None) -> str:
    """Returns the day of the last run, or an empty text."""
    if name is None:
        return ""
    result = await datasette.get_database(name).execute("select ended_at from runs where ended_at is not null order by id desc limit 1")
    return day(result.rows[0][0]) if result.rows else ""
