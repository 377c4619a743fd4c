"""Ends the work for a client that has gone. Datasette itself would write a whole CSV file that nobody reads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from scraper.web.notices import App, Message, Send


def until_departure(app: App) -> App:
    """Returns an ASGI application that answers as `app` does, and stops when the client closes the connection."""

    async def answer(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await app(scope, receive, send)
            return
        gone = asyncio.Event()
        is_read = False

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            gone.set()

        async def received() -> Message:
            """What the application itself may read: an empty request, and then that the client has gone."""
            nonlocal is_read
            if not is_read:
                is_read = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await gone.wait()
            return {"type": "http.disconnect"}

        work, watching = asyncio.ensure_future(app(scope, received, send)), asyncio.ensure_future(watch())
        try:
            await asyncio.wait({work, watching}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                work.cancel()
            with suppress(asyncio.CancelledError):
                await work
        finally:
            for task in (work, watching):
                task.cancel()

    return answer
