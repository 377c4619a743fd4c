"""Storing articles beside raw inserts, and parsing their captures again beside only reading the records. Started by benchmarks.page."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from fastwarc.warc import ArchiveIterator
from sqlite_utils import Database

from benchmarks import pipeline
from benchmarks.forked_commands import PROJECT, as_options
from benchmarks.page_parts import Part, Row
from benchmarks.timing import Spread, in_turn, ratios
from scraper.model import Source
from scraper.reader import read
from scraper.sources import load
from scraper.store import articles, captures
from scraper.store.archive import open_archive, set_journal, undo_in_memory
from scraper.store.documents import ArchiveDocuments
from scraper.store.patient_connection import connect
from scraper.store.sources import load_source

_ROWS = (
    "articles",
    "article_text",
    "article_fields",
    "article_tags",
    "attachments",
    "stories",
    "date_readings",
    "citations",
    "reprint_keys",
)


def measure(recording: Path | None, rounds: int) -> list[Part]:
    """Crawls a recorded site once, and measures with its archive. Without a recording, a source of the sample is crawled."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings: dict[str, object] = {"ARCHIVE": folder / "archive.db", "CAPTURES": folder / "captures", "NOW": pipeline.NOW}
        crawled = dict(settings)
        if recording is None:
            source = load([])["sample-nghe-an"]
        else:
            pipeline.write_source(folder, "http://sotttt.nghean.test")
            source = load([folder / "sources.toml"])["measured"]
            settings["SOURCES_EXTRA"] = folder / "sources.toml"
            crawled = settings | {"REPLAY": recording}
        pipeline.run([sys.executable, "-m", "scrapy", "crawl", source.id, *as_options(crawled)], PROJECT)
        return [_storing(folder, source, rounds), _reparsing(folder, source.id, settings, rounds)]


def _storing(folder: Path, source: Source, rounds: int) -> Part:
    """Compares raw inserts of the rows of the articles, into tables without an index, with our storing of the same readings."""
    with closing(sqlite3.connect(folder / "archive.db")) as database:
        tables = {name: database.execute(f"select * from {name}").fetchall() for name in _ROWS}
        count = len(tables["articles"])

    def raw() -> None:
        path = folder / "raw.db"
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as database:
            for name, rows in tables.items():
                if rows:
                    database.execute(f"create table {name} ({', '.join(f'c{at}' for at in range(len(rows[0])))})")
                    database.executemany(f"insert into {name} values ({', '.join('?' * len(rows[0]))})", rows)
            database.execute("create virtual table fts using fts5(body, content='')")
            database.executemany("insert into fts (rowid, body) values (?, ?)", [row[:2] for row in tables["article_text"]])
            database.commit()

    store = _storer(folder, source)
    found = in_turn({"executemany": raw, "ours": store}, rounds)
    rows = [
        Row(
            "executemany, no index, one text index",
            f"{Spread.of(found['executemany']).middle / count * 1000:.2f} ms an article",
            ratios(found, "executemany", "ours"),
        ),
        Row(
            "this project",
            f"{Spread.of(found['ours']).middle / count * 1000:.2f} ms an article",
            ratios(found, "ours", "ours"),
            is_ours=True,
        ),
    ]
    return Part(f"Storing {count} articles, each in a transaction of its own", "time, with that of this project as 1", rows)


def _storer(folder: Path, source: Source) -> Callable[[], None]:
    """Returns a function that stores the readings of all articles in a new archive."""
    made = open_archive(folder / "archive.db")
    known = ArchiveDocuments(made)
    stored = [*captures.kept(made, folder / "captures", "outcome = 'article'")]
    readings = [read(captures.load(one, pipeline.LIMIT), source, known, links=False) for one in stored]
    empty = folder / "empty.db"
    database = open_archive(empty)
    load_source(database, source)
    with database.conn:
        for row in made.execute("select * from runs").fetchall():
            database.conn.execute(f"insert into runs values ({', '.join('?' * len(row))})", row)
        for row in made.execute("select * from captures").fetchall():
            database.conn.execute(f"insert into captures values ({', '.join('?' * len(row))})", row)
    database.execute("pragma wal_checkpoint(truncate)")
    database.conn.close()
    made.conn.close()

    def work() -> None:
        path = folder / "stored.db"
        for old in folder.glob("stored.db*"):
            old.unlink()
        shutil.copy(empty, path)
        # Opened as a crawl opens it, but without migrating: that is start-up.
        connection = connect(str(path))
        set_journal(connection)
        new = Database(connection)
        undo_in_memory(new)
        for capture, reading in zip(stored, readings, strict=True):
            articles.store(new, source, reading, capture_id=capture.id, captured_at=capture.captured_at, parser="bench", run_id=None)
        connection.close()

    return work


def _reparsing(folder: Path, source: str, settings: dict[str, object], rounds: int) -> Part:
    files = sorted((folder / "captures" / source).glob("*.warc.gz"))

    def command(*options: str) -> list[str]:
        return [sys.executable, "-m", "scrapy", "reparse", source, "--restart", "--processes", "1", *options, *as_options(settings)]

    with closing(sqlite3.connect(folder / "archive.db")) as database:
        captures = database.execute("select count(*) from captures where status = 200").fetchone()[0]
    ours, bare = list[float](), list[float]()
    for _ in range(rounds):
        begin = pipeline.run(command("--since", "2100-01-01"), PROJECT).cpu
        ours.append(pipeline.run(command(), PROJECT).cpu - begin)
        began = time.process_time()
        _scan(files)
        bare.append(time.process_time() - began)
    one = Spread.of(ours)
    rows = [
        Row(
            "this project, one process",
            f"{one.middle / captures * 1000:.2f} ms, {captures / one.middle:.0f} captures/s",
            Spread(1, 1, 1),
            is_ours=True,
        ),
        Row(
            "FastWARC: records only read",
            f"{Spread.of(bare).middle / captures * 1000:.3f} ms",
            Spread.of([x / y for x, y in zip(bare, ours, strict=True)]),
        ),
    ]
    return Part(f"Parsing again: {captures} captures compared", "processor time, with that of this project as 1", rows)


def _scan(files: Sequence[Path]) -> int:
    found = 0
    for file in files:
        with file.open("rb") as stream:
            found += sum(len(record.reader.read()) for record in ArchiveIterator(stream))
    return found
