"""How far a large import has come, so that it goes on after a crash: what was read, and what of it belongs to which source.

The index of what belongs to a source (`import_records`) is there until the source was crawled from it; the row of `imports` stays.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from scraper import clock
from scraper.model import Failure
from scraper.store import failures
from scraper.warc.dates import timestamp
from scraper.warc.versions import IndexedResponse, as_text, from_text


class ImportState:
    """The state of one import. Everything that is written is one transaction."""

    def __init__(self, database: Database, key: str, files: Iterable[str]) -> None:
        """Goes on with the import that has the same `key` and did not end, or begins one. `files`: what was given."""
        self._database = database
        row = database.execute("select id from imports where key = ? and ended_at is null order by id desc limit 1", [key]).fetchone()
        if row is not None:
            self.id = int(row[0])
            with database.conn:
                database.conn.execute(
                    "delete from import_records where import_id = ? and part not in (select part from import_parts where import_id = ?)",
                    [self.id, self.id],
                )
            return
        with database.conn:
            cursor = database.conn.execute(
                "insert into imports (key, files, began_at) values (?, ?, ?)", [key, json.dumps([*files], ensure_ascii=False), _now()]
            )
        assert cursor.lastrowid is not None
        self.id = cursor.lastrowid

    def parts(self) -> dict[str, Any]:
        """Returns the result of each part that was read to its end, by the key of the part."""
        rows = self._database.execute("select part, result from import_parts where import_id = ?", [self.id]).fetchall()
        return {part: json.loads(result) for part, result in rows}

    def forget_part(self, part: str) -> None:
        """Removes what was found in a part."""
        with self._database.conn:
            for table in ("import_records", "import_parts"):
                self._database.conn.execute(f"delete from {table} where import_id = ? and part = ?", [self.id, part])

    def keep(self, part: str, number: int, found: Iterable[tuple[str, IndexedResponse]]) -> None:
        """Notes responses with the ids of their sources. `number`: of the part, in the order of what was given."""
        with self._database.conn:
            self._database.conn.executemany(
                "insert into import_records (import_id, source_id, part, number, entry) values (?, ?, ?, ?, ?)",
                ((self.id, source_id, part, number, as_text(one)) for source_id, one in found),
            )

    def refuse(self, source_id: str, url: str, reason: str, detail: str, at: str) -> None:
        """Records that a response of a source is not imported. `at`: its time, empty if that is not known."""
        with self._database.conn:
            failures.record(self._database, source_id, Failure("keep", reason, url, detail), at=at or _now())

    def end_part(self, part: str, result: Mapping[str, Any]) -> None:
        """Notes that a part was read to its end."""
        with self._database.conn:
            self._database.conn.execute(
                "insert or replace into import_parts (import_id, part, result) values (?, ?, ?)",
                [self.id, part, json.dumps(result, ensure_ascii=False)],
            )

    def sources(self) -> dict[str, int]:
        """Returns the ids of the sources that something belongs to and that were not crawled yet, with the number of their responses."""
        sql = "select source_id, count(*) from import_records where import_id = ? group by 1 order by 1"
        return dict(self._database.execute(sql, [self.id]).fetchall())

    def responses(self, source_id: str) -> Iterator[IndexedResponse]:
        """Yields what belongs to a source, in the order of the parts and of the places in them."""
        rows = self._database.execute(
            "select entry from import_records where import_id = ? and source_id = ? order by number, rowid", [self.id, source_id]
        )
        return (from_text(entry) for (entry,) in rows)

    def end_source(self, source_id: str, result: Mapping[str, Any]) -> None:
        """Notes that a source was crawled from what belongs to it. Its index is not needed any more."""
        with self._database.conn:
            self._database.conn.execute(
                "insert or replace into import_sources (import_id, source_id, result) values (?, ?, ?)",
                [self.id, source_id, json.dumps(result, ensure_ascii=False)],
            )
            self._database.conn.execute("delete from import_records where import_id = ? and source_id = ?", [self.id, source_id])

    def source_results(self) -> dict[str, Any]:
        """Returns the result of each source that was crawled."""
        rows = self._database.execute("select source_id, result from import_sources where import_id = ? order by source_id", [self.id])
        return {source_id: json.loads(result) for source_id, result in rows.fetchall()}

    def end(self, counts: Mapping[str, int], reasons: Mapping[str, int]) -> None:
        """Ends the import: `counts` are bytes, records, kept and stored; `reasons` says why how many were left out."""
        with self._database.conn:
            for table in ("import_records", "import_parts", "import_sources"):
                self._database.conn.execute(f"delete from {table} where import_id = ?", [self.id])
            self._database.conn.execute(
                "update imports set ended_at = ?, bytes = ?, records = ?, kept = ?, stored = ?, left_out = ? where id = ?",
                [
                    _now(),
                    *(counts[name] for name in ("bytes", "records", "kept", "stored")),
                    json.dumps(dict(reasons), ensure_ascii=False),
                    self.id,
                ],
            )


def is_unfinished(archive: Path, key: str) -> bool:
    """Returns whether an archive has an import with this key that did not end. Writes nothing."""
    if not archive.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{archive.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute("select 1 from imports where key = ? and ended_at is null", [key]).fetchone() is not None
    except sqlite3.Error:  # an archive of an earlier version; or it cannot be read, which is said when it is opened
        return False


def _now() -> str:
    return timestamp(clock.now().replace(microsecond=0))
