"""The manifest of a file: what it contains, of which state of the archive, and the count and digest by which a copy can be checked."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scraper.export.reading import Query, Rows

FORMAT = 1
ENDING = "manifest"  # articles.csv.manifest is the manifest of articles.csv


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """What the archive says about itself. `notice`: what every file must say, or "". `last_run`: the run that wrote last; empty if the
    database is not an archive.
    """

    notice: str
    last_run: Mapping[str, object]


def archive_state(connection: sqlite3.Connection) -> ArchiveState:
    """Returns the state of the archive that a connection reads: call it in the transaction in which the rows are read."""
    try:
        notices = [f"{name} · {name_en}" for name, name_en in connection.execute("select name, name_en from notices order by id")]
    except sqlite3.OperationalError:  # not an archive
        notices = []
    try:
        run = connection.execute("select id, started_at, ended_at, parser from runs order by id desc limit 1").fetchone()
    except sqlite3.OperationalError:
        run = None
    return ArchiveState("; ".join(notices), dict(zip(("id", "started_at", "ended_at", "parser"), run, strict=True)) if run else {})


class Digest:
    """Counts and hashes the pieces of a file that pass through it."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.size = 0

    def of(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yields the pieces as they are."""
        for piece in pieces:
            self._hash.update(piece)
            self.size += len(piece)
            yield piece

    @property
    def sha256(self) -> str:
        """The digest of everything that has passed so far."""
        return self._hash.hexdigest()


def about(query: Query, state: ArchiveState) -> dict[str, object]:
    """Returns what a file says about itself, apart from its rows. It has no time, so that the same rows give the same bytes."""
    return {
        "database": query.database,
        **query.subject,
        "sql": query.sql,
        "parameters": dict(query.parameters),
        "last_run": dict(state.last_run),
    }


def manifest(query: Query, reading: Rows, state: ArchiveState, digest: Digest, facts: Mapping[str, object]) -> dict[str, Any]:
    """Returns the manifest of a file that is written. `facts`: its name, media type, the time, and what its format has to report."""
    limits = reading.limits
    return {
        "format": FORMAT,
        **facts,
        **about(query, state),
        "columns": list(reading.columns),
        "rows": reading.count,
        "bytes": digest.size,
        "sha256": digest.sha256,
        "complete": reading.cut is None,
        "cut": reading.cut,
        "limits": {"rows": limits.rows, "bytes": limits.size, "seconds": limits.seconds},
        "repaired_texts": reading.repaired,
        "notice": state.notice,
    }


def as_json(content: Mapping[str, Any]) -> str:
    """Returns a manifest as people read it."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
