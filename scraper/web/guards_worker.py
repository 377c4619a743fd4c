"""A process that runs SQL which a visitor wrote, so that it can be ended at any moment: some functions of SQLite run for minutes in C,
where neither a time limit nor an interrupt reaches them.

It reads questions from a pipe and writes answers to it. It ends itself when a question takes too long (an alarm of the operating system),
when it needs too much memory, and when the server is gone.
"""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import sys
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Connection

from scraper.web.guards_connection import harden
from scraper.web.guards_questions import Answer, Question, Value
from scraper.web.sql_functions import register_functions

HEAP = 64 * 1024 * 1024  # bytes that SQLite itself may use in a worker
RESULT = 10 * 1024 * 1024  # bytes of a result: a thousand rows of long texts have 5 MB
_DATA = 176 * 1024 * 1024  # bytes of memory that a worker may use, Python included
_TEMPORARY = 1024 * 1024 * 1024  # bytes of a temporary file, into which SQLite sorts
_GRACE = 1.0  # seconds after the time limit until the alarm
_NICE = 3  # half the processor of a page if both want it; much less, and a busy machine would starve it
_LOOK = 1.0  # seconds between two looks whether the server is still there
_CONNECTIONS = 4
_CHECK_EVERY = 1_000  # instructions of SQLite's machine between two looks at the time


class TooMuch(sqlite3.DataError):
    """The result is too large."""


class Worker:
    """Answers questions. It keeps a connection for each database."""

    def __init__(self) -> None:
        self._connections: dict[str, sqlite3.Connection] = {}

    def answer(self, question: Question) -> Answer:
        """Returns the answer to a question, in little more than its time limit."""
        try:
            connection = self._connection(question.uri)
            deadline, last = time.process_time() + question.seconds, time.monotonic() + question.most_seconds
            connection.set_progress_handler(lambda: time.process_time() >= deadline or time.monotonic() >= last, _CHECK_EVERY)
            cursor = connection.cursor()
            try:
                cursor.execute(question.sql, question.parameters)
                return Answer(_rows(cursor, question.most), [column[0] for column in cursor.description or ()])
            finally:
                cursor.close()
        except sqlite3.Error as error:
            known = next(one for one in type(error).__mro__ if one.__module__ == "sqlite3")
            return Answer(fault=(known.__name__, str(error)))
        except MemoryError:
            return Answer(fault=("OperationalError", "out of memory"))

    def _connection(self, uri: str) -> sqlite3.Connection:
        if uri not in self._connections:
            while len(self._connections) >= _CONNECTIONS:
                self._connections.pop(next(iter(self._connections))).close()
            self._connections[uri] = open_guarded(uri)
            self._connections[uri].text_factory = lambda raw: str(raw, "utf-8", "replace")
        return self._connections[uri]


def _rows(cursor: sqlite3.Cursor, most: int | None) -> list[tuple[Value, ...]]:
    """Returns the rows. Raises: TooMuch if they are too large together."""
    rows: list[tuple[Value, ...]] = []
    size = 0
    for row in cursor:
        size += sum(len(value) if isinstance(value, str | bytes) else 8 for value in row)
        if size > RESULT:
            raise TooMuch(f"the result is larger than {RESULT // 1_000_000} MB")
        rows.append(row)
        if len(rows) == most:
            break
    return rows


def open_guarded(uri: str) -> sqlite3.Connection:
    """Returns a connection that can only read, within the limits, with the SQL functions of the project."""
    connection = sqlite3.connect(uri, uri=True)
    connection.execute(f"pragma hard_heap_limit = {HEAP}")
    register_functions(connection)
    harden(connection)
    return connection


def _end_with(server: int) -> None:
    """Ends this process soon after the server, also in the middle of a question: SQLite lets other threads run while it computes."""
    while os.getppid() == server:
        time.sleep(_LOOK)
    os._exit(1)


def limit_this_process(nice: int) -> None:
    """Limits the memory and the files of this process, lowers its priority, and makes it end with the server."""
    with suppress(ValueError, OSError):  # a limit that the system does not let us set
        os.nice(nice)
        resource.setrlimit(resource.RLIMIT_DATA, (_DATA, _DATA))
        resource.setrlimit(resource.RLIMIT_FSIZE, (_TEMPORARY, _TEMPORARY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends it
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # the system ends the process
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def serve(pipe: Connection) -> None:
    """Answers the questions of a pipe until its other end is closed."""
    limit_this_process(_NICE)
    worker = Worker()
    with suppress(EOFError, OSError):
        while True:
            question = pipe.recv()
            signal.setitimer(signal.ITIMER_REAL, question.most_seconds + _GRACE)
            answer = worker.answer(question)
            signal.setitimer(signal.ITIMER_REAL, 0)
            pipe.send(answer)


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
