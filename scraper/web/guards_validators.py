"""Lets browsers and proxies keep pages for as long as the archive has not changed: an ETag, 304, and Cache-Control.

The archive changes when a crawl writes to it, about hourly. Its file, and the log beside it, then have another time or size. A page may
also depend on the day (the calendars of months) and on the program, so both are in the ETag.

If another file takes the place of the archive, the server goes on reading the one that it has open. Its pages get no ETag then: that of
the new file would say to the next server that they are still right.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from functools import cache
from hashlib import blake2b
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import scraper
from scraper import clock
from scraper.web.notices import App, Message, Send

if TYPE_CHECKING:
    from datasette.app import Datasette

_KEPT = b"public, max-age=60"  # seconds for which a page is not even requested again; then its ETag is compared
_KEPT_STATIC = b"public, max-age=3600"
_TYPES = (b"text/html", b"application/json", b"application/atom+xml", b"image/svg+xml", b"text/plain")
# What is not only a matter of the archive: SQL may call random() and now(), and these pages are about the server or the visitor.
_OF_THE_SERVER = ("threads", "actor", "permissions", "messages", "allow-debug", "auth-token", "logout")


# The files that a server has open, as they were when it began: path → number of the file.
_files: WeakKeyDictionary[Datasette, dict[str, int]] = WeakKeyDictionary()


def begin(datasette: Datasette) -> None:
    """Notes which files a server reads, before its first request."""
    _files[datasette] = {path: number for path in _paths(datasette) if (number := _number(path)) is not None}


def _paths(datasette: Datasette) -> list[str]:
    return [str(database.path) for database in datasette.databases.values() if database.path is not None]


def _number(path: str) -> int | None:
    try:
        return Path(path).stat().st_ino
    except OSError:
        return None


def _is_replaced(datasette: Datasette) -> bool:
    """Returns whether another file has taken the place of one that the server has open."""
    return any(_number(path) != number for path, number in _files.get(datasette, {}).items())


def with_validators(datasette: Datasette, app: App) -> App:
    """Returns an ASGI application that answers as `app` does, but with 304 if the client has the page already."""

    async def answer(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        if not _can_be_kept(scope):
            await app(scope, receive, send)
            return
        headers = {bytes(name).lower(): bytes(value) for name, value in scope["headers"]}
        etag = None if _is_replaced(datasette) else _etag(datasette, scope)
        if etag is not None and etag in (one.strip() for one in headers.get(b"if-none-match", b"").split(b",")):
            kept = [(b"etag", etag), (b"cache-control", _KEPT), (b"vary", b"Cookie, Authorization, Accept-Encoding")]
            await send({"type": "http.response.start", "status": 304, "headers": kept})
            await send({"type": "http.response.body", "body": b""})
            return

        async def passed(message: Message) -> None:
            await send(_marked(message, etag) if message["type"] == "http.response.start" else message)

        await app(scope, receive, passed)

    return answer


def _can_be_kept(scope: Message) -> bool:
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    names = {bytes(name).lower() for name, _ in scope["headers"]}
    if names & {b"cookie", b"authorization"}:
        return False
    parts = str(scope["path"]).split("/")
    of_the_server = "-" in parts and parts[-1].partition(".")[0] in _OF_THE_SERVER
    query = bytes(scope.get("query_string", b""))
    return not of_the_server and not any(one.startswith((b"sql=", b"_where=")) for one in query.split(b"&"))


# After a restart there may be other templates, settings or metadata. A digest and not the time of the start: two processes that serve the
# same copy side by side, and one that was started again, give the same validator.
_programs: WeakKeyDictionary[Datasette, str] = WeakKeyDictionary()


def _program(datasette: Datasette) -> str:
    """Returns a digest of what makes the pages, besides the archive: the code, the user's own templates and plugins, and the settings."""
    if datasette not in _programs:
        own = [_digest_of(Path(folder)) for folder in (datasette.template_dir, datasette.plugins_dir) if folder]
        facts = repr((_code(), own, datasette._metadata_local, datasette._settings))
        _programs[datasette] = blake2b(facts.encode(), digest_size=12).hexdigest()
    return _programs[datasette]


@cache
def _code() -> str:
    """Returns a digest of this package, with the versions of everything that is installed beside it."""
    versions = sorted(f"{one.name} {one.version}" for one in distributions())
    return f"{_digest_of(Path(scraper.__file__).parent)} {sqlite3.sqlite_version} {versions}"


def _digest_of(folder: Path) -> str:
    digest = blake2b(digest_size=12)
    for path in sorted(path for path in folder.rglob("*") if path.suffix != ".pyc" and path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\n{path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _etag(datasette: Datasette, scope: Message) -> bytes:
    """Returns the validator of a URL. It is weak: the page is the same, its bytes may be compressed."""
    state = [
        _program(datasette),
        f"{clock.now().astimezone(clock.VIETNAM):%Y-%m-%d}",
        scope.get("raw_path") or scope["path"],
        scope.get("query_string", b""),
    ]
    for database in datasette.databases.values():
        if database.path is not None:
            for name in (database.path, f"{database.path}-wal"):
                try:
                    found = Path(name).stat()
                except OSError:
                    continue
                if found.st_size:  # a reader makes an empty log
                    state += [found.st_ino, found.st_size, found.st_mtime_ns]
    return b'W/"' + blake2b(repr(state).encode(), digest_size=12).hexdigest().encode() + b'"'


def _marked(message: Message, etag: bytes | None) -> Message:
    """Returns the beginning of a response with its validator, if it is a page of an archive; an error, and what has no validator, is not
    kept.
    """
    headers = [(bytes(name).lower(), bytes(value)) for name, value in message.get("headers", [])]
    present = dict(headers)
    if b"set-cookie" in present:
        return message
    others = [pair for pair in headers if pair[0] != b"cache-control"]
    if message["status"] != 200:
        return {**message, "headers": [*others, (b"cache-control", present.get(b"cache-control", b"no-store"))]}
    if b"content-disposition" in present or not present.get(b"content-type", b"").startswith(_TYPES):
        kept = present.get(b"cache-control", _KEPT_STATIC)
        return {**message, "headers": [*others, (b"cache-control", kept)]}
    if etag is None:
        return {**message, "headers": [*others, (b"cache-control", b"no-store")]}
    if b"etag" in present or b"no-store" in present.get(b"cache-control", b""):
        return message
    return {**message, "headers": [*others, (b"etag", etag), (b"cache-control", _KEPT)]}
