"""Looks at a file, without writing to it: is it an archive of this project, and does this code know its schema?"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database

from scraper.store.errors import ArchiveError
from scraper.store.patient_connection import REPAIR, connect, is_damaged
from scraper.store.schema import APPLICATION_ID, migrations
from scraper.two_languages import Message, as_message


def check_ours(path: Path) -> None:
    """Raises ArchiveError unless `path` is an archive of this project and this code knows all of its migrations."""
    # A reader of a WAL file creates -wal and -shm files beside it. That is not needed if no process has the file open.
    untouched = "" if path.with_name(path.name + "-wal").exists() else "&immutable=1"
    try:
        with closing(connect(f"{path.as_uri()}?mode=ro{untouched}", uri=True)) as connection:
            mark = connection.execute("pragma application_id").fetchone()[0]
            tables = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
            applied = (
                [row[0] for row in connection.execute("select name from _sqlite_migrations where migration_set = ?", (migrations.name,))]
                if "_sqlite_migrations" in tables
                else []
            )
    except sqlite3.Error as error:
        raise ArchiveError(as_message(why_unreadable(path, error))) from error
    if mark != APPLICATION_ID and (tables or mark):
        raise ArchiveError(
            Message(
                f"{path}: is an SQLite file of something else; move it away, or name another file with -s ARCHIVE=",
                f"{path}: là tệp SQLite của thứ khác; hãy chuyển tệp đi, hoặc ghi tệp khác bằng -s ARCHIVE=",
            )
        )
    if tables and not applied:
        raise ArchiveError(
            Message(
                f"{path}: its table _sqlite_migrations, which says what its schema is, is missing or empty; {REPAIR}",
                f"{path}: bảng _sqlite_migrations, cho biết lược đồ của kho, bị thiếu hoặc trống; {REPAIR.vi}",
            )
        )
    known = {migration.name for migration in migrations.pending(Database(memory=True))}
    newer = [name for name in applied if name not in known]
    if newer:
        raise ArchiveError(
            Message(
                f"{path}: has a newer schema than this program ({', '.join(newer)}); update the program with git pull",
                f"{path}: có lược đồ mới hơn chương trình này ({', '.join(newer)}); hãy cập nhật chương trình bằng git pull",
            )
        )


def writable(path: Path) -> bool:
    """Returns whether `path` may be written: the system allows it, and its mode has a write bit (the superuser could ignore the mode)."""
    return os.access(path, os.W_OK) and bool(path.stat().st_mode & 0o222)


def is_read_as_it_is(path: Path) -> bool:
    """Returns whether a file must be read as it is: its folder is read-only for us, as on the disk of a backup, and no process is writing
    to it. SQLite makes files beside an archive that is only read, too."""
    return not writable(path.parent) and not path.with_name(f"{path.name}-wal").exists()


@contextmanager
def opened_for_reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Lets a file be read, and closes it. Nothing is written.
    Raises: ArchiveError if it was read as it is, and another process wrote to it meanwhile: what was read may not fit together.
    """
    as_it_is, before = is_read_as_it_is(path), _state_of(path)
    more = "&immutable=1" if as_it_is else ""
    with closing(connect(f"{path.absolute().as_uri()}?mode=ro{more}", uri=True)) as connection:
        yield connection
    if as_it_is and (_state_of(path) != before or not is_read_as_it_is(path)):
        raise ArchiveError(
            Message(
                f"{path}: another process wrote to it meanwhile, and its folder is read-only here; run the same command again",
                f"{path}: tiến trình khác vừa ghi vào đó, còn thư mục ở đây chỉ đọc; hãy chạy lại cùng lệnh",
            )
        )


def _state_of(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


@contextmanager
def reading(path: Path) -> Iterator[Database]:
    """Lets the archive at `path` be read, as it is, and closes it. Nothing is written.
    Raises: ArchiveError if there is none, or if an earlier version of this program made it.
    """
    if not path.is_file():
        raise ArchiveError(
            Message(
                f"{path}: there is no archive yet; `make archive` makes one, or `scrapy crawl SOURCE`",
                f"{path}: chưa có kho; `make archive` tạo kho, hoặc `scrapy crawl SOURCE`",
            )
        )
    check_ours(path)
    with opened_for_reading(path) as connection:
        database = Database(connection)
        if migrations.pending(database):
            raise ArchiveError(
                Message(
                    f"{path}: was made by an earlier version of this program; the next `scrapy update` changes its tables",
                    f"{path}: do phiên bản cũ của chương trình tạo; lần `scrapy update` tới sẽ đổi các bảng",
                )
            )
        yield database


def why_unreadable(path: Path, error: sqlite3.Error) -> str:
    """Returns why a file could not be read as an archive, and what to do."""
    if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_NOTADB:
        return f"{path}: is not an archive of this project ({error}); move it away, or name another file with -s ARCHIVE="
    if is_damaged(error):
        return f"{path}: is damaged ({error}); {REPAIR}"
    return f"{path}: cannot be read ({error}); is another program using it?"
