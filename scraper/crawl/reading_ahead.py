"""Parses the pages of a recording in other processes before it is their turn.

A recording answers at once, so a crawl of one is as fast as its pages are parsed and stored. The links of a page say which pages will be
requested, and their records are on the disk. So other processes parse them meanwhile, in the order in which they will probably be
requested; while this process would wait for one of them, it parses the next page itself. The rows are those of a crawl without other
processes: a reading is used only if the page would be read in the same way when its turn comes. A large recording may be requested in
another order.
"""

from __future__ import annotations

import os
import pickle
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush

from scrapy.settings import BaseSettings

from scraper.crawl.parsing_process import READY, Question, Work, answer, reading_of
from scraper.model import PageKind
from scraper.reader import Reading
from scraper.store.documents import ArchiveDocuments
from scraper.warc.recording import Recording
from scraper.warc.versions import Version
from scraper.worker_process import CopiedProcess, Worker, WorkerProcess

FEWEST = 100  # pages of a recording; fewer are parsed before another process has begun
_MOST_PROCESSES = 4  # one of them can store as fast as three parse
_MOST_AHEAD = 16  # pages that each process has to parse; less than 64 kB, so that no pipe is full while both of its ends write
_LONGEST_MESSAGE = 4096  # bytes of a page, for the same reason: a recording may have long URLs, digests and origins
_MOST_KEPT = 256  # readings whose turn has not come


@dataclass(frozen=True, slots=True)
class _Ahead:
    """A page that was given out. `number`: in the order of giving out, which is that of the requests. `platform`: that was known then.
    `reading`: None if the page is not parsed yet, or could not be."""

    number: int
    platform: str | None
    reading: Reading | None = None


@dataclass(slots=True)
class _Parser:
    """Another process. `is_ready`: it has begun, which takes as long as a hundred pages if it is not a copy; until then it gets none.
    `open`: the questions that it has not answered, in order."""

    process: Worker
    is_ready: bool = False
    open: deque[tuple[Question, _Ahead]] = field(default_factory=deque)


