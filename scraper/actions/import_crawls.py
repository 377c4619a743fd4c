"""Crawls sources from what an import found of them: several sources in several processes, the pages of a single one in several.

Parsing a page takes less time than storing it and requesting the next one. So a single source gains less than half from a second process,
while several sources share only the archive, into which each writes for a moment at a time.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import BaseSettings, Settings

from scraper import clock, stopping
from scraper.actions.import_report import account
from scraper.crawl.crawler_process import crawler_process
from scraper.crawl.run import Run
from scraper.crawl.run_report import BROKEN, LOCKED, NOT_STARTED, Result
from scraper.crawl.shared_archive import SharedArchive
from scraper.crawl.side_by_side import Crawling, SideBySide
from scraper.model import Source
from scraper.store import runs
from scraper.store.imports import ImportState
from scraper.two_languages import Message
from scraper.warc.recording import Recording

_NOT_DONE = (LOCKED, NOT_STARTED, BROKEN, runs.SHUTDOWN, runs.NOT_WRITABLE)  # such a source is crawled when the import goes on


def crawl_side_by_side(settings: BaseSettings, key: str, sources: Sequence[tuple[Source, int]], processes: int) -> list[Result]:
    """Crawls each source in one of several processes, and returns how each crawl ended. `key`: of the import. `sources`: with the number of
    their responses.
    """
    context = multiprocessing.get_context("spawn")
    children: dict[Connection, tuple[BaseProcess, list[Source]]] = {}
    results: list[Result] = []

    def end_all(*_: object) -> None:
        stopping.request()
        for process, _sources in children.values():
            process.terminate()  # it ends its crawls, and says how

    before = {number: signal.signal(number, end_all) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for some in _shares(sources, processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=_crawl_share, args=(theirs, settings.copy_to_dict(), key, some), daemon=False)
            process.start()
            theirs.close()
            children[ours] = (process, some)
        while children:
            for pipe in wait([*children]):
                assert isinstance(pipe, Connection)
                ended, some = children.pop(pipe)
                found: list[Result] = []
                with suppress(EOFError, OSError):
                    found = pipe.recv()
                ended.join()
                known = {one.source_id for one in found}
                why = Message(
                    f"the process that crawled it ended with code {ended.exitcode}",
                    f"tiến trình thu thập nguồn này kết thúc với mã {ended.exitcode}",
                )
                results += [*found, *(Result(one.id, BROKEN, why) for one in some if one.id not in known)]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return results


def _shares(sources: Sequence[tuple[Source, int]], number: int) -> list[list[Source]]:
    """Returns the sources in `number` shares of about the same work."""
    shares: list[tuple[int, list[Source]]] = [(0, []) for _ in range(number)]
    for source, size in sorted(sources, key=lambda one: (-one[1], one[0].id)):
        least = min(range(number), key=lambda at: shares[at][0])
        shares[least] = (shares[least][0] + size, [*shares[least][1], source])
    return [some for _, some in shares if some]


def _crawl_share(pipe: Connection, settings: dict[str, Any], key: str, sources: list[Source]) -> None:
    """Crawls some sources in this process, and sends back how that ended."""
    stopping.end_with_parent(signal.SIGTERM)
    own = Settings(settings, priority="cmdline")
    if own["NOW"]:
        clock.set_now(own["NOW"])
    archive = SharedArchive(own)
    try:
        results = crawl(own, crawler_process(own), archive, ImportState(archive.database, key, ()), sources, 1)
    finally:
        archive.close()  # what it cannot move into the file is moved, or named, by the process that started this one
    pipe.send(results)


def crawl(
    settings: BaseSettings,
    process: AsyncCrawlerProcess,
    archive: SharedArchive,
    state: ImportState,
    sources: Iterable[Source],
    processes: int,
) -> list[Result]:
    """Crawls sources one after the other, and returns how each crawl ended. `processes`: in which pages are parsed."""
    watcher = _Watcher(archive, state)

    def open_run(source: Source) -> Run:
        recording = Recording(indexed=state.responses(source.id))
        watcher.begun = (source, recording)
        return Run(settings, source, arguments={}, archive=archive, recording=recording, other_parsers=processes - 1)

    return SideBySide(process, open_run, at_once=1, watcher=watcher).crawl(sources)


@dataclass(slots=True)
class _Watcher:
    """Notes what became of the responses of a source as soon as its crawl has ended."""

    archive: SharedArchive
    state: ImportState
    begun: tuple[Source, Recording] | None = None

    def ended(self, result: Result) -> None:
        """See Watcher."""
        if self.begun is not None and result.state not in _NOT_DONE:
            self.state.end_source(result.source_id, account(self.archive.database, *self.begun))
        self.begun = None

    def refresh(self, going_on: Iterable[Crawling], waiting: int) -> None:
        """Does nothing: each crawl has its own progress bar."""
