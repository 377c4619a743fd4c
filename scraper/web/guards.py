"""What protects the server and its visitors: limits on what a request may cost, headers, and a quick stop. docs/serving.md describes it.

The parts wrap the application of Datasette one in another, the first of these outside: a stop at a signal, compression, headers,
validators, and, after the language of the path, the admission of heavy requests.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.middleware.gzip import GZipMiddleware

from scraper.web import guards_validators
from scraper.web.guards_headers import with_headers
from scraper.web.guards_processes import processes, separate
from scraper.web.guards_stop import with_quick_stop
from scraper.web.guards_validators import with_validators
from scraper.web.notices import App, Message, Send
from scraper.web.reading_apart import file_processes

if TYPE_CHECKING:
    from datasette.app import Datasette

_SMALLEST = 1_000  # bytes that are worth compressing
_LEVEL = 4  # of 9: more costs much time and saves little
# What is compressed already, and files of data: a full CSV would take twice as long. A proxy may compress them.
_AS_IT_IS = (".csv", ".jsonl", ".xlsx", ".parquet", ".db", ".gz", ".png", ".jpg", ".woff2", ".ico")


def begin(datasette: Datasette) -> None:
    """Prepares the databases of a server, before its first request."""
    separate(datasette)
    guards_validators.begin(datasette)


def with_guards(datasette: Datasette, app: App) -> App:
    """Returns an ASGI application that answers as `app` does, within limits."""

    plain = with_headers(datasette, with_validators(datasette, app))
    compressed = GZipMiddleware(plain, minimum_size=_SMALLEST, compresslevel=_LEVEL)

    async def answer(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        if scope["type"] == "http" and not str(scope["path"]).endswith(_AS_IT_IS):
            await compressed(scope, receive, send)
        else:
            await plain(scope, receive, send)

    return with_quick_stop(answer, _end_processes)


def _end_processes() -> None:
    processes.end()
    file_processes.end()
