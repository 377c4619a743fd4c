"""Reads the rows of a file in a process of its own (`file_worker`), if a visitor wrote its SQL: some functions of SQLite run for minutes in
one step that nothing interrupts, and a thread in such a step cannot be ended.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from dataclasses import replace

from scraper.export.manifest import ArchiveState
from scraper.export.reading import Cut, Limits, Query, Row, Stopped, TooSlow
from scraper.web.file_questions import Call, Done, Opened, Opening
from scraper.web.guards_processes import named_parameters
from scraper.worker_process import WorkerProcess

_MODULE = "scraper.web.file_worker"
_MOST_IDLE = 1  # processes that wait for the next file: to start one takes about a second


class FileProcesses:
    """The processes that read files. They start when they are needed, and one of them is kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = []
        self._all: set[WorkerProcess] = set()

    def take(self) -> WorkerProcess:
        """Returns a process that reads nothing. The caller must give it back, or drop it."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
            process = WorkerProcess(_MODULE)
            self._all.add(process)
            return process

    def give_back(self, process: WorkerProcess) -> None:
        """Keeps a process that reads nothing any more for the next file."""
        with self._lock:
            if len(self._idle) < _MOST_IDLE:
                self._idle.append(process)
                return
        self.drop(process)

    def drop(self, process: WorkerProcess) -> None:
        """Ends a process."""
        with self._lock:
            self._all.discard(process)
        process.end()

    def end(self) -> None:
        """Ends all processes, whatever they do."""
        for process in list(self._all):
            process.kill()


# Of this Python process, also if it serves several times.
file_processes = FileProcesses()


class ReadingApart:
    """The rows of a query, read in a process of its own. It has the methods and values of `Reading`, and the state of the archive."""

    def __init__(self, uri: str, query: Query, limits: Limits) -> None:
        """Raises: sqlite3.Error if the database cannot be read."""
        self.limits = limits
        self.columns: tuple[str, ...] = ()
        self.count = 0
        self.cut: Cut | None = None
        self.repaired = 0
        self._is_stopped = False
        self._is_broken = False
        self._process = file_processes.take()
        try:
            plain = replace(query, parameters=named_parameters(query.sql, query.parameters))
            self._process.pipe.send(Opening(uri, plain, limits))
            opened = self._process.pipe.recv()
        except BaseException as error:
            file_processes.drop(self._process)
            if isinstance(error, EOFError | OSError):
                raise sqlite3.OperationalError("the process that reads the rows ended") from error
            raise
        if not isinstance(opened, Opened) or opened.state is None:
            file_processes.drop(self._process)
            raise _error(opened.fault)
        self.state: ArchiveState = opened.state

    def begin(self) -> None:
        """Begins with the first row, also a second time. Raises: sqlite3.Error if the query is wrong, TooSlow, Stopped."""
        self.count = 0
        self._done(Call("begin"))

    def batch(self, size: int) -> list[Row]:
        """Returns at most `size` further rows; none at the end. Raises: sqlite3.Error, Stopped, and TooSlow before the first row."""
        return self._done(Call("batch", size)).rows

    def written(self, size: int) -> None:
        """Adds the bytes that the rows became. If they reach the limit, no further row is given out."""
        self._done(Call("written", size))

    def stop(self) -> None:
        """Ends the process, from any thread. What waits for rows raises Stopped."""
        self._is_stopped = True
        self._process.kill()

    def close(self) -> None:
        """Ends the query."""
        if not self._is_stopped and not self._is_broken:
            with suppress(OSError):
                self._process.pipe.send(None)
                file_processes.give_back(self._process)
                return
        file_processes.drop(self._process)

    def _done(self, call: Call) -> Done:
        if self._is_stopped:
            raise Stopped
        try:
            self._process.pipe.send(call)
            done: Done = self._process.pipe.recv()
        except (EOFError, OSError) as error:
            if self._is_stopped:
                raise Stopped from error
            self._is_broken = True  # an alarm ended it, or it needed too much memory
            if self.count == 0:
                raise TooSlow from error
            raise sqlite3.OperationalError("interrupted") from error
        self.columns, self.count, self.cut, self.repaired = done.columns, done.count, done.cut, done.repaired
        if done.fault is not None:
            raise _error(done.fault)
        return done


def _error(fault: tuple[str, str] | None) -> Exception:
    """Returns the error that a process had."""
    name, message = fault or ("OperationalError", "")
    if name == "TooSlow":
        return TooSlow()
    error: Exception = getattr(sqlite3, name)(message)
    return error
