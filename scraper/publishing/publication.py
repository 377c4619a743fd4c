"""Makes a dated copy of the archive: a folder that never changes, with the database, its description and the digests of the captures."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scraper import __version__, clock
from scraper.model import Source, UserError
from scraper.publishing import reduction
from scraper.publishing.checks import database_faults, row_counts
from scraper.publishing.descriptions import DATABASE, coverage_gaps, data_package, served_files
from scraper.store import coverage, notices, observed, summaries
from scraper.store.archive import open_archive
from scraper.store.archive_file import check_ours, opened_for_reading
from scraper.store.capture_files import FileDigest, digest
from scraper.store.patient_connection import REPAIR, database_problem
from scraper.two_languages import Message
from scraper.version import parser_version
from scraper.warc.dates import timestamp

FORMAT = 1  # of manifest.json
MANIFEST = "manifest.json"
DIGESTS = "captures.sha256"  # as sha256sum writes them: sha256sum --check captures.sha256
_PARTIAL, _LOCK = ".partial", ".lock"
_OF_OTHERS = ("_litestream_seq", "_litestream_lock")  # tables that Litestream makes in a database that it replicates
_TITLE = "Archive of Vietnamese government news · Kho lưu trữ tin tức cơ quan nhà nước Việt Nam"
_SAMPLE_TITLE = "SAMPLE, invented by the project, not real · BẢN MẪU do dự án tự viết, không có thật"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a copy is to contain. `captures`: the digests of the files of captures; None if they are not wanted."""

    without_text: bool = False
    masked: bool = False
    captures: Iterable[FileDigest] | None = None


def publish(archive: Path, folder: Path, wishes: Wishes, sources: Iterable[Source], report: Callable[[Message], object]) -> Path:
    """Makes a copy of an archive in a new folder below `folder`, named for the day, and returns that folder. The archive may be in use.

    `sources`: those that are known; what was observed of them is counted in the copy. `report`: called with the name of each step.
    Raises: UserError (ArchiveError) if the archive cannot be read or is damaged, or if the folder cannot be written.
    """
    check_ours(archive)
    kind = _kind(archive)
    served = served_files()
    try:
        with _partial_folder(folder, report) as partial:
            report(Message("copying", "đang chép"))
            _copy(archive, partial / DATABASE)
            try:
                _finish_database(partial / DATABASE, wishes, sources, report)
            except sqlite3.Error as error:
                raise UserError(
                    Message(
                        f"{archive}: cannot be published in {folder}: {database_problem(error)}",
                        f"{archive}: không công bố được vào {folder}: {database_problem(error).vi}",
                    )
                ) from error
            report(Message("describing", "đang ghi mô tả"))
            for file in served:
                shutil.copyfile(file, partial / file.name)
            if wishes.captures is not None:
                _write_digests(partial / DIGESTS, wishes.captures)
            _describe(partial, kind, wishes)
            for file in partial.iterdir():
                file.chmod(0o444)
                sync(file)
            target = _free_folder(folder, f"{kind}{clock.now().astimezone(clock.VIETNAM):%Y-%m-%d}")
            partial.rename(target)
            sync(folder)
            target.chmod(0o555)
    except OSError as error:
        raise UserError(
            Message(
                f"{error.filename or folder}: cannot be written ({error.strerror}); free some space, or name another folder",
                f"{error.filename or folder}: không ghi được ({error.strerror}); hãy dọn bớt đĩa, hoặc ghi thư mục khác",
            )
        ) from error
    return target


def _kind(archive: Path) -> str:
    """Returns the beginning of the folder's name: that of the sample has a mark.
    Raises: UserError if the archive has articles of the sample among real ones.
    """
    try:
        with opened_for_reading(archive) as database:
            sample, real = notices.holds_only_the_sample(database), notices.holds_real_data(database)
            mixed = real and database.execute("select 1 from notices where id = ?", [notices.MIXED]).fetchone() is not None
    except sqlite3.Error as error:
        raise UserError(Message(f"{archive}: cannot be read ({error})", f"{archive}: không đọc được ({error})")) from error
    if mixed:
        raise UserError(
            Message(
                f"{archive}: has articles of the sample, which are invented, among real ones; remove them first:"
                " scrapy sources remove sample-mic sample-mst sample-nghe-an sample-ha-noi",
                f"{archive}: có bài của bộ mẫu, là bài bịa, lẫn với bài thật; hãy bỏ chúng trước: scrapy sources remove sample-mic"
                " sample-mst sample-nghe-an sample-ha-noi",
            )
        )
    return "sample-" if sample else ""


