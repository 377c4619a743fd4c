"""Reads parts in several processes. Each has one part at a time, and waits when its results are not taken, so memory does not grow."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from scraper.imports.parts import Part
from scraper.imports.sieve import Kept, RefusedPage, Sieve, Sifted
from scraper.warc.records import PackedWhole, WarcError

_ATTEMPTS = 2  # the system may end a process while another one uses the memory, so a part is tried twice
_LAST_WAIT = 10.0  # seconds for a process to say how it ended


@dataclass(frozen=True, slots=True)
class Begun:
    """A part is read from its beginning. What was found in it before does not count."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A part could not be read. `is_packed`: several records of its file are packed together, so it cannot be read in parts."""

    why: str
    is_packed: bool = False


Event = Begun | list[Kept | RefusedPage] | Sifted | Unreadable


class Readers:
    """`number`: of processes; with 1, the parts are read in this process."""

    def __init__(self, sieve: Sieve, number: int) -> None:
        self._sieve, self._number = sieve, number

    def read(self, parts: Iterable[tuple[int, Part]]) -> Iterator[tuple[Part, Event]]:
        """Yields what happens with each part: it begins, batches of what belongs to a source, and at last what was in it, or why it
        cannot be read.
        """
        if self._number > 1:
            yield from _InProcesses(self._sieve, deque(parts)).read(self._number)
            return
        for number, part in parts:
            yield part, Begun()
            for event in _events(self._sieve, number, part):
                yield part, event


def _events(sieve: Sieve, number: int, part: Part) -> Iterator[Event]:
    try:
        yield from sieve.sift(part, number)
    except PackedWhole as error:
        yield Unreadable(f"{error}", is_packed=True)
    except (WarcError, OSError) as error:
        yield Unreadable(f"{error}")


@dataclass(slots=True)
class _Reader:
    """A process and the part that it reads."""

    process: BaseProcess
    pipe: Connection
    task: tuple[int, Part] | None = None
    attempt: int = 1

    def give(self, task: tuple[int, Part], attempt: int = 1) -> None:
        self.task, self.attempt = task, attempt
        with suppress(OSError):  # it has ended: that is noticed when its answer is taken
            self.pipe.send(task)

    def end(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


class _InProcesses:
    def __init__(self, sieve: Sieve, tasks: deque[tuple[int, Part]]) -> None:
        self._sieve, self._tasks = sieve, tasks
        self._readers: list[_Reader] = []

    def read(self, number: int) -> Iterator[tuple[Part, Event]]:
        try:
            for _ in range(min(number, len(self._tasks))):
                reader = self._start()
                task = self._tasks.popleft()
                reader.give(task)
                yield task[1], Begun()
            while busy := {one.pipe: one for one in self._readers if one.task is not None}:
                for pipe in wait([*busy]):
                    yield from self._take(busy[pipe])  # type: ignore[index]
        finally:
            for reader in self._readers:
                reader.end()

    def _take(self, reader: _Reader) -> Iterator[tuple[Part, Event]]:
        assert reader.task is not None
        part = reader.task[1]
        try:
            event: Event = reader.pipe.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            reader.process.join(_LAST_WAIT)
            event = Unreadable(f"the process that read it ended with code {reader.process.exitcode}")
            self._readers.remove(reader)
            reader.end()
            task, attempt = reader.task, reader.attempt + 1
            reader = self._start()
            if attempt <= _ATTEMPTS:
                reader.give(task, attempt)
                yield part, Begun()
                return
        yield part, event
        if isinstance(event, Sifted | Unreadable):
            reader.task = None
            if self._tasks:
                reader.give(self._tasks.popleft())
                yield reader.task[1], Begun()  # type: ignore[index]

    def _start(self) -> _Reader:
        # A new interpreter, not a copy of this one: a copy would have its open database and its threads.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_read_until_closed, args=(theirs, self._sieve), daemon=True)
        process.start()
        theirs.close()  # so that the pipe ends when either process does
        self._readers.append(_Reader(process, ours))
        return self._readers[-1]


def _read_until_closed(pipe: Connection, sieve: Sieve) -> None:
    """Reads each part that comes through the pipe and sends the results back, until the other side closes the pipe or ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the first one ends the others
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(EOFError, OSError):
        while True:
            number, part = pipe.recv()
            for event in _events(sieve, number, part):
                pipe.send(event)
