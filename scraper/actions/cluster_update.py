"""`scrapy update --cluster`: several machines crawl, and this process stores what they hand over."""

from __future__ import annotations

import logging
import socket
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TextIO

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from scraper import clock
from scraper.base_command import DEFAULT_SETTINGS
from scraper.cluster import seeds
from scraper.cluster.engines import Engine, EngineLost, engine_of
from scraper.cluster.exchanges import ExchangeLog
from scraper.cluster.fed_crawls import FedCrawl, FedCrawls
from scraper.cluster.handed_over_run import STORE_UNREACHABLE, WriterRun
from scraper.cluster.lease import revoke
from scraper.cluster.shared_store import SharedStore, StoreUnreachable
from scraper.cluster.tasks import ENDED, LOST, SUPERSEDED, Order, crawl_unit, end_crawls, share_of
from scraper.cluster.units import (
    FILES_ONLY,
    UNITS,
    Ended,
    Unit,
    ended_name,
    exchanges_folder,
    groups,
    hosts_of_sources,
    opened_name,
    seed_name,
    unit_name,
)
from scraper.crawl.article_files import day_limits
from scraper.crawl.run_report import BROKEN, LOCKED, NOT_STARTED, Result
from scraper.crawl.shared_archive import SharedArchive
from scraper.crawl.side_by_side import Watcher
from scraper.crawl.source_lock import SourceLocked, lock_source
from scraper.model import Source, UserError
from scraper.paths import project_path, project_paths
from scraper.store import files, runs
from scraper.store.archive_file import reading
from scraper.store.errors import ArchiveError
from scraper.two_languages import Message, as_message, message_of
from scraper.version import program_version
from scraper.warc.dates import moment, timestamp

logger = logging.getLogger(__name__)

_LOOK = 1.0  # seconds between two looks at what ended
_LAST = 5.0  # seconds that the conductor gets to end
_ARCHIVE_ID = ".archive-id"  # the name of a file
_OF_FILES = ".files"  # ends the id of a unit of files; no id of a source has a dot
_NOT_STORED = frozenset({LOCKED, BROKEN, runs.SHUTDOWN, runs.NOT_WRITABLE, runs.DAMAGED, STORE_UNREACHABLE})
_LOST = Ended("lost-workers", "the workers that crawled it were lost one after the other")
# Settings that mean something only on this machine, or that a worker has no business to know.
_LOCAL = frozenset(
    {"ARCHIVE", "HOSTS_FOLDER", "CAPTURES", "REPLAY", "SOURCES_EXTRA", "CLUSTER_STORE", "SPIDER_LOADER_CLASS", "COMMANDS_MODULE"}
)


def store_of(settings: Settings) -> SharedStore:
    """Returns the shared store that the settings name, and makes it if need be. Raises: UserError if it cannot be used."""
    captures = project_path(settings["CAPTURES"])
    url = settings.get("CLUSTER_STORE") or str(captures / ".cluster")
    store = SharedStore(url if "://" in url else str(project_path(url)), settings.getfloat("CLUSTER_PATIENCE"))
    store.make(_archive_id(captures), f"{socket.gethostname()}:{captures}")
    return store


def _archive_id(captures: Path) -> str:
    """Returns what distinguishes an archive from all others. It is kept with the captures, which every copy and backup of an archive needs.
    Raises: ArchiveError if it cannot be written.
    """
    path = captures / _ARCHIVE_ID
    with suppress(FileNotFoundError):
        if known := path.read_text(encoding="utf-8").strip():
            return known
    made = uuid.uuid4().hex
    try:
        captures.mkdir(parents=True, exist_ok=True)
        path.write_text(made, encoding="utf-8")
    except OSError as error:
        raise ArchiveError(
            Message(
                f"{path}: cannot be written ({error.strerror}); choose another folder with -s CAPTURES=",
                f"{path}: không ghi được ({error.strerror}); hãy chọn thư mục khác bằng -s CAPTURES=",
            )
        ) from error
    return made


