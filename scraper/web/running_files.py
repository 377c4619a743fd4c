"""The files that are being written: how many at once, with which limits, and each ends when its reader has gone."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl
from weakref import WeakKeyDictionary

from scraper.export.manifest import ArchiveState, Digest, archive_state
from scraper.export.reading import Limits, Query, Reading, Rows, Stopped, TooSlow
from scraper.web.guards_processes import uri_of
from scraper.web.plugin_settings import settings
from scraper.web.reading_apart import ReadingApart

if TYPE_CHECKING:
    from datasette.app import Datasette

_T = TypeVar("_T")
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Settings:
    """The limits of files. Each can be set in metadata.yml: plugins: vietnam-government-news-archive: files: {at_once: 8}."""

    at_once: int = 4  # files that are written at one time; a fifth request gets 429
    queries_at_once: int = 2  # of these, files of SQL, named queries and _where, each of which needs a process
    table_seconds: float = 900  # in SQLite: a table of a million articles takes 20
    query_rows: int = 1_000_000  # of SQL and named queries, which a visitor can make as heavy as he likes
    query_bytes: int = 1_000_000_000
    query_seconds: float = 60
    stalled_seconds: float = 120  # without a byte that the client took
    most_seconds: float = 7_200  # from the first byte to the last, with all waiting

    def limits(self, query: Query, *, is_apart: bool) -> Limits:
        """Returns the limits of the file of a query. A table has only one: the time, which is shorter if a visitor wrote a condition."""
        if "table" in query.subject:
            return Limits(seconds=self.query_seconds if is_apart else self.table_seconds)
        return Limits(self.query_rows, self.query_bytes, self.query_seconds)


def _is_apart(datasette: Datasette, query: Query) -> bool:
    """Returns whether a visitor may have written the SQL of a file, so that it is read in a process of its own."""
    database = datasette.get_database(query.database)
    if database.is_memory or database.path is None:
        return False
    filters = parse_qsl(str(query.subject.get("filters", "")))
    return "table" not in query.subject or any(name == "_where" for name, _ in filters)


def _opened(datasette: Datasette, query: Query, limits: Limits, *, is_apart: bool) -> tuple[ArchiveState, Rows]:
    if is_apart:
        apart = ReadingApart(uri_of(datasette.get_database(query.database)), query, limits)
        return apart.state, apart
    return open_reading(datasette, query, limits)


def open_reading(datasette: Datasette, query: Query, limits: Limits) -> tuple[ArchiveState, Reading]:
    """Returns the state of the archive and a reading of a query, which has not begun, both of one moment. The caller must close it.
    Raises: sqlite3.Error if the database cannot be read.
    """
    connection = _connect(datasette, query.database)
    try:
        connection.isolation_level = None
        connection.execute("begin")  # the state, the notices and the rows are of one moment
        connection.row_factory = None
        return archive_state(connection), Reading(connection, query, limits)
    except BaseException:
        connection.close()
        raise


def _connect(datasette: Datasette, name: str) -> sqlite3.Connection:
    """Returns a connection of its own, that can only read. Datasette would keep each one that it makes."""
    database = datasette.get_database(name)
    if database.is_memory or database.path is None:
        connection: sqlite3.Connection = database.connect()
    else:
        mode = "mode=ro" if database.is_mutable else "immutable=1"
        connection = sqlite3.connect(f"{Path(database.path).absolute().as_uri()}?{mode}", uri=True, check_same_thread=False)
    datasette._prepare_connection(connection, name)
    return connection


class Busy(Exception):
    """As many files as allowed are being written."""


class RunningFiles:
    """The files that one Datasette is writing."""

    def __init__(self, datasette: Datasette) -> None:
        self.settings = Settings(**settings(datasette).get("files", {}))
        self._datasette = datasette
        self._threads = ThreadPoolExecutor(self.settings.at_once, thread_name_prefix="file")
        self.running = 0
        self._apart = 0

    async def in_thread(self, work: Callable[[], _T]) -> _T:
        """Returns what `work` returns. A file is read in a thread, so that pages are answered meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def begin(self, query: Query, receive: Receive) -> OpenFile:
        """Begins to read a query. `receive`: says when the client has gone. The caller must `end` the file.
        Raises: Busy; Stopped if the client has gone; sqlite3.Error if the query is wrong; TooSlow if it has no row in time.
        """
        is_apart = _is_apart(self._datasette, query)
        if self.running >= self.settings.at_once or (is_apart and self._apart >= self.settings.queries_at_once):
            raise Busy
        self.running += 1
        self._apart += is_apart
        try:
            state, reading = await self.in_thread(
                lambda: _opened(self._datasette, query, self.settings.limits(query, is_apart=is_apart), is_apart=is_apart)
            )
        except BaseException:
            self.make_way(is_apart=is_apart)
            raise
        opened = OpenFile(self, query, state, reading, receive, is_apart=is_apart)
        try:
            await opened.work(reading.begin)
        except BaseException:
            await opened.end()
            raise
        return opened

    def make_way(self, *, is_apart: bool) -> None:
        """Counts a file as ended."""
        self.running -= 1
        self._apart -= is_apart


