"""Which rows the file of a page contains: all rows of the table, the named query or the SQL that the URL names, not one page of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from datasette.utils import escape_sqlite, tilde_decode
from datasette.utils.asgi import BadRequest, NotFound, Request

from scraper.export.reading import Query
from scraper.web.cut_answers import without_limit
from scraper.web.error_texts import bad_request
from scraper.web.languages import gettext as _
from scraper.web.question_inputs import inputs_of

if TYPE_CHECKING:
    from datasette import Response
    from datasette.app import Datasette

# Arguments of a page that do not choose rows. `_next` would begin in the middle, `_size` is handled here.
_OF_THE_PAGE = {
    "_next",
    "_size",
    "_timelimit",
    "_ttl",
    "_trace",
    "_stream",
    "_dl",
    "_nl",
    "_shape",
    "_labels",
    "_label",
    "_header",
    "_plain",
}
_OF_THE_PAGE |= {"_nofacet", "_nocount", "_facet", "_facet_size", "_facet_date", "_facet_array", "_extra", "_extras", "_json", "_format"}
_TRIAL_MS = "25"  # Datasette runs the query of a table for one row, only to build it


async def query_of(datasette: Datasette, request: Request) -> Query | Response:
    """Returns what the URL of a file names. A Response is Datasette's redirect to the right URL.

    Raises: NotFound, Forbidden, BadRequest and DatasetteError, as the page itself would.
    """
    try:
        database = datasette.get_database(route=tilde_decode(request.url_vars["database"])).name
    except KeyError:
        raise NotFound(_("There is nothing at this URL.")) from None
    if request.url_vars.get("table") is None:
        return await _of_sql(datasette, request, database)
    name = tilde_decode(request.url_vars["table"])
    if request.url_vars.get("pks") is not None:
        return await _of_row(datasette, request, database, name)
    named = await datasette.get_canned_query(database, name, request.actor)
    if named is not None:
        return await _of_named_query(datasette, request, database, name, named)
    return await _of_table(datasette, request, database, name)


def _wanted(request: Request) -> int | None:
    """Returns how many rows are wanted: `_size=20`. `_size=max` is in every link of Datasette, and means all."""
    written = request.args.get("_size") or "max"
    if written == "max":
        return None
    if not re.fullmatch(r"\d{1,9}", written, re.ASCII):
        raise BadRequest("_size must be a positive integer")
    return int(written)


async def _of_sql(datasette: Datasette, request: Request, database: str) -> Query:
    from datasette.utils import derive_named_parameters, validate_sql_select

    sql = (request.args.get("sql") or "").strip()
    if not sql:
        raise NotFound(_("A file needs a table, a named query or ?sql=."))
    await datasette.ensure_permissions(request.actor, [("execute-sql", database), ("view-database", database), "view-instance"])
    validate_sql_select(sql)
    names = await derive_named_parameters(datasette.get_database(database), sql)
    parameters = {name: request.args.get(name) or "" for name in names}
    return Query(database, f"{database}-query", sql.rstrip(";"), parameters, {}, _wanted(request))


async def _of_named_query(datasette: Datasette, request: Request, database: str, name: str, named: dict[str, Any]) -> Query:
    """Returns a named query without the limit at its end, which is that of its page. A query whose limit is elsewhere states the SQL for
    files in `file_sql`.
    """
    from datasette.utils import derive_named_parameters
    from datasette.utils.asgi import Forbidden
    from datasette.views.database import MagicParameters

    visible, _private = await datasette.check_visibility(
        request.actor, permissions=[("view-query", (database, name)), ("view-database", database), "view-instance"]
    )
    if not visible:
        raise Forbidden("You do not have permission to view this query")
    if named.get("write"):
        raise NotFound(_("A query that writes has no file."))
    sql = named.get("file_sql") or without_limit(named["sql"])
    names = named.get("params") or await derive_named_parameters(datasette.get_database(database), sql)
    parameters = {one: request.args.get(one) or "" for one in names if not one.startswith("_")}
    inputs = await inputs_of(datasette, database, named, {one: request.args.get(one) or "" for one in request.args})
    if not inputs.can_answer:
        raise bad_request(" ".join(inputs.faults))
    parameters |= inputs.values
    return Query(database, name, sql, MagicParameters(parameters, request, datasette), {"query": name}, _wanted(request))


async def _of_row(datasette: Datasette, request: Request, database: str, table: str) -> Query:
    from datasette.utils import urlsafe_components
    from datasette.views.row import RowView
    from datasette.views.table import _sql_params_pks

    await RowView(datasette).data(request)  # checks that the row is there and may be seen
    keys = urlsafe_components(request.url_vars["pks"])
    sql, parameters, _keys = await _sql_params_pks(datasette.get_database(database), table, keys)
    declared = await _declared(datasette, database, table)
    return Query(database, f"{table}-{'-'.join(keys)}", sql, parameters, {"table": table, "row": keys}, declared=declared)


async def _declared(datasette: Datasette, database: str, table: str) -> dict[str, str]:
    """Returns the types that a table or a view states for its columns."""
    return {column.name: column.type or "" for column in await datasette.get_database(database).table_column_details(table)}


async def _of_table(datasette: Datasette, request: Request, database: str, table: str) -> Query | Response:
    """Returns the query of a table's page, with its filters, search, columns and order, for all rows. Datasette builds it."""
    from datasette import Response
    from datasette.database import QueryInterrupted
    from datasette.views.table import TableView

    wanted = _wanted(request)
    arguments = [pair for pair in parse_qsl(request.query_string, keep_blank_values=True) if pair[0] not in _OF_THE_PAGE]
    for_one_row = urlencode([*arguments, ("_nofacet", "1"), ("_nocount", "1"), ("_size", "0"), ("_timelimit", _TRIAL_MS)])
    page = Request(dict(request.scope, query_string=for_one_row.encode()), request.receive)
    view = TableView(datasette)
    try:
        found = await view.data(page)
    except QueryInterrupted as slow:  # which does not matter: the file has more time
        sql, parameters = slow.sql, slow.params
    else:
        if isinstance(found, Response):
            return found
        sql, parameters = found[0]["query"]["sql"], found[0]["query"]["params"]
    sql = sql.removesuffix(" limit 1")
    sql = await _with_labels(view, request, page, database, table, sql)
    subject = {"table": table, "filters": urlencode(arguments)}
    return Query(database, table, sql, parameters, subject, wanted, await _declared(datasette, database, table))


