"""Links that people share: Facebook, Zalo, mail programs and others add a parameter of their own to each. It asks for nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.urls import TRACKING
from scraper.web.notices import App, Message, Send

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_TRACKING = re.compile(TRACKING.encode(), re.IGNORECASE)


def without_tracking(query: bytes) -> bytes:
    """Returns a query string without the parameters that only say where a link was shared.

    >>> without_tracking(b"_search=nghe+an&fbclid=IwAR0x&utm_source=zalo")
    b'_search=nghe+an'
    """
    return b"&".join(one for one in query.split(b"&") if not _TRACKING.fullmatch(one.partition(b"=")[0]))


def with_shared_links(app: App) -> App:
    """Returns an ASGI application that answers a shared link as `app` answers the link itself. Without it, the page of a table would
    refuse the parameter as a filter of a column that there is not.
    """

    async def answer(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        query = scope.get("query_string") or b""
        await app({**scope, "query_string": without_tracking(bytes(query))} if query else scope, receive, send)

    return answer