class ClusterUpdate:
    """One update. Create it, then call `crawl` once."""

    def __init__(
        self,
        settings: Settings,
        process: AsyncCrawlerProcess,
        archive: SharedArchive,
        cluster: str,
        arguments: Mapping[str, str],
        known: Mapping[str, Source],
        watcher: Watcher,
        say: Callable[[Message], object],
    ) -> None:
        """`cluster`: the URL of the scheduler, or "local". `arguments`: of the spiders. `known`: all sources by id. `say`: gets lines that
        a person may want to know.
        Raises: UserError if the store or the scheduler cannot be used.
        """
        self._settings, self._archive, self._arguments, self._known = settings, archive, arguments, known
        self._store = store_of(settings)
        self._ahead = self._store.ahead()
        self._id, self._version = uuid.uuid4().hex, program_version()
        self._attempts: dict[str, int] = {}
        self._open: dict[str, Unit] = {}  # by id; those that were submitted and are not stored
        self._to_begin: list[list[Source]] = []  # groups of sources that are not submitted yet
        self._files_to_begin: list[list[Source]] = []  # those whose pages are stored, and whose files are to be requested
        self._source_files = tuple(path.read_text(encoding="utf-8") for path in project_paths(settings.get("SOURCES_EXTRA")))
        not_sent = _LOCAL | {name for name in DEFAULT_SETTINGS if name.startswith("HEALTH_")}
        self._sent = seeds.settings_to_send(settings, DEFAULT_SETTINGS, not_sent)
        self._locks: dict[str, TextIO] = {}
        self._merging: dict[str, list[Future[Result]]] = {}
        self._failure = ""  # why this process gives up; empty if it does not
        self._notes: list[Result] = []  # of sources that are not stored
        self._watcher = watcher
        self._crawls = FedCrawls(process, at_once=1, still_writable=archive.check, watcher=watcher)
        at_once = settings.getint("UPDATE_AT_ONCE")
        self._engine: Engine[Order, dict[str, str]] = engine_of(
            cluster, crawl_unit, at_once=at_once, patience=settings.getfloat("CLUSTER_PATIENCE"), say=say
        )

    @property
    def unfit(self) -> Mapping[str, str]:
        """The workers that got no work, each with the reason."""
        return self._engine.unfit

    @property
    def problem(self) -> str:
        """Why the update ended before its time; empty if it did not."""
        return self._crawls.problem or self._failure

    def crawl(self, wanted: Sequence[Source]) -> list[Result]:
        """Crawls the sources, and those that an interrupted update left in the store. Returns how each one ended."""
        conductor = threading.Thread(target=self._conduct, args=(wanted,), daemon=True)
        conductor.start()
        results = self._crawls.crawl([])
        self._crawls.end()
        conductor.join(timeout=_LAST)
        for result in self._notes:
            self._watcher.ended(result)
        for lock in self._locks.values():
            lock.close()
        return [*results, *self._notes]

    # --- the conductor: a thread of its own, which waits for the workers ----------------------------------

    def _conduct(self, wanted: Sequence[Source]) -> None:
        try:
            self._begin(wanted)
            self._wait()
        except (StoreUnreachable, EngineLost, UserError) as error:
            self._failure = f"{error}"
        except Exception as error:
            logger.exception("the update with several machines failed")
            self._failure = f"a fault of the program: {type(error).__name__}: {error}"
        finally:
            if self._crawls.problem or self._failure:
                with suppress(StoreUnreachable):
                    for unit in self._open.values():
                        revoke(self._store, unit.folder)
            for unit in self._open.values():
                self._notes += [Result(source_id, BROKEN, as_message(self._missing(unit))) for source_id in unit.sources]
            self._notes += [Result(source.id, NOT_STARTED) for group in self._to_begin for source in group]
            # The pages of `_files_to_begin` are stored. The next update requests their files.
            self._engine.close()
            end_crawls(self._id)
            self._crawls.end()

    def _missing(self, unit: Unit) -> str:
        why = self.problem or "the update ended early"
        return f"not stored: {why}. What was received is in {unit.folder} of {self._store.url}; the next update goes on"

    def _begin(self, wanted: Sequence[Source]) -> None:
        """Submits the units that were left, and those of the wanted sources that share no host with them."""
        self._to_begin = groups(wanted)
        for unit in self._left():
            if all(self._lock(source_id) for source_id in unit.sources):
                self._open[unit.id] = unit
                self._submit(unit)
        taken = {source_id for unit in self._open.values() if not unit.is_of_files for source_id in unit.sources}
        self._to_begin = groups(source for source in wanted if source.id not in taken)
        self._begin_free()

    def _begin_free(self) -> None:
        """Submits the groups that share no host with a unit that goes on: one worker at a time requests a host."""
        busy = {host for unit in self._open.values() for host in self._hosts_of(unit)}
        for waiting, arguments in ((self._files_to_begin, FILES_ONLY), (self._to_begin, self._arguments)):
            for group in [*waiting]:
                if self._crawls.problem:
                    return
                if busy.isdisjoint(hosts_of_sources(group)):
                    waiting.remove(group)
                    self._begin_group([source for source in group if self._lock(source.id)], arguments)
                    busy.update(hosts_of_sources(group))

    def _hosts_of(self, unit: Unit) -> list[str]:
        return hosts_of_sources([self._known[source_id] for source_id in unit.sources])

    def _begin_group(self, group: Sequence[Source], arguments: Mapping[str, str]) -> None:
        if not group:
            return
        began = timestamp(clock.now().replace(microsecond=0))
        name = f"{began.replace(':', '').replace('-', '')}-{group[0].id}{_OF_FILES if arguments == FILES_ONLY else ''}"
        unit = Unit(name, tuple(one.id for one in group), began, self._version, dict(arguments), self._sent, self._source_files)
        self._store.put(seed_name(unit.folder), seeds.make(self._archive.path, self._archive.captures, [*group]))
        self._store.put(unit_name(unit.folder), unit.as_json())
        self._open[unit.id] = unit
        self._submit(unit)

    def _left(self) -> list[Unit]:
        """Returns the units that an earlier update left in the store, because it was interrupted. What has no description is removed: that
        update had not submitted it yet, or had stored it already.
        """
        stored = self._store.names(UNITS)
        folders = {"/".join(name.split("/")[:2]) for name in stored}
        names = [name for name in map(unit_name, sorted(folders)) if name in stored]
        for folder in sorted(folders - {name.rpartition("/")[0] for name in names}):
            self._store.remove(folder)
        units = [self._described(name, written) for name in names if (written := self._store.get(name)) is not None]
        return [unit for unit in units if not self._has_unknown_source(unit)]

    def _described(self, name: str, written: bytes) -> Unit:
        """Returns the unit of a description; if that is damaged, a unit of the sources that were begun: the names beside it say which."""
        try:
            return Unit.from_json(written)
        except (ValueError, TypeError, KeyError) as error:
            logger.warning("%s: %s; the unit goes on by the names beside it", name, error)
        folder = name.rpartition("/")[0]
        unit_id = folder.rpartition("/")[2]
        opened = [one.rpartition("/")[2] for one in self._store.names(opened_name(folder, ""))]
        arguments = FILES_ONLY if unit_id.endswith(_OF_FILES) else {}
        return Unit(unit_id, tuple(opened), timestamp(moment(unit_id.partition("-")[0])), self._version, arguments)

    def _has_unknown_source(self, unit: Unit) -> bool:
        """Returns whether a source of a unit that was left is not configured any more. Then it is named, and the unit stays as it is. Other
        sources of the unit are crawled again.
        """
        unknown = [source_id for source_id in unit.sources if source_id not in self._known]
        for source_id in unknown:
            why = (
                f"an interrupted update left pages of it in {unit.folder} of {self._store.url}, and it is not configured any more;"
                " name its file with SOURCES_EXTRA to store them, or delete that folder"
            )
            self._notes.append(Result(source_id, BROKEN, as_message(why)))
        if unknown:
            revoke(self._store, unit.folder)  # a worker of the killed update may still crawl it
        return bool(unknown)

    def _lock(self, source_id: str) -> bool:
        """Locks a source until its result is merged. Returns whether that was possible."""
        try:
            self._locks[source_id] = lock_source(self._archive.captures, source_id)
        except SourceLocked as error:
            self._notes.append(Result(source_id, LOCKED, message_of(error)))
            return False
        return True

    def _submit(self, unit: Unit) -> None:
        self._attempts[unit.id] = self._attempts.get(unit.id, 0) + 1
        # A unit that was left is crawled by this version, and with these sources and settings: they hold for all crawls of a process.
        facts = asdict(unit) | {"version": self._version, "settings": self._sent, "source_files": self._source_files}
        share = share_of(unit.sources[0] if unit.sources else unit.id, self._attempts[unit.id])
        self._engine.submit(Order(self._id, facts, self._store.url, self._settings.getfloat("CLUSTER_PATIENCE"), self._ahead, share))

    def _wait(self) -> None:
        """Merges each unit that ends, and submits those again whose worker was lost."""
        crawled: set[str] = set()
        while self._open and not self._crawls.problem:
            for order, end in self._engine.ended(_LOOK):
                unit = self._open.get(order.name)
                if unit is None or unit.id in crawled:
                    continue
                state, why = (end["state"], end["why"]) if not isinstance(end, Exception) else (LOST, f"{type(end).__name__}: {end}")
                if state == ENDED and not self._is_complete(unit):
                    state, why = LOST, "not all of its answers are in the store"
                if state == ENDED or self._attempts[unit.id] >= self._settings.getint("CLUSTER_ATTEMPTS"):
                    crawled.add(unit.id)
                    if state != ENDED:  # a worker that only the scheduler lost may still crawl it
                        revoke(self._store, unit.folder)
                    self._merge(unit, why)
                else:
                    level = logging.INFO if state == SUPERSEDED else logging.WARNING
                    logger.log(level, "%s: %s; another worker goes on", unit.id, why)
                    self._submit(unit)
            for unit_id in [*self._merging]:
                self._finish(unit_id)
            if self._to_begin or self._files_to_begin:
                self._begin_free()

    def _is_complete(self, unit: Unit) -> bool:
        """Returns whether all answers that the workers of a unit handed over are in the store. A network file system may name them a little
        later. The end of a source that lacks some is removed, so that the next attempt requests these again.
        """
        until = time.monotonic() + self._settings.getfloat("CLUSTER_LEASE")
        while True:
            lacking = [name for source_id in unit.sources if (name := self._end_without_answers(unit, source_id))]
            if not lacking:
                return True
            if time.monotonic() >= until:
                for name in lacking:
                    self._store.remove_name(name)
                return False
            time.sleep(_LOOK)

    def _end_without_answers(self, unit: Unit, source_id: str) -> str:
        """Returns the name of the end of a source, if there are fewer answers than it says, or if it is damaged; else an empty text."""
        name = ended_name(unit, source_id)
        written = self._store.get(name)
        if written is None:
            return ""
        log = ExchangeLog(self._store, exchanges_folder(unit, source_id), mark=None)
        ended = Ended.from_json(written)
        return name if ended is None or log.number < ended.exchanges else ""

    def _merge(self, unit: Unit, why: str) -> None:
        self._merging[unit.id] = []
        for source_id in unit.sources:
            written = self._store.get(ended_name(unit, source_id))
            ended = Ended.from_json(written or b"") or Ended(_LOST.outcome, f"{_LOST.problem}: {why}")
            began = self._opened(unit, source_id)
            log = ExchangeLog(self._store, exchanges_folder(unit, source_id), mark=None)
            source = self._known[source_id]

            def open_run(
                source: Source = source, log: ExchangeLog = log, ended: Ended = ended, unit: Unit = unit, began: datetime = began
            ) -> WriterRun:
                self._locks.pop(source.id).close()  # the run locks it again
                return WriterRun(
                    self._settings,
                    source,
                    log,
                    ended,
                    began,
                    lambda: self._store.get(seed_name(unit.folder)),
                    hosts=self._archive.captures / ".hosts",
                    arguments=unit.arguments,
                    archive=self._archive,
                )

            crawl = FedCrawl(source, open_run, clock.set_back_at_end())
            self._merging[unit.id].append(crawl.result)
            self._crawls.put(crawl)

    def _opened(self, unit: Unit, source_id: str) -> datetime:
        """Returns when the crawl of a source began; if the store does not say it, or not in full, when its unit did."""
        with suppress(ValueError):
            return moment((self._store.get(opened_name(unit.folder, source_id)) or b"").decode())
        return moment(unit.began)

    def _finish(self, unit_id: str) -> None:
        """Removes a unit from the store whose sources are all in the archive. If its pages name files, they are requested next."""
        if not all(one.done() for one in self._merging[unit_id]):
            return
        futures = self._merging.pop(unit_id)
        unit = self._open.pop(unit_id)
        with suppress(CancelledError):
            results = [one.result() for one in futures]
            if all(one.state not in _NOT_STORED for one in results):
                _forget(self._store, unit)
            if not unit.is_of_files and (group := self._with_files([one.source_id for one in results if one.state == "finished"])):
                self._files_to_begin.append(group)

    def _with_files(self, source_ids: Sequence[str]) -> list[Source]:
        """Returns those of some sources that have files which may be requested now."""
        limits, now = day_limits(self._settings), clock.now()
        with reading(self._archive.path) as database:
            sources = [self._known[source_id] for source_id in source_ids]
            return [source for source in sources if files.may_request(database, source, limits, now)]


def _forget(store: SharedStore, unit: Unit) -> None:
    """Removes a unit from the store. Raises: StoreUnreachable.

    Its description goes first. If a kill leaves the rest, the next update removes it, and does not crawl it again.
    """
    store.remove_name(unit_name(unit.folder))
    store.remove(unit.folder)
