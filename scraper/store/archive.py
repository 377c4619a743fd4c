"""Opens archive.db: rejects foreign files, migrates to the current schema and sets the pragmas that the design requires."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from scraper.model import UserError
from scraper.store.reference import load_reference
from scraper.store.schema import APPLICATION_ID, migrations


class ArchiveError(UserError):
    """archive.db or its folder cannot be used."""


REPORT_AFTER_MS = 5_000  # a writer that waits this long for another one prints a message
LONGEST_WAIT_MS = 600_000  # then it gives up; another process needs 96 s to count the summaries of a million articles


class PatientConnection(sqlite3.Connection):
    """A connection whose writes wait up to LONGEST_WAIT_MS for another process that holds the archive, and print a message."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        began, reported = time.monotonic(), False
        while True:
            try:
                return super().execute(sql, parameters)
            except sqlite3.OperationalError as error:
                waited = time.monotonic() - began
                # SQLITE_BUSY_SNAPSHOT has another code: the data that the transaction has read is out of date, and waiting does not help.
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or waited * 1000 > LONGEST_WAIT_MS:
                    raise
                if not reported:
                    most = LONGEST_WAIT_MS // 60_000
                    print(
                        f"another process is writing to the archive; waiting for it (at most {most} minutes)", file=sys.stderr, flush=True
                    )
                reported = True


def open_archive(path: Path, *, create: bool = True) -> Database:
    """Returns the archive at `path`, migrated to the newest schema and ready for writing.

    Nothing is written to a file that is rejected.

    Raises:
        ArchiveError: if the file is not an archive of this project, has a schema newer than this code or cannot be
            written, or if it does not exist and `create` is False.
    """
    if not path.exists():
        if not create:
            raise ArchiveError(f"{path}: there is no archive yet; `make archive` makes one, or `scrapy crawl SOURCE`")
        check_folder(path.parent)
    else:
        if path.is_dir():
            raise ArchiveError(f"{path}: is a folder; ARCHIVE must name a file")
        check_ours(path)
        check_folder(path.parent)
        if not writable(path):
            raise ArchiveError(f"{path}: is read-only; make it writable, or name another file with -s ARCHIVE=")
    return _connect(path)


def writable(path: Path) -> bool:
    """Returns whether `path` may be written: the system allows it, and its mode has a write bit (the superuser could ignore the mode)."""
    return os.access(path, os.W_OK) and bool(path.stat().st_mode & 0o222)


def check_folder(folder: Path) -> None:
    """Raises ArchiveError unless files can be created in `folder` and there is space for them.

    The folder itself may be missing; then its closest existing parent is checked. Space is tested with a file of 1 MiB, which is removed at
    once.
    """
    missing = [folder, *folder.parents]
    ground = next(path for path in missing if path.exists())
    if not ground.is_dir():
        raise ArchiveError(f"{ground}: is a file, not a folder; choose another place with -s ARCHIVE= and -s CAPTURES=")
    if not writable(ground):
        raise ArchiveError(f"{ground}: is read-only; make it writable, or choose another place with -s ARCHIVE= and -s CAPTURES=")
    probe = ground / f".space-{os.getpid()}"
    try:
        with probe.open("wb") as file:
            file.write(bytes(1024 * 1024))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise ArchiveError(
            f"{ground}: cannot be written ({error.strerror}); free some space there, or choose another place"
            " with -s ARCHIVE= and -s CAPTURES="
        ) from error
    finally:
        probe.unlink(missing_ok=True)


def check_ours(path: Path) -> None:
    """Raises ArchiveError unless `path` is an archive of this project and this code knows all of its migrations."""
    # A reader of a WAL file creates -wal and -shm files beside it. That is not needed if no process has the file open.
    untouched = "" if path.with_name(path.name + "-wal").exists() else "&immutable=1"
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro{untouched}", uri=True)
        try:
            mark = connection.execute("pragma application_id").fetchone()[0]
            tables = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
            applied = (
                [row[0] for row in connection.execute("select name from _sqlite_migrations where migration_set = ?", (migrations.name,))]
                if "_sqlite_migrations" in tables
                else []
            )
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise ArchiveError(
            f"{path}: is not an archive of this project ({error}); move it away, or name another file with -s ARCHIVE="
        ) from error
    if mark != APPLICATION_ID and (tables or mark):
        raise ArchiveError(f"{path}: is an SQLite file of something else; move it away, or name another file with -s ARCHIVE=")
    known = {migration.name for migration in migrations.pending(Database(memory=True))}
    newer = [name for name in applied if name not in known]
    if newer:
        raise ArchiveError(f"{path}: has a newer schema than this program ({', '.join(newer)}); update the program with git pull")


def _connect(path: Path) -> Database:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The connection is used in Scrapy's thread. Other threads only read.
        connection = sqlite3.connect(path, timeout=REPORT_AFTER_MS / 1000, factory=PatientConnection)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        connection.execute("pragma foreign_keys = on")
        database = Database(connection)
        fresh = not database.table("_sqlite_migrations").exists()
        if fresh:
            connection.execute(f"pragma application_id = {APPLICATION_ID}")
        migrations.apply(database)
        load_reference(database)
    except sqlite3.Error as error:
        raise ArchiveError(f"{path}: cannot be opened for writing ({error}); is another crawl running, or the disk full?") from error
    return database
