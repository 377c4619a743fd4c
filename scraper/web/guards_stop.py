"""Stops the server within seconds of a signal, whatever it is doing.

Uvicorn waits for every response to end, and Python for every thread. A download of an hour, or a query that cannot be interrupted, must not
keep them.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import Any

from scraper.web.notices import App, Message, Send

PATIENCE = 6.0  # seconds that responses have to end
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def with_quick_stop(app: App, ended: Callable[[], object]) -> App:
    """Returns an ASGI application that answers as `app` does. `ended` is called at the signal, to end what runs apart."""

    async def answer(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        # The server has set its own handlers before it says that it starts.
        if scope["type"] == "lifespan" and threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                _handle(number, ended)
        await app(scope, receive, send)

    return answer


def _handle(number: signal.Signals, ended: Callable[[], object]) -> None:
    before: Any = signal.getsignal(number)

    def stop(received: int, frame: FrameType | None) -> None:
        timer = threading.Timer(PATIENCE, _exit, [received])
        timer.daemon = True
        timer.start()
        threading.Thread(target=ended, daemon=True).start()
        if callable(before):
            before(received, frame)

    if callable(before):  # otherwise the system or nobody handles it
        signal.signal(number, stop)


def _exit(received: int) -> None:
    """Ends the process as the signal would have done. Every connection only reads, so nothing can be lost."""
    os._exit(128 + received)