def _copy(archive: Path, target: Path) -> None:
    """Copies a database as it is at one moment, while other processes write to it."""
    try:
        with opened_for_reading(archive) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)  # all pages in one step: with several, each write of a crawl would begin the copy again
    except sqlite3.Error as error:
        raise UserError(
            Message(
                f"{archive}: cannot be copied to {target.parent}: {database_problem(error)}",
                f"{archive}: không chép được vào {target.parent}: {database_problem(error).vi}",
            )
        ) from error


def _finish_database(path: Path, wishes: Wishes, sources: Iterable[Source], report: Callable[[Message], object]) -> None:
    """Removes what is not wanted from a copy, counts its summaries again, and makes it as small as it can be.
    Raises: UserError if it is damaged.
    """
    database = open_archive(path, create=False)
    try:
        for table in _OF_OTHERS:
            database.execute(f"drop table if exists {table}")
        if wishes.without_text:
            report(Message("removing texts", "đang bỏ nội dung"))
            reduction.remove_texts(database)
        if wishes.masked:
            report(Message("masking numbers", "đang che số"))
            reduction.mask_numbers(database)
        report(Message("counting summaries", "đang đếm lại"))
        # A run that was going on has not counted what it did.
        pending = {
            row[0] for row in database.execute("select source_id from coverage_pending union select source_id from observed_pending")
        }
        for source in sources:
            if source.id in pending:
                coverage.update(database, source.id)
                observed.update(database, source)
        summaries.rebuild(database)
        report(Message("compacting", "đang thu gọn"))
        database.execute("analyze")
        database.execute("vacuum")
        database.execute("pragma journal_mode = delete")  # one file, which can be read where nothing can be written
    finally:
        database.close()
    report(Message("checking", "đang kiểm tra"))
    if faults := database_faults(path):
        raise UserError(
            Message(
                f"the archive is damaged, so it was not published: {'; '.join(one.en for one in faults)}; {REPAIR}",
                f"kho bị hỏng nên không công bố: {'; '.join(one.vi for one in faults)}; {REPAIR.vi}",
            )
        )


def _describe(folder: Path, kind: str, wishes: Wishes) -> None:
    """Writes datapackage.json and then manifest.json, which has the digests of all other files."""
    written = timestamp(clock.now().replace(microsecond=0))
    database = digest(folder / DATABASE, DATABASE)
    facts = {
        "name": f"vietnam-government-news-archive{'-sample' if kind else ''}",
        "title": _SAMPLE_TITLE if kind else _TITLE,
        "version": f"{clock.now().astimezone(clock.VIETNAM):%Y.%m.%d}",
        "created": written,
        "bytes": database.size,
        "sha256": database.sha256,
    }
    metadata = yaml.safe_load((folder / "metadata.yml").read_text(encoding="utf-8"))
    _write_json(folder / "datapackage.json", data_package(folder / DATABASE, metadata, facts))
    files = {path.name: digest(path, path.name) for path in sorted(folder.iterdir())}
    manifest = {
        "format": FORMAT,
        "made_at": written,
        "title": facts["title"],
        "sample": bool(kind),
        "complete": not (wishes.without_text or wishes.masked),
        "without_text": wishes.without_text,
        "masked": wishes.masked,
        "versions": {"program": __version__, "parser": parser_version(), "sqlite": sqlite3.sqlite_version},
        "files": {name: {"bytes": one.size, "sha256": one.sha256} for name, one in files.items()},
        "rows": row_counts(folder / DATABASE),
        "coverage_gaps": coverage_gaps(folder / DATABASE),
    }
    _write_json(folder / MANIFEST, manifest)


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _write_digests(path: Path, captures: Iterable[FileDigest]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{one.line}\n" for one in captures)


def _free_folder(folder: Path, name: str) -> Path:
    """Returns the folder for a copy of today: an earlier copy is never overwritten."""
    number, free = 1, folder / name
    while os.path.lexists(free):
        number += 1
        free = folder / f"{name}-{number}"
    return free


@contextmanager
def _partial_folder(folder: Path, report: Callable[[Message], object]) -> Iterator[Path]:
    """Makes the folder in which a copy is written, and removes it if that fails. Of several calls one works, and the others wait: so what
    is there before was left by a killed one. The number of a process would not say it: in containers, many have the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{_PARTIAL}-{os.getpid()}"
    with (folder / _LOCK).open("w") as lock:
        with suppress(OSError):  # not every network disk has locks
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                report(Message("waiting for another call", "đang chờ một lệnh khác"))
                fcntl.flock(lock, fcntl.LOCK_EX)
            for path in folder.glob(f"{_PARTIAL}-*"):
                _remove(path)
        try:
            partial.mkdir()
            yield partial
        finally:
            _remove(partial)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def sync(path: Path) -> None:
    """Waits until a file, or the names in a folder, are on the disk. Raises OSError if they cannot be written."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
