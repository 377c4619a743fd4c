"""How fast pages of a big archive come over HTTP, beside plain Datasette with its default full-text search on the same rows.

    python -m benchmarks.serving FOLDER/archive.db [--plain FOLDER/plain.db] [--requests 20] [--gate]

`benchmarks.big_archive` writes the archive. The plain database is written if it does not exist: the articles with their texts in one table,
with `sqlite-utils enable-fts`. Both servers run at the same time and get their requests in turn, so that their ratio holds on a busy
machine, too. With `--gate`, a missed goal is an error; the machine must be quiet for that.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote
from urllib.request import urlopen

from sqlite_utils import Database

from benchmarks.datasette_server import running, serving

# Datasette loads every installed plugin, except in its own tests.
_WITHOUT_PLUGINS = "import sys; sys._called_from_test = True; from datasette.cli import cli; cli()"
_OF_URL = "/?&=+"  # what separates the parts of a path with a query
_WARM = 3  # requests before those that count
# The table without texts. Of plain Datasette the columns that are in both.
_LIGHT = "/archive/articles.csv?_labels=off"
_PLAIN_LIGHT = (
    "/plain/articles.csv?_stream=on&_col=id&_col=source_id&_col=unit_id&_col=published_at&_col=published_year&_col=title&_col=summary"
)
_CSV_GOAL = 50_000  # rows a second


@dataclass(frozen=True)
class Page:
    """A page to request. `goal`: milliseconds at a million articles, p95. `plain`: what plain Datasette is compared with."""

    name: str
    path: str
    goal: int
    plain: str | None = None


@dataclass(frozen=True)
class Times:
    """How long the requests of a page took, in milliseconds."""

    middle: float
    p95: float


def pages(archive: Path) -> list[Page]:
    """Returns the pages, of the most cited document among others."""
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as database:
        document, number = database.execute("select id, number from documents order by article_count desc limit 1").fetchone()
        article = database.execute("select max(id) / 2 from articles").fetchone()[0]
    return [
        Page("home", "/", 100, "/"),
        Page("article", f"/archive/articles/{article}", 50, f"/plain/articles/{article}"),
        Page("document, the most cited", f"/archive/documents/{document}", 150),
        Page("diffusion, the most cited", f"/-/diffusion/{document}", 300),
        Page("unit", "/archive/units/ha-noi", 150),
        Page("database", "/archive", 500, "/plain"),
        Page("articles, with facets", "/archive/articles", 500, "/plain/articles?_facet=source_id&_facet=unit_id&_facet=published_year"),
        Page("who cited, the most cited", f"/archive/who_cited?number={number}", 500),
        Page("find a document", "/archive/find_document?q=749", 500),
        Page("most cited", "/archive/most_cited", 500),
        Page("search, rare words", "/-/search?q=ta+phin", 100, "/plain/articles?_search=ta+phin"),
        Page("search, common words", "/-/search?q=chuyển+đổi+số", 200, "/plain/articles?_search=chuyển+đổi+số"),
        Page(
            "search, unaccented phrase", "/-/search?q=thong+tin+va+truyen+thong", 900, "/plain/articles?_search=thong+tin+va+truyen+thong"
        ),
    ]


def plain_database(archive: Path, path: Path) -> None:
    """Writes the same articles as anybody would put them into Datasette."""
    database = Database(path)
    database.conn.execute("attach ? as archive", [str(archive)])
    database.table("articles").create(
        {
            "id": int,
            "source_id": str,
            "unit_id": str,
            "published_at": str,
            "published_year": int,
            "title": str,
            "summary": str,
            "body": str,
        },
        pk="id",
    )
    with database.conn:
        database.conn.execute(
            "insert into articles select id, source_id, unit_id, published_at, published_year, title, summary, body"
            " from archive.articles join archive.article_text on article_id = id"
        )
        for column in ("source_id", "unit_id", "published_year"):
            database.table("articles").create_index([column])
        database.table("articles").enable_fts(["title", "summary", "body"])
    database.conn.close()


@contextmanager
def served(database: Path, name: str, *, plain: bool) -> Iterator[str]:
    """Serves a database as users do, and yields the URL. `plain`: Datasette without our plugin and settings."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"{name}.db").symlink_to(database.resolve())
        without_ours = [
            sys.executable,
            "-c",
            _WITHOUT_PLUGINS,
            folder,
            "--setting",
            "sql_time_limit_ms",
            "10000",
            "--setting",
            "max_csv_mb",
            "0",
        ]
        with running(without_ours) if plain else serving(Path(folder)) as url:
            yield url


