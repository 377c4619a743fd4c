"""Reads the rows of one query once, in batches and within limits. What was left out is stated in `cut`."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Protocol, TypeVar

Cell = int | float | str | bytes | None
Row = tuple[Cell, ...]
_T = TypeVar("_T")

_NOT_UTF8 = "Could not decode to UTF-8"  # a message of Python's sqlite3
_CHECK_EVERY = 10_000  # instructions of SQLite's machine between two looks at the time: less than 2 ms


class Cut(StrEnum):
    """Why rows are missing at the end of a file."""

    ROWS = "rows"
    BYTES = "bytes"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read; None: all of it. `size`: bytes of the file. `seconds`: time in SQLite, without waiting for a reader."""

    rows: int | None = None
    size: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What to read. `subject`: how the manifest describes it, like {"table": "articles"}. `name`: the name of the file, without its ending.
    `wanted`: how many rows were requested, if not all. `declared`: the types that the table states for its columns, if the rows are those
    of a table.
    """

    database: str
    name: str
    sql: str
    parameters: Mapping[str, object]
    subject: Mapping[str, object]
    wanted: int | None = None
    declared: Mapping[str, str] = field(default_factory=dict)


class TooSlow(Exception):
    """The query gave no row within its time."""


class Stopped(Exception):
    """`stop` was called, because nobody waits for the rows any more."""


class Rows(Protocol):
    """The rows of a query, as the files of all formats read them: `Reading`, or one in another process."""

    limits: Limits
    columns: tuple[str, ...]
    count: int
    cut: Cut | None
    repaired: int

    def begin(self) -> None:
        """As `Reading.begin`."""

    def batch(self, size: int) -> list[Row]:
        """As `Reading.batch`."""

    def written(self, size: int) -> None:
        """As `Reading.written`."""

    def stop(self) -> None:
        """As `Reading.stop`."""

    def close(self) -> None:
        """As `Reading.close`."""


class Reading:
    """The rows of a query: one statement, so all of them are of one state of the database. Only one thread may use it at a time; `stop`
    may be called from any. Call `begin` first.

    `columns`: their names. `count`: rows that were given out. `cut`: why the last batch was not the end of the result, or None.
    `repaired`: texts that were not UTF-8 and got U+FFFD instead of the wrong bytes.
    """

    def __init__(self, connection: sqlite3.Connection, query: Query, limits: Limits) -> None:
        self._connection = connection
        self._query = query
        self.limits = limits
        self._wanted = query.wanted
        self._seconds_left = limits.seconds if limits.seconds is not None else float("inf")
        self._deadline = 0.0
        self._is_stopped = False
        connection.row_factory = None
        connection.set_progress_handler(self._is_over, _CHECK_EVERY)
        self._cursor = connection.cursor()
        self.columns: tuple[str, ...] = ()
        self.count = 0
        self._size = 0
        self.cut: Cut | None = None
        self.repaired = 0

    def begin(self) -> None:
        """Begins with the first row, also a second time, in the time that is left.
        Raises: sqlite3.Error if the query is wrong, TooSlow, Stopped.
        """
        self.count = self._size = self.repaired = 0
        self.cut = None
        self._connection.text_factory = str  # quick, until a text is not UTF-8
        self._in_time(lambda: self._execute(0))
        self.columns = tuple(column[0] for column in self._cursor.description or ())

    def stop(self) -> None:
        """Ends the query, from any thread. The next `batch` raises Stopped."""
        self._is_stopped = True
        with suppress(sqlite3.ProgrammingError):  # it is closed already
            self._connection.interrupt()

    def close(self) -> None:
        """Ends the query and closes the connection."""
        self._cursor.close()
        self._connection.close()

    def batch(self, size: int) -> list[Row]:
        """Returns at most `size` further rows; none at the end. Raises: sqlite3.Error, Stopped, and TooSlow before the first row."""
        rows: list[Row] = []
        if self.cut is None:
            try:
                self._read(rows, self._left(size))
            except TooSlow:  # with the rows that came in time
                self.cut = Cut.TIME
        self.count += len(rows)
        if self.cut is Cut.TIME and self.count == 0:
            raise TooSlow
        if self.count == self.limits.rows and self.count != self._wanted and self.cut is None and self._has_more():
            self.cut = Cut.ROWS
        return rows

    def _read(self, rows: list[Row], size: int) -> None:
        """Adds at most `size` further rows."""
        try:
            self._in_time(lambda: rows.extend(islice(self._cursor, size)))
        except sqlite3.OperationalError as error:
            if _NOT_UTF8 not in str(error) or self._connection.text_factory is not str:
                raise
            self._tolerate(len(rows))
            self._in_time(lambda: rows.extend(islice(self._cursor, size - len(rows))))

    def _tolerate(self, more: int) -> None:
        """Begins once more, and repairs texts from now on. `more`: rows that were read beside those that were given out. The transaction
        sees the same rows in the same order.
        """
        self._connection.text_factory = self._text
        self._in_time(lambda: self._execute(self.count + more))
        self.repaired = 0

    def _execute(self, skipped: int) -> None:
        self._cursor.execute(self._query.sql, self._query.parameters)
        for _ in islice(self._cursor, skipped):
            pass

    def written(self, size: int) -> None:
        """Adds the bytes that the rows became. If they reach the limit, no further row is given out."""
        self._size += size
        if self.limits.size is not None and self._size >= self.limits.size and self.cut is None and self._has_more():
            self.cut = Cut.BYTES

    def _left(self, size: int) -> int:
        return min(size, *(bound - self.count for bound in (self.limits.rows, self._wanted) if bound is not None), size)

    def _has_more(self) -> bool:
        try:
            return self._in_time(self._cursor.fetchone) is not None
        except TooSlow:
            return True
        except sqlite3.OperationalError as error:
            if _NOT_UTF8 in str(error):
                return True
            raise

    def _in_time(self, work: Callable[[], _T]) -> _T:
        if self._is_stopped:
            raise Stopped
        begun = time.perf_counter()
        self._deadline = begun + self._seconds_left
        try:
            return work()
        except sqlite3.OperationalError as error:
            if self._is_stopped:
                raise Stopped from error
            if time.perf_counter() >= self._deadline:
                raise TooSlow from error
            raise
        finally:
            self._seconds_left -= time.perf_counter() - begun

    def _is_over(self) -> bool:
        return self._is_stopped or time.perf_counter() >= self._deadline

    def _text(self, raw: bytes) -> str:
        try:
            return str(raw, "utf-8")
        except UnicodeDecodeError:
            self.repaired += 1
            return str(raw, "utf-8", "replace")