async def _with_labels(view: Any, request: Request, page: Request, database: str, table: str, sql: str) -> str:
    """Returns the query with a column of names after each key that is to have one: `_labels=on`, or `_label=` and the column."""
    named = set(request.args.getlist("_label"))
    if not named and (request.args.get("_labels") or "off").lower() not in ("on", "1", "true"):
        return sql
    source = view.ds.get_database(database)
    keys = await source.primary_keys(table)
    columns = await view.columns_to_select(await source.table_columns(table), keys, page)
    if not keys and not await source.get_view_definition(table):
        columns = ["rowid", *columns]
    begin = f"select {', '.join(['rowid' if one == 'rowid' else escape_sqlite(one) for one in columns])} from {escape_sqlite(table)} "
    if not sql.startswith(begin):
        return sql
    labels = {key["column"]: (key, label) for key, label in await view.expandable_columns(database, table)}
    wanted = []
    for number, column in enumerate(columns):
        wanted.append("rowid" if column == "rowid" else escape_sqlite(column))
        if column in labels and (not named or column in named):
            wanted.append(_label(table, *labels[column], number))
    return f"select {', '.join(wanted)} from {escape_sqlite(table)} {sql.removeprefix(begin)}"


def _label(table: str, key: dict[str, str], label: str | None, number: int) -> str:
    own = f"{escape_sqlite(table)}.{escape_sqlite(key['column'])}"
    other, theirs = escape_sqlite(key["other_table"]), escape_sqlite(key["other_column"])
    shown = f"l{number}.{escape_sqlite(label)}" if label else f"l{number}.{theirs}"
    return f"(select {shown} from {other} as l{number} where l{number}.{theirs} = {own}) as {escape_sqlite(key['column'] + '_label')}"
