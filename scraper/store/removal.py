"""Removes a source or an article from the archive, with all that depends on it. WARC files are not touched.

Which tables those are is read from the schema: every table with a column `source_id` or `article_id`, and every table whose foreign keys
lead to such a row. So a table that is added later is not forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlite_utils import Database

from scraper.store import file_texts, fulltext_index, held_documents, notices, summaries
from scraper.store.citations import count_again

_SHOWN = ("articles", "citations", "captures", "failures", "runs")  # the tables whose counts a person wants to see first
# A row that may refer to an article of another source only loses the reference.
_LOOSE = {("articles", "reprint_of")}


def counts(database: Database, source_id: str) -> Mapping[str, int]:
    """Returns how many rows of a source there are in the tables that matter to a person: articles, citations, captures, failures, runs."""
    of_source = dict.fromkeys(_SHOWN, "source_id = ?") | {
        "citations": "article_id in (select id from articles where source_id = ?)",
    }
    return {
        table: int(database.execute(f"select count(*) from {table} where {condition}", [source_id]).fetchone()[0])
        for table, condition in of_source.items()
    }


def remove(database: Database, source_id: str, *, keep_row: bool = False) -> None:
    """Removes what was crawled of a source, and its row in `sources` unless `keep_row`, and draws the conclusions from the others again.

    One transaction for the rows, one for the summaries. Stubs that only this source cited are removed, too: nothing else says that they
    exist. Known documents stay.
    """
    with database.conn:
        cited = _cited(database, "source_id = ?", source_id)
        held = _remove_files(database, source_id)
        _remove_from_index(database, "source_id = ?", source_id)
        if keep_row:
            for table, column, _ in _references(database, "sources"):
                _delete(database, table, f'"{column}" = ?', source_id)
        else:
            _delete(database, "sources", "id = ?", source_id)
        count_again(database, cited)
        for document_id in held:
            held_documents.settle(database, document_id)
        _remove_unused_stubs(database, [*cited, *held])
        notices.refresh(database)
        for table in ("coverage_pending", "observed_pending"):  # their triggers have noted what was removed
            database.conn.execute(f"delete from {table} where source_id = ?", [source_id])
    summaries.rebuild(database)


def remove_article(database: Database, article_id: int) -> None:
    """Removes the rows of an article, and the stubs that only it cited. Part of the caller's transaction; the caller updates the summaries.
    Its captures stay.
    """
    cited = _cited(database, "articles.id = ?", article_id)
    _remove_from_index(database, "articles.id = ?", article_id)
    _delete(database, "articles", "id = ?", article_id)
    count_again(database, cited)
    _remove_unused_stubs(database, cited)


def _cited(database: Database, condition: str, value: str | int) -> list[int]:
    """Returns the documents that articles cite or may cite. `condition`: on the table articles, with one parameter."""
    found = database.execute(
        f"select document_id from citations join articles on articles.id = article_id where {condition} and document_id is not null"
        " union select citation_candidates.document_id from citation_candidates join citations on citations.id = citation_id"
        f" join articles on articles.id = article_id where {condition}",
        [value, value],
    )
    return [document_id for (document_id,) in found]


def _remove_files(database: Database, source_id: str) -> set[int]:
    """Removes what the files of a source say. Returns the documents that they are or cite."""
    found: set[int | None] = set()
    for (file_id,) in database.execute("select id from files where source_id = ?", [source_id]).fetchall():
        cited = database.execute(
            "select document_id from file_citations where file_id = ? union select file_citation_candidates.document_id"
            " from file_citation_candidates join file_citations on file_citations.id = file_citation_id where file_id = ?",
            [file_id, file_id],
        )
        found.update(one for (one,) in cited.fetchall())
        found.add(file_texts.remove(database, file_id))
    return {one for one in found if one is not None}


def _remove_from_index(database: Database, condition: str, value: str | int) -> None:
    rows = database.execute(
        "select articles.id, title, summary, coalesce(body, '') from articles left join article_text on article_id = articles.id"
        f" where {condition}",
        [value],
    ).fetchall()
    for article_id, title, summary, body in rows:
        tags = sorted(tag for (tag,) in database.execute("select tag from article_tags where article_id = ?", [article_id]))
        fulltext_index.remove(database, article_id, {"title": title, "summary": summary, "body": body, "tags": tags})


def _delete(database: Database, table: str, condition: str, value: str | int) -> None:
    """Deletes the rows of a table for which a condition with one parameter holds, after those that depend on them."""
    for other, column, key in _references(database, table):
        chosen = f'"{column}" in (select "{key}" from "{table}" where {condition})'
        if (other, column) in _LOOSE:
            database.conn.execute(f'update "{other}" set "{column}" = null where {chosen}', [value])
        else:
            _delete(database, other, chosen, value)
    database.conn.execute(f'delete from "{table}" where {condition}', [value])


def _references(database: Database, table: str) -> Iterator[tuple[str, str, str]]:
    """Yields the columns that refer to a table: the other table, its column, and the column that it refers to."""
    owned = {"sources": "source_id", "articles": "article_id"}.get(table)
    for other in _tables(database):
        keys = database.execute(f'pragma foreign_key_list("{other}")').fetchall()
        found = {(row[3], row[4] or "id") for row in keys if row[2] == table}
        if owned is not None and other != table and owned in _columns(database, other):
            found.add((owned, "id"))
        yield from ((other, column, key) for column, key in sorted(found))


def _tables(database: Database) -> Iterable[str]:
    sql = (
        "select name from sqlite_master where type = 'table' and name not like 'sqlite%'"
        " and name not like '%\\_fts%' escape '\\' order by name"
    )
    return [name for (name,) in database.execute(sql).fetchall()]


def _columns(database: Database, table: str) -> set[str]:
    return {row[1] for row in database.execute(f'pragma table_info("{table}")')}


def _remove_unused_stubs(database: Database, some: Iterable[int]) -> None:
    for document_id in some:
        if held_documents.is_unused(database, document_id):
            _delete(database, "documents", "id = ?", document_id)
