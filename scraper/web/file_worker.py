"""A process that reads the rows of a file whose SQL a visitor wrote, so that it can be ended at any moment, as `guards_worker` for pages.

It opens a query, and then does what the server says: `begin`, `batch` or `written` of `Reading`. None closes the query, and the next may
come.
"""

from __future__ import annotations

import signal
import sqlite3
import sys
from contextlib import closing, suppress
from multiprocessing.connection import Connection

from scraper.export.manifest import archive_state
from scraper.export.reading import Reading, Row, TooSlow
from scraper.web.file_questions import Call, Done, Opened, Opening
from scraper.web.guards_connection import LONGEST_OF_A_VISITOR
from scraper.web.guards_worker import limit_this_process, open_guarded

_NICE = 10  # a file can wait for pages, and for the queries of pages
_FIRST = 30.0  # seconds until the first row: who waits longer has gone
_GRACE = 2.0  # seconds after the time limit until the alarm
_MOST = 1024 * 1024  # bytes of texts after which a batch is sent, though more rows were requested


def serve(pipe: Connection) -> None:
    """Reads queries for a pipe until its other end is closed."""
    limit_this_process(_NICE)
    with suppress(EOFError, OSError):
        while True:
            _read(pipe, pipe.recv())


def _read(pipe: Connection, opening: Opening) -> None:
    try:
        connection = open_guarded(opening.uri)
    except sqlite3.Error as error:
        pipe.send(Opened(None, _fault(error)))
        return
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_OF_A_VISITOR)
    with closing(connection):
        try:
            connection.isolation_level = None
            connection.execute("begin")  # the state, the notices and the rows are of one moment
            state, reading = archive_state(connection), Reading(connection, opening.query, opening.limits)
        except sqlite3.Error as error:
            pipe.send(Opened(None, _fault(error)))
            return
        pipe.send(Opened(state))
        seconds = opening.limits.seconds or _FIRST
        while (call := pipe.recv()) is not None:
            signal.setitimer(signal.ITIMER_REAL, _GRACE + (seconds if reading.count else min(seconds, _FIRST)))
            done = _done(reading, call)
            signal.setitimer(signal.ITIMER_REAL, 0)
            pipe.send(done)


def _done(reading: Reading, call: Call) -> Done:
    rows: list[Row] = []
    fault = None
    try:
        if call.name == "begin":
            reading.begin()
        elif call.name == "batch":
            rows = _batch(reading, call.number)
        else:
            reading.written(call.number)
    except (sqlite3.Error, TooSlow, MemoryError) as error:
        rows, fault = [], _fault(error)
    return Done(rows, reading.columns, reading.count, reading.cut, reading.repaired, fault)


def _batch(reading: Reading, most: int) -> list[Row]:
    """Returns at most so many further rows, and fewer if their texts are long: a row may have 16 MiB."""
    rows: list[Row] = []
    taken, step = 0, 1
    while len(rows) < most and taken < _MOST and (some := reading.batch(min(step, most - len(rows)))):
        rows += some
        taken += sum(len(value) for row in some for value in row if isinstance(value, str | bytes))
        step *= 2
    return rows


def _fault(error: Exception) -> tuple[str, str]:
    if isinstance(error, MemoryError):
        return "OperationalError", "out of memory"
    if isinstance(error, sqlite3.Error):
        return next(one.__name__ for one in type(error).__mro__ if one.__module__ == "sqlite3"), str(error)
    return type(error).__name__, str(error)


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