class OpenFile:
    """A query that is being read for a file."""

    def __init__(self, owner: RunningFiles, query: Query, state: ArchiveState, reading: Rows, receive: Receive, *, is_apart: bool) -> None:
        self._owner, self.query, self.state, self.reading, self._is_apart = owner, query, state, reading, is_apart
        self._gone = asyncio.ensure_future(_until_gone(receive))
        self.digest = Digest()
        self._is_working = False
        self._is_ended = False

    async def end(self) -> None:
        """Ends the reading and makes way for the next file. A second call does nothing."""
        if self._is_ended:
            return
        self._is_ended = True
        self._gone.cancel()
        if self._is_working:
            self.reading.stop()
        try:
            await self._owner.in_thread(self.reading.close)
        finally:
            self._owner.make_way(is_apart=self._is_apart)

    async def work(self, work: Callable[[], _T]) -> _T:
        """Returns what `work` returns, which reads rows. Raises: Stopped as soon as the client has gone; what `work` raises."""
        self._is_working = True
        working = asyncio.ensure_future(self._owner.in_thread(work))
        both: set[asyncio.Future[Any]] = {working, self._gone}
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if self._gone.done():
                raise Stopped
            return await working
        finally:
            if not working.done():
                self.reading.stop()
                with suppress(Stopped, sqlite3.Error):
                    await working
            self._is_working = False

    async def send(self, start: Message, made: Iterator[bytes], send: Send) -> bool:
        """Sends a response: its start and the pieces of a file as its body. Returns whether the client took all of them. If reading fails
        later than at the first piece, the body is left without an end, so that the client notices that the file is not complete.

        Raises: TooSlow and sqlite3.Error if there is no first piece; nothing is sent then.
        """
        settings, is_begun = self._owner.settings, False
        try:
            async with asyncio.timeout(settings.most_seconds), aclosing(self.each(made)) as pieces:
                async for piece in pieces:
                    if not is_begun:
                        await send(start)
                        is_begun = True
                    message = {"type": "http.response.body", "body": piece, "more_body": True}
                    await asyncio.wait_for(send(message), settings.stalled_seconds)
                await self.end()  # before the client can know that it has everything, and requests the next file
                await send({"type": "http.response.body", "body": b""})
            return True
        except (sqlite3.Error, TooSlow, OSError, TimeoutError) as error:
            if not is_begun:
                raise
            print(f"{self.query.name}: the file was left incomplete: {error or 'the client took too long'}", file=sys.stderr)
        except Stopped:
            pass  # the client has gone
        return False

    async def each(self, made: Iterator[bytes]) -> AsyncGenerator[bytes, None]:
        """Yields the pieces of a file. Raises: Stopped if the client has gone; sqlite3.Error; TooSlow."""
        pieces = self.digest.of(made)
        while (piece := await self.work(lambda: next(pieces, None))) is not None:
            yield piece


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


_of_datasette: WeakKeyDictionary[Datasette, RunningFiles] = WeakKeyDictionary()


def running_files(datasette: Datasette) -> RunningFiles:
    """Returns the files that a Datasette is writing."""
    if datasette not in _of_datasette:
        _of_datasette[datasette] = RunningFiles(datasette)
    return _of_datasette[datasette]
