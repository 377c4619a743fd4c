"""What a crawl looks up must not take longer because of other rows in a large archive. SQLite's steps are counted, not time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database

from scraper.store import unparsed
from scraper.store.archive import open_archive
from scraper.store.documents import ArchiveDocuments

FEW, MANY = 20, 2000  # rows
_STEPS = 10  # of SQLite's virtual machine, between two counts


def steps(database: Database, work: Callable[[Database], object]) -> int:
    """Returns how many times SQLite did 10 steps for a work."""
    counted = [0]

    def count() -> int:
        counted[0] += 1
        return 0

    database.conn.set_progress_handler(count, _STEPS)
    work(database)
    database.conn.set_progress_handler(None, 0)
    return counted[0]


def archive(path: Path, rows: int) -> Database:
    """Returns an archive with captures of other sources, and with stubs of one serial."""
    database = open_archive(path)
    with database.conn:
        database.conn.execute("pragma defer_foreign_keys = on")
        database.conn.execute(
            "insert into sources (id, name, unit_id, kind, site, hosts, listings, confidence, basis)"
            " values ('other', 'Sở khác', 'nghe-an', 'department', 'http://khac.test', '[]', '[]', 'low', 'invented')"
        )
        database.conn.executemany(
            "insert into captures (source_id, url, captured_at, status, digest, length, warc_file, warc_offset, warc_length, outcome)"
            " values ('other', ?, '2026-01-01T00:00:00Z', 200, '', 1, 'other/1.warc.gz', 0, 1, 'article')",
            [[f"http://khac.test/{number}"] for number in range(rows)],
        )
        database.conn.executemany(
            "insert into documents (key, label, type, number, number_form, year, status) values (?, ?, 'quyết định', ?, '7', ?, 'stub')",
            [[f"quyết định|7/qđ-{number}|2020|", f"Quyết định 7/QĐ-{number}", f"7/QĐ-{number}", 2020] for number in range(rows)],
        )
    return database


def test_captures_without_an_outcome_are_found_among_any_number_of_others(tmp_path: Path) -> None:
    few, many = (steps(archive(tmp_path / f"{rows}.db", rows), lambda one: unparsed.settle(one, "mst")) for rows in (FEW, MANY))
    assert many <= few + 2


def test_known_documents_are_found_among_any_number_of_stubs(tmp_path: Path) -> None:
    def look_up(one: Database) -> None:
        known = ArchiveDocuments(one)
        assert [document.number for document in known.by_serial("quyết định", "7")] == [*known_numbers]
        known.by_number("7/qđ-ttg")

    few_stubs, many_stubs = archive(tmp_path / "few.db", FEW), archive(tmp_path / "many.db", MANY)
    known_numbers = [document.number for document in ArchiveDocuments(few_stubs).by_serial("quyết định", "7")]
    assert steps(many_stubs, look_up) <= 1.3 * steps(few_stubs, look_up) + 2
