"""The process of a worker in which its crawls run: it reads units from standard input, a line of JSON each, and writes a line for each end.

It ends when its standard input does, so it never outlives the worker that started it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import sys
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TextIO

from scrapy.settings import Settings

from scraper import clock
from scraper.base_command import DEFAULT_SETTINGS
from scraper.cluster import seeds
from scraper.cluster.engines import check_version
from scraper.cluster.exchanges import ExchangeLog
from scraper.cluster.fed_crawls import FedCrawl, FedCrawls
from scraper.cluster.handed_over_run import WorkerRun
from scraper.cluster.lease import Lease, Superseded
from scraper.cluster.shared_store import SharedStore, StoreUnreachable
from scraper.cluster.tasks import ENDED, LOST, SUPERSEDED
from scraper.cluster.units import Ended, Unit, ended_name, exchanges_folder, hosts_of_sources, opened_name, seed_name
from scraper.crawl.crawler_process import crawler_process
from scraper.crawl.politeness.host_queue import queue_of
from scraper.crawl.run_report import BROKEN, LOCKED, NOT_STARTED, Result
from scraper.crawl.shared_archive import SharedArchive
from scraper.model import Source, UserError
from scraper.paths import project_path
from scraper.scratch_folder import ScratchFolder
from scraper.sources import find, load
from scraper.store import runs
from scraper.warc.dates import timestamp

logger = logging.getLogger(__name__)

_SAME = 3.0  # seconds by which two clocks may seem to differ: a store may have its times in whole seconds
_HANDLER = "scraper.cluster.download_handler.HandedOverDownloadHandler"
# Outcomes of crawls that another attempt may end better.
_IN_VAIN = frozenset(
    {runs.SHUTDOWN, runs.NOT_WRITABLE, runs.DAMAGED, runs.END_FAILED, "start_error", BROKEN, LOCKED, NOT_STARTED, "interrupted"}
)


def answer_from_store(settings: Settings) -> None:
    """Makes the crawls of this process answer from the shared store. Call it before the process of Scrapy is made."""
    handlers = settings.getdict("DOWNLOAD_HANDLERS")
    settings.set("DOWNLOAD_HANDLERS", handlers | {"http": _HANDLER, "https": _HANDLER}, "cmdline")


class Crawler:
    """The crawls of this process. All of it runs in the thread of the event loop, except what only waits for the store."""

    def __init__(self, scratch: Path, first: Unit, store: SharedStore, out: TextIO) -> None:
        """`first`: the unit whose settings hold for all. `out`: gets a line for each unit that ended."""
        self._scratch, self._store, self._out = scratch, store, out
        files = [scratch / f"sources-{number}.toml" for number in range(len(first.source_files))]
        for file, text in zip(files, first.source_files, strict=True):
            file.write_text(text, encoding="utf-8")
        self._settings = Settings(DEFAULT_SETTINGS)
        # A scratch folder has one folder for the states of the hosts: all crawls of this process share it.
        local = {"CAPTURES": str(scratch), "ARCHIVE": str(scratch / "archive.db"), "REPLAY": "", "SOURCES_EXTRA": ",".join(map(str, files))}
        self._settings.setdict({**first.settings, **local}, "cmdline")
        answer_from_store(self._settings)
        self._settings["EXTENSIONS"].set("scraper.crawl.progress_bar.ProgressBar", None, priority="cmdline")
        clock.set_now(self._settings["NOW"])
        self._sources = load(files, live=True)
        self.crawls = FedCrawls(crawler_process(self._settings), at_once=self._settings.getint("UPDATE_AT_ONCE"))
        self._template = SharedArchive(self._settings)
        self._template.close()
        self._hosts = project_path(self._settings["CAPTURES"]) / ".hosts"
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, unit: Unit) -> None:
        """Begins a unit. Call it in the event loop."""
        task = asyncio.get_running_loop().create_task(self._unit(unit))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _unit(self, unit: Unit) -> None:
        """Crawls a unit and says how it ended."""
        lease = Lease(self._store, unit.folder, self._settings.getfloat("CLUSTER_LEASE"))
        folder = self._scratch / lease.mark
        try:
            state, why = await self._crawl(unit, lease, folder)
        except Superseded as error:
            state, why = SUPERSEDED, f"{error}"
        except Exception as error:  # noqa: BLE001 (whatever happened, the update must hear of it)
            state, why = LOST, f"{type(error).__name__}: {error}"
        shutil.rmtree(folder, ignore_errors=True)
        print(json.dumps({"unit": unit.id, "state": state, "why": why}), file=self._out, flush=True)

    async def _crawl(self, unit: Unit, lease: Lease, folder: Path) -> tuple[str, str]:
        sources = [find(self._sources, name) for name in unit.sources]
        seed = await asyncio.to_thread(self._store.get, seed_name(unit.folder))
        if seed is None:
            return SUPERSEDED, "the unit has ended"
        if await lease.claim(self._settings.getfloat("DOWNLOAD_TIMEOUT")):
            for host in hosts_of_sources(sources):
                queue_of(self._hosts, host).rest()
        folder.mkdir(exist_ok=True)
        shutil.copy(self._scratch / "archive.db", folder / "archive.db")
        settings = self._settings.copy()
        settings.setdict({"ARCHIVE": str(folder / "archive.db"), "CAPTURES": str(folder / "captures")}, "cmdline")
        archive = SharedArchive(settings)
        try:
            seeds.load(seed, archive.database.conn, archive.captures, self._hosts)
            # What goes wrong with one of them must not take the archive from the others.
            ends = await asyncio.gather(*(self._source(unit, one, settings, archive, lease) for one in sources), return_exceptions=True)
        finally:
            archive.close()
        await lease.release()
        lost = []
        for end in ends:
            if isinstance(end, BaseException):
                raise end
            lost += [end] if end else []
        return (LOST, lost[0]) if lost else (ENDED, "")

    async def _source(self, unit: Unit, source: Source, settings: Settings, archive: SharedArchive, lease: Lease) -> str:
        """Crawls a source. Returns why another attempt is needed; empty if none is."""
        name = ended_name(unit, source.id)
        if await asyncio.to_thread(self._store.get, name) is not None:
            return ""
        opened = opened_name(unit.folder, source.id)
        if await asyncio.to_thread(self._store.get, opened) is None:
            await asyncio.to_thread(self._store.put, opened, timestamp(clock.now()).encode())
        log = await asyncio.to_thread(lambda: ExchangeLog(self._store, exchanges_folder(unit, source.id), mark=lease.mark))
        opened_runs: list[WorkerRun] = []

        def open_run() -> WorkerRun:
            run = WorkerRun(settings, source, log, lease, hosts=self._hosts, arguments=unit.arguments, archive=archive)
            opened_runs.append(run)
            return run

        crawl = FedCrawl(source, open_run)
        self.crawls.put(crawl)
        result: Result = await asyncio.wrap_future(crawl.result)
        run = opened_runs[0] if opened_runs else None
        if run is not None and run.given_up:
            return run.given_up
        if result.state in _IN_VAIN or run is None:
            return f"{source.id}: {result.attention or result.state}"
        ended = Ended(result.state, run.problem, result.requested, tuple(run.faults), log.number)
        await lease.hold()
        await asyncio.to_thread(self._store.put, name, ended.as_json())
        return ""


def main() -> None:
    """Crawls until standard input ends."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # nothing else may be written among the lines
    with ScratchFolder("scrapy-worker") as scratch:
        _crawl_until_end(scratch, out)


