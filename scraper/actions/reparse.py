"""`scrapy reparse`: parses the kept captures again with the current code. It sends no request."""

from __future__ import annotations

import argparse
import json
import os
import signal
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from typing import Any

from scrapy.settings import Settings
from sqlite_utils import Database
from tqdm import tqdm

from scraper import stopping
from scraper.actions.reparse_report import report_lines
from scraper.base_command import BUSY, FAILED, WELL, print_error
from scraper.crawl.source_lock import SourceLocked, lock_source
from scraper.model import Source, UserError
from scraper.numbers import shortest
from scraper.paths import project_path, project_paths
from scraper.reparsing.differences import Tally
from scraper.reparsing.job import COMPARED, Job
from scraper.reparsing.progress import Progress, ReparseActive
from scraper.reparsing.selection import Selection, count
from scraper.reparsing.worker_processes import OneProcess, Parsers, SeveralProcesses
from scraper.report_language import say, warn
from scraper.sources import find, load
from scraper.stopping import Stopped
from scraper.store.archive import open_archive, undo_in_memory
from scraper.store.captures import KeptCapture
from scraper.store.sources import load_source
from scraper.two_languages import VI, Message, message_of
from scraper.version import parser_version

_COUNTED = {
    "captures": "bản chụp",
    "failures": "lỗi",
    "new": "mới",
    "changed": "thay đổi",
    "same": "không đổi",
    "listing": "trang danh sách",
    "refused": "bị từ chối",
    "other": "khác",
}  # in Vietnamese
_WORTH_PROCESSES = 200  # captures; a process takes as long to start as it needs for this number


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    allowed, selection = _share(opts.allow_loss), Selection(_day(opts.since), opts.layout, opts.only_failed)
    if opts.cluster and opts.processes is not None:
        raise UserError(
            Message(
                "--cluster and --processes do not go together: the workers of the cluster parse, or the processes of this machine",
                "--cluster và --processes không đi cùng nhau: hoặc các máy của cụm đọc, hoặc các tiến trình của máy này",
            )
        )
    if opts.processes is not None and opts.processes < 1:
        raise UserError(Message(f"--processes {opts.processes}: must be 1 or more", f"--processes {opts.processes}: ít nhất phải là 1"))
    sources = load(project_paths(settings.get("SOURCES_EXTRA")), live=False)
    chosen = [find(sources, name) for name in dict.fromkeys([*args, *opts.source])]
    captures = project_path(settings["CAPTURES"])
    if not captures.is_dir():
        raise UserError(
            Message(
                f"{captures}: there is no such folder; run `scrapy crawl SOURCE` first, or name it with -s CAPTURES=",
                f"{captures}: không có thư mục này; hãy chạy `scrapy crawl SOURCE` trước, hoặc chỉ thư mục bằng -s CAPTURES=",
            )
        )
    archive = project_path(settings["ARCHIVE"])
    with closing(open_archive(archive, create=False)) as database:  # closed again, so that this process can be copied
        chosen = _present(database, chosen, sources.values())
        captured = sum(count(database, source.id, selection) for source in chosen)
    processes = opts.processes or (_cores() if captured >= _WORTH_PROCESSES else 1)
    with ExitStack() as opened:
        copies = opened.enter_context(closing(SeveralProcesses(archive, processes))) if processes > 1 and not opts.cluster else None
        database = opened.enter_context(closing(open_archive(archive, create=False)))
        undo_in_memory(database)
        limit = settings.getint("DOWNLOAD_MAXSIZE")
        job = "\n".join(map(repr, (parser_version(), selection, limit, *chosen)))
        try:
            progress = opened.enter_context(closing(Progress(archive, job, again=opts.restart)))
        except ReparseActive as error:
            print_error(error)
            return BUSY
        if progress.resumed:
            say(
                Message(
                    "going on where the interrupted call stopped; --restart begins again",
                    "làm tiếp từ chỗ lần gọi trước bị ngắt; --restart làm lại từ đầu",
                ),
                as_error=True,
            )
        parsers: Parsers = copies or OneProcess(database)
        if opts.cluster:
            parsers = opened.enter_context(closing(_on_cluster(settings, archive, opts.cluster)))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.request())
        try:
            return _run(Job(database, captures, selection, limit, progress, parsers, _bar), chosen, allowed, opts)
        except Stopped:
            say(Message("stopped; the same command goes on from here", "đã dừng; chạy lại cùng lệnh thì làm tiếp từ đây"), as_error=True)
            return FAILED


def _on_cluster(settings: Settings, archive: Path, address: str) -> Parsers:
    from scraper.actions.cluster_update import store_of
    from scraper.cluster.parsers import ClusterParsers

    patience, attempts = settings.getfloat("CLUSTER_PATIENCE"), settings.getint("CLUSTER_ATTEMPTS")
    sends_files = bool(settings.get("CLUSTER_STORE"))
    return ClusterParsers(archive, address, store_of(settings), sends_files=sends_files, patience=patience, attempts=attempts)