def _once(url: str) -> float:
    began = time.perf_counter()
    with urlopen(url, timeout=60) as response:
        response.read()
    return (time.perf_counter() - began) * 1000


def _times(found: Sequence[float]) -> Times:
    return Times(median(found), quantiles(found, n=20)[-1])


def spent(ours: str, plain: str | None, page: Page, requests: int) -> list[list[float]]:
    """Returns the milliseconds of each request of a page, and of the one of plain Datasette if there is one to compare, in turn."""
    urls = [ours + quote(page.path, safe=_OF_URL)] + ([plain + quote(page.plain, safe=_OF_URL)] if plain and page.plain else [])
    found: list[list[float]] = [[] for _ in urls]
    for number in range(requests + _WARM):
        for times, url in zip(found, urls, strict=True):
            took = _once(url)
            if number >= _WARM:
                times.append(took)
    return found


def downloaded(url: str) -> tuple[int, float]:
    """Downloads a CSV file. Returns its rows, without the heading, and rows a second."""
    began = time.perf_counter()
    with urlopen(url, timeout=3600) as response:
        # Rows are counted by the marks of their ends; a text with line breaks is quoted, so a line break outside quotes ends a row.
        rows, quotes = 0, 0
        while block := response.read(1 << 20):
            for number, part in enumerate(block.split(b'"')):
                quotes += number > 0
                rows += part.count(b"\n") if quotes % 2 == 0 else 0
    return rows - 1, (rows - 1) / (time.perf_counter() - began)


def files(ours: str, plain: str | None) -> str:
    """Downloads the table of articles, once warm and once to measure. Returns a Markdown line."""
    downloaded(ours + _LIGHT)
    rows, speed = downloaded(ours + _LIGHT)
    line = f"CSV of articles: {rows:,} rows, {speed:,.0f} rows/s (goal {_CSV_GOAL:,})"
    if plain:
        _, beside = downloaded(plain + _PLAIN_LIGHT)
        line += f"; plain {beside:,.0f} rows/s, {speed / beside:.1f} x"
    return line


def main() -> None:
    """Prints a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--plain", type=Path)
    parser.add_argument("--requests", type=int, default=20)
    parser.add_argument("--gate", action="store_true")
    arguments = parser.parse_args()
    if arguments.plain and not arguments.plain.exists():
        plain_database(arguments.archive, arguments.plain)
    missed = []
    rows = []
    plain = served(arguments.plain, "plain", plain=True) if arguments.plain else nullcontext()
    with served(arguments.archive, "archive", plain=False) as ours, plain as beside:
        csv = files(ours, beside)
        print(csv, file=sys.stderr, flush=True)
        for page in pages(arguments.archive):
            here, *others = map(_times, spent(ours, beside, page, arguments.requests))
            there = others[0] if others else None
            ratio = f"{there.middle:.0f} ms | {there.middle / here.middle:.1f} x" if there else "|"
            rows.append(f"| {page.name} | {here.middle:.0f} ms | {here.p95:.0f} ms | {page.goal} ms | {ratio} |")
            print(rows[-1], file=sys.stderr, flush=True)
            if here.p95 > page.goal:
                missed.append(page.name)
    size = arguments.archive.stat().st_size / 1e9
    beside_size = f", plain {arguments.plain.stat().st_size / 1e9:.2f} GB" if arguments.plain else ""
    print(f"{size:.2f} GB{beside_size}\n\n| page | p50 | p95 | goal | plain p50 | plain takes |\n|---|---:|---:|---:|---:|---:|")
    print("\n".join(rows))
    print(f"\n{csv}")
    print(json.dumps({"missed": missed}, ensure_ascii=False))
    if arguments.gate and missed:
        sys.exit(1)


if __name__ == "__main__":
    main()
