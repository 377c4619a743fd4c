"""What the archive has for a search: documents, units, articles, files of articles, and what may have been meant."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from datasette.utils import sqlite_timelimit

from scraper.text import fold
from scraper.web import attached_files, search_attached
from scraper.web.code_names import named
from scraper.web.search_abbreviations import tokens
from scraper.web.search_articles import PAGE, ArticleSearch, Filters, Found, texts
from scraper.web.search_documents import document_ids, suggestions, wanted
from scraper.web.search_expressions import ranks, ranks_of_articles
from scraper.web.search_given import Given
from scraper.web.search_narrower import Narrower, narrower, units_named
from scraper.web.search_query import LONGEST_QUERY, Query, has_marks, parse
from scraper.web.search_snippets import Marker
from scraper.web.search_spelling import FEW, Offer, Spelling
from scraper.web.search_who_cited import document_rows, first_citing
from scraper.web.unit_names import names_of_units, with_periods

_MOST_DOCUMENTS = 5  # in the box above the articles
_MOST_TITLES = 3  # of them, if the query is not a number: they are a hint
_MOST_UNITS = 5
_LONGEST_SPELLING = 300  # milliseconds for other spellings, beside the time for the articles
_SHORTEST_NAME = 3  # letters of a query that can be the name of a unit


@dataclass(slots=True)
class Answer:
    """What a search finds. `cited`: the first articles that cite the document that it names. `filter_documents`: the ids that fit the
    filter "cited document". `of_unit`: the names of the units that have articles, by id. `notes`: codes of what must be said about it.
    """

    query: Query
    found: Found | None = None
    hits: list[Mapping[str, Any]] = field(default_factory=list)
    documents: list[Mapping[str, Any]] = field(default_factory=list)
    more_documents: bool = False
    cited: Sequence[Mapping[str, Any]] = ()
    similar: list[Mapping[str, Any]] = field(default_factory=list)  # documents with a number like one that no document has
    narrower: tuple[Narrower, ...] = ()  # searches with a period or a unit as a filter, if the words have one
    plain: str | None = None  # a search that finds nothing, without its diacritics, if it finds articles then
    spellings: list[Offer] = field(default_factory=list)  # of a search that finds next to nothing
    units: list[Mapping[str, Any]] = field(default_factory=list)
    filter_documents: tuple[int, ...] = ()
    of_unit: Mapping[str, str] = field(default_factory=dict)
    unit: str | None = None  # the id of the filter "unit", if that is a name
    notes: list[str] = field(default_factory=list)
    too_slow: bool = False
    files: search_attached.FoundFiles | None = None
    file_hits: list[dict[str, Any]] = field(default_factory=list)
    files_too_slow: bool = False


def answer_of(connection: sqlite3.Connection, given: Given, limit: int) -> Answer:
    """Returns what the archive has for a search. `limit`: milliseconds, once for the articles and once for the files; what takes longer is
    left out, and the answer says so.
    """
    answer = Answer(parse(given.q))
    try:
        with sqlite_timelimit(connection, limit):
            answer.units = _units(connection, given.q)
            _add_documents(connection, given, answer)
            answer.of_unit = _unit_names(connection)
            filters = _with_unit(connection, _with_documents(connection, given, answer), answer)
            _add_narrower(given, answer)
            if not given.in_files:
                _add_articles(connection, given, filters, answer)
                _add_ways_out(connection, given, filters, answer)
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            raise
        answer.too_slow = True
        return answer
    _add_spellings(connection, given, filters, answer, limit)
    try:
        with sqlite_timelimit(connection, limit):  # of its own, so that the articles are shown in any case
            _add_files(connection, given, filters, answer)
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            raise
        answer.files_too_slow = True
    return answer


def _add_documents(connection: sqlite3.Connection, given: Given, answer: Answer) -> None:
    if given.page > 1 or not answer.query.terms:
        return
    ids = document_ids(connection, given.q)
    most = _MOST_DOCUMENTS if wanted(given.q).is_number else _MOST_TITLES
    answer.documents = document_rows(connection, ids[:most])
    answer.more_documents = len(ids) > most
    if len(ids) == 1 and wanted(given.q).is_number:
        answer.cited = first_citing(connection, ids[0], _MOST_DOCUMENTS)


def _add_narrower(given: Given, answer: Answer) -> None:
    """Adds searches with a filter that is not set yet. The number of a document is neither a period nor a unit."""
    if given.page > 1 or wanted(given.q).is_number:
        return
    filters = given.filters
    has_period = filters.since is not None or filters.until is not None
    found = narrower(answer.query.text, answer.of_unit)
    answer.narrower = tuple(one for one in found if not (one.unit and filters.unit) and not ((one.since or one.until) and has_period))


def _with_documents(connection: sqlite3.Connection, given: Given, answer: Answer) -> Filters:
    """Returns the filters of a search with the documents that its text names."""
    if not given.document:
        return given.filters
    cited = document_ids(connection, given.document)
    answer.filter_documents = tuple(cited)
    if not cited:
        answer.notes.append("no-document")
    elif len(cited) > 1:
        answer.notes.append("several-documents")
    return replace(given.filters, documents=tuple(cited))


def _with_unit(connection: sqlite3.Connection, filters: Filters, answer: Answer) -> Filters:
    """Returns the filters with the id of the unit. It may be given by its name; one that there is not finds nothing, and a note says so."""
    if filters.unit is None or connection.execute("select 1 from units where id = ?", [filters.unit]).fetchone():
        return filters
    named = [key for key in units_named(filters.unit) if key in answer.of_unit]
    if len(named) != 1:
        answer.notes.append("no-unit")
        return filters
    answer.unit = named[0]
    return replace(filters, unit=named[0])


def _add_files(connection: sqlite3.Connection, given: Given, filters: Filters, answer: Answer) -> None:
    """Adds the files whose pages have the words: one page of them, or the first ones beside the first articles."""
    if not answer.query.terms or not (given.in_files or given.page == 1):
        return
    first, most = ((given.page - 1) * PAGE, PAGE) if given.in_files else (0, search_attached.FEW)
    found = search_attached.search(connection, ranks(answer.query), filters, given.order, first, most)
    answer.file_hits = search_attached.shown(connection, found.hits, Marker(answer.query), filters)
    for hit in answer.file_hits:
        hit["state_name"] = named("text state", hit["state"])
        hit["percent"] = attached_files.percent(hit["confidence"])
    answer.files = found


def _add_articles(connection: sqlite3.Connection, given: Given, filters: Filters, answer: Answer) -> None:
    if not answer.query.terms and not (given.is_filtered and not given.q.strip()):
        return
    search = ArticleSearch(connection, ranks_of_articles(answer.query), filters, given.order)
    answer.found = search.page(given.page)
    shown = texts(connection, [key for key, _rank_code in answer.found.ids])
    marker = Marker(answer.query)
    answer.hits = [
        shown[key]
        | {
            "rank": code,
            "marked": marker.marked(shown[key]["title"], only_whole=code in ("title", "side-by-side")),
            "around": marker.snippet(shown[key]["summary"], shown[key]["body"], shown[key]["tags"]),
        }
        for key, code in answer.found.ids
        if key in shown
    ]


def _add_ways_out(connection: sqlite3.Connection, given: Given, filters: Filters, answer: Answer) -> None:
    """Adds what may have been meant, if a search finds nothing: it may have a slip in a number or in a diacritic. A number that no document
    has may be a slip also if articles have its words: people call a decision by what it approves ("Đề án 1755").
    """
    if answer.found is None or given.page > 1:
        return
    finds_nothing = not answer.found.total and not answer.found.more
    if not answer.documents and (finds_nothing or wanted(given.q).is_number):
        answer.similar = document_rows(connection, suggestions(connection, given.q))
    if not finds_nothing:
        return
    if has_marks(tokens(answer.query.text)):
        plain = fold(answer.query.text)
        found = ArticleSearch(connection, ranks(parse(plain)), filters, given.order).page(1)
        answer.plain = plain if found.total else None


def _add_spellings(connection: sqlite3.Connection, given: Given, filters: Filters, answer: Answer, limit: int) -> None:
    """Adds other spellings of a search that finds next to nothing. `limit`: milliseconds; what was found by then is offered."""
    found = answer.found
    if found is None or given.page > 1 or found.more or found.total > FEW or not answer.query.terms:
        return
    spelling = Spelling(connection, answer.query, filters, found.total)
    try:
        with sqlite_timelimit(connection, min(limit, _LONGEST_SPELLING)):
            spelling.look()
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            raise
    answer.spellings = spelling.offers


def _unit_names(connection: sqlite3.Connection) -> dict[str, str]:
    """Returns the names of the units that have articles, by id. Of units with the same name in different periods, with the years."""
    sql = (
        "select id, name as unit, valid_from, valid_to from units"
        " where exists (select 1 from articles where unit_id = units.id) order by sort_key, valid_from"
    )
    rows = ({"id": row[0], "unit": row[1], "valid_from": row[2], "valid_to": row[3]} for row in connection.execute(sql))
    return {row["id"]: row["unit"] for row in with_periods(rows)}


def _units(connection: sqlite3.Connection, text: str) -> list[Mapping[str, Any]]:
    """Returns the units whose name is the query, or begins with it: of every period, each with its dates. `later_id`, `later`: the unit of
    today, if it is another one and certain.
    """
    typed = tokens(text[:LONGEST_QUERY])
    wanted_name = " ".join(typed)
    if len(wanted_name) < _SHORTEST_NAME:
        return []
    names = names_of_units(marked=has_marks(typed))
    exact = [key for key, own in names.items() if wanted_name in own]
    begins = [key for key, own in names.items() if key not in exact and any(name.startswith(f"{wanted_name} ") for name in own)]
    found: list[Mapping[str, Any]] = []
    for key in (exact + begins)[:_MOST_UNITS]:
        row = connection.execute(
            "select units.id, units.full_name, units.valid_from, units.valid_to, later.id, later.full_name from units"
            " left join units later on later.id = units.current_unit_id and later.id <> units.id where units.id = ?",
            [key],
        ).fetchone()
        if row is not None:
            found.append(dict(zip(("id", "full_name", "valid_from", "valid_to", "later_id", "later"), row, strict=True)))
    return found
