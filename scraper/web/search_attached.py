"""Finds files of articles by the words on their pages: ids first, then the texts of the few pages that are shown. Every step is bounded.

All words must be on one page of a file. A file is found once, with its best page; its place among the others is that of its newest article.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from scraper.store.published_days import published_day
from scraper.web.attached_files import file_name
from scraper.web.document_names import COLUMNS, document_name
from scraper.web.search_articles import Filters, Order
from scraper.web.search_expressions import Rank
from scraper.web.search_snippets import Marker

MOST = 10_000  # pages of files that are looked at, the newest ones
PAGE = 20
FEW = 5  # files that are shown beside articles
# If the filters leave fewer files of the newest pages, their pages are found first, and compared with so many pages that have the words.
_FEW_LEFT, _MOST_OF_FILTERS, _MOST_COMPARED = 200, 200_000, 300_000
_LONGEST_TEXT = 100_000  # characters of a page in which the words around a hit are looked for
_ARTICLE = (
    "from attachments cross join articles on articles.id = attachments.article_id"
    " where attachments.url = files.url and articles.source_id = files.source_id"
)


@dataclass(frozen=True, slots=True)
class FileHit:
    """A file with the words: its best page (`page_id`), how good that is (`rank`), and how many of its pages have the words."""

    file_id: int
    page_id: int
    rank: str
    pages: int


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """One page of the answer. `files`, `pages`: all that have the words; `more`: there are more than were looked at."""

    files: int = 0
    pages: int = 0
    more: bool = False
    hits: Sequence[FileHit] = field(default=())


def search(
    connection: sqlite3.Connection, ranks: Sequence[Rank], filters: Filters, order: Order, first: int = 0, most: int = FEW
) -> FoundFiles:
    """Returns hits from number `first` on, counted from 0, at most `most`. Without ranks nothing is found.

    `filters`: unit, years and section are those of an article that links to the file; the documents are those that the file itself cites.
    """
    if not ranks:
        return FoundFiles()
    pages = _matching(connection, ranks[-1].expression, MOST + 1)
    more = len(pages) > MOST
    rows, days = _passing(connection, pages[:MOST], filters)
    if more and len(days) < _FEW_LEFT and filters != Filters():
        pages, more = _of_filters(connection, ranks[-1].expression, filters)
        rows, days = _passing(connection, pages, filters)
    place = _places(connection, ranks, {row[0] for row in rows})
    best: dict[int, tuple[int, int]] = {}
    for page_id, file_id, _page in rows:
        if file_id not in best or place.get(page_id, len(ranks)) < best[file_id][0]:
            best[file_id] = (place.get(page_id, len(ranks) - 1), page_id)
    counts = Counter(row[1] for row in rows)
    found = [FileHit(file_id, page_id, ranks[at].code, counts[file_id]) for file_id, (at, page_id) in best.items()]
    return FoundFiles(len(found), len(rows), more, _sorted(found, days, ranks, order)[first : first + most])


def _matching(connection: sqlite3.Connection, expression: str, most: int) -> list[int]:
    """Returns the newest pages with some words, at most `most`."""
    sql = "select rowid from file_pages_fts where file_pages_fts match ? order by rowid desc limit ?"
    return [int(row[0]) for row in connection.execute(sql, [expression, most])]


def _passing(connection: sqlite3.Connection, pages: Sequence[int], filters: Filters) -> tuple[list[tuple[int, int, int]], dict[int, str]]:
    """Returns those of some pages whose files pass the filters (page, file, number of the page), and the day of each such file."""
    sql = "select id, file_id, page from file_pages where id in (select value from json_each(?)) order by file_id, page"
    rows = connection.execute(sql, [json.dumps(pages)]).fetchall()
    days = _days(connection, {row[1] for row in rows}, filters)
    return [row for row in rows if row[1] in days], days


def _of_filters(connection: sqlite3.Connection, expression: str, filters: Filters) -> tuple[list[int], bool]:
    """Returns the newest pages with some words among those of the files that the filters leave, and whether there may be more. It finds the
    files of a unit also if all of them are older than the newest pages with the words.
    """
    condition, values = filters.condition()
    if filters.documents is not None:
        values = [json.dumps(filters.documents)]
        citing = "file_citations where document_id in (select value from json_each(?))"
        files = f"select distinct file_id from {citing} limit {_MOST_OF_FILTERS}"
    else:
        files = (
            "select distinct files.id as file_id from articles cross join attachments on attachments.article_id = articles.id"
            f" cross join files on files.source_id = articles.source_id and files.url = attachments.url"
            f" where true{condition} limit {_MOST_OF_FILTERS}"
        )
    sql = (
        f"select file_pages.id from ({files}) chosen cross join file_pages on file_pages.file_id = chosen.file_id limit {_MOST_OF_FILTERS}"
    )
    allowed = {int(row[0]) for row in connection.execute(sql, values)}
    matching = _matching(connection, expression, _MOST_COMPARED)
    found = [page_id for page_id in matching if page_id in allowed]
    is_cut = len(allowed) == _MOST_OF_FILTERS or len(matching) == _MOST_COMPARED or len(found) > MOST
    return found[:MOST], is_cut


def _places(connection: sqlite3.Connection, ranks: Sequence[Rank], pages: set[int]) -> dict[int, int]:
    """Returns for each page the number of its best rank. Those that have only the last rank are left out."""
    if not pages:
        return {}
    found: dict[int, int] = {}
    for number, rank in enumerate(ranks[:-1]):
        sql = "select rowid from file_pages_fts where file_pages_fts match ? and rowid between ? and ?"
        for (page_id,) in connection.execute(sql, [rank.expression, min(pages), max(pages)]):
            if page_id in pages:
                found.setdefault(page_id, number)
    return found


def _days(connection: sqlite3.Connection, files: set[int], filters: Filters) -> dict[int, str]:
    """Returns the files that pass the filters, each with the day of its newest article, "" if that is not known."""
    own = replace(filters, documents=None)
    condition, values = own.condition()
    sql = f"select files.id, (select max(published_at) {_ARTICLE}{condition}) from files where files.id in (select value from json_each(?))"
    parameters: list[object] = [*values, json.dumps(sorted(files))]
    if condition:
        sql += f" and exists (select 1 {_ARTICLE}{condition})"
        parameters += values
    if filters.documents is not None:
        sql += " and exists (select 1 from file_citations where file_id = files.id and document_id in (select value from json_each(?)))"
        parameters.append(json.dumps(filters.documents))
    return {int(key): day or "" for key, day in connection.execute(sql, parameters)}


def _sorted(found: list[FileHit], days: dict[int, str], ranks: Sequence[Rank], order: Order) -> list[FileHit]:
    newest = sorted(found, key=lambda hit: (days[hit.file_id], hit.file_id), reverse=True)
    if order == "relevance":
        at = {rank.code: number for number, rank in enumerate(ranks)}
        return sorted(newest, key=lambda hit: at[hit.rank])
    if order == "newest":
        return newest
    return [hit for hit in reversed(newest) if days[hit.file_id]] + [hit for hit in newest if not days[hit.file_id]]


def shown(connection: sqlite3.Connection, hits: Sequence[FileHit], marker: Marker, filters: Filters) -> list[dict[str, Any]]:
    """Returns what the page shows of each hit: the file, the page, the words around with marks, and its newest article."""
    cursor = connection.execute(
        "select file_pages.id as page_id, file_pages.file_id, file_pages.page, file_pages.name as page_name, file_pages.state,"
        " doubtful_text as doubtful,"
        f" file_pages.confidence, substr(text, 1, {_LONGEST_TEXT}) as text, files.url, files.kind, files.page_count, files.source_id,"
        f" sources.name as source, files.document_id, documents.title as document_title, {COLUMNS} from file_pages"
        " join files on files.id = file_pages.file_id join sources on sources.id = files.source_id"
        " left join documents on documents.id = files.document_id where file_pages.id in (select value from json_each(?))",
        [json.dumps([hit.page_id for hit in hits])],
    )
    names = [column[0] for column in cursor.description]
    rows = {row["page_id"]: row for row in (dict(zip(names, values, strict=True)) for values in cursor)}
    condition, values = replace(filters, documents=None).condition()
    made = []
    for hit in hits:
        row = rows[hit.page_id]
        sql = (
            f"select articles.id, title, {published_day()}, articles.unit_id, units.name from (select ? as url, ? as source_id)"
            f" files, attachments cross join articles on articles.id = attachments.article_id join units on units.id = articles.unit_id"
            f" where attachments.url = files.url and articles.source_id = files.source_id{condition}"
            " order by published_at desc, articles.id limit 1"
        )
        article = connection.execute(sql, [row["url"], row["source_id"], *values]).fetchone() or (None, None, None, None, None)
        own = dict(zip(("article_id", "article", "day", "unit_id", "unit"), article, strict=True))
        title = document_name(row) if row["document_id"] is not None else file_name(row["url"])
        found = {"rank": hit.rank, "pages": hit.pages, "title": title, "file_name": file_name(row["url"])}
        made.append(row | own | found | {"around": marker.snippet(row["text"])})
    return made
