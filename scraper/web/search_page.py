"""The page /-/search: articles, documents and units for what a visitor typed, and files of articles apart from them."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette import Response
from datasette.utils import sqlite_timelimit

from scraper.text import fold
from scraper.web import attached_files, search_attached
from scraper.web.code_names import named
from scraper.web.languages import gettext as _
from scraper.web.search_abbreviations import tokens
from scraper.web.search_articles import MOST, PAGE, ArticleSearch, Filters, Found, Order, texts
from scraper.web.search_documents import document_ids, suggestions, wanted
from scraper.web.search_expressions import ranks
from scraper.web.search_query import LONGEST_QUERY, MOST_WORDS, SHORTEST_PREFIX, Query, has_marks, parse
from scraper.web.search_snippets import Marker
from scraper.web.search_who_cited import document_rows, first_citing
from scraper.web.served_archive import archive_name
from scraper.web.typed_dates import is_backwards, next_date, typed_date
from scraper.web.unit_names import names_of_units

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_MOST_DOCUMENTS = 5  # in the box above the articles
_MOST_TITLES = 3  # of them, if the query is not a number: they are a hint
_MOST_UNITS = 5
_SHORTEST_NAME = 3  # letters of a query that can be the name of a unit
_MOST_CHOICES = 12  # of one filter
_ORDERS: tuple[Order, ...] = ("relevance", "newest", "oldest")
_EXAMPLES = ("chuyen doi so", "Thanh Hoá", '"phần mềm nguồn mở"', "07/2008/CT-BTTTT", "nghi dinh 72", "CĐS", "viễn*", "tập huấn -internet")


@dataclass(frozen=True, slots=True)
class Given:
    """A search as its URL states it."""

    q: str = ""
    filters: Filters = field(default_factory=Filters)
    document: str = ""
    order: Order = "relevance"
    page: int = 1
    notes: tuple[str, ...] = ()
    in_files: bool = False  # only files, with pages of their own; otherwise articles, and the first files beside them

    def parameters(self, **changes: object) -> dict[str, object]:
        """Returns the query string of this search with changes. The page is the first one, unless it is named."""
        present: dict[str, object] = {
            "q": self.q,
            "unit": self.filters.unit,
            "from": self.filters.since,
            "to": self.filters.until,
            "section": self.filters.section,
            "document": self.document,
            "sort": self.order if self.order != "relevance" else None,
            "in": "files" if self.in_files else None,
        }
        return {name: value for name, value in (present | changes).items() if value not in (None, "")}

    @property
    def is_filtered(self) -> bool:
        """Returns whether a filter is set."""
        return bool(self.document) or self.filters != Filters()


@dataclass(slots=True)
class Answer:
    """What the page shows."""

    query: Query
    found: Found | None = None
    hits: list[Mapping[str, Any]] = field(default_factory=list)
    documents: list[Mapping[str, Any]] = field(default_factory=list)
    more_documents: bool = False
    cited: list[Mapping[str, Any]] = field(default_factory=list)
    similar: list[Mapping[str, Any]] = field(default_factory=list)  # documents with a number like that of a search that finds nothing
    plain: str | None = None  # a search that finds nothing, without its diacritics, if it finds articles then
    units: list[Mapping[str, Any]] = field(default_factory=list)
    filter_documents: tuple[int, ...] = ()
    of_unit: Mapping[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    too_slow: bool = False
    files: search_attached.FoundFiles | None = None
    file_hits: list[dict[str, Any]] = field(default_factory=list)
    files_too_slow: bool = False


async def _answered(datasette: Datasette, given: Given) -> tuple[str | None, Answer]:
    """Returns the name of the archive, if there is one, and the answer."""
    name = archive_name(datasette)
    if name is None:
        return None, Answer(parse(given.q))
    limit = int(datasette.setting("sql_time_limit_ms"))
    return name, await datasette.get_database(name).execute_fn(lambda connection: _answer(connection, given, limit))


async def as_json(datasette: Datasette, request: Request) -> Response:
    """Returns what the page shows as JSON: the articles, and the files apart from them, each with the URL of its page."""
    given = _given(request)
    name, answer = await _answered(datasette, given)

    def url(table: str, key: object) -> str:
        return str(datasette.urls.row(name, table, str(key)))

    articles = [
        {"article_id": hit["id"], "title": hit["title"], "day": hit["day"], "source_id": hit["source_id"], "unit_id": hit["unit_id"]}
        | {"rank": hit["rank"], "around": str(hit["around"].striptags()), "url": url("articles", hit["id"])}
        for hit in answer.hits
    ]
    files = [
        {key: hit[key] for key in ("file_id", "title", "file_name", "page", "state", "pages", "document_id", "article_id", "day")}
        | {"source_id": hit["source_id"], "unit_id": hit["unit_id"], "rank": hit["rank"], "around": str(hit["around"].striptags())}
        | {"url": _file_url(datasette, hit)}
        for hit in answer.file_hits
    ]
    found, of_files = answer.found, answer.files
    return Response.json(
        {
            "q": answer.query.text,
            "notes": [*map(_note, dict.fromkeys((*given.notes, *answer.query.notes, *answer.notes)))],
            "page": given.page,
            "articles": found and {"count": found.total, "more": found.more, "hits": articles},
            "files": of_files and {"count": of_files.files, "pages": of_files.pages, "more": of_files.more, "hits": files},
            "too_slow": answer.too_slow or answer.files_too_slow,
        }
    )


async def page(datasette: Datasette, request: Request) -> Response:
    """Returns the page. An empty search, or one that cannot be answered, gets help and examples."""
    given = _given(request)
    name, answer = await _answered(datasette, given)
    view = {
        "given": given,
        "answer": answer,
        "notes": [*map(_note, dict.fromkeys((*given.notes, *answer.query.notes, *answer.notes)))],
        "pages": _pages(datasette, given, _total(given, answer)),
        "file_hits": [hit | {"url": _file_url(datasette, hit)} for hit in answer.file_hits],
        "all_files": _url(datasette, given, **{"in": "files"}),
        "plain": _url(datasette, given, q=answer.plain),
        "all_articles": _url(datasette, given, **{"in": None}),
        "most_pages": search_attached.MOST,
        "choices": _choices(datasette, given, answer),
        "orders": [(order, _order(order), _url(datasette, given, sort=order)) for order in _ORDERS],
        "active": _active(datasette, given, answer),
        "examples": [(text, _url(datasette, Given(text))) for text in _EXAMPLES],
        "rank": _rank,
        "most": MOST,
        "files": _files(datasette, name, given, answer) if name and answer.found and answer.found.total else {},
        "database": name,
    }
    return Response.html(await datasette.render_template("search.html", {"search": view, "database": name}, request=request))


def _given(request: Request) -> Given:
    notes = []

    def day(name: str) -> str | None:
        text = str(request.args.get(name) or "").strip()[:LONGEST_QUERY]
        stamp = typed_date(text)
        if text and stamp is None:
            notes.append("no-date")
        return stamp

    number = str(request.args.get("page") or "1")
    order = str(request.args.get("sort") or "relevance")
    filters = Filters(
        unit=str(request.args.get("unit") or "").strip()[:100] or None,
        since=day("from"),
        until=day("to"),
        section=str(request.args.get("section") or "").strip()[:LONGEST_QUERY] or None,
    )
    if is_backwards(filters.since, filters.until):
        notes.append("backwards")
    return Given(
        q=str(request.args.get("q") or "")[: 10 * LONGEST_QUERY],
        filters=filters,
        document=str(request.args.get("document") or "").strip()[:LONGEST_QUERY],
        order=next((one for one in _ORDERS if one == order), "relevance"),
        page=min(max(int(number), 1), MOST // PAGE) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
        notes=tuple(notes),
        in_files=request.args.get("in") == "files",
    )


def _answer(connection: sqlite3.Connection, given: Given, limit: int) -> Answer:
    answer = Answer(parse(given.q))
    try:
        with sqlite_timelimit(connection, limit):
            answer.units = _units(connection, given.q)
            _add_documents(connection, given, answer)
            answer.of_unit = _unit_names(connection)
            filters = _with_documents(connection, given, answer)
            if not given.in_files:
                _add_articles(connection, given, filters, answer)
                _add_ways_out(connection, given, filters, answer)
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            raise
        answer.too_slow = True
        return answer
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


def _file_url(datasette: Datasette, hit: Mapping[str, Any]) -> str:
    return f"{datasette.urls.path('/-/file/' + str(hit['file_id']))}?page={hit['page']}#page-{hit['page']}"


def _add_articles(connection: sqlite3.Connection, given: Given, filters: Filters, answer: Answer) -> None:
    if not answer.query.terms and not (given.is_filtered and not given.q.strip()):
        return
    search = ArticleSearch(connection, ranks(answer.query), filters, given.order)
    answer.found = search.page(given.page)
    shown = texts(connection, [key for key, _rank_code in answer.found.ids])
    marker = Marker(answer.query)
    answer.hits = [
        shown[key]
        | {
            "rank": code,
            "marked": marker.marked(shown[key]["title"], only_whole=code == "side-by-side"),
            "around": marker.snippet(shown[key]["summary"], shown[key]["body"], shown[key]["tags"]),
        }
        for key, code in answer.found.ids
        if key in shown
    ]


def _add_ways_out(connection: sqlite3.Connection, given: Given, filters: Filters, answer: Answer) -> None:
    """Adds what may have been meant, if a search finds nothing: it may have a slip in a number or in a diacritic."""
    if answer.found is None or answer.found.total or answer.found.more:
        return
    if not answer.documents:
        answer.similar = document_rows(connection, suggestions(connection, given.q))
    if has_marks(tokens(answer.query.text)):
        plain = fold(answer.query.text)
        found = ArticleSearch(connection, ranks(parse(plain)), filters, given.order).page(1)
        answer.plain = plain if found.total else None


def _unit_names(connection: sqlite3.Connection) -> dict[str, str]:
    """Returns the names of the units that have articles, by id. Of units with the same name in different periods, with the years."""
    sql = (
        "select id, name, substr(valid_from, 1, 4), substr(valid_to, 1, 4) from units"
        " where exists (select 1 from articles where unit_id = units.id) order by sort_key, valid_from"
    )
    rows = connection.execute(sql).fetchall()
    several = Counter(row[1] for row in rows)
    return {key: name if several[name] == 1 else f"{name} ({first or '…'}–{last or '…'})" for key, name, first, last in rows}


def _units(connection: sqlite3.Connection, text: str) -> list[Mapping[str, Any]]:
    """Returns the units whose name is the query, or begins with it: of every period, each with its dates."""
    typed = tokens(text[:LONGEST_QUERY])
    wanted_name = " ".join(typed)
    if len(wanted_name) < _SHORTEST_NAME:
        return []
    names = names_of_units(marked=has_marks(typed))
    exact = [key for key, own in names.items() if wanted_name in own]
    begins = [key for key, own in names.items() if key not in exact and any(name.startswith(f"{wanted_name} ") for name in own)]
    found: list[Mapping[str, Any]] = []
    for key in (exact + begins)[:_MOST_UNITS]:
        row = connection.execute("select id, name, full_name, valid_from, valid_to from units where id = ?", [key]).fetchone()
        if row is not None:
            found.append(dict(zip(("id", "name", "full_name", "valid_from", "valid_to"), row, strict=True)))
    return found


def _url(datasette: Datasette, given: Given, **changes: object) -> str:
    return str(datasette.urls.path("/-/search?" + urlencode(given.parameters(**changes))))


def _total(given: Given, answer: Answer) -> int | None:
    """Returns how many articles, or files, the pages of the answer have. None if nothing was searched."""
    if given.in_files:
        return answer.files.files if answer.files is not None else None
    return answer.found.total if answer.found is not None else None


def _pages(datasette: Datasette, given: Given, total: int | None) -> dict[str, Any]:
    """Returns the links to other pages of the answer."""
    if total is None:
        return {}
    last = max(1, -(-total // PAGE))
    links: dict[str, Any] = {
        "number": given.page,
        "last": last,
        "first_hit": (given.page - 1) * PAGE + 1,
        "last_hit": min(given.page * PAGE, total),
    }
    if given.page > 1:
        links["previous"] = _url(datasette, given, page=min(given.page - 1, last))
    if given.page < last:
        links["next"] = _url(datasette, given, page=given.page + 1)
    return links


def _active(datasette: Datasette, given: Given, answer: Answer) -> list[tuple[str, str, str]]:
    """Returns the filters that are set: name, value, URL of the search without it."""
    filters = given.filters
    unit = answer.of_unit.get(filters.unit or "", filters.unit)
    found = (
        (_("Unit"), unit, {"unit": None}),
        (_("Published from"), filters.since, {"from": None}),
        (_("Published until"), filters.until, {"to": None}),
        (_("Section"), filters.section, {"section": None}),
        (_("Cited document"), given.document, {"document": None}),
    )
    return [(name, str(value), _url(datasette, given, **changes)) for name, value, changes in found if value not in (None, "")]


def _files(datasette: Datasette, name: str, given: Given, answer: Answer) -> dict[str, str]:
    """Returns the URLs of all hits as a table and as files. Datasette makes them, with its own search and filters."""
    parameters: dict[str, object] = {
        "_search": given.q if answer.query.terms else None,
        "unit_id": given.filters.unit,
        "published_at__gte": given.filters.since,
        "published_at__lt": next_date(given.filters.until) if given.filters.until else None,
        "section": given.filters.section,
        "_sort_desc": "published_at",
    }
    if given.document:
        if len(answer.filter_documents) != 1:
            return {}  # a table has no filter for several
        cited = {"table": "citations", "column": "document_id", "value": str(answer.filter_documents[0])}
        parameters["_through"] = json.dumps(cited)
    query = urlencode({key: value for key, value in parameters.items() if value is not None})
    kinds = {"table": None, "csv": "csv", "xlsx": "xlsx"}
    return {kind: f"{datasette.urls.table(name, 'articles', format=ending)}?{query}" for kind, ending in kinds.items()}


def _choices(datasette: Datasette, given: Given, answer: Answer) -> list[tuple[str, list[tuple[str, int, str]]]]:
    """Returns for each filter that is not set yet its most frequent values among the hits: name, hits, URL."""
    found = answer.found
    if found is None or found.units is None or found.years is None or found.sections is None:
        return []

    def of(counts: Counter[Any], url: str, names: Mapping[str, str] | None = None) -> list[tuple[str, int, str]]:
        values = [(value, hits) for value, hits in counts.most_common(_MOST_CHOICES) if value is not None]
        return [(str((names or {}).get(value, value)), hits, _url(datasette, given, **{url: value})) for value, hits in values]

    choices = []
    if not given.filters.unit and len(found.units) > 1:
        choices.append((_("Unit"), of(found.units, "unit", answer.of_unit)))
    if len(found.years) > 1:
        years = [(year, hits) for year, hits in found.years.items() if year is not None]
        links = [(str(year), hits, _url(datasette, given, **{"from": year, "to": year})) for year, hits in sorted(years, reverse=True)]
        choices.append((_("Year"), links))
    if not given.filters.section and len(found.sections) > 1:
        choices.append((_("Section"), of(found.sections, "section")))
    return choices


def _order(order: Order) -> str:
    return {"relevance": _("Best first"), "newest": _("Newest first"), "oldest": _("Oldest first")}[order]


def _rank(code: str) -> str:
    """Returns the heading of the hits of a rank."""
    return {
        "side-by-side": _("The words side by side"),
        "near": _("The words near each other"),
        "all": _("All words, anywhere in the text"),
    }[code]


def _note(code: str) -> str:
    """Returns what must be said about a search: what was left out, and why."""
    return {
        "too-long": _("Only the first %(count)s characters were searched.") % {"count": LONGEST_QUERY},
        "too-many-words": _("Only the first %(count)s words were searched.") % {"count": MOST_WORDS},
        "short-prefix": _("A * counts only after at least %(count)s letters.") % {"count": SHORTEST_PREFIX},
        "only-excluded": _("A search needs at least one word without a minus."),
        "no-date": _("A date is written 2015, 6/2015, 30/06/2015 or 2015-06-30; this filter was left out."),
        "backwards": _("The period ends before it begins."),
        "no-document": _("No document fits the filter “cited document”."),
        "several-documents": _("Several documents fit the filter “cited document”; articles that cite any of them are shown."),
    }[code]
