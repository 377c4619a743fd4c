"""The headers that say to a browser what a page may do. docs/serving.md has the reasons."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from scraper.web.notices import App, Message, Send

if TYPE_CHECKING:
    from datasette.app import Datasette

_INLINE = re.compile(r"<script(?: defer)?>(.*?)</script>", re.DOTALL)
# The only part of an inline script of Datasette that differs between pages, and its values.
_DIFFERS = ("{{ datasette_allow_facet }}", ("true", "false"))


def content_security_policy(datasette: Datasette) -> str:
    """Returns the policy of every page: nothing from another host, and no script but files of ours and the inline scripts of the templates.

    The inline scripts are named by their digests, and not by nonces: a page without a nonce is the same for everybody, so that it can be
    kept by browsers, and a script that an article smuggles in has no tag that could get a nonce by mistake.
    """
    digests = sorted({f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in _inline_scripts(datasette)})
    parts = {
        "default-src": "'none'",
        "script-src": " ".join(("'self'", *digests)),
        # Datasette writes styles into its pages: names of columns on narrow screens, the height of the editor, colours of databases.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "frame-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def _inline_scripts(datasette: Datasette) -> Iterator[str]:
    """Yields the inline scripts of all templates, Datasette's and ours, as they are sent."""
    environment = datasette.jinja_env
    for name in environment.list_templates(filter_func=lambda name: name.endswith(".html") and not name.startswith("default:")):
        source = environment.loader.get_source(environment, name)[0]
        for script in _INLINE.findall(source):
            marker, values = _DIFFERS
            for value in values if marker in script else ("",):
                text = script.replace(marker, value)
                if "{{" not in text and "{%" not in text:
                    yield text


def with_headers(datasette: Datasette, app: App) -> App:
    """Returns an ASGI application that answers as `app` does, with the headers. A header that a response has already stays as it is: the
    kept page of a site has a stricter policy of its own.
    """
    wanted = {
        b"x-content-type-options": b"nosniff",
        b"x-frame-options": b"DENY",
        b"referrer-policy": b"same-origin",
        b"cross-origin-opener-policy": b"same-origin",
        b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }

    async def answer(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        async def passed(message: Message) -> None:
            if message["type"] == "http.response.start":
                if b"content-security-policy" not in wanted:  # the templates are known when the first response is sent
                    wanted[b"content-security-policy"] = content_security_policy(datasette).encode()
                headers = [(bytes(name).lower(), bytes(value)) for name, value in message.get("headers", [])]
                present = {name for name, _ in headers}
                allows_frame = any(name == b"content-security-policy" and b"frame-ancestors 'self'" in value for name, value in headers)
                added = [pair for pair in wanted.items() if pair[0] not in present]
                if allows_frame:
                    added = [(name, b"SAMEORIGIN" if name == b"x-frame-options" else value) for name, value in added]
                message = {**message, "headers": headers + added}
            await send(message)

        await app(scope, receive, passed if scope["type"] == "http" else send)

    return answer
