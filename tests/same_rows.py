"""All rows of an archive in a form in which two archives can be compared that were made by different runs."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scraper.store import fulltext_index
from scraper.text import fold, search_form

Row = tuple[Any, ...]

# A time of the crawl. Times of publication have the zone of Viet Nam.
_CRAWLED = re.compile(r"\b(20\d\d-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
# What a run that was interrupted changes without any harm: its own row, the time and the place of its captures, how often a page was
# requested, when it is requested again, and how many responses had the same ETag.
_TABLES_OF_RUNS = ("runs", "validators", "articles_fts", "file_pages_fts", "_sqlite_migrations", "sqlite_sequence", "sqlite_stat")
_COLUMNS_OF_RUNS = {
    "warc_file", "warc_offset", "warc_length", "revisit_of", "applied_at",
    "attempts", "retry_at", "requests", "brought", "failed_looks",
}  # fmt: skip
_LEFT_OUT = {"captures": " where status <> 304"}
# The other columns count what one run received, or captures: a page that was on its way has two.
_OF_RUN = {
    "source_health": ("source_id", "day", "state", "reason"),
    "source_lives": ("source_id", "month", "made_by", "platform", "layout"),
}
_INDEXES = ("articles_fts", "file_pages_fts")
_PAIRS = {"near_duplicates": 2}  # tables whose first columns are a pair: which one is named first depends on which one came first


@dataclass
class _Archive:
    connection: sqlite3.Connection
    cache: dict[tuple[str, Any], Row] = field(default_factory=dict)
    columns: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)
    references: dict[str, dict[str, str]] = field(default_factory=dict)

    def columns_of(self, table: str) -> list[tuple[str, bool]]:
        """Returns the name of each column, and whether it is the integer key of the table."""
        if table not in self.columns:
            rows = self.connection.execute(f'pragma table_info("{table}")').fetchall()
            keys = [row for row in rows if row[5]]
            self.columns[table] = [(row[1], bool(row[5]) and len(keys) == 1 and row[2].upper() == "INTEGER") for row in rows]
        return self.columns[table]

    def references_of(self, table: str) -> dict[str, str]:
        """Returns the column and the table of each reference by a number."""
        if table not in self.references:
            rows = self.connection.execute(f'pragma foreign_key_list("{table}")').fetchall()
            named = {row[3]: row[2] for row in rows}
            others = {"capture_id": "captures", "continues": "captures"}
            others |= dict.fromkeys(("article_id", "reprint_of", "doubtful_article_id"), "articles")
            present = {name for name, _ in self.columns_of(table)}
            self.references[table] = {name: one for name, one in (others | named).items() if name in present}
        return self.references[table]

    def row(self, table: str, values: Iterable[Any]) -> Row:
        """Returns a row without the columns of runs, with the rows that it refers to instead of their numbers."""
        found: list[Any] = []
        for (name, is_number), value in zip(self.columns_of(table), values, strict=True):
            other = self.references_of(table).get(name)
            if (
                name in _COLUMNS_OF_RUNS
                or name not in _OF_RUN.get(table, (name,))
                or name.endswith("run_id")
                or (is_number and other is None)
            ):
                continue
            if other is not None and isinstance(value, int):
                value = self.referred(other, value)
            elif isinstance(value, str):
                value = _CRAWLED.sub(r"\1", value)
            found.append(value)
        pair = _PAIRS.get(table, 0)
        return (*sorted(found[:pair], key=repr), *found[pair:])

    def referred(self, table: str, number: int) -> Row:
        """Returns what identifies the row of a table with this number."""
        names = {"captures": "source_id, url", "articles": "source_id, key", "documents": "number, type, year, unit_id, title"}
        if (table, number) not in self.cache:
            if table in names:
                present = {name for name, _ in self.columns_of(table)}
                chosen = ", ".join(name for name in names[table].split(", ") if name in present)
                rows = self.connection.execute(f'select {chosen} from "{table}" where rowid = ?', [number]).fetchall()
                self.cache[table, number] = rows[0] if rows else ("missing", number)
            else:
                rows = self.connection.execute(f'select * from "{table}" where rowid = ?', [number]).fetchall()
                self.cache[table, number] = self.row(table, rows[0]) if rows else ("missing", number)
        return self.cache[table, number]


def rows_of(path: Path) -> dict[str, list[Row]]:
    """Returns the rows of each table of an archive, sorted. A reference to another row is replaced by what identifies that row, and the
    time of a crawl by its day; the articles of a pair are sorted. Of several captures of one page with equal rows, one is left, and none
    that says "not modified": an interrupted request is sent again. The same holds for the state of a source after several runs of one day.
    """
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        archive = _Archive(connection)
        names = [str(name) for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        found: dict[str, list[Row]] = {}
        for name in names:
            if not name.startswith(_TABLES_OF_RUNS):
                rows = [archive.row(name, row) for row in connection.execute(f'select * from "{name}"{_LEFT_OUT.get(name, "")}')]
                found[name] = sorted(set(rows) if name in ("captures", "source_health") else rows, key=repr)
    return found


def differences(expected: dict[str, list[Row]], found: dict[str, list[Row]]) -> str:
    """Returns which rows differ, a line for each; empty if none does."""
    lines = []
    for name in sorted(expected.keys() | found.keys()):
        before, after = expected.get(name, []), found.get(name, [])
        if before != after:
            lines += [f"{name}: lacks {row!r}"[:400] for row in before if row not in after]
            lines += [f"{name}: has also {row!r}"[:400] for row in after if row not in before]
            if len(before) != len(after):
                lines.append(f"{name}: {len(after)} rows instead of {len(before)}")
    return "\n".join(lines)


def faults(path: Path) -> list[str]:
    """Returns what SQLite's own checks of an archive find."""
    with closing(sqlite3.connect(path)) as connection:
        found = [str(row) for row in connection.execute("pragma integrity_check") if row[0] != "ok"]
        found += [f"foreign key: {row}" for row in connection.execute("pragma foreign_key_check")]
        try:
            connection.execute("insert into articles_fts(articles_fts) values ('integrity-check')")
        except sqlite3.DatabaseError as error:
            found.append(f"articles_fts: {error}")
        connection.rollback()
    return found


