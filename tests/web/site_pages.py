"""Every kind of page that a visitor can open, for the tests that look at all of them, and the values of the parameters of named queries."""

from __future__ import annotations

from urllib.parse import urlencode

from scraper.citations import reference_documents
from scraper.web.chart_definitions import charts
from tests.described import named_queries

DIRECTIVE = "07/2008/CT-BTTTT"
# Its row in a new archive: documents of the reference data have ids in their order.
DIRECTIVE_ID = 1 + [one.number for one in reference_documents()].index(DIRECTIVE)
# A value of each parameter of a named query that gives rows from the sample.
VALUES = {
    "source": "sample-mic",
    "sources": "so thong tin va truyen thong",
    "q": "phần mềm nguồn mở",
    "number": DIRECTIVE,
    "document": DIRECTIVE,
    "borders": "",
    "units": "",
    "since": "2005",
    "until": "2026",
    "type": "",
    "words": "phần mềm nguồn mở",
    "unit": "nghe-an",
    "other_unit": "ha-noi",
    "year": "2019",
    "article": "20",
}
# Ours, and those of Datasette as we serve them.
OF_THE_SITE = (
    "/",
    "/-/about",
    "/-/charts",
    "/-/copies",
    f"/-/diffusion/{DIRECTIVE_ID}",
    f"/-/diffusion/{DIRECTIVE_ID}?borders=now",
    "/-/file/1",
    "/-/file/1?page=2",
    "/-/gaps",
    "/-/lives",
    "/-/health",
    "/-/kept/1",
    "/-/questions",
    "/-/search",
    "/-/search?q=nghe+an",
    "/-/search?q=zzzz",
    "/-/search?q=phan+mem&unit=nghe-an",
    "/-/search?q=7/2008/ct-btttt&from=19x",
    "/-/search?q=%22",
    "/-/search?q=phan+mem&in=files&from=2009",
    "/-/who-cited",
    "/-/who-cited?number=07/2008/CT-BTTTT",
    "/-/who-cited?number=zzzz",
    "/-/who-cited?number=07/2008/CT-BTTTT%0Anghi+dinh+72%0A99/1899/XX",
    "/archive",
    "/archive/articles",
    "/archive/articles?_search=nghe+an&_facet=section&source_id__contains=sample&_nocol=url&_sort=id",
    "/archive/articles?_search=zzzz",
    "/archive/articles#chart?mark=bar&x=source_id&y=id",
    "/archive/articles/1",
    "/archive/articles/20",
    "/archive/captures/1",
    "/archive/citations/1",
    "/archive/documents",
    f"/archive/documents/{DIRECTIVE_ID}",
    "/archive/observed?_facet=state",
    "/archive/runs/1",
    "/archive/source_health",
    "/archive/sources/sample-nghe-an",
    "/archive/units/ha-noi",
    "/archive/units/ha-tay",
    "/archive?sql=select+id,+title+from+articles+limit+3",
)
# With their status.
ERRORS = {
    "/archive/nothing": 404,
    "/archive/articles/999999": 404,
    "/-/nothing": 404,
    "/-/kept/999999": 404,
    "/-/file/999999": 404,
    "/archive/articles.nothing": 404,
    "/archive?sql=select+nothing": 400,
    "/archive?sql=delete+from+articles": 400,
    "/archive/articles?_sort=nothing": 400,
    "/archive/articles?_size=nothing": 400,
    "/archive/articles.csv?_size=nothing": 400,
}


def of_charts() -> list[str]:
    """Returns the pages of all charts."""
    return [f"/-/charts/{name}" for name in charts()]


def of_named_queries() -> list[str]:
    """Returns the pages of all named queries, each with values that give rows."""
    queries = named_queries()
    return [
        f"/archive/{name}" + (f"?{urlencode({one: VALUES[one] for one in query['params']})}" if query.get("params") else "")
        for name, query in queries.items()
    ]


def every_page() -> dict[str, int]:
    """Returns all pages with their status."""
    return dict.fromkeys([*OF_THE_SITE, *of_charts(), *of_named_queries()], 200) | ERRORS
