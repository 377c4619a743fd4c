"""The page of how a document spread over the units, /-/diffusion/ID, and the files of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette import Response
from datasette.utils.asgi import NotFound

from scraper.web import chart_pictures, chart_specs, diffusion, inputs, languages, parameters
from scraper.web.chart_pictures import Place
from scraper.web.diffusion import Row, Step
from scraper.web.document_names import COLUMNS
from scraper.web.error_texts import bad_request
from scraper.web.languages import gettext as _
from scraper.web.named_queries import answer, links_of, served

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

QUERY = "diffusion_by_unit"
# The values of the two choices, the first one being the one without any.
CHOICES: Mapping[str, tuple[str, ...]] = {"borders": inputs.CHOICES["borders"], "units": inputs.CHOICES["units-of"]}
_MOST_LATER = 100  # units that did not exist on the day of signing, on one page


async def page(datasette: Datasette, request: Request) -> Response:
    """Returns the page of a document. Raises: NotFound if there is no such document."""
    database, document = await _document(datasette, request)
    chosen = _chosen(request)
    given = {"document": str(document["id"]), **chosen}
    found = await answer(datasette, database, QUERY, given)
    rows = found.rows
    titles = await _titles(datasette, database, rows)
    places = await _places(datasette, database, rows)
    steps = diffusion.curve(rows)
    content = {
        "document": document,
        "chosen": chosen,
        "choices": _choices(),
        "is_too_slow": found.is_too_slow,
        "counts": diffusion.counts(rows),
        "followed": sum(bool(row["followed"]) for row in rows),
        "reached": [dict(row) | {"title": titles.get(row["article_id"])} for row in rows if row["status"] == diffusion.REACHED],
        "others": {status: [row for row in rows if row["status"] == status] for status in (diffusion.NOT_YET, diffusion.NOT_OBSERVED)},
        "doubtful": [dict(row) | {"title": titles.get(row["doubtful_article_id"])} for row in rows if row["doubtful"]],
        "curve": _curve(steps, diffusion.last_day(rows)),
        "map": _map(places),
        "later": await _later(datasette, database, document["id"], rows, chosen),
        "links": {**found.links, **_files(datasette, document["id"], chosen)},
        "database": database,
    }
    return Response.html(await datasette.render_template("diffusion.html", {"page": content, "database": database}, request=request))


async def as_file(datasette: Datasette, request: Request) -> Response:
    """Redirects to the file of the named query. Raises: NotFound if there is no such document."""
    database, document = await _document(datasette, request)
    links = links_of(datasette, database, QUERY, {"document": str(document["id"]), **_chosen(request)})
    return Response.redirect(links[request.url_vars["format"]])


async def _document(datasette: Datasette, request: Request) -> tuple[str, Row]:
    database = served(datasette)
    sql = f"select id, {COLUMNS}, title, issued_on, year, unit_id, article_count from documents where id = ?"
    found = await datasette.execute(database, sql, [int(request.url_vars["document"])])
    if not found.rows:
        raise NotFound(_("There is no such document"))
    return database, dict(found.rows[0])


def _chosen(request: Request) -> dict[str, str]:
    """Returns the choices of the visitor. Raises: BadRequest for a parameter or a value that there is not."""
    if fault := parameters.of_query(request.args, CHOICES):
        raise bad_request(fault)
    chosen = {name: request.args.get(name) or values[0] for name, values in CHOICES.items()}
    for name, values in CHOICES.items():
        if fault := parameters.of_choice(name, chosen[name], values):
            raise bad_request(fault)
    return chosen


def _choices() -> dict[str, dict[str, str]]:
    """Returns what the values of the choices are called."""
    names = inputs.choice_names()
    return {name: {value: names[value] for value in values} for name, values in CHOICES.items()}


def statuses() -> dict[str, str]:
    """Returns what the statuses are called."""
    return {diffusion.REACHED: _("reached"), diffusion.NOT_YET: _("not yet"), diffusion.NOT_OBSERVED: _("not observed")}


def _files(datasette: Datasette, document: int, chosen: Mapping[str, str]) -> dict[str, str]:
    path = str(datasette.urls.path(f"/-/diffusion/{document}"))
    return {"csv": f"{path}.csv?{urlencode(chosen)}", "json": f"{path}.json?{urlencode(chosen)}"}


async def _titles(datasette: Datasette, database: str, rows: Sequence[Row]) -> dict[int, str]:
    """Returns the titles of the first articles, and of the first doubtful ones."""
    ids = sorted({row[name] for row in rows for name in ("article_id", "doubtful_article_id") if row[name] is not None})
    marks = ", ".join("?" * len(ids))
    found = await datasette.execute(database, f"select id, title from articles where id in ({marks})", ids)
    return {row["id"]: row["title"] for row in found.rows}


async def _places(datasette: Datasette, database: str, rows: Sequence[Row]) -> list[Place]:
    """Returns the units that have a seat on the map. A ministry has none."""
    status = {row["unit_id"]: row for row in rows}
    found = await datasette.execute(database, "select id, name, latitude, longitude from units where latitude is not null")
    return [
        Place(one["name"], one["latitude"], one["longitude"], status[one["id"]]["status"], _note(status[one["id"]]))
        for one in found.rows
        if one["id"] in status
    ]


def _note(row: Row) -> str:
    if row["status"] != diffusion.REACHED:
        return statuses()[row["status"]]
    if row["days_after_issue"] is None:
        return str(row["first_cited_on"])
    return languages.ngettext("%(number)s day after the signing", "%(number)s days after the signing", row["days_after_issue"]) % {
        "number": languages.number(row["days_after_issue"])
    }


async def _later(datasette: Datasette, database: str, document: int, rows: Sequence[Row], chosen: Mapping[str, str]) -> list[Row]:
    """Returns the units that cited the document and did not exist on the day of signing. In the borders of today, there are none."""
    if chosen["borders"] != "then":
        return []
    known = {row["unit_id"] for row in rows}
    found = await datasette.execute(
        database,
        "select units.id, units.name, kind, valid_from, first_cited_on, first_article_id"
        " from diffusion join units on units.id = diffusion.unit_id"
        " join documents on documents.id = document_id where document_id = ? and first_cited_on is not null"
        " and valid_from > coalesce(documents.issued_on, '') order by first_cited_on, units.id limit ?",
        [document, _MOST_LATER],
    )
    kinds = {"provinces": ("province", "city"), "ministries": ("ministry", "agency")}.get(chosen["units"])
    return [row for row in found.rows if row["id"] not in known and (kinds is None or row["kind"] in kinds)]


def _curve(steps: Sequence[Step], end: int | None) -> dict[str, Any] | None:
    """Returns the picture of the curve and its text, or None if no unit was followed or the day of signing is not known."""
    if not steps or end is None:
        return None
    days: list[float | str] = [step.day for step in steps]
    shares: list[float | None] = [round(100 * step.share, 1) for step in steps]
    if end > steps[-1].day:  # the share holds until the last day on which a unit was seen
        days, shares = [*days, end], [*shares, shares[-1]]
    title = _("Share of the followed units that cited the document, by days after the signing")
    titles = (_("days after the signing"), _("percent of the units"))
    return {
        "picture": chart_pictures.lines(days, {"": shares}, title, as_steps=True, most=100),
        "spec": chart_specs.as_script(chart_specs.lines(days, {"": shares}, titles, as_steps=True, most=100)),
        "named": [(day, round(100 * diffusion.share_on(steps, day))) for day in diffusion.NAMED_DAYS if day <= end],
        "steps": steps,
        "end": end,
    }


def _map(places: Sequence[Place]) -> dict[str, Any] | None:
    if not places:
        return None
    label = _("Map of the seats of the units: reached, not yet or not observed")
    spec = chart_specs.as_script(chart_specs.map_of(places, statuses()))
    return {"picture": chart_pictures.map_of(places, label), "spec": spec}
