"""A connection to archive.db that waits while another process writes, and says so."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from scraper import report_language, stopping
from scraper.two_languages import Bilingual, Message

REPORT_AFTER = 5.0  # seconds; a writer that waits this long for another one prints a message
LONGEST_WAIT = 600.0  # seconds; then it gives up. Another process needs 96 s to count the summaries of a million articles
_LONGEST_WAIT_AT_END = 3.0  # seconds after a signal to end; the run cannot be closed then, and the next one finds it open
_LOOK_AGAIN = 0.25  # seconds between two attempts at most, in which a signal can be noticed
_WAITED_SHARE = 1 / 8  # of the time waited so far: the pause before the next attempt. Most transactions take a few milliseconds
_IN_SQLITE = 2  # milliseconds of an attempt; SQLite's own pauses grow to 100 ms, far beyond most transactions
_STEPS = 10_000  # of SQLite's virtual machine between two looks at whether a long query is to end; less than a millisecond

# What every message says about an archive with damaged pages.
REPAIR = Bilingual(
    "restore a copy of it, or move it away and read the captures into a new one: scrapy crawl SOURCE -s REPLAY=captures/SOURCE",
    "hãy khôi phục một bản sao, hoặc chuyển tệp đi và đọc các bản chụp vào kho mới: scrapy crawl SOURCE -s REPLAY=captures/SOURCE",
)


class PatientConnection(sqlite3.Connection):
    """A connection whose statements wait up to LONGEST_WAIT for another process that holds the archive, and print a message.

    Every transaction that writes takes the lock at its beginning. So it never finds, after it has read something, that another process has
    changed the archive meanwhile.
    """

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if sql == "BEGIN":
            sql = "begin immediate"  # sqlite-utils writes it so
        try:
            return _execute(self, sql, parameters)
        except sqlite3.OperationalError as error:
            return _again(error, lambda: _execute(self, sql, parameters))

    def look_often(self) -> None:
        """Lets statements notice within a few milliseconds that another process has ended its transaction. For a connection whose
        statements all come through `execute` and `executemany`: others no longer wait."""
        _execute(self, f"pragma busy_timeout = {_IN_SQLITE}")

    def executemany(self, sql: str, parameters: Any, /) -> sqlite3.Cursor:
        try:
            return _executemany(self, sql, parameters)
        except sqlite3.OperationalError as error:
            # The lock is taken before the first row is read, so an iterator can be passed again.
            return _again(error, lambda: _executemany(self, sql, parameters))


# Without `super()`: a response needs 55 statements.
_execute, _executemany = sqlite3.Connection.execute, sqlite3.Connection.executemany


def _again(error: sqlite3.OperationalError, execute: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
    """Repeats a statement that failed, as long as another process holds the archive. Raises: sqlite3.OperationalError for other errors."""
    began, reported = time.monotonic(), False
    while True:
        waited = time.monotonic() - began
        # SQLITE_BUSY_SNAPSHOT has another code: the data that the transaction has read is out of date, and waiting does not help.
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or waited > LONGEST_WAIT or stopping.seconds_since() > _LONGEST_WAIT_AT_END:
            raise error
        if not reported and waited >= REPORT_AFTER:
            most = LONGEST_WAIT / 60
            report_language.say(
                Message(
                    f"another process is writing to the archive; waiting for it (at most {most:.0f} minutes)",
                    f"tiến trình khác đang ghi vào kho; đang chờ (nhiều nhất {most:.0f} phút)",
                ),
                as_error=True,
            )
            reported = True
        time.sleep(min(waited * _WAITED_SHARE, _LOOK_AGAIN))
        try:
            return execute()
        except sqlite3.OperationalError as later:
            error = later


def connect(path: str, *, uri: bool = False) -> PatientConnection:
    """Returns a connection to a database file. `path`: or its URI."""
    # It is used in Scrapy's thread. Other threads only read.
    return sqlite3.connect(path, timeout=_LOOK_AGAIN, isolation_level="IMMEDIATE", factory=PatientConnection, uri=uri)


@contextmanager
def ending_early(connection: sqlite3.Connection) -> Iterator[None]:
    """Ends the queries of the block if the process must end; the transaction is rolled back.
    Raises: Stopped.
    """
    connection.set_progress_handler(stopping.is_requested, _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            stopping.check()
        raise
    finally:
        connection.set_progress_handler(None, 0)


def is_damaged(error: Exception) -> bool:
    """Returns whether an error says that the pages of the database are damaged, so that no later attempt can succeed."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def database_problem(error: sqlite3.Error) -> Bilingual:
    """Returns what an error of the database means, and what to do."""
    if is_damaged(error):
        return Bilingual(f"the archive is damaged: {error}; {REPAIR}", f"kho bị hỏng: {error}; {REPAIR.vi}")
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Bilingual(
            f"another process kept the archive locked: {error}; end that process, then try again",
            f"một tiến trình khác giữ khóa kho: {error}; hãy kết thúc tiến trình đó rồi thử lại",
        )
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL or "disk is full" in str(error):
        return Bilingual(f"{error}; free some space, then try again", f"đĩa đã đầy: {error}; hãy giải phóng dung lượng rồi thử lại")
    return Bilingual(f"the archive cannot be used: {error}", f"không dùng được kho: {error}")
