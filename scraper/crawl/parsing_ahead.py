"""Parses the pages of a recording in other processes while this one stores those before them.

A recording answers at once, so a crawl of one is as fast as its pages are parsed and stored. Parsing needs nothing of this process. A
reading is used only if it was made with exactly what the spider knows when the turn of its page comes, so the rows are the same as
without this.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import sqlite3
from collections import OrderedDict
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlite_utils import Database

from scraper import stopping
from scraper.model import Capture, SharedDate, Source
from scraper.reader import Reading, read
from scraper.store.documents import ArchiveDocuments

_MOST_KEPT = 64  # readings that were not taken; far fewer pages are requested at a time


@dataclass(frozen=True, slots=True)
class Question:
    """What a reading depends on, besides the capture, the source and the archive."""

    source_id: str
    capture_id: int
    platform: str | None
    as_list: bool


class ParsingAhead:
    """Use it as a context. `archive`: the file. `number`: of processes; 0 parses nothing ahead."""

    def __init__(self, archive: Path, number: int) -> None:
        self._archive, self._number = archive, number
        self._pool: ProcessPoolExecutor | None = None
        self._readings: OrderedDict[Question, Reading] = OrderedDict()

    @property
    def is_used(self) -> bool:
        """Whether pages are parsed ahead."""
        return self._number > 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def parse(self, question: Question, capture: Capture, source: Source, shared: Collection[SharedDate]) -> None:
        """Waits until a page is parsed. Does nothing if that fails: the page is then parsed when its turn comes, and the fault is seen."""
        if not self.is_used:
            return
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._number, mp_context=context, initializer=_begin, initargs=(self._archive,))
        work = (capture, source, [*shared], question.platform, question.as_list)
        try:
            reading = await asyncio.get_running_loop().run_in_executor(self._pool, _read, *work)
        except BrokenProcessPool:
            self._number = 0
            return
        except Exception:  # noqa: BLE001 (it happens again when the page is parsed in its turn)
            return
        self._readings[question] = reading
        while len(self._readings) > _MOST_KEPT:
            self._readings.popitem(last=False)

    def take(self, question: Question) -> Reading | None:
        """Returns the answer to exactly this question, or None."""
        return self._readings.pop(question, None)


_documents: list[ArchiveDocuments] = []  # of a process of the pool


def _begin(archive: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the first one ends the others
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    stopping.end_with_parent(signal.SIGKILL)
    _documents.append(ArchiveDocuments(Database(sqlite3.connect(f"{archive.absolute().as_uri()}?mode=ro", uri=True))))


def _read(capture: Capture, source: Source, shared: Collection[SharedDate], platform: str | None, as_list: bool) -> Reading:
    return read(capture, source, _documents[0], shared=shared, met=platform, as_list=as_list, followed=True)
