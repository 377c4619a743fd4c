"""Parses captures in several processes and returns the results in the order of the captures.

Parsing reads only the capture and the archive, so the processes share nothing. Each has a few tasks ahead of it and no more, so memory does
not grow with the number of captures. A process that ends or does not answer costs the page on which it was, and is replaced.
"""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import sqlite3
from abc import abstractmethod
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Protocol

from sqlite_utils import Database

from scraper.model import Failure, SharedDate, Source
from scraper.reader import Reading
from scraper.reparsing.parsing import Task, parse_task, parser_fault
from scraper.store.documents import ArchiveDocuments

_AHEAD = 4  # tasks of one process that are not yet collected; two would do, if all pages took the same time
_LONGEST = 120.0  # seconds for one page; the slowest of the hostile pages of the tests takes 2
_ATTEMPTS = 2  # a process may be ended by the system while another page uses the memory, so a page is tried twice

Result = Reading | Failure


@dataclass(frozen=True, slots=True)
class Work:
    """What is the same for all captures of a source."""

    source: Source
    shared: Collection[SharedDate]
    limit: int  # the largest body, in bytes


class Parsers(Protocol):
    """What parses captures: this process, several processes, or several machines (`scraper.cluster.parsers`)."""

    @abstractmethod
    def parse(self, work: Work, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """Yields each task with its result, in the order of the tasks."""

    @abstractmethod
    def close(self) -> None:
        """Ends what was started."""


class OneProcess:
    """Parses in this process, one capture after the other. `database`: the archive, for the documents that citations resolve to."""

    def __init__(self, database: Database) -> None:
        self._known = ArchiveDocuments(database)

    def parse(self, work: Work, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """Yields each task with its result, in the order of the tasks."""
        for task in tasks:
            yield task, parse_task(task, work.source, self._known, work.shared, work.limit)

    def close(self) -> None:
        """Does nothing: there is no process to end."""


class SeveralProcesses:
    """Parses in `number` processes. `archive`: the file; each process opens it only for reading."""

    def __init__(self, archive: Path, number: int) -> None:
        self._workers = [_Worker(archive) for _ in range(number)]

    def parse(self, work: Work, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """Yields each task with its result, in the order of the tasks."""
        for worker in self._workers:
            worker.begin(work)
        order: deque[_Worker] = deque()
        for number, task in enumerate(tasks):
            worker = self._workers[number % len(self._workers)]
            if len(worker.tasks) == _AHEAD:
                yield order.popleft().collect()
            worker.send(task)
            order.append(worker)
        while order:
            yield order.popleft().collect()

    def close(self) -> None:
        """Ends the processes."""
        for worker in self._workers:
            worker.end()


@dataclass(slots=True)
class _Worker:
    """One process, and the tasks that it has but whose results were not collected."""

    archive: Path
    tasks: deque[Task] = field(default_factory=deque)
    work: Work | None = None
    pipe: Connection | None = None
    process: BaseProcess | None = None

    def begin(self, work: Work) -> None:
        """Makes the process parse captures of another source from now on."""
        self.work = work
        if self.pipe is None:
            self._start()
        else:
            self._send(work)

    def send(self, task: Task) -> None:
        """Gives the process one more task."""
        self.tasks.append(task)
        self._send(task)

    def collect(self) -> tuple[Task, Result]:
        """Returns the oldest task with its result. A process that ended or does not answer is replaced, and goes on with the others."""
        for attempt in range(1, _ATTEMPTS + 1):
            assert self.pipe is not None
            assert self.process is not None
            try:
                if self.pipe.poll(_LONGEST):
                    result: Result = self.pipe.recv()
                    return self.tasks.popleft(), result
                how, is_last = f"the page was not parsed within {_LONGEST:.0f} seconds", True
            except (EOFError, OSError, pickle.UnpicklingError):
                self.process.join(_LONGEST)
                how, is_last = f"the process that parsed the page ended with code {self.process.exitcode}", attempt == _ATTEMPTS
            self.end()
            if is_last:
                break
            self._start()
        failed = self.tasks.popleft()
        self._start()
        return failed, parser_fault(failed.capture.url, how)

    def end(self) -> None:
        """Ends the process."""
        if self.pipe is not None:
            self.pipe.close()
        if self.process is not None:
            self.process.kill()
            self.process.join()
        self.pipe = None

    def _start(self) -> None:
        """Starts a process and gives it all tasks that were not collected."""
        # A new interpreter, not a copy of this one: a copy would have its open database and its threads.
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_parse_until_closed, args=(theirs, self.archive), daemon=True)
        self.process.start()
        theirs.close()  # so that the pipe ends when either process does
        assert self.work is not None
        self._send(self.work)
        for task in self.tasks:
            self._send(task)

    def _send(self, message: Work | Task) -> None:
        assert self.pipe is not None
        with suppress(OSError):  # it has ended: `collect` notices that, and sends the tasks again
            self.pipe.send(message)


def _parse_until_closed(pipe: Connection, archive: Path) -> None:
    """Parses each task that comes through the pipe and sends the result back, until the other side closes the pipe or ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the first one ends the others
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    connection = sqlite3.connect(f"{archive.absolute().as_uri()}?mode=ro", uri=True)
    known = ArchiveDocuments(Database(connection))
    work: Work | None = None
    try:
        while True:
            message = pipe.recv()
            if isinstance(message, Work):
                work = message
                continue
            assert work is not None
            pipe.send(parse_task(message, work.source, known, work.shared, work.limit))
    except (EOFError, OSError):
        connection.close()
