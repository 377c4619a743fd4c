"""What the server sends to a process that reads the rows of a file, and what that answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scraper.export.manifest import ArchiveState
from scraper.export.reading import Cut, Limits, Query, Row


@dataclass(frozen=True, slots=True)
class Opening:
    """A query to read. Its parameters are a plain dict."""

    uri: str
    query: Query
    limits: Limits


@dataclass(frozen=True, slots=True)
class Call:
    """What the reading is to do, and the number that this needs."""

    name: Literal["begin", "batch", "written"]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """What a call gave, with the state of the reading after it. `fault`: the class and the message of an error."""

    rows: list[Row]
    columns: tuple[str, ...]
    count: int
    cut: Cut | None
    repaired: int
    fault: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The state of the archive at the moment of the reading, or why the database cannot be read."""

    state: ArchiveState | None
    fault: tuple[str, str] | None = None
