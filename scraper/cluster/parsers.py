"""Parses captures on the workers of a Dask scheduler: a unit is a WARC file, or a part of a long one.

A worker that dies costs a repetition. The results come back in the order of the captures, and one process compares and stores them.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from sqlite_utils import Database

from scraper.cluster.engines import DaskEngine, EngineLost, check_version
from scraper.cluster.shared_store import SharedStore
from scraper.model import UserError
from scraper.reparsing.parsing import Result, Task, Work, parse_task
from scraper.scratch_folder import ScratchFolder
from scraper.store.captures import KeptCapture
from scraper.store.documents import ArchiveDocuments
from scraper.store.patient_connection import connect
from scraper.two_languages import Message
from scraper.version import program_version
from scraper.warc.records import Place

_MOST_TASKS = 200  # captures in a unit; their results must fit into memory
_AHEAD = 3  # units for each worker that were given out and whose results were not collected
_LOOK = 1.0  # seconds between two looks at what ended


@dataclass(frozen=True, slots=True)
class ParseOrder:
    """Captures to parse. `documents`: the name of the known documents in the store. `files`: by the path of a file of captures on the
    machine that gives the order, its name in the store and its length in bytes; the name is empty if all machines have the folder.
    """

    number: int
    work: Work
    tasks: tuple[Task, ...]
    documents: str
    files: dict[str, tuple[str, int]]
    store: str
    patience: float
    version: str


class ClusterParsers:
    """Parses on the workers of a scheduler. It is used like the processes of one machine (`SeveralProcesses`)."""

    def __init__(self, archive: Path, address: str, store: SharedStore, *, sends_files: bool, patience: float, attempts: int) -> None:
        """`archive`: the file, whose known documents every worker gets. `sends_files`: workers get the files of captures by the store;
        otherwise they have the same folder. `attempts`: workers that may die on one unit.
        Raises: UserError if the scheduler or the store cannot be used.
        """
        if "://" not in address:
            raise UserError(
                Message(
                    f"--cluster {address}: must be the URL of a Dask scheduler, like tcp://192.0.2.1:8786; on this machine: --processes N",
                    f"--cluster {address}: phải là URL của bộ điều phối Dask, ví dụ tcp://192.0.2.1:8786; trên máy này: --processes N",
                )
            )
        self._store, self._sends_files, self._patience, self._attempts = store, sends_files, patience, attempts
        self._engine = DaskEngine(parse_order, address, patience)
        self._documents = _send_documents(archive, store)
        self._sent: dict[str, tuple[str, int]] = {}
        self._number, self._version = 0, program_version()

    def parse(self, work: Work, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """Yields each task with its result, in the order of the tasks.
        Raises: EngineLost if the scheduler is gone, or if a unit was lost again and again; the same command then goes on.
        """
        open_orders: deque[ParseOrder] = deque()
        found: dict[int, list[Result]] = {}
        lost: dict[int, int] = {}
        for order in self._orders(work, tasks):
            self._engine.submit(order)
            open_orders.append(order)
            while len(open_orders) >= max(1, self._engine.workers) * _AHEAD:
                yield from self._first(open_orders, found, lost)
        while open_orders:
            yield from self._first(open_orders, found, lost)

    def close(self) -> None:
        """Ends the connection to the scheduler."""
        self._engine.close()

    def _first(self, open_orders: deque[ParseOrder], found: dict[int, list[Result]], lost: dict[int, int]) -> Iterator[tuple[Task, Result]]:
        """Yields the results of the first order, as soon as they are there."""
        while open_orders[0].number not in found:
            for order, result in self._engine.ended(_LOOK):
                if not isinstance(result, Exception):
                    found[order.number] = result
                    continue
                lost[order.number] = lost.get(order.number, 0) + 1
                if lost[order.number] >= self._attempts:
                    url = order.tasks[0].capture.url
                    raise EngineLost(
                        Message(
                            f"{lost[order.number]} workers were lost over {len(order.tasks)} captures from {url} on: {result}",
                            f"mất {lost[order.number]} máy của cụm khi đọc {len(order.tasks)} bản chụp từ {url} trở đi: {result}",
                        )
                    )
                self._engine.submit(order)
        order = open_orders.popleft()
        yield from zip(order.tasks, found.pop(order.number), strict=True)

    def _orders(self, work: Work, tasks: Iterable[Task]) -> Iterator[ParseOrder]:
        for _, of_file in groupby(tasks, key=lambda task: task.capture.place.file):
            part: list[Task] = []
            for task in of_file:
                part.append(task)
                if len(part) == _MOST_TASKS:
                    yield self._order(work, part)
                    part = []
            if part:
                yield self._order(work, part)

    def _order(self, work: Work, tasks: list[Task]) -> ParseOrder:
        self._number += 1
        files = {str(place.file): self._send(place.file) for task in tasks for place in _places(task)}
        return ParseOrder(self._number, work, tuple(tasks), self._documents, files, self._store.url, self._patience, self._version)

    def _send(self, path: Path) -> tuple[str, int]:
        """Returns the name of a file of captures in the store and its length. Sends it if it is not there, and removes what the file was
        when it was shorter.
        """
        if str(path) not in self._sent:
            try:
                size = path.stat().st_size
            except OSError:  # the worker says what is wrong, as this machine would
                return "", 0
            folder = f"captures/{path.parent.name}"
            name = f"{folder}/{size}-{path.name}" if self._sends_files else ""
            if name:
                there = [one for one in self._store.names(folder) if one.rpartition("/")[2].partition("-")[2] == path.name]
                if name not in there:
                    self._store.put_file(name, path)
                _remove(self._store, there, name)
            self._sent[str(path)] = name, size
        return self._sent[str(path)]


def _places(task: Task) -> Iterator[Place]:
    for capture in (task.capture, *task.later):
        yield capture.place
        if capture.original is not None:
            yield capture.original


def _send_documents(archive: Path, store: SharedStore) -> str:
    """Puts the known documents into the store and returns their name there."""
    with tempfile.TemporaryDirectory(prefix="documents-") as folder:
        path = Path(folder) / "documents.db"
        with closing(connect(f"{archive.as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("attach ? as seed", [f"{path.as_uri()}?mode=rwc"])
            connection.execute("create table seed.documents as select * from main.documents where status <> 'stub' order by id")
            for column in ("number_form", "key", "type"):
                connection.execute(f"create index seed.documents_{column} on documents ({column})")
            connection.commit()
        name = f"documents/{hashlib.sha256(path.read_bytes()).hexdigest()[:32]}.db"
        there = store.names("documents")
        if name not in there:
            store.put(name, path.read_bytes())
        _remove(store, there, name)
    return name


def _remove(store: SharedStore, names: Iterable[str], kept: str) -> None:
    """Removes names but one. No other command needs them: a store belongs to one archive, which one command at a time parses again."""
    for name in names:
        if name != kept:
            store.remove_name(name)


@dataclass(slots=True)
class _Here:
    """What a worker keeps from one order to the next: the known documents, and the files that it received."""

    folder: ScratchFolder = field(default_factory=lambda: ScratchFolder("scrapy-parser"))
    documents: dict[str, ArchiveDocuments] = field(default_factory=dict)
    files: deque[Path] = field(default_factory=deque)


_here: list[_Here] = []
_one_at_a_time = threading.Lock()  # a thread of a worker gains nothing beside another: parsing needs the whole interpreter
_MOST_FILES = 8  # that a worker keeps for the next order


def parse_order(order: ParseOrder) -> list[Result]:
    """Returns the results of an order, on a worker. Raises: Unfit if its version is another one; UserError if a file cannot be had."""
    check_version(order.version)
    with _one_at_a_time:
        if not _here:
            _here.append(_Here())
        here, store = _here[0], SharedStore(order.store, order.patience)
        known = here.documents.get(order.documents)
        if known is None:
            path = here.folder.path / Path(order.documents).name
            documents = store.get(order.documents)
            if documents is None:
                raise UserError(
                    Message(
                        f"{order.documents} is not in {store.url} any more; run the command again",
                        f"{order.documents} không còn trong {store.url}; hãy chạy lại lệnh",
                    )
                )
            path.write_bytes(documents)
            connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            known = here.documents[order.documents] = ArchiveDocuments(Database(connection))
        paths = {name: _received(here, store, name, *sent) for name, sent in order.files.items()}
        work = order.work
        found = [parse_task(_at(task, paths), work.source, known, work.shared, work.limit) for task in order.tasks]
        while len(here.files) > _MOST_FILES:  # not before: one order may need more
            here.files.popleft().unlink(missing_ok=True)
        return found


def _received(here: _Here, store: SharedStore, path: str, name: str, size: int) -> Path:
    """Returns the path of a file of captures on this machine."""
    own = Path(path)
    if not name or (own.is_file() and own.stat().st_size >= size):
        return own
    received = here.folder.path / name.replace("/", "-")
    if received not in here.files:
        store.get_file(name, received)
        here.files.append(received)
    return received


def _at(task: Task, paths: dict[str, Path]) -> Task:
    """Returns a task with the paths of this machine."""

    def moved(capture: KeptCapture) -> KeptCapture:
        original = capture.original
        return replace(
            capture,
            place=replace(capture.place, file=paths[str(capture.place.file)]),
            original=replace(original, file=paths[str(original.file)]) if original is not None else None,
        )

    return replace(task, capture=moved(task.capture), later=tuple(map(moved, task.later)))
