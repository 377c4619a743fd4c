"""Parses captures in several processes and returns the results in the order of the captures.

Parsing reads only the capture and the archive, so the processes share nothing. Each has a few tasks ahead of it and no more, so memory does
not grow with the number of captures. A process that ends or does not answer costs the page on which it was, and is replaced.
"""

from __future__ import annotations

import pickle
from abc import abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlite_utils import Database

from scraper.reparsing.differences import Comparison
from scraper.reparsing.parsing import Result, Task, Work, parse_task, parser_fault
from scraper.reparsing.worker import serve
from scraper.store.documents import ArchiveDocuments
from scraper.worker_process import CopiedProcess, Worker, WorkerProcess

# Tasks of one process that are not yet collected. Two would do if all pages took the same time. The slowest of 2,312 recorded pages took 20
# times as long as the middle one. Computed from their times, with 2, 4, 16 and 32 tasks eight processes are 6.7, 7.0, 7.6 and 7.6 times as
# fast as one.
_AHEAD = 16
_MOST_BYTES = 65_536  # of these tasks: while both ends of a pipe write, what is on its way must fit into it
_LONGEST = 120.0  # seconds for one page; the slowest of the hostile pages of the tests takes 2
_ATTEMPTS = 2  # a process may be ended by the system while another page uses the memory, so a page is tried twice


class Parsers(Protocol):
    """What parses captures: this process, several processes, or several machines (`scraper.cluster.parsers`)."""

    @abstractmethod
    def parse(self, work: Work, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result | Comparison]]:
        """Yields each task with its result, in the order of the tasks. If the work compares, the result may be compared already."""

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
    """Parses in `number` processes, which begin at once. `archive`: the file; each process opens it only for reading.

    The processes begin as copies of this one, so they must be made before the archive is opened. One that is replaced later is a new
    interpreter, which needs half a second more.
    """

    def __init__(self, archive: Path, number: int) -> None:
        self._workers = [_Worker(archive) for _ in range(number)]

    def parse(self, work: Work, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result | Comparison]]:
        """Yields each task with its result, in the order of the tasks."""
        for worker in self._workers:
            worker.begin(work)
        order: deque[_Worker] = deque()
        for number, task in enumerate(tasks):
            worker = self._workers[number % len(self._workers)]
            message = pickle.dumps(task)
            while not worker.has_space(len(message)):
                yield order.popleft().collect()
            worker.send(task, message)
            order.append(worker)
        while order:
            yield order.popleft().collect()

    def close(self) -> None:
        """Ends the processes."""
        for worker in self._workers:
            worker.end()


@dataclass(slots=True)
class _Worker:
    """One process, and the tasks that it has but whose results were not collected, with the bytes of each."""

    archive: Path
    tasks: deque[tuple[Task, bytes]] = field(default_factory=deque)
    work: Work | None = None
    process: Worker = field(init=False)

    def __post_init__(self) -> None:
        self.process = CopiedProcess(serve, self.archive)

    def begin(self, work: Work) -> None:
        """Makes the process parse captures of this source from now on."""
        self.work = work
        self._send(pickle.dumps(work))

    def has_space(self, length: int) -> bool:
        """Returns whether it may get one more task, whose message has so many bytes."""
        waiting = sum(len(message) for _, message in self.tasks)
        return not self.tasks or (len(self.tasks) < _AHEAD and waiting + length <= _MOST_BYTES)

    def send(self, task: Task, message: bytes) -> None:
        """Gives the process one more task. `message`: the task, pickled."""
        self.tasks.append((task, message))
        self._send(message)

    def collect(self) -> tuple[Task, Result | Comparison]:
        """Returns the oldest task with its result. A process that ended or does not answer is replaced, and goes on with the others."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                if self.process.pipe.poll(_LONGEST):
                    result: Result | Comparison = self.process.pipe.recv()
                    return self.tasks.popleft()[0], result
                how, is_last = f"the page was not parsed within {_LONGEST:.0f} seconds", True
            except (EOFError, OSError, pickle.UnpicklingError):
                code = self.process.exit_code(_LONGEST)
                how, is_last = f"the process that parsed the page ended with code {code}", attempt == _ATTEMPTS
            self.end()
            if is_last:
                break
            self._replace()
        failed, _ = self.tasks.popleft()
        self._replace()
        return failed, parser_fault(failed.capture.url, how)

    def end(self) -> None:
        """Ends the process."""
        self.process.end()

    def _replace(self) -> None:
        """Starts another process and gives it all tasks that were not collected."""
        self.process = WorkerProcess("scraper.reparsing.worker", str(self.archive))
        if self.work is not None:
            self._send(pickle.dumps(self.work))
        for _, message in self.tasks:
            self._send(message)

    def _send(self, message: bytes) -> None:
        with suppress(OSError):  # it has ended: `collect` notices that, and sends the tasks again
            self.process.pipe.send_bytes(message)
