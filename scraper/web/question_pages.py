"""The page /-/questions: the named queries by topic, with their charts, and what cannot be answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from datasette import Response

from scraper.web.chart_definitions import charts
from scraper.web.languages import gettext as _
from scraper.web.named_queries import served
from scraper.web.questions import by_topic
from scraper.web.table_words import column_name

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request


def unanswered() -> Sequence[tuple[str, str]]:
    """Returns questions of researchers that the archive cannot answer, each with what it lacks."""
    return [
        (
            _("How long from a law to its decree and its circular?"),
            _("The archive does not have the relations between documents, only those between articles and documents."),
        ),
        (
            _("Do poor provinces publish less than rich ones?"),
            _(
                "The archive has no facts about provinces beside their names, dates and seats."
                " Join the CSV of output_by_unit with your own table."
            ),
        ),
        (_("Who speaks in the news?"), _("Names of persons are not extracted.")),
        (_("How much money do articles on budgets and procurement name?"), _("Amounts of money are not extracted.")),
        (
            _("Does coverage change around a press law, compared with other kinds of sites?"),
            _("around_a_document shows the months before and after; a comparison of kinds of sites needs statistics beyond SQL."),
        ),
    ]


async def page(datasette: Datasette, request: Request) -> Response:
    """Returns the page."""
    database = served(datasette)
    queries = await datasette.get_canned_queries(database, None)
    topics = [{"title": title, "queries": [_line(datasette, database, query) for query in found]} for title, found in by_topic(queries)]
    context = {"topics": topics, "unanswered": unanswered(), "database": database}
    return Response.html(await datasette.render_template("questions.html", context, request=request))


def _line(datasette: Datasette, database: str, query: Mapping[str, Any]) -> dict[str, Any]:
    name = query["name"]
    return {
        "title": query.get("title") or name,
        "description": query.get("description") or "",
        "parameters": {one: column_name(one) for one in query.get("params") or ()},
        "inputs": query.get("inputs") or {},
        "url": str(datasette.urls.query(database, name)),
        "chart": str(datasette.urls.path(f"/-/charts/{name}")) if name in charts() else None,
    }
