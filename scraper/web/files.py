"""Files of every table, query and row: /archive/articles.csv, /archive/articles.jsonl. They contain all rows, and say so if they do not."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from datasette import Response
from datasette.utils import InvalidSql, tilde_encode
from datasette.utils.asgi import NotFound

from scraper import __version__, clock
from scraper.export.formats import MEDIA_TYPES, Choices, file_pieces, possible
from scraper.export.manifest import ENDING, as_json, manifest
from scraper.export.reading import Query, Stopped, TooSlow
from scraper.web import feeds
from scraper.web.error_texts import has_too_few_keys
from scraper.web.file_queries import query_of
from scraper.web.languages import gettext as _
from scraper.web.running_files import Busy, OpenFile, Send, running_files

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_RETRY_AFTER = "30"  # seconds
Route = tuple[str, Callable[..., Awaitable[object]]]


def routes(datasette: Datasette) -> list[Route]:
    """Returns the routes of files, of their manifests, and of endings for which there is nothing."""
    names = "|".join(re.escape(tilde_encode(one.route or name)) for name, one in datasette.databases.items())
    path = rf"^/(?P<database>{names})(?:/(?P<table>[^/.]+)(?:/(?P<pks>[^/.]+))?)?"
    endings = "|".join(possible())
    others = "|".join((*sorted(datasette.renderers), "jsono"))  # files that Datasette writes
    return [
        (rf"{path}\.(?P<format>{endings})$", file),
        (rf"{path}\.(?P<format>{endings})\.{ENDING}$", manifest_of),
        (rf"{path}\.{feeds.ENDING}$", feeds.feed),
        (rf"^/(?:{names})\.(?!(?:{others}|db)$)[^/]*$", unknown),
        (rf"^/(?:{names})/[^/.]+(?:/[^/.]+)?\.(?!(?:{others})$)[^/]*$", unknown),
    ]


def renderers() -> list[dict[str, Any]]:
    """Returns the formats whose links Datasette puts on its pages, beside CSV and JSON. The files themselves have routes."""
    files = [{"extension": ending, "render": unknown, "can_render": lambda: True} for ending in possible() if ending != "csv"]
    return [*files, {"extension": feeds.ENDING, "render": unknown, "can_render": feeds.has_feed}]


async def unknown(request: Request) -> None:
    """Raises: NotFound, because no file has this ending, or this server lacks what writes it."""
    if request.path.removesuffix(f".{ENDING}").endswith(".parquet"):
        raise NotFound(
            _("This server cannot write Parquet files, because its extra “parquet” is not installed; CSV and JSON lines have the same rows")
        )
    raise NotFound(_("There is no file with this ending"))


async def file(datasette: Datasette, request: Request) -> object:
    """Returns the file that the URL names, which is written while it is sent.
    Raises: NotFound, Forbidden, and DatasetteError for a query that is wrong or too slow.
    """
    if request.method not in ("GET", "HEAD"):
        return Response.text("Method not allowed", status=405)
    query = await _query(datasette, request)
    if not isinstance(query, Query):
        return query
    ending = request.url_vars["format"]
    headers = {
        "content-type": MEDIA_TYPES[ending],
        "content-disposition": _disposition(f"{query.name}.{ending}"),
        "cache-control": "no-cache",
    }
    if request.method == "HEAD":
        return Response("", headers=headers, content_type=MEDIA_TYPES[ending])
    opened = await _begun(datasette, request, query)
    return opened if isinstance(opened, Response) else _Sent(opened, headers, _made(opened, request))


async def manifest_of(datasette: Datasette, request: Request) -> object:
    """Returns the manifest of a file: it is written once more, and only counted and hashed."""
    query = await _query(datasette, request)
    if not isinstance(query, Query):
        return query
    opened = await _begun(datasette, request, query)
    if isinstance(opened, Response):
        return opened
    ending = request.url_vars["format"]
    name = f"{query.name}.{ending}"
    try:
        async with aclosing(opened.each(_made(opened, request))) as made:
            async for _piece in made:
                pass
        facts = {"file": name, "media_type": MEDIA_TYPES[ending], "made_at": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}", "program": __version__}
        content = manifest(query, opened.reading, opened.state, opened.digest, facts)
    except Stopped:
        return _unread()
    finally:
        await opened.end()
    headers = {"content-disposition": _disposition(f"{name}.{ENDING}.json"), "cache-control": "no-cache"}
    return Response(as_json(content), headers=headers, content_type="application/json; charset=utf-8")


async def _query(datasette: Datasette, request: Request) -> object:
    """Returns the query that the URL names, or a redirect. Raises: as `query_of`, but DatasetteError for wrong SQL."""
    try:
        return await query_of(datasette, request)
    except (sqlite3.Error, InvalidSql) as error:
        if has_too_few_keys(error):
            raise NotFound(_("There is no such row.")) from error
        raise _wrong(str(error)) from error


async def _begun(datasette: Datasette, request: Request, query: Query) -> OpenFile | Response:
    try:
        return await running_files(datasette).begin(query, request.receive)
    except Busy:
        text = _("Too many files are being written; try again soon.")
        return Response(text, status=429, headers={"retry-after": _RETRY_AFTER}, content_type="text/plain; charset=utf-8")
    except Stopped:
        return _unread()
    except TooSlow as error:
        raise _wrong(_("The query gave no row within its time")) from error
    except sqlite3.Error as error:
        raise _wrong(str(error)) from error


def _unread() -> Response:
    """Returns the answer to a client that has gone. The status is that of nginx for it."""
    return Response.text("", status=499)


def _wrong(message: str) -> Exception:
    """Returns the error of a query that the visitor must change."""
    from datasette.views.base import DatasetteError

    error: Exception = DatasetteError(message, title="Invalid SQL", status=400)
    return error


def _made(opened: OpenFile, request: Request) -> Iterator[bytes]:
    choices = Choices(plain=request.args.get("_plain") not in (None, "", "0", "off"), header=request.args.get("_header") != "off")
    return file_pieces(request.url_vars["format"], opened.query, opened.reading, opened.state, choices)


def _disposition(name: str) -> str:
    """Returns the header that names a file, for old and new browsers: the name may have Vietnamese letters."""
    plain = re.sub(r"[^\w.-]", "_", name, flags=re.ASCII)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


class _Sent:
    """A response that is a file. Datasette calls `asgi_send`."""

    def __init__(self, opened: OpenFile, headers: dict[str, str], made: Iterator[bytes]) -> None:
        self._opened, self._headers, self._made = opened, headers, made

    async def asgi_send(self, send: Send) -> None:
        headers = [[name.encode(), value.encode("latin-1")] for name, value in self._headers.items()]
        start = {"type": "http.response.start", "status": 200, "headers": headers}
        try:
            await self._opened.send(start, self._made, send)
        except (TooSlow, sqlite3.Error) as error:
            raise _wrong(str(error) or _("The query gave no row within its time")) from error
        finally:
            await self._opened.end()
