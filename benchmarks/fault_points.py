"""Interrupts this process at a chosen write: before the n-th SQL statement that writes, or around the n-th write to a file.

A crash between two writes is the same wherever it comes, so all moments at which a crash can differ are those before and after each write.
`install` counts them. A write to a capture file has one more: half of it may be on the disk.
"""

from __future__ import annotations

import os
import pathlib
import signal
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_READS = ("select", "with", "explain", "--", "pragma table_", "pragma foreign_key_list", "pragma index_")


@dataclass(frozen=True)
class FaultPoint:
    """Where a process is interrupted. `step`: the number of the write, from 1; 0 only counts. `number`: of the signal that it sends itself.
    `steps`: a file that gets one line for each step, its kind.
    """

    step: int
    number: int = signal.SIGKILL
    steps: str = ""


class _Counter:
    def __init__(self, fault: FaultPoint) -> None:
        self._fault, self._number = fault, 0
        self._steps = os.open(fault.steps, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644) if fault.steps else None

    def step(self, kind: str) -> None:
        self._number += 1
        if self._steps is not None:
            os.write(self._steps, f"{kind}\n".encode())
        if self._number == self._fault.step:
            os.kill(os.getpid(), self._fault.number)


class _CountedFile:
    """A file whose writes are steps."""

    def __init__(self, file: Any, counter: _Counter) -> None:
        self._file, self._counter = file, counter

    def write(self, data: Any) -> int:
        self._counter.step("file: before")
        half = len(data) // 2
        written = self._file.write(data[:half])
        self._file.flush()
        self._counter.step("file: half")
        written += self._file.write(data[half:])
        self._file.flush()
        self._counter.step("file: after")
        return int(written)

    def truncate(self, *size: int) -> int:
        self._counter.step("truncate: before")
        cut = int(self._file.truncate(*size))
        self._counter.step("truncate: after")
        return cut

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _CountedFile:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()


def install(fault: FaultPoint) -> None:
    """Counts the writes of this process from now on, and interrupts it at the chosen one."""
    counter = _Counter(fault)
    connect, opened = sqlite3.connect, pathlib.Path.open

    def on_statement(statement: str) -> None:
        lowered = statement.lstrip().lower()
        if not lowered.startswith(_READS):
            counter.step("sql: " + " ".join(lowered.split()[:3]))

    def counted_connect(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **named)
        connection.set_trace_callback(on_statement)
        return connection

    def counted_open(self: pathlib.Path, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        file = opened(self, mode, *arguments, **named)
        return _CountedFile(file, counter) if set(mode) & set("wax+") and "b" in mode else file

    def around(name: str) -> None:
        original: Callable[..., Any] = getattr(os, name)

        def counted(*arguments: Any, **named: Any) -> Any:
            counter.step(f"{name}: before")
            result = original(*arguments, **named)
            counter.step(f"{name}: after")
            return result

        setattr(os, name, counted)

    for name in ("fsync", "rename", "replace", "unlink"):
        around(name)
    sqlite3.connect = counted_connect  # type: ignore[assignment]
    pathlib.Path.open = counted_open  # type: ignore[method-assign]