def _correct_clock(late: float) -> None:
    """`late`: seconds by which the clock of this machine shows less than that of the writer, whose times all captures have."""
    if abs(late) > _SAME:
        logger.warning("the clock of this machine differs by %+.0f s from that of the archive; its times are corrected", -late)
        clock.correct(late)


def _crawl_until_end(scratch: Path, out: TextIO) -> None:
    line = sys.stdin.readline()
    if not line:
        return
    order: dict[str, Any] = json.loads(line)
    ready: Future[asyncio.AbstractEventLoop] = Future()
    units: list[Unit] = []
    try:
        unit = Unit.from_json(json.dumps(order["unit"]).encode())
        check_version(unit.version)  # the files may be others than when the worker was started
        store = SharedStore(order["store"], order["patience"])
        _correct_clock(store.ahead() - order["ahead"])
        crawler = Crawler(scratch, unit, store, out)
        units.append(unit)
    except (UserError, StoreUnreachable) as error:
        print(json.dumps({"unit": order["unit"]["id"], "state": LOST, "why": f"{error}"}), file=out, flush=True)
        return

    def listen() -> None:
        loop = ready.result()
        loop.call_soon_threadsafe(crawler.begin, units[0])
        for more in sys.stdin:
            loop.call_soon_threadsafe(crawler.begin, Unit.from_json(json.dumps(json.loads(more)["unit"]).encode()))
        # The worker has ended, or wants no more. Every answer is in the store, so nothing is lost by ending at once.
        shutil.rmtree(scratch, ignore_errors=True)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    asyncio.get_event_loop().call_soon(lambda: ready.set_result(asyncio.get_running_loop()))
    crawler.crawls.crawl([])


if __name__ == "__main__":
    main()
