"""Keeps the sample and real data in different files.

`make archive` makes an archive of the sample. The first crawl of anything else renames that file to `sample.db`, so that no count, page or
export of real data contains an invented article.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from scraper.store import notices
from scraper.store.archive import opening
from scraper.store.archive_file import check_ours
from scraper.store.errors import ArchiveError
from scraper.two_languages import Message

_WAIT = 10.0  # seconds for another process that is writing to the sample at this moment
_BESIDE = ("-wal", "-shm")  # the files that SQLite keeps beside a database


def make_way(path: Path, *, sample: bool) -> Path | None:
    """Prepares for a crawl of the sample, or of real sources, into the archive at `path`. Returns the new path of the sample if it was
    moved away, else None.

    Raises:
        ArchiveError: if `path` is not an archive of this project, if the sample would get into real data, or if the sample cannot be moved.
    """
    if not path.is_file():
        return None
    with opening(path):
        if not path.is_file():  # another process has moved it
            return None
        check_ours(path)
        if not sample:
            return _move(path) if _says(path, notices.holds_only_the_sample) else None
    if _says(path, notices.holds_real_data):
        raise ArchiveError(
            Message(
                f"{path}: holds real data, and the articles of the sample are invented; crawl the sample into a file of its own:"
                " make archive ARCHIVE=sample.db",
                f"{path}: chứa dữ liệu thật, còn bài của bộ mẫu là bài bịa; hãy thu thập bộ mẫu vào tệp riêng: make archive"
                " ARCHIVE=sample.db",
            )
        )
    return None


def _says(path: Path, question: Callable[[sqlite3.Connection], bool]) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=_WAIT)) as connection:
            return _has_sources(connection) and question(connection)
    except sqlite3.Error:
        return False  # opening it for writing says what is wrong


def _has_sources(connection: sqlite3.Connection) -> bool:
    return connection.execute("select 1 from sqlite_master where type = 'table' and name = 'sources'").fetchone() is not None


def _move(path: Path) -> Path:
    """Renames the sample and the files beside it, and returns its new path. The caller holds the lock (`opening`)."""
    _empty_log(path)
    target = _free_name(path.with_name("sample.db"))
    try:
        # The database first: if the process ends here, what is left is an empty log, which SQLite ignores.
        path.rename(target)
        for suffix in _BESIDE:
            beside = path.with_name(path.name + suffix)
            if beside.exists():
                beside.rename(target.with_name(target.name + suffix))
    except OSError as error:
        raise ArchiveError(
            Message(
                f"{path}: cannot be renamed to {target.name} ({error.strerror}); move it away, then crawl again",
                f"{path}: không đổi tên thành {target.name} được ({error.strerror}); hãy chuyển tệp đi rồi thu thập lại",
            )
        ) from error
    return target


def _empty_log(path: Path) -> None:
    """Moves what the log (-wal) holds into the database itself, so that the database can be renamed.

    Raises:
        ArchiveError: if another process is using it at this moment. A Datasette that only has it open does not matter.
    """
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT)) as connection:
            [(busy, _, _)] = connection.execute("pragma wal_checkpoint(truncate)").fetchall()
    except sqlite3.Error as error:
        raise ArchiveError(
            Message(
                f"{path}: holds the sample and cannot be moved away ({error}); move it yourself, then crawl again",
                f"{path}: chứa bộ mẫu và không chuyển đi được ({error}); hãy tự chuyển tệp đi rồi thu thập lại",
            )
        ) from error
    if busy:
        raise ArchiveError(
            Message(
                f"{path}: holds the sample, and another process is using it; end that process, then crawl again",
                f"{path}: chứa bộ mẫu, và tiến trình khác đang dùng; hãy kết thúc nó rồi thu thập lại",
            )
        )


def _free_name(path: Path) -> Path:
    """Returns the path, or if there is such a file, `sample-2.db` and so on: an earlier sample is never overwritten."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free
