"""What the server sends to a process that runs SQL, and what that answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Value = str | int | float | bytes | None


@dataclass(frozen=True, slots=True)
class Question:
    """A statement for a database. `most`: rows that are read at most, None: all. `seconds`: the time limit, of
    processor time, so that a query does not fail only because the machine is busy.
    """

    uri: str
    sql: str
    parameters: Mapping[str, Value] | Sequence[Value]
    most: int | None
    seconds: float

    @property
    def most_seconds(self) -> float:
        """The time after which it is ended in any case."""
        return 1.0 + 2 * self.seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows and the names of their columns, or the class and the message of an error of sqlite3."""

    rows: Sequence[tuple[Value, ...]] = ()
    columns: Sequence[str] = ()
    fault: tuple[str, str] | None = None
