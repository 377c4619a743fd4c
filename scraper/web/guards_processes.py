"""Runs the SQL of a heavy request in processes of its own (`guards_worker`), and that of other pages as Datasette does."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from scraper.web.guards_counts import counting
from scraper.web.guards_questions import Answer, Question, Value
from scraper.worker_process import WorkerProcess

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database, Results

T = TypeVar("T")

AT_ONCE = 2  # processes
_START = 60.0  # seconds until a new process answers, on a busy machine
_GRACE = 2.0  # seconds after which a process is ended that did not end itself
_NAME = re.compile(r"[:@$]([A-Za-z0-9_]+)")

# Whether the request that is answered now is heavy. `guards` sets it.
is_heavy: ContextVar[bool] = ContextVar("is_heavy", default=False)


class _Process(WorkerProcess):
    """A worker. Only one thread uses it."""

    def __init__(self) -> None:
        super().__init__("scraper.web.guards_worker")
        self._is_new = True

    def answer_to(self, question: Question) -> Answer | None:
        """Returns the answer, or None if the process ended or had to be ended. Then it cannot be used again."""
        patience = question.most_seconds + _GRACE + (_START if self._is_new else 0)
        try:
            self.pipe.send(question)
            if not self.pipe.poll(patience):
                return None
            answer: Answer = self.pipe.recv()
        except (EOFError, OSError):
            return None
        self._is_new = False
        return answer


class Processes:
    """The workers. They start when they are needed."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="query")
        self._own = threading.local()
        self._all: set[_Process] = set()

    async def answer_to(self, question: Question) -> Answer | None:
        """Returns the answer to a question, or None if it had to be stopped."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._answer_to, question)

    def _answer_to(self, question: Question) -> Answer | None:
        process: _Process | None = getattr(self._own, "process", None)
        if process is None:
            process = self._own.process = _Process()
            self._all.add(process)
        answer = process.answer_to(question)
        if answer is None:
            self._own.process = None
            self._all.discard(process)
            process.end()
        return answer

    def end(self) -> None:
        """Ends all workers, whatever they do."""
        for process in list(self._all):
            process.end()


class _Threads(Executor):
    """The threads of Datasette for pages, and others for heavy requests: for those queries of our own that are not sent to a process."""

    def __init__(self, of_pages: Executor) -> None:
        self._of_pages = of_pages
        self._of_queries = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="heavy")

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return (self._of_queries if is_heavy.get() else self._of_pages).submit(fn, *args, **kwargs)


# Of this Python process, also if it serves several times: only so many at once are good for the machine.
processes = Processes()


def separate(datasette: Datasette) -> None:
    """Makes the databases of a server run the SQL of heavy requests in processes."""
    if datasette.executor is not None:
        datasette.executor = _Threads(datasette.executor)
    for database in datasette.databases.values():
        if database.path is not None and not database.is_memory:
            database.execute = _executing(datasette, database)
            if database.is_mutable:  # otherwise Datasette has counted once
                database.table_counts = counting(database)


def _executing(datasette: Datasette, database: Database) -> Callable[..., Awaitable[Results]]:
    """Returns what replaces `Database.execute`, with the same arguments, result and errors."""
    from datasette.database import QueryInterrupted, Results

    as_before = database.execute
    uri = uri_of(database)

    async def execute(sql: str, params: Any = None, truncate: bool = False, **options: Any) -> Results:
        if not is_heavy.get():
            return await as_before(sql, params, truncate, **options)
        limit = min(filter(None, (options.get("custom_time_limit"), datasette.sql_time_limit_ms)))
        most = datasette.max_returned_rows
        if most == (options.get("page_size") or datasette.page_size):
            most += 1
        wanted = most + 1 if truncate and most else None
        answer = await processes.answer_to(Question(uri, sql, _plain(sql, params), wanted, limit / 1000))
        if answer is None or answer.fault == ("OperationalError", "interrupted"):
            raise QueryInterrupted(sqlite3.OperationalError("interrupted"), sql, params)
        if answer.fault is not None:
            raise getattr(sqlite3, answer.fault[0])(answer.fault[1])
        is_cut = truncate and bool(most) and len(answer.rows) > most
        cursor = _described(answer.columns)
        rows = [sqlite3.Row(cursor, row) for row in (answer.rows[:most] if is_cut else answer.rows)]
        return Results(rows, is_cut, cursor.description)

    return execute


def uri_of(database: Database) -> str:
    """Returns the URI with which SQLite opens the file of a database for reading."""
    return f"{Path(database.path).absolute().as_uri()}?{'mode=ro' if database.is_mutable else 'immutable=1'}"


def _plain(sql: str, given: Any) -> Mapping[str, Value] | Sequence[Value]:
    if given is None:
        return {}
    return named_parameters(sql, given) if isinstance(given, dict) else list(given)


def named_parameters(sql: str, given: Mapping[str, Any]) -> dict[str, Value]:
    """Returns the parameters that a statement names. Datasette finds the value of some only when they are used (`:_now_epoch`)."""
    values: dict[str, Value] = {}
    for name in _NAME.findall(sql):
        with suppress(KeyError):
            values[name] = given[name]
    return values


_names = threading.local()


def _described(columns: Sequence[str]) -> sqlite3.Cursor:
    """Returns a cursor that describes these columns, to make rows of the class that Datasette expects."""
    if not hasattr(_names, "database"):
        _names.database = sqlite3.connect(":memory:")
    quoted = ", ".join('null as "{}"'.format(name.replace('"', '""')) for name in columns)
    cursor: sqlite3.Cursor = _names.database.execute(f"select {quoted or 'null'}")
    return cursor