class ReadingAhead:
    """Used by one crawl. `number`: of processes, which begin at once; 0 parses nothing ahead. `has_archive`: this process has opened an
    archive, so it cannot be copied."""

    def __init__(self, recording: Recording | None, number: int, *, has_archive: bool) -> None:
        self._recording = recording
        self._workers = [_Parser(_process(is_copy=not has_archive and threading.active_count() == 1)) for _ in range(number)]
        self._order: list[tuple[int, int, Question]] = []  # a heap of pages that are expected: the next one is the first
        self._expected: dict[Question, tuple[str | None, Version, str]] = {}  # those that were not given out, and whose turn has not come
        self._met: set[Question] = set()
        self._readings: dict[Question, _Ahead] = {}
        self._work: Work | None = None
        self._documents: ArchiveDocuments | None = None
        self._given_out = 0

    @property
    def is_used(self) -> bool:
        """Whether pages are parsed ahead."""
        return bool(self._workers)

    def begin(self, work: Work, documents: ArchiveDocuments) -> None:
        """Says what is the same for all pages. `documents`: for those that this process parses while it waits."""
        self._work, self._documents = work, documents
        for worker in [*self._workers]:
            self._send(worker, work)

    def expect(self, url: str, stored_url: str, *, number: int, platform: str | None, as_list: bool, priority: int) -> None:
        """Notes that a page will be requested. `url`: that is looked for in the recording; `stored_url`: under which the archive stores it.
        `number`: of its version. `priority`: of its request; the higher, the sooner.
        """
        if self._recording is None or not self._workers:
            return
        version = self._recording.version(url, number)
        if version is None or not version.is_page:
            return
        question = Question(stored_url, version.date, as_list)
        if question not in self._met:
            self._met.add(question)
            if len(pickle.dumps((question, platform, version, url))) > _LONGEST_MESSAGE:
                return
            heappush(self._order, (-priority, len(self._met), question))
            self._expected[question] = platform, version, url
            self._hand_out()

    def take(self, question: Question, platform: str | None) -> Reading | None:
        """Returns the reading of a page, or None if it was not expected, or could not be parsed, or would be another one now. Waits for it
        if a process is at work on it. `platform`: that earlier pages showed by now; it decides the meaning of URLs in sitemaps and feeds,
        and no article depends on it.
        """
        if not self._workers:
            return None
        at_work = next((one for one in self._workers if any(question == expected for expected, _ in one.open)), None)
        while at_work is not None and question not in self._readings:
            if not at_work.process.pipe.poll() and self._parse_next():
                continue
            if not self._receive(at_work):
                break
        self._pass_over(question)
        found = self._readings.pop(question, None)
        self._hand_out()
        if found is None or found.reading is None:
            return None
        return found.reading if found.platform == platform or found.reading.page.kind is PageKind.ARTICLE else None

    def close(self) -> None:
        """Ends the other processes."""
        for worker in [*self._workers]:
            self._leave(worker)

    def _pass_over(self, question: Question) -> None:
        """If too many readings wait, leaves out those before a page whose turn has come. They were expected in vain: their pages were
        requested in another way, or not at all. With fewer readings they stay, because two pages may have changed places."""
        is_full = len(self._readings) >= _MOST_KEPT
        if is_full and question in self._expected:
            self._readings.clear()
            while self._order[0][-1] != question:
                self._expected.pop(heappop(self._order)[-1], None)
        elif is_full:
            here = self._readings.get(question)
            first = here.number if here is not None else min(one.number for one in self._readings.values()) + 1
            self._readings = {key: one for key, one in self._readings.items() if one.number >= first}
        self._expected.pop(question, None)

    def _hand_out(self) -> None:
        """Gives each process enough to do."""
        for worker in [*self._workers]:
            with suppress(OSError):
                while (worker.open or not worker.is_ready) and worker.process.pipe.poll():
                    if not self._receive(worker):
                        break
        while free := [one for one in self._workers if one.is_ready and len(one.open) < _MOST_AHEAD]:
            page = self._next()
            if page is None:
                return
            worker = min(free, key=lambda one: len(one.open))
            if self._send(worker, page):
                question, platform, *_ = page
                worker.open.append((question, _Ahead(self._given_out, platform)))

    def _next(self) -> tuple[Question, str | None, Version, str] | None:
        """Returns the next page that is expected and was not given out, or None if there is none, or too many readings wait."""
        while self._order and len(self._readings) < _MOST_KEPT:
            _, _, question = heappop(self._order)
            if question in self._expected:
                self._given_out += 1
                return question, *self._expected.pop(question)
        return None

    def _parse_next(self) -> bool:
        """Parses a page in this process, which would only wait otherwise. Returns whether there was one."""
        assert self._work is not None
        assert self._documents is not None
        page = self._next()
        if page is None:
            return False
        question, platform, version, url = page
        reading = reading_of(question, platform, version, url, self._work, self._documents)
        self._readings[question] = _Ahead(self._given_out, platform, reading)
        return True

    def _send(self, worker: _Parser, message: object) -> bool:
        """Returns whether a message could be sent to a process."""
        try:
            worker.process.pipe.send(message)
        except OSError:
            self._leave(worker)
            return False
        return True

    def _receive(self, worker: _Parser) -> bool:
        """Waits for the next message of a process. Returns whether it came: a process may have ended, for example for lack of memory."""
        try:
            message = worker.process.pipe.recv()
        except (EOFError, OSError):
            self._leave(worker)
            return False
        if message == READY:
            worker.is_ready = True
        else:
            question, ahead = worker.open.popleft()
            self._readings[question] = replace(ahead, reading=message)
        return True

    def _leave(self, worker: _Parser) -> None:
        """Ends a process, or works on without one that has ended. Its pages are parsed when their turn comes."""
        self._workers.remove(worker)
        worker.process.end()


def _process(*, is_copy: bool) -> Worker:
    return CopiedProcess(answer) if is_copy else WorkerProcess("scraper.crawl.parsing_process", prints=False)


def others_for(recording: Recording | None, settings: BaseSettings) -> int:
    """Returns how many other processes parse the pages of a recording, if there is one."""
    if recording is None or len(recording) < FEWEST:
        return 0
    return (settings.getint("REPLAY_PROCESSES") or min(_MOST_PROCESSES, len(os.sched_getaffinity(0)))) - 1
