"""The page /-/who-cited: who cited a document, when first, and how late. For one number, or for a pasted list of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from datasette import Response
from datasette.utils import sqlite_timelimit

from scraper.web import parameters
from scraper.web.error_texts import bad_request
from scraper.web.named_queries import links_of, served
from scraper.web.search_documents import document_ids, suggestions
from scraper.web.search_query import LONGEST_QUERY
from scraper.web.served_archive import archive_name
from scraper.web.unit_names import with_periods

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_PARAMETERS = ("number", "document")
MOST_LINES = 100  # of a pasted list
_MOST_UNITS = 200
_MOST_MATCHES = 30
Row = Mapping[str, Any]


def _rows(connection: sqlite3.Connection, sql: str, parameters: Sequence[object]) -> list[Row]:
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def document_rows(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Row]:
    """Returns documents in the given order, each with who cited it first (NULLs if nobody did) and how many units did."""
    found = _rows(
        connection,
        "select documents.id, label, title, issuer, issued_on, year, status, article_count, units.name as unit,"
        " (select count(*) from diffusion where document_id = documents.id and first_cited_on is not null) as units,"
        " (select min(first_cited_on) from diffusion where document_id = documents.id) as first_cited_on,"
        " (select min(days_after_issue) from diffusion where document_id = documents.id) as days_after_issue"
        " from documents left join units on units.id = documents.unit_id where documents.id in (select value from json_each(?))",
        [json.dumps(list(ids))],
    )
    by_id = {row["id"]: row for row in found}
    return [by_id[key] for key in ids if key in by_id]


def first_citing(connection: sqlite3.Connection, document_id: int, most: int = _MOST_UNITS) -> Sequence[Row]:
    """Returns the units that cited a document, the first one first: with day, lag in days and articles. `months`: the number of months from
    the signing, or from the beginning of the unit, to the first citation; `seen`: how many of them were observed. If some were not, the
    lag is an upper limit; both are None if the article is dated before its unit existed.
    """
    rows = _rows(
        connection,
        "with cited as (select units.id as unit_id, units.name as unit, first_cited_on, days_after_issue, articles, reprints, doubtful,"
        " first_article_id, valid_from, valid_to,"
        " case when days_after_issue is not null and first_cited_on >= coalesce(valid_from, '')"
        " then max(issued_on, coalesce(valid_from, '')) end as begins"
        " from diffusion join units on units.id = diffusion.unit_id where document_id = ?"
        " order by first_cited_on is null, first_cited_on, units.name limit ?)"
        " select cited.*, title, (select count(distinct month) from sources join observed on source_id = sources.id"
        " where sources.unit_id = cited.unit_id and state <> 'not-observed'"
        " and month between substr(begins, 1, 7) and substr(first_cited_on, 1, 7)) as seen,"
        " (substr(first_cited_on, 1, 4) - substr(begins, 1, 4)) * 12 + substr(first_cited_on, 6, 2) - substr(begins, 6, 2) + 1 as months"
        " from cited left join articles on articles.id = first_article_id order by first_cited_on is null, first_cited_on, unit",
        [document_id, most],
    )
    return with_periods(rows)


@dataclass(slots=True)
class Line:
    """One number of a list as it was typed, with the documents that it may mean."""

    typed: str
    matches: list[Row] = field(default_factory=list)
    more: bool = False
    suggestions: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Answer:
    """What the page shows: the lines, and if there is one document: who cited it."""

    lines: list[Line] = field(default_factory=list)
    cited: Sequence[Row] = ()
    document: Row | None = None
    is_cut: bool = False
    too_slow: bool = False


async def page(datasette: Datasette, request: Request) -> Response:
    """Returns the page. A number that may mean several documents gets a choice, one that means none gets suggestions."""
    name = archive_name(datasette)
    typed = str(request.args.get("number") or "")[: 2 * LONGEST_QUERY * MOST_LINES]
    chosen = str(request.args.get("document") or "")
    answer = Answer()
    if name is not None:
        limit = int(datasette.setting("sql_time_limit_ms"))
        key = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 12 else None
        answer = await datasette.get_database(name).execute_fn(lambda connection: _answer(connection, typed, key, limit))
    fault = parameters.of_query(request.args, _PARAMETERS)
    view = {"fault": fault, "typed": typed, "answer": answer, "most_lines": MOST_LINES, "database": name}
    return Response.html(await datasette.render_template("who_cited.html", {"who": view, "database": name}, request=request))


async def as_file(datasette: Datasette, request: Request) -> Response:
    """Redirects to the file of the named query. Raises: BadRequest for a parameter that there is not; NotFound if there is no archive."""
    if fault := parameters.of_query(request.args, _PARAMETERS):
        raise bad_request(fault)
    document = str(request.args.get("document") or "")
    number = f"#{document}" if document else str(request.args.get("number") or "")
    links = links_of(datasette, served(datasette), "who_cited", {"number": number})
    return Response.redirect(links[request.url_vars["format"]])


def _answer(connection: sqlite3.Connection, typed: str, chosen: int | None, limit: int) -> Answer:
    lines = list(dict.fromkeys(line.strip()[:LONGEST_QUERY] for line in typed.splitlines() if line.strip()))
    answer = Answer(is_cut=len(lines) > MOST_LINES)
    try:
        with sqlite_timelimit(connection, limit):
            for line in lines[:MOST_LINES]:
                answer.lines.append(_line(connection, line))
            only = answer.lines[0].matches if len(answer.lines) == 1 else []
            if chosen is not None:
                only = document_rows(connection, [chosen])
            if len(only) == 1:
                answer.document = only[0]
                answer.cited = first_citing(connection, int(only[0]["id"]))
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            raise
        answer.too_slow = True
    return answer


def _line(connection: sqlite3.Connection, typed: str) -> Line:
    ids = document_ids(connection, typed)
    line = Line(typed, document_rows(connection, ids[:_MOST_MATCHES]), len(ids) > _MOST_MATCHES)
    if not ids:
        line.suggestions = document_rows(connection, suggestions(connection, typed))
    return line
