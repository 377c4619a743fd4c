"""The invented archive with which serving is measured is an archive like any other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.big_archive import build
from scraper.store import summaries
from scraper.store.archive import open_archive
from scraper.store.fulltext_index import columns

_SUMMARIES = ("articles_by_month", "citations_by_year", "diffusion")


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("big") / "archive.db"
    build(path, 400)
    with closing(sqlite3.connect(path)) as database:
        yield database


def test_its_schema_is_that_of_a_new_archive(big: sqlite3.Connection, tmp_path: Path) -> None:
    schema = "select type, name, sql from sqlite_master where name not like 'sqlite%' order by 1, 2"
    assert big.execute(schema).fetchall() == open_archive(tmp_path / "new.db").execute(schema).fetchall()


def test_citations_are_where_they_say(big: sqlite3.Connection) -> None:
    rows = big.execute('select substr(body, start + 1, "end" - start), text from citations join article_text using (article_id)').fetchall()
    assert len(rows) > 800 and all(shown == text for shown, text in rows)
    counted = "select citation_count, (select count(*) from citations where article_id = articles.id) from articles"
    assert all(stored == found for stored, found in big.execute(counted))
    most, articles = big.execute("select max(article_count), (select count(*) from articles) from documents").fetchone()
    assert most > articles / 20


def test_the_index_is_as_the_project_writes_it(big: sqlite3.Connection) -> None:
    """Removing a text from a contentless index needs the exact text. If it were another, words would remain."""
    for article_id, title, summary, body in big.execute(
        "select id, title, summary, body from articles join article_text on id = article_id"
    ):
        tags = [tag for (tag,) in big.execute("select tag from article_tags where article_id = ? order by tag", [article_id])]
        texts = columns({"title": title, "summary": summary, "body": body, "tags": tags})
        delete = "insert into articles_fts (articles_fts, rowid, title, text, title_folded, text_folded) values ('delete', ?, ?, ?, ?, ?)"
        big.execute(delete, [article_id, *texts])
    big.execute("create virtual table temp.words using fts5vocab(main, articles_fts, row)")
    assert big.execute("select * from temp.words").fetchall() == []
    big.execute("drop table temp.words")
    big.rollback()


def test_its_summaries_are_right(big: sqlite3.Connection) -> None:
    before = [sorted(big.execute(f"select * from {table}"), key=repr) for table in _SUMMARIES]
    path = Path(big.execute("pragma database_list").fetchone()[2])
    database = open_archive(path)
    summaries.rebuild(database)
    assert all(before) and before == [sorted(big.execute(f"select * from {table}"), key=repr) for table in _SUMMARIES]
