"""What the server sends to a process that runs SQL, and what that answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Value = str | int | float | bytes | None


@dataclass(frozen=True, slots=True)
class Question:
    """A statement for a database. `most`: rows that are read at most, None: all. `seconds`: the time limit."""

    uri: str
    sql: str
    parameters: Mapping[str, Value] | Sequence[Value]
    most: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows and the names of their columns, or the class and the message of an error of sqlite3."""

    rows: Sequence[tuple[Value, ...]] = ()
    columns: Sequence[str] = ()
    fault: tuple[str, str] | None = None
