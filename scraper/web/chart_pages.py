"""The pages of the charts: /-/charts lists them, /-/charts/QUERY shows one, with a form for the parameters of its query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette import Response
from datasette.utils.asgi import NotFound
from markupsafe import Markup

from scraper.web import chart_pictures, chart_specs, code_names
from scraper.web.chart_definitions import Chart, Table, charts, pairs_of, table_of
from scraper.web.languages import gettext as _
from scraper.web.languages import short_number
from scraper.web.named_queries import Answer, answer, served
from scraper.web.table_words import code_in, column_name

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_MOST_ROWS = 200  # of the table below a chart


async def overview(datasette: Datasette, request: Request) -> Response:
    """Returns the list of the charts. Their titles are those of the queries."""
    database = served(datasette)
    listed = []
    for name in charts():
        query = await datasette.get_canned_query(database, name, None)
        if query is not None:
            listed.append(
                {"url": str(datasette.urls.path(f"/-/charts/{name}")), "title": query["title"], "description": query["description"]}
            )
    context = {"charts": listed, "database": database}
    return Response.html(await datasette.render_template("charts.html", context, request=request))


async def page(datasette: Datasette, request: Request) -> Response:
    """Returns the page of a chart. Raises: NotFound if there is none with this name."""
    chart = charts().get(request.url_vars["name"])
    if chart is None:
        raise NotFound(_("There is no such chart"))
    database = served(datasette)
    typed = {name: request.args.get(name) or "" for name in request.args}
    is_example = any(not typed.get(name) for name in chart.needs)
    given = {**typed, **(chart.needs if is_example else {})}
    found = await answer(datasette, database, chart.query, given)
    context = {
        "answer": found,
        "given": given,
        "is_example": is_example,
        "drawn": _drawn(chart, found),
        "rows": found.rows[:_MOST_ROWS],
        "database": database,
    }
    status = 400 if found.inputs.is_wrong else 200
    return Response.html(await datasette.render_template("chart.html", context, request=request), status=status)


def _drawn(chart: Chart, found: Answer) -> dict[str, Any] | None:
    """Returns the picture of a chart, its specification and what must be said of it. None if there is nothing to draw."""
    if not found.rows:
        return None
    if chart.mark == "network":
        return _network(chart, found)
    named = [{name: code_in(name, row[name]) if name == chart.colour else row[name] for name in row.keys()} for row in found.rows]  # noqa: SIM118
    table = table_of(chart, named, _("others"), lambda x: code_names.named(chart.names, x) if chart.names else x, column_name)
    titles = (column_name(chart.x), ", ".join(map(column_name, chart.ys)))
    label = f"{found.title}. {_said(table)}"
    if chart.mark == "lines":
        picture = chart_pictures.lines(table.xs, table.series, label)
        spec = chart_specs.lines(table.xs, table.series, titles)
    else:
        picture = chart_pictures.columns(table.xs, table.series, label, table.unseen)
        spec = chart_specs.columns(table.xs, table.series, titles, table.unseen)
    return {"picture": picture, "spec": _script(spec, found), "unseen": len(table.unseen), "added_up": table.added_up, "text": _said(table)}


def _network(chart: Chart, found: Answer) -> dict[str, Any]:
    weights, pairs = pairs_of(chart, found.rows)
    strongest = "; ".join(f"{one} – {other}: {short_number(number)}" for one, other, number in pairs[:3])
    picture = chart_pictures.network(weights, pairs, f"{found.title}. {strongest}")
    spec = chart_specs.network(weights, pairs, (column_name(chart.weights[0]), column_name(chart.ys[0])))
    return {"picture": picture, "spec": _script(spec, found), "unseen": 0, "added_up": 0, "text": strongest}


def _script(spec: dict[str, Any], found: Answer) -> Markup:
    return chart_specs.as_script({"description": found.title, **spec})


def _said(table: Table) -> str:
    """Returns the largest value of each series in words."""
    parts = []
    for name, values in table.series.items():
        known = [(value, x) for value, x in zip(values, table.xs, strict=True) if value is not None]
        if known:
            value, x = max(known, key=lambda one: one[0])
            parts.append(_("%(name)s: at most %(value)s (%(x)s)") % {"name": name, "value": short_number(value), "x": x})
    return "; ".join(parts)
