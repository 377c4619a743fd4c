"""Rows of an archive that a test writes itself: a source, captures and articles, without a crawl."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from scraper.model import Source
from scraper.store.archive import open_archive
from scraper.store.sources import load_source

SOURCE = Source("mau", "Sở Mẫu (test)", "nghe-an", "http://so.mau.test", ("so.mau.test",))


@contextmanager
def archive_of_source(folder: Path, source: Source = SOURCE) -> Iterator[Database]:
    """Lets an archive with the row of one source be used, in a folder of its own, and closes it."""
    folder.mkdir(exist_ok=True)
    database = open_archive(folder / "archive.db")
    load_source(database, source)
    yield database
    database.close()


def add(database: Database, table: str, **row: object) -> int:
    """Adds a row and returns its id."""
    names = ", ".join(row)
    added = database.execute(f"insert into {table} ({names}) values ({', '.join('?' * len(row))})", [*row.values()])
    assert added.lastrowid is not None
    return added.lastrowid


def add_capture(database: Database, url: str, at: str, **more: object) -> int:
    """Adds the row of a capture of SOURCE and returns its id. `at`: ISO 8601, UTC."""
    row = {"source_id": SOURCE.id, "url": url, "captured_at": at, "status": 200, "digest": "", "length": 0}
    return add(database, "captures", **(row | {"warc_file": "mau/a", "warc_offset": 0} | more))


def add_article(database: Database, url: str, at: str, **more: object) -> int:
    """Adds the row of an article of SOURCE, whose key is its URL, and that of its capture; returns the id of the article."""
    capture_id = add_capture(database, url, at, outcome="article")
    row = {"source_id": SOURCE.id, "unit_id": SOURCE.unit, "key": url, "url": url, "title": "Tin", "capture_id": capture_id}
    row |= {"first_seen": at, "last_seen": at, "published_rule": "none", "layout": "plain", "parser": "1"}
    return add(database, "articles", **(row | more))
