"""Shows what everybody who uses an archive must know (its table `notices`) on every page, and writes it into JSON. Other files
contain it already (`scraper.export`)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from datasette.utils import sqlite_timelimit, tilde_encode

if TYPE_CHECKING:
    from datasette.app import Datasette

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Callable[[], Awaitable[Message]], Send], Awaitable[None]]

KEY = "notice"  # in JSON


@dataclass(frozen=True, slots=True)
class Notice:
    """One row of the table, in Vietnamese and English."""

    name: str
    name_en: str

    def __str__(self) -> str:
        return f"{self.name} · {self.name_en}"


async def notices_of(datasette: Datasette, database: str) -> list[Notice]:
    """Returns the notices of a database that is served; none if it is not an archive, or if they cannot be read in time."""
    limit = int(datasette.setting("sql_time_limit_ms"))

    def read(connection: sqlite3.Connection) -> list[Notice]:
        with sqlite_timelimit(connection, limit):
            return [Notice(*row) for row in connection.execute("select name, name_en from notices order by id")]

    try:
        # Not `execute`: in a heavy request, that waits for a process that runs the SQL of visitors.
        notices: list[Notice] = await datasette.get_database(database).execute_fn(read)
    except sqlite3.Error:
        return []
    return notices


def with_notices(datasette: Datasette, app: App) -> App:
    """Returns an ASGI application that answers as `app` does, with the notices of the archive in each JSON response."""

    async def answer(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        if scope["type"] == "http":
            send = await _exporting(datasette, scope, send)
        await app(scope, receive, send)

    return answer


async def _exporting(datasette: Datasette, scope: Message, send: Send) -> Send:
    """Returns what passes on the response to a request: `send` itself, but if it is JSON of an archive with notices, one that adds them."""
    path = str(scope["path"])
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    kind = query.get("_format", [path.rpartition(".")[2]])[0]
    database = database_of(datasette, path) if kind == "json" else None
    notice = "; ".join(map(str, await notices_of(datasette, database))) if database is not None else ""
    if not notice:
        return send
    return _JsonExport(notice, send, by_lines="_nl" in query)


def database_of(datasette: Datasette, path: str) -> str | None:
    """Returns the database that the path of a request begins with: "archive" for /archive/articles.csv and /archive.json, else None."""
    first = path.removeprefix(str(datasette.setting("base_url"))).lstrip("/").partition("/")[0]
    names = [name for name in datasette.databases if first == tilde_encode(name) or first.startswith(f"{tilde_encode(name)}.")]
    return max(names, key=len, default=None)


def _without_length(message: Message) -> Message:
    return {**message, "headers": [pair for pair in message["headers"] if pair[0].lower() != b"content-length"]}


class _JsonExport:
    """Passes on JSON with one more key. `by_lines`: each line is an object of its own."""

    def __init__(self, notice: str, send: Send, *, by_lines: bool) -> None:
        self._notice, self._send, self._by_lines = notice, send, by_lines
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = _without_length(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body"):
            await self._send(self._start)
            parts = self._body.split(b"\n") if self._by_lines else [self._body]
            await self._send({**message, "body": b"\n".join(_json_with(part, self._notice) for part in parts)})


def _json_with(body: bytes, notice: str) -> bytes:
    """Returns JSON with the notice as a key of the object, or of each object of a list. Other JSON stays as it is."""
    try:
        content = json.loads(body)
    except ValueError:
        return body
    if isinstance(content, dict):
        content[KEY] = notice
    elif isinstance(content, list):
        content = [one | {KEY: notice} if isinstance(one, dict) else one for one in content]
    return json.dumps(content).encode()
