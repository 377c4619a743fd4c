"""What a crawl looks up must not take longer because of other rows in a large archive. SQLite's steps are counted, not time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlite_utils import Database

from scraper.model import Source
from scraper.store import capture_files, files, other_owner, rechecks, source_health, unparsed
from scraper.store.archive import open_archive
from scraper.store.candidates import CandidateTable
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


OLD, NEWEST = "2015-03-12T08:00:00+07:00", "2026-10-27T08:00:00+07:00"
NOW = datetime(2026, 10, 30, 2, tzinfo=UTC)
SOURCE = Source("other", "Sở khác", "nghe-an", "http://khac.test", ("khac.test",))
# Of files that no run looks at again: their state, when they were requested, and whether their text was taken.
SETTLED = (
    ("kept", "2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z"),
    ("failed", "2026-01-02T00:00:00Z", None),
    ("not-wanted", None, None),
    ("elsewhere", None, None),
)


def archive_with_files(path: Path, rows: int) -> Database:
    """Returns an archive with so many settled files of each kind, each of an old article, and one that waits for its third request."""
    database = archive(path, rows)
    with database.conn:
        database.conn.execute("pragma defer_foreign_keys = on")
        for kind, (state, requested_at, extracted_at) in enumerate(SETTLED):
            host = "noi-khac.test" if state == "elsewhere" else "khac.test"
            for number in range(rows):
                add_article(database, OLD, f"http://{host}/tep/{kind}-{number}.pdf")
                database.conn.execute(
                    "insert into files (source_id, url, state, first_seen, requested_at, extracted_at, capture_id)"
                    " values ('other', ?, ?, '2026-01-01T00:00:00Z', ?, ?, 1)",
                    [f"http://{host}/tep/{kind}-{number}.pdf", state, requested_at, extracted_at],
                )
        database.conn.execute(
            "insert into files (source_id, url, state, first_seen, requested_at, retry_at)"
            " values ('other', 'http://khac.test/a.pdf', 'failed', '2026-01-01', '2026-10-29T00:00:00Z', '2026-10-30T00:00:00Z')"
        )
    files.refresh(database, SOURCE)  # the first time it decides on all
    return database


def add_article(database: Database, published_at: str | None, file: str) -> None:
    """Adds an article that was first seen today and links to a file."""
    cursor = database.conn.execute(
        "insert into articles (source_id, unit_id, key, url, title, published_at, first_seen, last_seen, layout, parser)"
        " values ('other', 'nghe-an', ?, ?, 'Thông báo', ?, '2026-10-29T20:00:00Z', '2026-10-29T20:00:00Z', 'generic', '0')",
        [f"{file}|{published_at}", f"{file}.html?{published_at}", published_at],
    )
    database.conn.execute("insert into attachments (article_id, url, rule) values (?, ?, 'file-link')", [cursor.lastrowid, file])


def test_what_a_run_looks_up_in_files_does_not_grow_with_those_that_are_settled(tmp_path: Path) -> None:
    def run(database: Database) -> None:
        files.refresh(database, SOURCE)
        queue = files.FileQueue(database, SOURCE.id, files.DayLimits(500, 1_000_000, since=NOW.replace(hour=0)))
        assert [one.url for one in queue.take(50, NOW)] == taken
        assert files.waiting(database, SOURCE, NOW) == len(taken)
        assert files.to_extract(database, [SOURCE.id]) == []

    few, many = (archive_with_files(tmp_path / f"{rows}.db", rows) for rows in (FEW, MANY))
    taken = ["http://khac.test/a.pdf"]
    assert steps(many, run) <= steps(few, run) + 2
    for database in (few, many):  # a new article links to a file that only an old one had
        with database.conn:
            add_article(database, NEWEST, "http://khac.test/tep/2-7.pdf")
    taken = ["http://khac.test/tep/2-7.pdf", "http://khac.test/a.pdf"]
    assert steps(many, run) <= steps(few, run) + 2


def test_the_newest_articles_of_a_source_are_found_among_any_number_of_its_articles(tmp_path: Path) -> None:
    def with_articles(number: int) -> Database:
        database = archive(tmp_path / f"{number}.db", 1)
        with database.conn:
            for at in range(number):
                add_article(database, OLD, f"http://khac.test/tep/{at}.pdf")
        return database

    def run(database: Database) -> None:
        assert other_owner.find(database, SOURCE) == other_owner.NOT_ONE
        assert other_owner.mark(database, SOURCE) == 0

    few, many = (steps(with_articles(number), run) for number in (400, MANY))  # both more than are read
    assert many <= few + 2


def test_a_changed_block_costs_in_proportion_to_the_files(tmp_path: Path) -> None:
    few, many = (archive_with_files(tmp_path / f"{rows}.db", rows) for rows in (FEW, MANY // 10))
    changed = replace(SOURCE, hosts=("khac.test", "moi.test"))
    few_steps, many_steps = (steps(one, lambda database: files.refresh(database, changed)) for one in (few, many))
    assert many_steps <= 1.3 * few_steps * MANY // 10 / FEW


def test_whether_a_file_is_wanted_follows_its_articles_and_the_source(tmp_path: Path) -> None:
    """In whatever order they change. A file of an undated article is wanted."""
    database, url = archive_with_files(tmp_path / "archive.db", 3), "http://khac.test/tep/2-0.pdf"

    def state(source: Source = SOURCE) -> str:
        files.refresh(database, source)
        [(found,)] = database.execute("select state from files where url = ?", [url]).fetchall()
        assert database.execute("select count(*) from files_pending").fetchall() == [(0,)]
        return str(found)

    def change(sql: str) -> None:
        with database.conn:
            database.conn.execute(sql)

    of_file = f"id in (select article_id from attachments where url = '{url}')"
    assert state() == "not-wanted"
    change(f"update articles set published_at = null where {of_file}")
    assert state() == "new"
    change(f"update articles set published_at = '{OLD}' where {of_file}")
    assert state() == "not-wanted"
    change(f"update articles set first_seen = '2015-03-20T00:00:00Z' where {of_file}")
    assert state() == "new"
    with database.conn:
        add_article(database, NEWEST, url)
    change(f"update articles set first_seen = '2026-10-29T20:00:00Z' where {of_file}")
    assert state() == "new"
    change(f"delete from attachments where url = '{url}' and article_id = (select max(id) from articles)")
    assert state() == "not-wanted"
    assert state(replace(SOURCE, attachments="all")) == "new"
    assert state(replace(SOURCE, attachments="none")) == "not-wanted"
    assert state(replace(SOURCE, attachments="all", hosts=("moi.test",))) == "elsewhere"
    assert state() == "not-wanted"


def test_what_a_run_looks_up_in_its_source_does_not_grow_with_its_past(tmp_path: Path) -> None:
    def rechecks_of_a_night(database: Database) -> None:
        assert len(rechecks.plan(database, SOURCE.id, NOW, 10).articles) == 10

    def days_of_listed_articles(database: Database) -> None:
        assert CandidateTable(database, SOURCE.id, 1).days({"http://khac.test/1"}) == {"khac.test/1": "2026-01-01"}

    def ends_of_files(database: Database) -> None:
        assert capture_files.last_records(database, SOURCE.id) == {"other/1.warc.gz": (0, 1)}

    def newest_day(database: Database) -> None:
        assert source_health.publishing(database, SOURCE.id, NOW).newest == date(2026, 1, 1)

    # Steps for each article that is there: what is only counted needs three in an index, and is counted up to five times.
    for lookup, each in ((rechecks_of_a_night, 20), (days_of_listed_articles, 0), (ends_of_files, 0), (newest_day, 5)):
        few, many = (steps(_source_with_articles(tmp_path, lookup.__name__, number), lookup) for number in (FEW, MANY))
        assert (many - few - 2) * _STEPS <= each * (MANY - FEW), lookup.__name__


def _source_with_articles(folder: Path, name: str, number: int) -> Database:
    """Returns an archive with a source that has so many articles, all captured on one day. A few are new, the others are old."""
    database = archive(folder / f"{name}-{number}.db", number)
    with database.conn:
        database.conn.execute(
            "insert into articles (source_id, unit_id, key, url, title, published_at, first_seen, last_seen, layout, parser, capture_id)"
            f" select source_id, 'nghe-an', url, url, 'Tin', iif(id <= {FEW}, '2026-01-01', '2015-01-01'),"
            " captured_at, captured_at, 'generic', '0', id"
            " from captures"
        )
    return database
