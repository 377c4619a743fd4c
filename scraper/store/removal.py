"""Removes a source or an article from the archive, with all that depends on it. WARC files are not touched."""

from __future__ import annotations

from collections.abc import Mapping

from sqlite_utils import Database

from scraper.store import file_texts, fulltext_index, held_documents, notices, summaries
from scraper.store.citations import count_again
from scraper.store.deletion import delete, references

_SHOWN = ("articles", "citations", "captures", "failures", "runs")  # the tables whose counts a person wants to see first


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
            for table, column, _ in references(database, "sources"):
                delete(database, table, f'"{column}" = ?', source_id)
        else:
            delete(database, "sources", "id = ?", source_id)
        count_again(database, cited)
        for document_id in held:
            held_documents.settle(database, document_id)
        for document_id in cited:
            held_documents.remove_unused(database, document_id)
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
    delete(database, "articles", "id = ?", article_id)
    count_again(database, cited)
    for document_id in cited:
        held_documents.remove_unused(database, document_id)


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
    found: set[int] = set()
    for (file_id,) in database.execute("select id from files where source_id = ?", [source_id]).fetchall():
        found |= file_texts.remove(database, file_id)
    return found


def _remove_from_index(database: Database, condition: str, value: str | int) -> None:
    rows = database.execute(
        "select articles.id, title, summary, coalesce(body, '') from articles left join article_text on article_id = articles.id"
        f" where {condition}",
        [value],
    ).fetchall()
    for article_id, title, summary, body in rows:
        tags = sorted(tag for (tag,) in database.execute("select tag from article_tags where article_id = ?", [article_id]))
        fulltext_index.remove(database, article_id, {"title": title, "summary": summary, "body": body, "tags": tags})
