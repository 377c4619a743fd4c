"""`scrapy captures import`: files of other tools become captures and articles, as if they had been crawled.

First the files are read once, in several processes, and what belongs to a source is noted in the archive. Then each of these sources is
crawled from what was noted. Both steps go on where they were, if the command is interrupted and started again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import BaseSettings
from tqdm import tqdm

from scraper import __version__, stopping
from scraper.actions.import_crawls import crawl, crawl_side_by_side
from scraper.actions.import_report import Report, first, print_report
from scraper.base_command import BUSY, FAILED, WELL
from scraper.crawl.run_report import LOCKED
from scraper.crawl.shared_archive import SharedArchive, all_of_sample
from scraper.crawl.source_lock import SourceLocked, lock_source
from scraper.imports import Kept, Owners, Part, Readers, RefusedPage, Sieve, Sifted, Skipped, parts
from scraper.imports.parts import PACKED_WHOLE, WARC
from scraper.imports.readers import Begun, Event
from scraper.model import Source, UserError
from scraper.paths import project_path, project_paths
from scraper.sources import SAMPLE, find, load
from scraper.stopping import Stopped
from scraper.store.imports import ImportState, is_unfinished
from scraper.two_languages import Message


def import_files(
    settings: BaseSettings, process: AsyncCrawlerProcess, paths: Iterable[Path], source_id: str | None, *, as_json: bool
) -> int:
    """Imports files and returns the exit code. `source_id`: the source that their pages belong to; None: found by their hosts.

    Raises: UserError if a file does not exist or nothing in the files is a page of a known source. In that case nothing has been written.
    """
    given = [path.absolute() for path in paths]
    for path in given:
        if not path.exists():
            raise UserError(
                Message(
                    f"{path}: there is no such file; give WARC, ARC or WACZ files, or folders of HTTrack or wget",
                    f"{path}: không có tệp này; hãy ghi tệp WARC, ARC hoặc WACZ, hoặc thư mục của HTTrack hay wget",
                )
            )
    sources = load(project_paths(settings.get("SOURCES_EXTRA")), live=False)
    chosen = [find(sources, source_id)] if source_id is not None else [one for one in sources.values() if one.kind != SAMPLE]
    report = _Import(settings, process, given, chosen, is_chosen=source_id is not None).run()
    print_report(report, as_json=as_json)
    if report.results and all(one.state == LOCKED for one in report.results):
        return BUSY
    return WELL if report.is_well else FAILED


class _Import:
    """One import. `sources`: those whose pages are wanted. `is_chosen`: a person named the source."""

    def __init__(
        self, settings: BaseSettings, process: AsyncCrawlerProcess, paths: list[Path], sources: list[Source], *, is_chosen: bool
    ) -> None:
        self._settings, self._process, self._paths = settings, process, paths
        self._sources = {one.id: one for one in sources}
        self._limit = settings.getint("DOWNLOAD_MAXSIZE")
        self._part_size = settings.getint("IMPORT_PART_BYTES")
        self._processes = settings.getint("IMPORT_PROCESSES") or len(os.sched_getaffinity(0))
        path = project_path(settings["ARCHIVE"])
        self._key = _key(paths, self._sources.values(), self._limit, self._part_size, is_chosen=is_chosen)
        self._stage = path.with_name(f"{path.name}.import-{self._key}")
        self._sieve = Sieve(Owners([*self._sources.values()], is_chosen=is_chosen), self._limit, self._stage)
        self._sifted: dict[str, Sifted] = {}  # by key of the part
        self._numbers: dict[tuple[Path, int, int], int] = {}  # of parts, in the order of what was given
        self._report = Report()

    def run(self) -> Report:
        """Reads the files, crawls the sources, and returns what became of everything."""
        try:
            lock = lock_source(self._stage.parent, self._stage.name)
        except SourceLocked:
            raise UserError(
                Message(
                    f"{', '.join(map(str, self._paths))}: is being imported by another process; wait until it has ended",
                    f"{', '.join(map(str, self._paths))}: tiến trình khác đang nhập; hãy đợi tiến trình đó xong",
                )
            ) from None
        with lock:
            self._run()
        return self._report

    def _run(self) -> None:
        report = self._report
        planned = [*parts(self._paths, self._stage, self._part_size)]
        report.add(Sifted(), [one for one in planned if isinstance(one, Skipped)])
        wanted = [one for one in planned if isinstance(one, Part)]
        if not wanted:
            shutil.rmtree(self._stage)
            raise UserError(
                Message(
                    f"{', '.join(map(str, self._paths))}: no page can be read from it. {first(report).en}",
                    f"{', '.join(map(str, self._paths))}: không đọc được trang nào trong đó. {first(report).vi}",
                )
            )
        with ExitStack() as stack:
            stack.callback(self._close)
            if self._is_begun():
                self._sifted = {part: sifted_of(result) for part, result in self._state.parts().items()}
            self._read(wanted)
            for part in self._sifted.values():
                report.add(part)
            report.bytes = sum(one.size for one in wanted)
            if not report.kept:
                shutil.rmtree(self._stage)
                raise UserError(
                    Message(
                        f"{', '.join(map(str, self._paths))}: no page in it belongs to a source. {first(report).en}",
                        f"{', '.join(map(str, self._paths))}: không trang nào trong đó thuộc một nguồn. {first(report).vi}",
                    )
                )
            self._crawl()
            if report.is_complete:
                counts = {"bytes": report.bytes, "records": report.records, "kept": report.kept, "stored": report.accepted.total()}
                self._state.end(counts, report.reasons)
                shutil.rmtree(self._stage)

    # --- the archive, which is opened only if there is something to write ------------------------------------

    @cached_property
    def _archive(self) -> SharedArchive:
        return SharedArchive(self._settings, sample=all_of_sample(self._sources.values()))

    @cached_property
    def _state(self) -> ImportState:
        return ImportState(self._archive.database, self._key, map(str, self._paths))

    @property
    def _is_open(self) -> bool:
        return "_state" in self.__dict__

    def _close(self) -> None:
        if "_archive" in self.__dict__:
            self._report.problem = self._archive.close()

    def _is_begun(self) -> bool:
        """Returns whether the archive has an import of these files that was interrupted."""
        return is_unfinished(project_path(self._settings["ARCHIVE"]), self._key)

    # --- reading --------------------------------------------------------------------------------------------

    def _read(self, wanted: list[Part]) -> None:
        """Reads what was not read before. Raises: UserError if the process must end."""
        self._numbers = {(part.path, part.base, part.begin): number for number, part in enumerate(wanted)}
        left = [(number, part) for number, part in enumerate(wanted) if part.key not in self._sifted]
        size = sum(part.size for _, part in left)
        number = min(self._processes, len(left)) if size > self._settings.getint("IMPORT_SMALL_BYTES") else 1
        with tqdm(total=size, desc="reading", unit="B", unit_scale=True, disable=None) as bar, _Signals():
            packed: dict[tuple[Path, int], Part] = {}
            for part, event in Readers(self._sieve, number).read(left):
                _stop_if_requested()
                if not isinstance(event, Begun | list):
                    bar.update(part.size)
                if not self._note(part, event):
                    packed[part.path, part.base] = part
            self._read_packed([*packed.values()], wanted)
            self._read_again(wanted)
        if self._is_open:
            for part in wanted:
                if part.key in self._sifted and part.key not in self._state.parts():
                    self._state.end_part(part.key, result_of(self._sifted[part.key]))

    def _number(self, part: Part) -> int:
        """Returns the number of a part as it was planned. A file that is read in one piece after all has that of its first part."""
        return self._numbers[part.path, part.base, part.begin]

    def _note(self, part: Part, event: Event) -> bool:
        """Notes what happened with a part. Returns False if its file is packed in a way in which it cannot be read in parts."""
        if isinstance(event, Begun):
            if self._is_open:
                self._state.forget_part(part.key)
        elif isinstance(event, list):
            self._state.keep(
                part.key,
                self._number(part),
                ((source, one.response) for one in event if isinstance(one, Kept) for source in one.sources),
            )
            for one in event:
                if isinstance(one, RefusedPage):
                    for source in one.sources:
                        self._state.refuse(source, one.url, one.reason, one.detail, one.date)
        elif isinstance(event, Sifted):
            self._sifted[part.key] = event
            if self._is_open:
                self._state.end_part(part.key, result_of(event))
        elif event.is_packed and part.span is not None and part.kind != PACKED_WHOLE:
            return False
        else:
            failed = Sifted()
            failed.skip(Skipped(part.name, "unreadable", event.why))
            self._sifted[part.key] = failed
        return True

    def _read_packed(self, packed: Collection[Part], wanted: list[Part]) -> None:
        """Reads files in one piece in which several records are packed together."""
        for one in packed:
            of_file = [part for part in wanted if (part.path, part.base) == (one.path, one.base)]
            for part in of_file:
                self._sifted.pop(part.key, None)
                if self._is_open:
                    self._state.forget_part(part.key)
                wanted.remove(part)
            assert one.span is not None
            whole = replace(one, kind=PACKED_WHOLE, span=replace(one.span, begin=one.base, end=one.span.stop, is_exact=True))
            wanted.append(whole)
            for part, event in Readers(self._sieve, 1).read([(self._number(whole), whole)]):
                _stop_if_requested()
                self._note(part, event)

    def _read_again(self, wanted: list[Part]) -> None:
        """Reads a part again if it did not begin where the part before it ended: inside a record, which holds a WARC file itself."""
        before: Part | None = None
        for part in wanted:
            if part.kind == WARC and before is not None and (before.path, before.base) == (part.path, part.base):
                end, began = self._sifted[before.key].ended, self._sifted[part.key].began
                if began is not None and end > began and part.span is not None:
                    exact = replace(part, span=replace(part.span, begin=end, is_exact=True))
                    for _, event in Readers(self._sieve, 1).read([(self._number(part), exact)]):
                        _stop_if_requested()
                        self._note(part, event)
            before = part

    # --- crawling -------------------------------------------------------------------------------------------

    def _crawl(self) -> None:
        """Crawls each source from what belongs to it."""
        report, state = self._report, self._state
        few = self._settings.getint("IMPORT_FEW_PAGES")
        pending = [(self._sources[one], number) for one, number in state.sources().items() if one in self._sources]
        if len(pending) > 1 and self._processes > 1 and sum(number for _, number in pending) > few:
            number = min(self._processes, len(pending))
            report.results = crawl_side_by_side(self._settings, self._key, pending, number)
        elif pending:
            number = self._processes if pending[0][1] > few else 1
            sources = [source for source, _ in pending]
            report.results = crawl(self._settings, self._process, self._archive, state, sources, number)
        for result in state.source_results().values():
            report.add_source(result)
        report.is_complete = not state.sources()


class _Signals:
    """While files are read, a signal ends the command after what was found is noted."""

    def __enter__(self) -> None:
        self._before = {number: signal.signal(number, lambda *_: stopping.request()) for number in (signal.SIGINT, signal.SIGTERM)}

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def _stop_if_requested() -> None:
    try:
        stopping.check()
    except Stopped:
        raise UserError(
            Message(
                "stopped by Ctrl-C or a signal; the same command goes on where it was",
                "đã dừng bằng Ctrl-C hoặc tín hiệu; chạy lại cùng lệnh thì làm tiếp từ chỗ đó",
            )
        ) from None


def result_of(sifted: Sifted) -> dict[str, Any]:
    """Returns what was in a part in a form that can be kept."""
    names = [[one.name, one.reason, one.detail] for one in sifted.names]
    counts = {"records": sifted.records, "kept": sifted.kept, "began": sifted.began, "ended": sifted.ended}
    return counts | {"reasons": dict(sifted.reasons), "hosts": dict(sifted.hosts), "names": names}


def sifted_of(result: Mapping[str, Any]) -> Sifted:
    """Returns what was in a part, from what `result_of` returned."""
    names = [Skipped(*one) for one in result["names"]]
    reasons, hosts = Counter(result["reasons"]), Counter(result["hosts"])
    return Sifted(result["records"], result["kept"], reasons, names, hosts, result["began"], result["ended"])


def _key(paths: Iterable[Path], sources: Iterable[Source], limit: int, part_size: int, *, is_chosen: bool) -> str:
    """Returns what identifies an import: the files as they are now, and what decides which of their pages are wanted."""
    digest = hashlib.sha256(f"{__version__} {limit} {part_size} {is_chosen}\n".encode())
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            found = file.stat()
            digest.update(f"{file} {found.st_size} {found.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    for source in sources:
        digest.update(f"{source.id} {source.hosts} {source.under} {source.other_parts} {source.valid_from} {source.valid_to}\n".encode())
    return digest.hexdigest()[:16]
