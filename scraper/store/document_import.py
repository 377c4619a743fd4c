"""Imports a list of documents: counts rows that are new, changed, equal or rejected, and reports the rejected ones."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from sqlite_utils import Database

from scraper.citations import KnownDocument
from scraper.citations.resolving.known_documents import STATED_FACTS
from scraper.reference import day
from scraper.store.column_mapping import REASONS, ColumnMapping, Rejected, document_of
from scraper.store.document_lists import BadRow, ListOfDocuments, Row
from scraper.store.documents import load_known, row_of

_BATCH = 2_000  # rows per transaction
_EXAMPLES = 5  # per outcome


@dataclass
class Import:
    """What an import did, or what a dry run would do: counts, and examples of each outcome."""

    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)  # new, changed, equal, rejected
    rejected: Counter[str] = field(default_factory=Counter)  # by reason
    kept: Counter[str] = field(default_factory=Counter)  # fields in which the list contradicts the register; the register's value stays
    examples: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def count(self, outcome: str, example: str) -> None:
        """Counts a row, and keeps the first few as examples."""
        self.counts[outcome] += 1
        self.example(outcome, example)

    def example(self, outcome: str, text: str) -> None:
        """Keeps an example if there are only a few so far."""
        if len(self.examples[outcome]) < _EXAMPLES:
            self.examples[outcome].append(text)

    def as_json(self) -> dict[str, Any]:
        """Returns the counts, reasons and examples as JSON values."""
        return {
            "rows": self.rows,
            **{outcome: self.counts[outcome] for outcome in ("new", "changed", "equal", "rejected")},
            "rejected by reason": dict(self.rejected),
            "kept against the list": dict(self.kept),
            "examples": dict(self.examples),
        }


class Report:
    """A CSV file of the rejected rows: line, reason, explanation, detail and the row. It is created when the first row is rejected."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: TextIO | None = None

    def add(self, line: int, reason: str, detail: str, row: object) -> None:
        """Writes a rejected row."""
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow(("line", "reason", "explanation", "detail", "row"))
        csv.writer(self._file).writerow((line, reason, REASONS[reason], detail, str(row)[:2_000]))

    def close(self) -> bool:
        """Closes the file. Returns whether any row was written."""
        if self._file is None:
            return False
        self._file.close()
        return True


def import_list(
    database: Database,
    listed: ListOfDocuments,
    how: ColumnMapping,
    report: Report,
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda rows: None,
) -> Import:
    """Imports a list of documents into the archive, in transactions of 2,000 rows.

    A row adds facts that the archive does not have. If it contradicts a reference table of the project, the table's value stays and the
    contradiction is counted. Values from an earlier list are replaced.

    `dry_run`: only count; write nothing to the archive. `progress` is called with the number of rows after each batch.

    Raises:
        ListError: if the list cannot be read.
        MappingError: if no column holds numbers or titles of statutes.
    """
    result = Import()
    seen = _Seen(database) if dry_run else None
    rows = listed.rows()
    while batch := list(islice(rows, _BATCH)):
        documents = [(row_of(document), document) for document in _documents(batch, how, report, result)]
        keys = [row["key"] for row, _ in documents]
        present = _present(database, keys) | (seen.of(keys) if seen is not None else {})
        changed: dict[str, KnownDocument] = {}
        for row, document in documents:
            merged = _merged(row, present.get(row["key"]), result)
            if merged is not None:
                present[row["key"]] = merged
                changed[row["key"]] = _with_facts(document, merged)
        if seen is not None:
            seen.add({key: present[key] for key in changed})
        else:
            with database.conn:
                load_known(database, changed.values())
        progress(len(batch))
    return result


def _documents(batch: Sequence[tuple[int, Row | BadRow]], how: ColumnMapping, report: Report, result: Import) -> Iterator[KnownDocument]:
    """Yields the documents of some rows. Rejected rows are counted and reported."""
    for line, row in batch:
        result.rows += 1
        try:
            if isinstance(row, BadRow):
                raise Rejected("bad-row", str(row))
            if result.counts.total() == 0:
                how.check(row)
            yield document_of(row, how.fields_of(row), how)
        except Rejected as rejected:
            result.counts["rejected"] += 1
            result.rejected[rejected.reason] += 1
            result.example(rejected.reason, f"line {line}: {rejected.detail}")
            report.add(line, rejected.reason, rejected.detail, row)


def _present(database: Database, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Returns the stored facts of some documents by key."""
    found: dict[str, dict[str, Any]] = {}
    columns = ("key", "status", "confidence", *STATED_FACTS)
    for at in range(0, len(keys), 500):
        some = keys[at : at + 500]
        marks = ", ".join("?" * len(some))
        for row in database.execute(f"select {', '.join(columns)} from documents where key in ({marks})", some).fetchall():
            found[row[0]] = dict(zip(columns, row, strict=True))
    return found


def _merged(row: Mapping[str, Any], present: Mapping[str, Any] | None, result: Import) -> dict[str, Any] | None:
    """Returns the document as it shall be stored, or None if the list changes nothing. Counts the outcome."""
    facts = {name: row[name] for name in STATED_FACTS}
    if present is None or present["status"] == "stub":
        # The facts of a stub come only from citations.
        result.count("new", row["label"])
        return {"key": row["key"], "status": "known", "confidence": row["confidence"], **facts}
    from_list = present["confidence"] == row["confidence"]
    merged, changes = dict(present), []
    for name, value in facts.items():
        if value is None or value == present[name]:
            continue
        if present[name] is None or from_list:
            merged[name] = value
            changes.append(name)
        else:
            result.kept[name] += 1
            if name in ("issued_on", "in_force_from", "in_force_to"):
                result.example(f"kept {name}", f"{row['label']}: {present[name]}, the list says {value}")
    result.count("changed" if changes else "equal", f"{row['label']}: {', '.join(changes)}" if changes else row["label"])
    return merged if changes else None


def _with_facts(document: KnownDocument, merged: Mapping[str, Any]) -> KnownDocument:
    return replace(
        document,
        issuer=merged["issuer"],
        issued_on=day(merged["issued_on"] or ""),
        title=merged["title"],
        in_force_from=day(merged["in_force_from"] or ""),
        in_force_to=day(merged["in_force_to"] or ""),
        replaced_by=merged["replaced_by"],
        confidence=merged["confidence"],
    )


class _Seen:
    """What a dry run would have written, in a temporary table on disk, so that a long list needs little memory."""

    def __init__(self, database: Database) -> None:
        self._connection = database.conn
        self._connection.execute("create temporary table if not exists dry_run (key text primary key, document text)")
        self._connection.execute("delete from temp.dry_run")

    def of(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Returns the documents with these keys."""
        found: dict[str, dict[str, Any]] = {}
        for at in range(0, len(keys), 500):
            some = keys[at : at + 500]
            rows = self._connection.execute(f"select key, document from temp.dry_run where key in ({', '.join('?' * len(some))})", some)
            found |= {key: json.loads(document) for key, document in rows}
        return found

    def add(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        """Remembers documents."""
        self._connection.executemany(
            "insert or replace into temp.dry_run values (?, ?)", [(key, json.dumps(one)) for key, one in documents.items()]
        )
