"""Which requests are heavy, and how many of them are answered at once. The others wait for a while, and then get 429 with Retry-After.

Heavy is what a visitor can make as slow as he likes: SQL, tables and named queries, and everything with a query string. The home page, the
page of an article, a document, a unit or a source, and static files are not: they are always answered.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from enum import Enum
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from scraper.web.guards_departures import until_departure
from scraper.web.guards_processes import is_heavy
from scraper.web.languages import gettext as _
from scraper.web.notices import App, Message, Send

if TYPE_CHECKING:
    from datasette.app import Datasette

AT_ONCE = 4  # heavy requests that are answered at a time; while one is rendered, another is in a process
WAITING = 24  # requests that may wait for that
OF_ONE_CLIENT = 10  # running and waiting, so that one visitor cannot keep the others out
PATIENCE = 10.0  # seconds a request waits
RETRY_AFTER = 10  # seconds, as the response says
_PAGES = ("", "json", "jsono", "atom", "blob")  # endings of what Datasette writes as one response


class Kind(Enum):
    """How a request is treated."""

    LIGHT = "light"
    HEAVY = "heavy"
    FILE = "file"  # heavy, but files count themselves (`running_files`)


def kind_of(path: str, query: bytes) -> Kind:
    """Returns how a request is treated. `path`: without the base URL and the language.

    >>> kind_of("/archive/articles/7", b"")
    <Kind.LIGHT: 'light'>
    >>> kind_of("/archive", b"sql=select+1")
    <Kind.HEAVY: 'heavy'>
    """
    parts = path.strip("/").split("/")
    if path.startswith(("/-/static", "/-/static-plugins")):
        return Kind.LIGHT
    if parts[0] != "-" and parts[-1].rpartition(".")[2 if "." in parts[-1] else 0] not in _PAGES:
        return Kind.FILE
    is_table = len(parts) == 2 and parts[0] != "-"
    return Kind.HEAVY if query or is_table else Kind.LIGHT


def client_of(scope: Message) -> str:
    """Returns who sent a request: an IP address of version 4, or the /64 network of one of version 6, since one person has all of these.

    What a proxy says (X-Forwarded-For) is in `scope` already if the proxy is one that Uvicorn believes: 127.0.0.1, or FORWARDED_ALLOW_IPS.

    >>> client_of({"client": ("2001:db8:1:2:3:4:5:6", 1)}), client_of({"client": ("192.0.2.7", 1)})
    ('2001:db8:1:2::/64', '192.0.2.7')
    """
    host = str((scope.get("client") or ("",))[0])
    try:
        address = ipaddress.IPv6Address(host.partition("%")[0])
    except ValueError:
        return host
    return str(address.ipv4_mapped or ipaddress.IPv6Network((int(address), 64), strict=False))


class Busy(Exception):
    """Too many requests are waiting."""


class Queue:
    """The heavy requests of a server."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._of_client: Counter[str] = Counter()

    @asynccontextmanager
    async def place(self, client: str) -> AsyncIterator[None]:
        """Waits for a place and holds it in a `with` block. Raises: Busy."""
        if self._of_client[client] >= OF_ONE_CLIENT or (self._slots.locked() and self._waiting >= WAITING):
            raise Busy
        self._of_client[client] += 1
        try:
            await self._wait()
            try:
                yield
            finally:
                self._slots.release()
        finally:
            self._of_client[client] -= 1
            if not self._of_client[client]:
                del self._of_client[client]

    async def _wait(self) -> None:
        self._waiting += 1
        try:
            async with asyncio.timeout(PATIENCE):
                await self._slots.acquire()
        except TimeoutError:
            raise Busy from None
        finally:
            self._waiting -= 1


# A test client has an event loop for each request, and an asyncio.Semaphore belongs to one.
_queues: WeakKeyDictionary[asyncio.AbstractEventLoop, Queue] = WeakKeyDictionary()


def with_admission(datasette: Datasette, app: App) -> App:
    """Returns an ASGI application that answers as `app` does, but only so many heavy requests at once."""
    base = str(datasette.setting("base_url")).rstrip("/")

    async def answer(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        kind = kind_of(str(scope["path"]).removeprefix(base), scope.get("query_string", b""))
        token = is_heavy.set(kind is not Kind.LIGHT)
        try:
            if kind is not Kind.HEAVY:
                await app(scope, receive, send)
                return
            queue = _queues.setdefault(asyncio.get_running_loop(), Queue())
            client = client_of(scope)

            async def in_turn(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
                async with queue.place(client):
                    await app(scope, receive, send)

            try:
                await until_departure(in_turn)(scope, receive, send)
            except Busy:
                await _refuse(datasette, scope, send)
        finally:
            is_heavy.reset(token)

    return answer


async def _refuse(datasette: Datasette, scope: Message, send: Send) -> None:
    message = _("Too many searches and queries are running at this moment. Please try again in a few seconds.")
    if str(scope["path"]).endswith(".json"):
        kind, body = "application/json; charset=utf-8", json.dumps({"ok": False, "error": message, "status": 429})
    else:
        context = {"ok": False, "error": message, "status": 429, "title": _("Please wait a moment")}
        kind, body = "text/html; charset=utf-8", await datasette.render_template("error.html", context)
    headers = [(b"content-type", kind.encode()), (b"retry-after", str(RETRY_AFTER).encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
