"""The SQL functions of the project, for each connection that reads an archive for a visitor."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from scraper.text import fold, number_form, search_form
from scraper.web.document_names import name_by_id
from scraper.web.search_documents import document_ids_as_json, number_forms
from scraper.web.search_expressions import match_expression
from scraper.web.search_query import phrases
from scraper.web.search_snippets import plain_snippet
from scraper.word_difference import marked


def register_functions(conn: sqlite3.Connection) -> None:
    """Registers the SQL functions of the project."""
    conn.create_function("escape_fts", 1, lambda query: match_expression(str(query or "")), deterministic=True)
    conn.create_function("fold", 1, _null_safe(fold), deterministic=True)
    conn.create_function("search_form", 1, _null_safe(search_form), deterministic=True)
    conn.create_function("number_form", 1, _null_safe(number_form), deterministic=True)
    conn.create_function("document_ids", 1, lambda query: document_ids_as_json(conn, str(query or "")))
    conn.create_function("document_name", 1, lambda key: name_by_id(conn, key))
    conn.create_function("number_forms", 1, lambda query: number_forms(str(query or "")), deterministic=True)
    conn.create_function("in_language", 3, lambda language, *names: names[language == "en"], deterministic=True)
    conn.create_function("phrases", 1, lambda text: phrases(str(text or "")), deterministic=True)
    conn.create_function("word_difference", 2, lambda old, new: marked(str(old or ""), str(new or "")), deterministic=True)
    conn.create_function("snippet_vi", 3, lambda summary, body, query: plain_snippet(str(query or ""), summary, body), deterministic=True)


def _null_safe(function: Callable[..., str]) -> Callable[..., str | None]:
    return lambda value, *rest: None if value is None else function(str(value), *rest)