def _run(job: Job, chosen: Sequence[Source], allowed: float, opts: argparse.Namespace) -> int:
    """Compares, prints, and stores if that is wanted and allowed. Returns the exit code."""
    job.database.execute("pragma query_only = on")  # the first pass writes nothing
    tallies = {source.id: job.compare(source) for source in chosen}
    job.database.execute("pragma query_only = off")
    above = {name: fields for name, tally in tallies.items() if (fields := tally.above(allowed))}
    counts, locked = Counter[str](), list[str]()
    written = opts.write and not above
    if written:
        for source in chosen:
            try:
                with lock_source(job.folder, source.id):
                    load_source(job.database, source)
                    counts.update(job.store(source, _arguments(opts)))
            except SourceLocked as error:
                locked.append(source.id)
                wait = message_of(error)
                say(
                    Message(
                        f"{source.id}: not stored, {wait.en}; then run the same command again",
                        f"{source.id}: chưa lưu, {wait.vi}; rồi chạy lại cùng lệnh",
                    ),
                    as_error=True,
                )
    else:
        for source in chosen:
            counts.update(job.progress.counts(source.id, COMPARED))
    if not locked:
        job.progress.finish()
    _print(tallies, counts, above, allowed, written, opts)
    return BUSY if locked else FAILED if above or counts["failures"] else WELL


def _print(tallies: dict[str, Tally], counts: Counter[str], above: dict[str, list[str]], allowed: float, written: bool, opts: Any) -> None:
    if above:
        named = "; ".join(f"{name}: {', '.join(fields)}" for name, fields in above.items())
        what = Message("--write would write nothing", "--write sẽ không ghi gì")
        if opts.write:
            what = Message("nothing was written", "không ghi gì")
        share = Message(f"{allowed:.1%}", f"{shortest(allowed * 100, VI)}%")
        say(
            Message(
                f"{what.en}: more than {share.en} of the values would be lost (--allow-loss) of {named}",
                f"{what.vi}: sẽ mất hơn {share.vi} số giá trị (--allow-loss) của {named}",
            ),
            as_error=True,
        )
    if opts.json:
        sources = {name: tally.as_json() for name, tally in tallies.items()}
        failures = {name: tally.failures_as_json() for name, tally in tallies.items() if tally.failures}
        shown = {"written": written, "counts": counts, "too much lost": above, "sources": sources, "failures": failures}
        print(json.dumps(shown, ensure_ascii=False))
        return
    for name, tally in tallies.items():
        if lines := report_lines(name, tally, above.get(name, ())):
            say(*lines)
    nothing = Message("nothing to parse: the archive has no such captures", "không có gì để đọc: kho không có bản chụp như vậy")
    counted = Message(
        ", ".join(f"{number} {name}" for name, number in counts.items()),
        ", ".join(f"{number} {_COUNTED.get(name, name)}" for name, number in counts.items()),
    )
    say(counted or nothing)
    if not opts.write and counts and not above:
        say(Message("nothing was written; add --write to store the result", "chưa ghi gì; thêm --write để lưu kết quả"))


def _present(database: Database, chosen: Sequence[Source], known: Iterable[Source]) -> list[Source]:
    """Returns the chosen sources that have captures; all of them if none is chosen. Names those that no source block describes."""
    present = {row[0] for row in database.execute("select distinct source_id from captures")}
    known = list(known)
    unknown = sorted(present - {source.id for source in known})
    if unknown and not chosen:
        warn(
            Message(
                f"the archive has captures of sources that are not configured: {', '.join(unknown)}. They are not parsed again."
                " Name the file that describes them: -s SOURCES_EXTRA=FILE.toml",
                f"kho có bản chụp của những nguồn chưa khai báo: {', '.join(unknown)}. Chúng không được đọc lại."
                " Hãy chỉ tệp khai báo các nguồn này: -s SOURCES_EXTRA=FILE.toml",
            )
        )
    if absent := [source.id for source in chosen if source.id not in present]:
        warn(Message(f"the archive has no captures of {', '.join(absent)}", f"kho không có bản chụp của {', '.join(absent)}"))
    return [source for source in chosen or known if source.id in present]


def _bar(source_id: str, part: str, total: int, done: int, captures: Iterator[KeptCapture]) -> Iterable[KeptCapture]:
    return tqdm(captures, desc=f"{source_id}, {part}", total=total, initial=done, unit=" captures", disable=None)


def _arguments(opts: argparse.Namespace) -> str:
    given = {"since": opts.since, "layout": opts.layout, "only_failed": opts.only_failed or None}
    return json.dumps({name: value for name, value in given.items() if value is not None}, ensure_ascii=False)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise UserError(Message(f"--since {text}: must be a day like 2026-01-31", f"--since {text}: phải là ngày như 2026-01-31")) from None


def _share(text: str) -> float:
    """Returns a percentage such as "2%" or "0.5 %" as a share from 0 to 1."""
    try:
        share = float(text.strip().removesuffix("%")) / 100
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise UserError(
            Message(
                f"--allow-loss {text}: must be a percentage from 0% to 100%, like 2%",
                f"--allow-loss {text}: phải là tỉ lệ từ 0% đến 100%, ví dụ 2%",
            )
        )
    return share
