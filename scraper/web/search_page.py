"""The page /-/search: articles, documents and units for what a visitor typed, and files of articles apart from them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette import Response

from scraper.web import parameters, search_attached
from scraper.web.error_texts import bad_request
from scraper.web.languages import current
from scraper.web.languages import gettext as _
from scraper.web.search_abbreviations import tokens
from scraper.web.search_answer import Answer, answer_of
from scraper.web.search_articles import MOST, PAGE, Order
from scraper.web.search_given import ORDERS, Given, given_of
from scraper.web.search_narrower import Narrower
from scraper.web.search_query import LONGEST_QUERY, MOST_WORDS, SHORTEST_PREFIX, has_marks, parse
from scraper.web.search_spelling import MOST_COUNTED
from scraper.web.served_archive import archive_name
from scraper.web.typed_dates import next_date

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

PARAMETERS = ("q", "unit", "from", "to", "section", "document", "sort", "page", "in")
_MOST_CHOICES = 12  # of one filter
_EXAMPLES = ("chuyen doi so", "Thanh Hoá", '"phần mềm nguồn mở"', "07/2008/CT-BTTTT", "nghi dinh 72", "CĐS", "viễn*", "tập huấn -internet")


async def _answered(datasette: Datasette, given: Given) -> tuple[str | None, Answer]:
    """Returns the name of the archive, if there is one, and the answer."""
    name = archive_name(datasette)
    if name is None:
        return None, Answer(parse(given.q))
    limit = int(datasette.setting("sql_time_limit_ms"))
    return name, await datasette.get_database(name).execute_fn(lambda connection: answer_of(connection, given, limit))


async def as_json(datasette: Datasette, request: Request) -> Response:
    """Returns what the page shows as JSON: the articles, and the files apart from them, each with the URL of its page.
    Raises: BadRequest for a parameter that there is not, or that means nothing.
    """
    given = given_of(request)
    faults = (
        parameters.of_query(request.args, PARAMETERS),
        parameters.of_choice("sort", request.args.get("sort"), ORDERS),
        parameters.of_choice("in", request.args.get("in"), ("files",)),
        *map(_note, given.notes),
    )
    if any(faults):
        raise bad_request(" ".join(filter(None, faults)))
    name, answer = await _answered(datasette, given)
    if "no-unit" in answer.notes:
        raise bad_request(_note("no-unit"))

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
            "did_you_mean": [one.text for one in answer.spellings],
            "articles": found and {"count": found.total, "more": found.more, "hits": articles},
            "files": of_files and {"count": of_files.files, "pages": of_files.pages, "more": of_files.more, "hits": files},
            "too_slow": answer.too_slow or answer.files_too_slow,
        }
    )


async def page(datasette: Datasette, request: Request) -> Response:
    """Returns the page. An empty search, or one that cannot be answered, gets help and examples."""
    given = given_of(request)
    name, answer = await _answered(datasette, given)
    if answer.unit is not None:  # all links of the page have the id
        given = replace(given, filters=replace(given.filters, unit=answer.unit))
    fault = parameters.of_query(request.args, PARAMETERS)
    view = {
        "given": given,
        "answer": answer,
        "notes": [*([fault] if fault else []), *map(_note, dict.fromkeys((*given.notes, *answer.query.notes, *answer.notes)))],
        "pages": _pages(datasette, given, _total(given, answer)),
        "file_hits": [hit | {"url": _file_url(datasette, hit)} for hit in answer.file_hits],
        "all_files": _url(datasette, given, **{"in": "files"}),
        "narrower": [_narrower(datasette, given, answer, one) for one in answer.narrower],
        "plain": _url(datasette, given, q=answer.plain),
        "most_of_spelling": MOST_COUNTED,
        "spellings": [(one.text, one.articles, _url(datasette, given, q=one.text), _language(one.text)) for one in answer.spellings],
        "all_articles": _url(datasette, given, **{"in": None}),
        "most_pages": search_attached.MOST,
        "choices": _choices(datasette, given, answer),
        "orders": [(order, _order(order), _url(datasette, given, sort=order)) for order in ORDERS],
        "active": _active(datasette, given, answer),
        "examples": [(text, _url(datasette, Given(text))) for text in _EXAMPLES],
        "rank": _rank,
        "most": MOST,
        "files": _files(datasette, name, given, answer) if name and answer.found and answer.found.total else {},
        "database": name,
    }
    return Response.html(await datasette.render_template("search.html", {"search": view, "database": name}, request=request))


def _file_url(datasette: Datasette, hit: Mapping[str, Any]) -> str:
    return f"{datasette.urls.path('/-/file/' + str(hit['file_id']))}?page={hit['page']}#page-{hit['page']}"


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


def _narrower(datasette: Datasette, given: Given, answer: Answer, one: Narrower) -> tuple[str, list[tuple[str, str]], str]:
    """Returns the words of a search with a filter, the filter in words, and the URL."""
    filters = [
        (_("Unit"), answer.of_unit.get(one.unit, one.unit) if one.unit else None),
        (_("Published from"), one.since),
        (_("Published until"), one.until),
    ]
    changes = {name: value for name, value in (("unit", one.unit), ("from", one.since), ("to", one.until)) if value}
    return one.q, [(name, value) for name, value in filters if value], _url(datasette, given, q=one.q, **changes)


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


def _language(text: str) -> str:
    """Returns in which language a screen reader reads a search: Vietnamese if it has its marks, else that of the page."""
    return "vi" if has_marks(tokens(text)) else current()


def _order(order: Order) -> str:
    return {"relevance": _("Best first"), "newest": _("Newest first"), "oldest": _("Oldest first")}[order]


def _rank(code: str) -> str:
    """Returns the heading of the hits of a rank."""
    return {
        "title": _("In the title"),
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
        "no-unit": _("There is no such unit. A unit is given by its id, like nghe-an, or by a name that only one has."),
        "several-documents": _("Several documents fit the filter “cited document”; articles that cite any of them are shown."),
    }[code]
