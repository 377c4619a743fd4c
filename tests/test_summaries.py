"""The summaries after changes: counting only what changed gives the same rows as counting everything."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from scraper.store import reprints, summaries
from scraper.store.archive import open_archive
from scraper.text_similarity import similarity_keys
from tests.conftest import Place

TABLES = (
    "articles_by_month",
    "citations_by_year",
    "diffusion",
    "near_duplicates",
    "documents_pending",
    "months_pending",
    "groups_pending",
    "field_rules",
    "source_lives",
    "lives_pending",
)
TEXT = "Sáng nay Sở Thông tin và Truyền thông đã tổ chức hội nghị triển khai kế hoạch năm với các phòng, các huyện và các doanh nghiệp. "

# Changes as every part of the program makes them: the crawl, reparse, resolve, the conclusions, and a person with SQL.
CHANGES = (
    "update articles set published_at = '2015-0{n}-11T08:00:00+07:00', published_year = 2015 where id % 7 = {k}",
    "update articles set published_at = null, published_year = null where id % 11 = {k}",
    "update articles set published_precision = 'month' where id % 14 = {k}",
    "update articles set unit_id = 'ha-noi' where id % 9 = {k}",
    "update articles set citation_count = 1 + citation_count where id % 5 = {k}",
    "update articles set url = 'https://mic.gov.vn/{n}/' || id where id % 6 = {k}",
    "update citations set document_id = (select id from documents order by id limit 1 offset {n}) where id % 8 = {k}",
    "update citations set document_id = null, status = 'unresolved' where id % 13 = {k}",
    "update citations set stated_date = '2009-0{n}-02', stated_issuer = 'Bộ {n}', stated_title = 'về việc {n}' where id % 4 = {k}",
    "update citations set date_conflict = 1 - date_conflict where id % 10 = {k}",
    "delete from citation_candidates where citation_id % 12 = {k}",
    "delete from citations where id % 12 = {k} and id not in (select citation_id from citation_candidates)",
    "update documents set issued_on = '2008-0{n}-20' where status <> 'stub' and id % 100 = {k}",
    "update documents set status = 'known' where status = 'stub' and id % 10 = {k}",
    "update articles set layout = 'nukeviet' where id % 8 = {k}",
    "update article_fields set rule = 'meta', rule_parameter = null where field = 'title' and article_id % 6 = {k}",
    "delete from article_fields where field = 'summary' and article_id % 9 = {k}",
    "update captures set origin = 'one.warc', outcome = null where id % 10 = {k}",
    "update article_text set dateline = '(mic.gov.vn)' where article_id % 5 = {k}",
)


def _rows(database: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    rows = {table: sorted(database.execute(f"select * from {table}").fetchall(), key=repr) for table in TABLES}
    rows["reprints"] = database.execute("select id, reprint_of from articles order by id").fetchall()
    rows["stubs"] = database.execute("select id, issued_on, issuer, title from documents order by id").fetchall()
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_counting_what_changed_equals_counting_everything(sample: Place, tmp_path: Path, seed: int) -> None:
    shutil.copy(sample.archive, tmp_path / "one.db")
    one = open_archive(tmp_path / "one.db")
    assert sum(len(rows) for table, rows in _rows(one.conn).items() if table.endswith("_pending")) == 0
    chance = random.Random(seed)
    articles = [row[0] for row in one.execute("select id from articles order by id")]
    for step in range(8):
        with one.conn:
            for change in chance.sample(CHANGES, 4):
                one.conn.execute(change.format(n=chance.randint(1, 9), k=chance.randint(0, 3)))
            # Some texts become alike, and others are alike no more. In every other step the groups stay, and only their first may change.
            for article_id in chance.sample(articles, 0 if step % 2 else 6):
                body = TEXT * 8 + ("" if chance.random() < 0.7 else f"Bài số {article_id} của năm {step} có nội dung khác hẳn. " * 20)
                one.conn.execute("update article_text set body = ? where article_id = ?", [body, article_id])
                reprints.note(one, article_id, similarity_keys(body))
        with sqlite3.connect(tmp_path / f"{step}.db") as copy:
            one.conn.backup(copy)
        copy.close()
        other = open_archive(tmp_path / f"{step}.db")
        summaries.update(one)
        summaries.rebuild(other)
        assert _rows(one.conn) == _rows(other.conn), f"step {step}"
        other.close()
    assert _rows(one.conn)["near_duplicates"], "no texts were alike"
    one.close()


def test_the_number_of_a_stub_is_the_spelling_of_most_citations(sample: Place, tmp_path: Path) -> None:
    """Whichever citation made the stub: the same articles in another order give the same label."""
    shutil.copy(sample.archive, tmp_path / "one.db")
    archive = open_archive(tmp_path / "one.db")
    of_stubs = "select id, label, number, number_form from documents where status = 'stub' order by id"
    right = archive.execute(of_stubs).fetchall()
    [(stub, cited)] = archive.execute(
        "select document_id, min(citations.number) from citations join documents on documents.id = document_id"
        " where documents.status = 'stub' and kind = 'numbered' group by document_id order by count(*) desc limit 1"
    ).fetchall()
    with archive.conn:
        archive.conn.execute("update documents set label = 'TCVN ISO 1', number = 'ISO 1', number_form = 'iso/1' where status = 'stub'")
        archive.conn.execute("insert or ignore into documents_pending select id from documents where status = 'stub'")
    summaries.update(archive)
    named = {row[0]: row for row in archive.execute(of_stubs).fetchall()}
    assert named[stub] == next(row for row in right if row[0] == stub) and cited
    archive.close()


def test_an_archive_of_an_earlier_version_is_counted_completely(sample: Place, tmp_path: Path) -> None:
    """Before the triggers, nothing noted what changed. The first update after them counts everything once."""
    shutil.copy(sample.archive, tmp_path / "old.db")
    with sqlite3.connect(tmp_path / "old.db") as old:
        right = _rows(old)
        for (name,) in old.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            old.execute(f"drop trigger {name}")
        for table in ("documents_pending", "months_pending", "groups_pending"):
            old.execute(f"drop table {table}")
        old.execute("delete from _sqlite_migrations where name = 'm010_what_the_next_summaries_count'")
        for table in TABLES[:3]:
            old.execute(f"delete from {table}")
    old.close()
    archive = open_archive(tmp_path / "old.db")
    summaries.update(archive)
    assert _rows(archive.conn) == right
    archive.close()
