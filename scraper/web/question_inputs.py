"""Checks what was typed into the fields of a named query before it is executed: a page says what is wrong; JSON and files are errors."""

from __future__ import annotations

import contextvars
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from datasette import Response
from datasette.utils import add_cors_headers, derive_named_parameters, sqlite_timelimit, tilde_decode

from scraper.web import parameters
from scraper.web.inputs import Inputs, examples, read
from scraper.web.notices import App, Message, Send, database_of

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

SCOPE_KEY = "question_inputs"  # of the request, for the page
_MOST_EXAMPLES = 3
_EXAMPLE_MS = 400  # in which a query must answer to be an example


async def inputs_of(datasette: Datasette, database: str, query: Mapping[str, Any], given: Mapping[str, str]) -> Inputs:
    """Returns the fields of a named query with what was typed, all of which is in `given`. A query that states no kinds has no fields."""
    kinds: Mapping[str, str] = query.get("inputs") or {}
    names = query.get("params") or kinds or await derive_named_parameters(datasette.get_database(database), query["sql"])
    unknown = parameters.of_query(given, names)
    if not kinds:
        return Inputs(fault=unknown)
    limit = int(datasette.setting("sql_time_limit_ms"))
    here = contextvars.copy_context()  # with the language, for the thread that reads

    def checked(connection: sqlite3.Connection) -> Inputs:
        with sqlite_timelimit(connection, limit):
            return read(connection, kinds, given)

    found: Inputs = await datasette.get_database(database).execute_fn(lambda connection: here.run(checked, connection))
    return replace(found, fault=unknown) if unknown else found


async def with_examples(datasette: Datasette, database: str, query: Mapping[str, Any], inputs: Inputs) -> Inputs:
    """Returns the fields with values of this archive for the one that is missing, each of which gives rows."""
    missing = next((one for one in inputs.fields if one.is_missing), None)
    if missing is None:
        return inputs
    kind = query.get("examples_of") or missing.kind
    typed = {one.name: one.value for one in inputs.fields}
    found = []
    for value, name in await datasette.get_database(database).execute_fn(lambda connection: examples(connection, kind)):
        values = typed | {missing.name: value}
        try:
            rows = await datasette.execute(database, query["sql"], values, page_size=1, truncate=True, custom_time_limit=_EXAMPLE_MS)
        except sqlite3.Error:
            continue
        if rows.rows:
            found.append((value, name))
        if len(found) == _MOST_EXAMPLES:
            break
    kept = {one.name: one.typed for one in inputs.fields if one.typed}
    return replace(inputs, examples=[(f"?{urlencode(kept | {missing.name: value})}", name) for value, name in found])


def with_value(request: Request, name: str, value: str) -> str:
    """Returns the query string of a request with another value of a field."""
    inputs = request.scope.get(SCOPE_KEY)
    typed = {one.name: one.typed for one in inputs.fields} if inputs else {key: request.args.get(key) or "" for key in request.args}
    return urlencode({key: text for key, text in (typed | {name: value}).items() if text})


def with_inputs(datasette: Datasette, app: App) -> App:
    """Returns an ASGI application that answers as `app` does, and checks the fields of named queries before. Files check their own."""

    async def answer(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        found = await _requested(datasette, scope) if scope["type"] == "http" else None
        if found is None:
            await app(scope, receive, send)
            return
        database, query, is_json = found
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        typed = dict(reversed(pairs))  # of a parameter that is there twice, Datasette takes the first value, too
        inputs = await inputs_of(datasette, database, query, typed)
        if is_json and not inputs.can_answer:
            await _refuse(datasette, inputs, send)
            return
        if not is_json:
            inputs = await with_examples(datasette, database, query, inputs)
        rest = [(name, value) for name, value in pairs if name not in inputs.values]
        passed = urlencode([*rest, *((name, value) for name, value in inputs.values.items() if name in typed)])
        status = 400 if inputs.is_wrong else None
        await app({**scope, "query_string": passed.encode(), SCOPE_KEY: inputs}, receive, _with_status(send, status))

    return answer


async def _requested(datasette: Datasette, scope: Message) -> tuple[str, Mapping[str, Any], bool] | None:
    """Returns the database and the named query of a request for a page or JSON, and whether it is for JSON. None for other requests."""
    path = str(scope["path"])
    database = database_of(datasette, path)
    parts = path.removeprefix(str(datasette.setting("base_url"))).strip("/").split("/")
    if database is None or len(parts) != 2:
        return None
    name = tilde_decode(parts[1])
    is_json = name.endswith(".json")
    query = await datasette.get_canned_query(database, name.removesuffix(".json"), None)
    return (database, query, is_json) if query and not query.get("write") else None


async def _refuse(datasette: Datasette, inputs: Inputs, send: Send) -> None:
    offers = {one.name: [value for value, _name in one.offers] for one in inputs.fields if one.offers}
    content = {"ok": False, "error": " ".join(inputs.faults), "status": 400, "title": None, "suggestions": offers}
    headers: dict[str, str] = {}
    if datasette.cors:
        add_cors_headers(headers)
    await Response.json(content, status=400, headers=headers).asgi_send(send)


def _with_status(send: Send, status: int | None) -> Send:
    async def pass_on(message: Message) -> None:
        if status is not None and message["type"] == "http.response.start" and message["status"] == 200:
            message = {**message, "status": status}
        await send(message)

    return pass_on
