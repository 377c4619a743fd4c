"""Opens archive.db: rejects foreign files, migrates to the current schema and sets the pragmas that the design requires."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from scraper import report_language
from scraper.store.archive_file import check_ours, why_unreadable, writable
from scraper.store.errors import ArchiveError
from scraper.store.patient_connection import REPORT_AFTER, connect, is_damaged
from scraper.store.reference import load_reference
from scraper.store.schema import APPLICATION_ID, migrations
from scraper.two_languages import Message, as_message

_LOOK_AGAIN = 0.1  # seconds between two looks at a lock
# Pages of 4 KiB in archive.db-wal after which they are moved into archive.db. SQLite's default of 1,000 is reached twice a second when a
# recording is read; with 8,000, pages that are written again and again are moved, and waited for, an eighth as often.
_CHECKPOINT_AFTER = 8_000


def open_archive(path: Path, *, create: bool = True) -> Database:
    """Returns the archive at `path`, migrated to the newest schema and ready for writing.

    Nothing is written to a file that is rejected.

    Raises:
        ArchiveError: if the file is not an archive of this project, has a schema newer than this code or cannot be
            written, or if it does not exist and `create` is False.
    """
    if not path.exists():
        if not create:
            raise ArchiveError(
                Message(
                    f"{path}: there is no archive yet; `make archive` makes one, or `scrapy crawl SOURCE`",
                    f"{path}: chưa có kho; `make archive` tạo kho, hoặc `scrapy crawl SOURCE`",
                )
            )
        check_folder(path.parent)
        path.parent.mkdir(parents=True, exist_ok=True)
    elif path.is_dir():
        raise ArchiveError(Message(f"{path}: is a folder; ARCHIVE must name a file", f"{path}: là thư mục; ARCHIVE phải là tên một tệp"))
    with opening(path):
        if path.exists():
            check_ours(path)
            check_folder(path.parent)
            if not writable(path):
                raise ArchiveError(
                    Message(
                        f"{path}: is read-only; make it writable, or name another file with -s ARCHIVE=",
                        f"{path}: chỉ đọc; hãy cho quyền ghi, hoặc ghi tệp khác bằng -s ARCHIVE=",
                    )
                )
        return _connect(path)


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """Lets only one process at a time create, update or rename an archive; the others wait. `path`: of the archive; its folder must exist.

    The folder itself is the lock, so that no file remains. The operating system releases it after a crash.
    """
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _wait_for_lock(folder, path)
        yield
    finally:
        os.close(folder)


def _wait_for_lock(folder: int, path: Path) -> None:
    """Waits until no other process opens an archive in a folder. That process may wait for one that writes, so there is no limit."""
    began, reported = time.monotonic(), False
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not reported and time.monotonic() - began >= REPORT_AFTER:
                report_language.say(
                    Message(
                        f"{path}: another process is opening it; waiting for that process",
                        f"{path}: tiến trình khác đang mở; đang chờ tiến trình đó",
                    ),
                    as_error=True,
                )
                reported = True
            time.sleep(_LOOK_AGAIN)
        else:
            return


def check_folder(folder: Path) -> None:
    """Raises ArchiveError unless files can be created in `folder` and there is space for them.

    The folder itself may be missing; then its closest existing parent is checked. Space is tested with a file of 1 MiB, which is removed at
    once.
    """
    missing = [folder, *folder.parents]
    ground = next(path for path in missing if path.exists())
    if not ground.is_dir():
        raise ArchiveError(
            Message(
                f"{ground}: is a file, not a folder; choose another place with -s ARCHIVE= and -s CAPTURES=",
                f"{ground}: là tệp, không phải thư mục; hãy chọn chỗ khác bằng -s ARCHIVE= và -s CAPTURES=",
            )
        )
    if not writable(ground):
        raise ArchiveError(
            Message(
                f"{ground}: is read-only; make it writable, or choose another place with -s ARCHIVE= and -s CAPTURES=",
                f"{ground}: chỉ đọc; hãy cho quyền ghi, hoặc chọn chỗ khác bằng -s ARCHIVE= và -s CAPTURES=",
            )
        )
    probe = ground / f".space-{os.getpid()}"
    try:
        with probe.open("wb") as file:
            file.write(bytes(1024 * 1024))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise ArchiveError(
            Message(
                f"{ground}: cannot be written ({error.strerror}); free some space there, or choose another place"
                " with -s ARCHIVE= and -s CAPTURES=",
                f"{ground}: không ghi được ({error.strerror}); hãy dọn bớt đĩa ở đó, hoặc chọn chỗ khác bằng -s ARCHIVE= và -s CAPTURES=",
            )
        ) from error
    finally:
        probe.unlink(missing_ok=True)


def set_journal(connection: sqlite3.Connection) -> None:
    """Sets how a connection that writes keeps its changes, and that it checks foreign keys."""
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = normal")
    connection.execute(f"pragma wal_autocheckpoint = {_CHECKPOINT_AFTER}")
    connection.execute("pragma foreign_keys = on")


def undo_in_memory(database: Database) -> None:
    """Keeps in memory what SQLite notes to undo a statement that fails, for a process that stores many articles.

    It notes each page that a statement with triggers changes. A response changes a hundred pages, and SQLite writes these notes to a file
    from the 17th page on: a sixth of the time of storing. What such a process sorts is small, so that little else is in memory.
    """
    database.execute("pragma temp_store = memory")


def _connect(path: Path) -> Database:
    try:
        connection = connect(str(path))
        set_journal(connection)
        database = Database(connection)
        # Otherwise sqlite-utils finds this out with a table of its own, which stays in the archive if the process is killed meanwhile.
        vars(database)["_supports_on_conflict"] = True
        fresh = not database.table("_sqlite_migrations").exists()
        if fresh:
            connection.execute(f"pragma application_id = {APPLICATION_ID}")
        migrations.apply(database)
        load_reference(database)
        connection.look_often()
    except sqlite3.Error as error:
        if is_damaged(error):
            raise ArchiveError(as_message(why_unreadable(path, error))) from error
        raise ArchiveError(
            Message(
                f"{path}: cannot be opened for writing ({error}); is another crawl running, or the disk full?",
                f"{path}: không mở để ghi được ({error}); có lượt thu thập khác đang chạy, hay đĩa đã đầy?",
            )
        ) from error
    return database
