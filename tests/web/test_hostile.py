"""Hostile content in every column: it is plain text on every page, and no dialog opens, with and without clicks."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from benchmarks.datasette_server import serving
from tests.conftest import Place
from tests.web.conftest import in_chromium
from tests.web.site_pages import of_charts, of_named_queries

pytestmark = in_chromium

TEXTS = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(2)>",
    '<svg onload=alert(3)><a href="javascript:alert(4)">x</a></svg>',
    "javascript:alert(5)",
    "data:text/html,<script>alert(6)</script>",
    "</textarea></title></style><script>alert(7)</script>{{ 7*7 }}",
    "\u202e\u2066đảo chữ\u2069",
    "ă" * 3_000,
)
_LINKS = ("http:", "https:", "", ":")  # protocols
# Columns whose texts the program reads: JSON, codes, days, lists of keys and names of files.
_KEPT = {
    "changed",
    "before",
    "hosts",
    "listings",
    "findings",
    "article_failures",
    "list_failures",
    "arguments",
    "published_at",
    "month",
    "day",
    "id",
    "state",
    "state_before",
    "code",
    "warc_file",
    "first_day",
    "last_day",
    "last_good_day",
    "first_bad_day",
    "field",
    "published_precision",
    "successors",
    "precision",
    "kind",
    "seen_at",
    "captured_at",
    "started_at",
    "ended_at",
    "valid_from",
    "valid_to",
    "first_month",
    "last_month",
    "judged_at",
    "gone_at",
    "first_missing",
    "returned_at",
    "confirmed_at",
    "event_date",
    "modified_at",
    "first_seen",
}
_PAGES = (
    "/",
    "/archive/articles",
    "/archive/articles/{articles}",
    "/archive/documents/{documents}",
    "/archive/captures/{captures}",
    "/archive/sources/{sources}",
    "/archive/units/{units}",
    "/archive/citations?_sort_desc=id",
    "/archive/most_cited",
    "/-/search?q=alert",
    "/archive?sql=select+*+from+articles+limit+5",
    "/-/about",
    "/-/gaps",
    "/-/health",
    "/-/questions",
    "/-/charts",
    "/-/kept/{captures}",
    "/-/file/{files}",
    "/-/search?q=alert&in=files",
    "/-/kept/1",
    "/-/diffusion/{documents}",
    "/-/diffusion/{documents}?borders=%3Cscript%3Ealert(8)%3C/script%3E",
    "/-/search?q=alert&unit={units}&from=%3Csvg+onload=alert(8)%3E&section=%22%3E%3Csvg+onload=alert(8)%3E",
    "/-/search?q=%22%3E%3Csvg+onload=alert(8)%3E",
    "/-/who-cited?number=%3C/textarea%3E%3Csvg+onload=alert(8)%3E",
    "/-/who-cited?number=alert%0Ascript%0A%3Csvg+onload=alert(8)%3E",
    "/archive/articles#chart?mark=bar&x=section&y=id",
    "/archive?sql=select+'%3Csvg+onload=alert(8)%3E'+as+%22%3Csvg+onload=alert(9)%3E%22",
    "/archive/nothing%3Csvg+onload=alert(8)%3E",
    "/archive/articles?_sort=%3Csvg+onload=alert(8)%3E",
    "/archive/articles?section__contains=%3Cscript%3Ealert(8)%3C/script%3E&_search=%22%3E%3Cscript%3Ealert(9)%3C/script%3E",
)


def poisoned(archive: Path) -> dict[str, str]:
    """Writes the texts into every column that can have any text, of a row for each text. Returns a key of such a row for each table."""
    keys = {}
    with closing(sqlite3.connect(archive)) as database, database:
        for (name,) in database.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            database.execute(f'drop trigger "{name}"')
        tables = (
            "select name from sqlite_master where type = 'table' and name not like '%fts%' and name not like '%sqlite%'"
            " and sql not like '%without rowid%'"
        )
        for (table,) in database.execute(tables).fetchall():
            others = {row[3] for row in database.execute(f'pragma foreign_key_list("{table}")')}
            columns = database.execute(f'pragma table_info("{table}")').fetchall()
            texts = [c[1] for c in columns if c[2] == "TEXT" and not c[5] and c[1] not in others | _KEPT]
            for number, text in enumerate(TEXTS):  # of a table with fewer rows, no row is changed by the others
                where = f'rowid = (select rowid from "{table}" order by rowid desc limit 1 offset {number})'
                for column in texts:
                    database.execute(f'update or ignore "{table}" set "{column}" = ? where {where}', [text])
            key = next((c[1] for c in columns if c[5] == 1), "rowid")
            found = database.execute(f'select "{key}" from "{table}" order by rowid desc limit 1').fetchone()
            keys[table] = str(found[0]) if found else ""
    return keys


@pytest.fixture(scope="module")
def hostile(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copy(sample.archive, folder / "archive.db")
    keys = poisoned(folder / "archive.db")
    with serving(folder) as url:
        yield url, keys


def _visit(browser: Browser, url: str, paths: list[str]) -> list[str]:
    """Opens the pages, and clicks the first links of each that lead out of the archive. Returns what went wrong."""
    context = browser.new_context()
    context.set_default_timeout(120_000)  # a busy machine
    context.route(lambda one: not one.startswith(url), lambda route: route.abort())
    page = context.new_page()
    faults: list[str] = []

    def note(dialog: Any) -> None:
        faults.append(f"{page.url}: dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", note)
    for path in paths:
        response = page.goto(url + path)
        assert response is not None
        if response.status >= 500:
            faults.append(f"{path}: {response.status}")
        faults += [
            f"{path}: link to {link}" for link in page.eval_on_selector_all("a", "all => all.map(a => a.protocol)") if link not in _LINKS
        ]
        bad = page.evaluate("document.querySelectorAll('img[onerror], svg[onload], a[href^=javascript]').length")
        faults += [f"{path}: {bad} elements of a text"] if bad else []
        for element in page.query_selector_all("details summary, td a")[:3]:
            element.dispatch_event("mouseover")
        for summary in page.query_selector_all("summary")[:2]:
            summary.click(force=True) if summary.is_visible() else None
    context.close()
    return faults


def test_texts_stay_texts(browser: Browser, hostile: tuple[str, dict[str, str]]) -> None:
    url, keys = hostile
    assert _visit(browser, url, [path.format(**keys) for path in _PAGES[::10]]) == []


@pytest.mark.gate
def test_texts_stay_texts_on_every_page(browser: Browser, hostile: tuple[str, dict[str, str]]) -> None:
    url, keys = hostile
    paths = [path.format(**keys) for path in _PAGES]
    paths += [*of_charts(), *of_named_queries()]
    paths += [f"/en{path}" for path in paths]
    paths += [f"{language}/archive/{table}" for language in ("", "/en") for table in keys]
    paths += [f"/en/archive/{table}/{key}" for table, key in keys.items() if key and "/" not in key and "%" not in key]
    assert _visit(browser, url, paths) == []
