"""Removes from a copy of the archive what is not to be published: the full texts, or numbers of persons. The copy says so in `notices`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlite_utils import Database

from scraper.publishing.personal_numbers import mask_personal_numbers
from scraper.store import file_texts, fulltext_index

WITHOUT_TEXT, MASKED = "without-text", "masked"

_NOTICES = {
    WITHOUT_TEXT: (
        "Bản này không kèm toàn văn các bài; số chữ và vị trí viện dẫn vẫn theo toàn văn",
        "This copy lacks the full texts of the articles; lengths and positions of citations still refer to them",
    ),
    MASKED: (
        "Trong bản này, chữ số của số điện thoại và số căn cước được thay bằng dấu sao",
        "In this copy, the digits of telephone and identity numbers are asterisks",
    ),
}
# The columns that hold text of pages; `revisions.before` does, too, as JSON. Others have numbers of documents, dates, codes or URLs.
_TEXTS: dict[str, tuple[str, ...]] = {
    "articles": ("title", "summary", "author", "section"),
    "article_text": ("body", "dateline", "byline"),
    "article_fields": ("rejected", "original"),
    "article_tags": ("tag",),
    "attachments": ("name",),
    "documents": ("title",),
    "file_pages": ("name", "text", "original"),
    "file_citations": ("text",),
    "held_fields": ("value", "original"),
    "stories": ("title",),
    "mistaken_sections": ("title", "summary", "body"),
}
_BATCH = 1000  # rows at a time


def remove_texts(database: Database) -> None:
    """Removes the bodies of all articles, of their earlier versions and of corrected sections. One transaction."""
    with database.conn:
        database.conn.execute("update article_text set body = ''")
        database.conn.execute("update mistaken_sections set body = ''")
        database.conn.execute("update article_fields set rejected = null, original = null where field in ('body', 'summary')")
        database.conn.execute("update file_pages set text = '', original = null")
        _change(database, "revisions", "before", _without_body)
        _index_again(database)
        _note(database, WITHOUT_TEXT)


def mask_numbers(database: Database) -> None:
    """Masks the numbers of persons in every text. One transaction."""
    with database.conn:
        for table, columns in _TEXTS.items():
            for column in columns:
                _change(database, table, column, mask_personal_numbers)
        _change(database, "revisions", "before", _with_masked_values)
        _index_again(database)
        _note(database, MASKED)


def _change(database: Database, table: str, column: str, change: Callable[[str], str]) -> None:
    """Replaces the texts of a column that `change` alters, a part of the rows at a time. Part of the caller's transaction."""
    last = -1
    while rows := database.execute(
        f'select rowid, "{column}" from "{table}" where rowid > ? order by rowid limit {_BATCH}', [last]
    ).fetchall():
        last = rows[-1][0]
        changed = [(new, rowid) for rowid, text in rows if text and (new := change(text)) != text]
        database.conn.executemany(f'update "{table}" set "{column}" = ? where rowid = ?', changed)


def _without_body(before: str) -> str:
    """Returns the earlier values of an article without the body."""
    values: dict[str, Any] = json.loads(before)
    return json.dumps({name: "" if name == "body" else value for name, value in values.items()}, ensure_ascii=False)


def _with_masked_values(before: str) -> str:
    """Returns the earlier values of an article with masked numbers. In JSON, a line break ends with the letter n, and a number after it
    would be read as the end of a word.
    """
    return json.dumps(_masked(json.loads(before)), ensure_ascii=False)


def _masked(value: Any) -> Any:
    """Returns a value of JSON with each text in it masked."""
    match value:
        case str():
            return mask_personal_numbers(value)
        case list():
            return [_masked(one) for one in value]
        case dict():
            return {name: _masked(one) for name, one in value.items()}
    return value


def _index_again(database: Database) -> None:
    """Makes the full-text index of what is left. Part of the caller's transaction."""
    database.conn.execute("insert into articles_fts (articles_fts) values ('delete-all')")
    last = -1
    tags_of = "(select json_group_array(tag) from article_tags where article_id = id)"
    columns = f"id, title, summary, body, {tags_of}"
    sql = f"select {columns} from articles left join article_text on article_id = id where id > ? order by id limit {_BATCH}"
    while rows := database.execute(sql, [last]).fetchall():
        last = rows[-1][0]
        for article_id, title, summary, body, tags in rows:
            content = {"title": title, "summary": summary, "body": body or "", "tags": sorted(json.loads(tags))}
            fulltext_index.index(database, article_id, before=None, after=content)
    file_texts.index_again(database)


def _note(database: Database, code: str) -> None:
    database.conn.execute("insert or replace into notices (id, name, name_en) values (?, ?, ?)", [code, *_NOTICES[code]])