def index_faults(path: Path) -> list[str]:
    """Returns which words of the full-text indexes of articles and files are not those of the stored texts: what a check of their own
    cannot see, because an index holds no text.
    """
    with closing(sqlite3.connect(path)) as connection, closing(sqlite3.connect(":memory:")) as fresh:
        for index in _INDEXES:
            fresh.execute(connection.execute("select sql from sqlite_master where name = ?", [index]).fetchone()[0])
        _index_articles(connection, fresh)
        _index_files(connection, fresh)
        return [fault for index in _INDEXES for fault in _wrong_words(index, connection, fresh)]


def _index_articles(connection: sqlite3.Connection, fresh: sqlite3.Connection) -> None:
    tags: dict[int, list[str]] = {}
    for article_id, tag in connection.execute("select article_id, tag from article_tags"):
        tags.setdefault(article_id, []).append(tag)
    texts = connection.execute("select id, title, summary, body from articles left join article_text on article_id = id order by id")
    for article_id, title, summary, body in texts:
        content = {"title": title, "summary": summary, "body": body or "", "tags": sorted(tags.get(article_id, []))}
        columns = fulltext_index.columns(content)
        fresh.execute(
            "insert into articles_fts (rowid, title, text, title_folded, text_folded) values (?, ?, ?, ?, ?)", [article_id, *columns]
        )


def _index_files(connection: sqlite3.Connection, fresh: sqlite3.Connection) -> None:
    for page_id, text in connection.execute("select id, text from file_pages where text <> ''"):
        fresh.execute("insert into file_pages_fts (rowid, text, text_folded) values (?, ?, ?)", [page_id, search_form(text), fold(text)])


def _wrong_words(index: str, stored: sqlite3.Connection, expected: sqlite3.Connection) -> list[str]:
    words: list[set[Row]] = []
    for one in (stored, expected):
        one.execute(f"create virtual table temp.{index}_words using fts5vocab(main, {index}, instance)")
        words.append(set(one.execute(f"select term, doc, col, offset from temp.{index}_words")))
    found, wanted = words
    wrong = [f"has also {word}" for word in sorted(found - wanted)[:5]] + [f"lacks {word}" for word in sorted(wanted - found)[:5]]
    return [f"{index}: {one}" for one in wrong]
