"""Runs the benchmarks in one run and writes `docs/benchmarks.md` with its pictures: `python -m benchmarks.page [--shared ../shared]`.

    python -m benchmarks.page --shared ../shared --peers peers/bin/python --small ten/archive.db --large million/archive.db

`--shared`: the folder with the recorded sites; without it, made-up pages are measured. `--peers`: a Python with the extractors that need
an environment of their own (`benchmarks/pages.py` says how to make it). `--small`, `--large`: copies of archives by
`benchmarks.big_archive`, for the growth; rows are added to them. `--only`: some parts; the others are taken from `--results`, the file
with the results of an earlier call. What was not measured is named so on the page.

All times are processor time, so that other work on the machine hardly matters, unless a heading says wall time. Each ratio is that of
one round, in which both sides ran one after the other; the page shows the median with the least and the most.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from html import escape
from importlib.metadata import PackageNotFoundError, version
from math import log10
from pathlib import Path
from typing import Any

from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser

from benchmarks import citations, growth, pages, pipeline, start
from benchmarks.forked_commands import PROJECT, as_options
from benchmarks.nightly import Servers, make_site
from benchmarks.pipeline import Spread
from scraper.citations import DocumentsInMemory, reference_documents
from scraper.reader import read

_PACKAGES = ("Scrapy", "selectolax", "lxml", "trafilatura", "FastWARC", "warcio", "sqlite-utils", "datasette", "eyecite")
_CAUSES = "## Where the time went"  # the heading of the section that a person writes
_WIDTH, _LINE, _LABEL = 760, 26, 300  # pixels of a picture


@dataclass(frozen=True)
class Row:
    """A bar of a picture and a line of a table. `measured`: as it is written. `ratio`: to the row that the heading names. `is_ours`: of
    this project."""

    name: str
    measured: str
    ratio: Spread
    is_ours: bool = False


@dataclass(frozen=True)
class Part:
    """A section of the page. `ratio`: what the ratios say. `note`: below the table. `goal`: the limit of the ratio of our rows, if any."""

    title: str
    ratio: str
    rows: Sequence[Row]
    note: str = ""


@dataclass(frozen=True)
class Given:
    """What the command was given."""

    shared: Path | None
    peers: Path | None
    small: Path | None
    large: Path | None
    rounds: int


# --- the parts ----------------------------------------------------------------------------------------------


def in_turn(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Returns the processor time of each work in each round, in seconds. One more round before them warms the caches."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + 1):
        for name, work in works.items():
            began = time.process_time()
            work()
            if number:
                found[name].append(time.process_time() - began)
    return found


def ratios(found: dict[str, list[float]], name: str, to: str) -> Spread:
    """Returns the ratio of two works in the same rounds."""
    return Spread.of([one / other for one, other in zip(found[name], found[to], strict=True)])


def parsing(given: Given) -> list[Part]:
    """A page from bytes to its article and citations, beside other extractors, and beside bare parsers as the limit."""
    sets: dict[str, list[pages.Case]] = {"made-up pages of no known platform, general rules": pages.plain_pages(60)}
    if given.shared is not None:
        for name in ("nukeviet", "hanoi"):
            sets[f"recorded site {name}, its layout"] = [*pages.recorded_site(given.shared / "pages", name, 40)]
    parts = []
    for title, cases in sets.items():
        known = DocumentsInMemory(reference_documents())
        ours = "this project: read and cited"
        works: dict[str, Callable[[], object]] = {
            ours: lambda cases=cases, known=known: [read(one.capture, one.source, known, followed=True) for one in cases],  # type: ignore[misc]
            "trafilatura: title, day, text": lambda cases=cases: [_quietly(pages.OTHERS["trafilatura"][1], one) for one in cases],  # type: ignore[misc]
            "lxml: parsed only": lambda cases=cases: [lxml_html.document_fromstring(one.capture.body) for one in cases],  # type: ignore[misc]
            "selectolax: parsed only": lambda cases=cases: [LexborHTMLParser(one.capture.body) for one in cases],  # type: ignore[misc]
        }
        found = in_turn(works, given.rounds)
        rows = [_row_of(name, found, ours, len(cases)) for name in works]
        if given.peers is not None:
            rows += [_peer(given.peers, name, cases, found[ours], given.rounds) for name in ("newspaper4k", "news-please")]
        size = sum(len(one.capture.body) for one in cases) / len(cases) / 1000
        note = "" if given.peers else "newspaper4k and news-please were not measured: no environment with them was given. "
        note += "fundus was not measured: it has parsers for named publishers, and none for these sites."
        parts.append(Part(f"Parsing: {title} ({len(cases)} pages of {size:.0f} kB)", f"time, with that of “{ours}” as 1", rows, note))
    return parts


def _quietly(extract: Callable[[pages.Case], object], case: pages.Case) -> object:
    try:
        return extract(case)
    except Exception:  # noqa: BLE001 - an extractor may raise anything; then it extracted nothing
        return None


def _row_of(name: str, found: dict[str, list[float]], ours: str, count: int) -> Row:
    middle = Spread.of(found[name]).middle
    return Row(name, f"{middle / count * 1000:.2f} ms a page", ratios(found, name, ours), name == ours)


def _peer(python: Path, name: str, cases: Sequence[pages.Case], ours: Sequence[float], rounds: int) -> Row:
    """Measures an extractor of another environment. It says itself how much processor time each page took."""
    extract = pages.through(python, name)
    seconds = []
    for number in range(rounds + 1):
        total = sum(extract(case).cpu for case in cases)
        if number:
            seconds.append(total)
    ratio = Spread.of([one / other for one, other in zip(seconds, ours, strict=True)])
    return Row(f"{name}: title, day, text", f"{Spread.of(seconds).middle / len(cases) * 1000:.2f} ms a page", ratio)


def citing(given: Given) -> list[Part]:
    """Citations in text."""
    texts = citations.filled(citations.sample(), 2.0)
    rounds = [{one.name: one for one in citations.measure(texts)[0]} for _ in range(given.rounds)]
    rows = []
    for name in rounds[0]:
        rates = [one[name].rate for one in rounds]
        ratio = Spread.of([one["find"].rate / one[name].rate for one in rounds])
        shown = "this project" if name == "find" else name
        rows.append(
            Row(
                shown,
                f"{Spread.of(rates).middle:.1f} MB/s, {rounds[0][name].found / rounds[0][name].megabytes:.0f} a MB",
                ratio,
                name == "find",
            )
        )
    missing = "" if "eyecite, English" in rounds[0] else "eyecite was not measured: it is not installed."
    return [Part("Citations in text", "time for a megabyte, with that of this project as 1", rows, missing)]


def crawling(given: Given) -> list[Part]:
    """A whole crawl of a served site, beside Scrapy."""
    parts = []
    sites: dict[str, tuple[Path | None, str]] = {"a made-up site of no known platform": (None, "")}
    if given.shared is not None:
        sites["a recorded NukeViet site"] = (given.shared / "pages/nukeviet/site.warc.gz", "sotttt.nghean.test")
    for title, (recording, host) in sites.items():
        large, small = pipeline.served_site(recording, host, 300), make_site("small", 12, 7)
        with tempfile.TemporaryDirectory() as name, Servers([large, small]):
            if recording is not None:
                large.pages = pipeline.at_port(large.pages, host, large.port)
            found = pipeline.measure(
                pipeline.Crawls(Path(name) / "large", large), pipeline.Crawls(Path(name) / "small", small), given.rounds
            )
        rows = [
            Row(one.name, f"{one.cpu.middle:.1f} ms, {one.memory:.0f} MB", one.cpu_ratio, one.name.startswith(pipeline.OURS))
            for one in found
        ]
        wall = [Row(one.name, f"{one.wall.middle:.1f} ms", one.wall_ratio, one.name.startswith(pipeline.OURS)) for one in found]
        parts.append(
            Part(
                f"Crawling {title}: {found[0].responses} responses", f"processor time a response, with that of “{pipeline.BARE}” as 1", rows
            )
        )
        parts.append(Part(f"The same, wall time: {title}", f"wall time a response, with that of “{pipeline.BARE}” as 1", wall))
    return parts


def storing_and_reparsing(given: Given) -> list[Part]:
    """Storing beside raw inserts, and parsing again beside FastWARC."""
    recording = given.shared / "pages/nukeviet/site.warc.gz" if given.shared is not None else PROJECT / "samples/sample.warc.gz"
    source, site = ("measured", "http://sotttt.nghean.test") if given.shared is not None else ("sample-nghe-an", "")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pipeline.write_source(folder, site or "http://example.test")
        settings: dict[str, object] = {"ARCHIVE": folder / "archive.db", "CAPTURES": folder / "captures", "NOW": pipeline.NOW}
        if site:
            settings |= {"SOURCES_EXTRA": folder / "sources.toml", "REPLAY": recording}
        pipeline.run([sys.executable, "-m", "scrapy", "crawl", source, *as_options(settings)], PROJECT)
        settings.pop("REPLAY", None)
        return [_storing(folder, given.rounds), _reparsing(folder, source, settings, given.rounds)]


_ROWS = (
    "articles",
    "article_text",
    "article_fields",
    "article_tags",
    "attachments",
    "stories",
    "date_readings",
    "citations",
    "reprint_keys",
)


def _storing(folder: Path, rounds: int) -> Part:
    """Compares raw inserts of the rows of the articles, into tables without an index, with our storing of the same readings."""
    with closing(sqlite3.connect(folder / "archive.db")) as database:
        tables = {name: database.execute(f"select * from {name}").fetchall() for name in _ROWS}
        articles = len(tables["articles"])

    def raw() -> None:
        path = folder / "raw.db"
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as database:
            for name, rows in tables.items():
                if rows:
                    database.execute(f"create table {name} ({', '.join(f'c{at}' for at in range(len(rows[0])))})")
                    database.executemany(f"insert into {name} values ({', '.join('?' * len(rows[0]))})", rows)
            database.execute("create virtual table fts using fts5(body, content='')")
            database.executemany("insert into fts (rowid, body) values (?, ?)", [row[:2] for row in tables["article_text"]])
            database.commit()

    store = _storer(folder)
    found = in_turn({"executemany": raw, "ours": store}, rounds)
    rows = [
        Row(
            "executemany, no index, one text index",
            f"{Spread.of(found['executemany']).middle / articles * 1000:.2f} ms an article",
            ratios(found, "executemany", "ours"),
        ),
        Row(
            "this project",
            f"{Spread.of(found['ours']).middle / articles * 1000:.2f} ms an article",
            ratios(found, "ours", "ours"),
            is_ours=True,
        ),
    ]
    return Part(f"Storing {articles} articles, each in a transaction of its own", "time, with that of this project as 1", rows)


def _storer(folder: Path) -> Callable[[], None]:
    """Returns a function that stores the readings of all articles in a new archive."""
    from scraper.sources import load
    from scraper.store import articles as store
    from scraper.store.archive import open_archive
    from scraper.store.captures import kept
    from scraper.store.captures import load as load_capture
    from scraper.store.documents import ArchiveDocuments
    from scraper.store.sources import load_source

    source = load([folder / "sources.toml"])["measured"] if (folder / "captures/measured").exists() else load([])["sample-nghe-an"]
    made = open_archive(folder / "archive.db")
    known = ArchiveDocuments(made)
    captures = [*kept(made, folder / "captures", "outcome = 'article'")]
    readings = [read(load_capture(one, pipeline.LIMIT), source, known, links=False) for one in captures]
    empty = folder / "empty.db"
    database = open_archive(empty)
    load_source(database, source)
    with database.conn:
        for row in made.execute("select * from runs").fetchall():
            database.conn.execute(f"insert into runs values ({', '.join('?' * len(row))})", row)
        for row in made.execute("select * from captures").fetchall():
            database.conn.execute(f"insert into captures values ({', '.join('?' * len(row))})", row)
    database.execute("pragma wal_checkpoint(truncate)")
    database.conn.close()
    made.conn.close()

    def work() -> None:
        path = folder / "stored.db"
        for old in folder.glob("stored.db*"):
            old.unlink()
        shutil.copy(empty, path)
        # Opened as a crawl opens it, but without migrating: that is start-up.
        from sqlite_utils import Database

        from scraper.store.patient_connection import connect

        connection = connect(str(path))
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        connection.execute("pragma foreign_keys = on")
        new = Database(connection)
        for capture, reading in zip(captures, readings, strict=True):
            store.store(new, source, reading, capture_id=capture.id, captured_at=capture.captured_at, parser="bench", run_id=None)
        connection.close()

    return work


def _reparsing(folder: Path, source: str, settings: dict[str, object], rounds: int) -> Part:
    files = sorted((folder / "captures" / source).glob("*.warc.gz"))
    command = [sys.executable, "-m", "scrapy", "reparse", source, "--restart", "--processes", "1", *as_options(settings)]
    nothing = [*command, "--since", "2100-01-01"]
    with closing(sqlite3.connect(folder / "archive.db")) as database:
        captures = database.execute("select count(*) from captures where status = 200").fetchone()[0]
    ours, bare, both = list[float](), list[float](), list[float]()
    for _ in range(rounds):
        begin = pipeline.run(nothing, PROJECT).cpu
        ours.append(pipeline.run(command, PROJECT).cpu - begin)
        two = [part if part != "1" else "2" for part in map(str, command)]
        both.append(pipeline.run(two, PROJECT).cpu - begin)
        began = time.process_time()
        _scan(files)
        bare.append(time.process_time() - began)
    one = Spread.of(ours)
    rows = [
        Row(
            "this project, one process",
            f"{one.middle / captures * 1000:.2f} ms, {captures / one.middle:.0f} captures/s",
            Spread(1, 1, 1),
            is_ours=True,
        ),
        Row(
            "this project, two processes, on two cores that do nothing else",
            f"{Spread.of(both).middle / captures * 1000:.2f} ms, of both together",
            Spread.of([two / 2 / one for two, one in zip(both, ours, strict=True)]),
            is_ours=True,
        ),
        Row(
            "FastWARC: records only read",
            f"{Spread.of(bare).middle / captures * 1000:.3f} ms",
            Spread.of([x / y for x, y in zip(bare, ours, strict=True)]),
        ),
    ]
    return Part(f"Parsing again: {captures} captures compared", "processor time, with that of this project as 1", rows)


def _scan(files: Sequence[Path]) -> int:
    from fastwarc.warc import ArchiveIterator

    found = 0
    for file in files:
        with file.open("rb") as stream:
            found += sum(len(record.reader.read()) for record in ArchiveIterator(stream))
    return found


def growing(given: Given) -> list[Part]:
    """200 new articles in a small and in a large archive."""
    if given.small is None or given.large is None:
        return []
    found = growth.measure(given.small, given.large, 200, given.rounds)
    rows = [
        Row(f"archive of {found.articles[0]:,} articles", f"{found.small.middle:.1f} s", Spread(1, 1, 1), is_ours=True),
        Row(f"archive of {found.articles[1]:,} articles", f"{found.large.middle:.1f} s", found.ratio, is_ours=True),
    ]
    return [Part("Growth: a crawl of 200 new articles, with its end", "processor time, with that in the small archive as 1", rows)]


def starting(given: Given) -> list[Part]:
    """The start of each command."""
    found = start.measure(given.rounds)
    bare = found[start.BARE]
    rows = [Row(name, f"{seconds:.2f} s", Spread.of([seconds / bare]), name != start.BARE) for name, seconds in found.items()]
    return [Part("Start of each command", f"processor time, with that of Scrapy without this project (`{start.BARE}`) as 1", rows)]


PARTS: dict[str, Callable[[Given], list[Part]]] = {
    "parsing": parsing,
    "citations": citing,
    "crawling": crawling,
    "storing": storing_and_reparsing,
    "growth": growing,
    "start": starting,
}


# --- the page -----------------------------------------------------------------------------------------------


def picture(part: Part) -> str:
    """Returns the ratios of a part as bars on a logarithmic scale, with the least and the most as lines."""
    low = min(0.5, *(row.ratio.least for row in part.rows)) * 0.8
    high = max(2.0, *(row.ratio.most for row in part.rows)) * 1.25
    span = _WIDTH - _LABEL - 90

    def at(value: float) -> float:
        return _LABEL + span * (log10(max(value, low)) - log10(low)) / (log10(high) - log10(low))

    height = _LINE * len(part.rows) + 10
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="12" role="img">',
        f"<title>{escape(part.title)}: {escape(part.ratio)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<line x1="{at(1):.0f}" x2="{at(1):.0f}" y1="0" y2="{height}" stroke="#888" stroke-dasharray="3 3"/>',
    ]
    for number, row in enumerate(part.rows):
        top, one = 5 + number * _LINE, row.ratio
        colour = "#b3261e" if row.is_ours else "#4a6fa5"
        x, width = min(at(1), at(one.middle)), abs(at(one.middle) - at(1))
        name = row.name if len(row.name) <= 46 else f"{row.name[:45]}…"
        lines += [
            f'<text x="{_LABEL - 8}" y="{top + 15}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{x:.1f}" y="{top + 3}" width="{max(width, 2):.1f}" height="15" fill="{colour}"/>',
            f'<line x1="{at(one.least):.1f}" x2="{at(one.most):.1f}" y1="{top + 10}" y2="{top + 10}" stroke="#000"/>',
            f'<text x="{at(max(one.most, 1)) + 6:.1f}" y="{top + 15}">{_short(one.middle)}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


def table(part: Part) -> str:
    """Returns a part as a Markdown table."""
    lines = ["| | measured | ratio | least to most |", "|---|---:|---:|---:|"]
    for row in part.rows:
        one = row.ratio
        name = f"**{row.name}**" if row.is_ours else row.name
        lines.append(f"| {name} | {row.measured} | {_short(one.middle)} | {_short(one.least)} to {_short(one.most)} |")
    return "\n".join(lines)


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"


def written(parts: dict[str, dict[str, Any]], images: Path, causes: str) -> str:
    """Returns the page, and writes its pictures to `images`."""
    sections, missing = [], []
    for name in PARTS:
        if not parts.get(name, {}).get("parts"):
            missing.append(name)
            continue
        measured = parts[name]
        sections.append(f"<!-- {name} -->")
        for number, found in enumerate(measured["parts"]):
            part = Part(
                found["title"], found["ratio"], [Row(**row | {"ratio": Spread(**row["ratio"])}) for row in found["rows"]], found["note"]
            )
            file = f"benchmarks-{name}-{number + 1}.svg"
            (images / file).write_text(picture(part), encoding="utf-8")
            note = f"\n{part.note}\n" if part.note else ""
            when = f"Measured on {measured['day']}, {measured['rounds']} rounds, load of the machine {measured['load']:.0f}."
            sections.append(f"## {part.title}\n\nRatio: {part.ratio}. {when}\n\n![{part.ratio}](images/{file})\n\n{table(part)}\n{note}")
    versions = ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    named = f"Not measured: {', '.join(missing)}.\n\n" if missing else ""
    return (
        "# Benchmarks\n\n"
        "`python -m benchmarks.page --shared ../shared` writes this page, except its last section. Times are processor time, unless a\n"
        "heading says wall time. Each ratio is that of one round in which all were measured in turn, with the least and the most of the\n"
        "rounds: other work on the machine slows both sides. Absolute numbers hold only for the machine and its load at that time.\n\n"
        f"Machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}.\n"
        f"Versions: {versions}.\n\n"
        f"{named}" + "\n".join(sections) + f"\n{causes}"
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def main() -> None:
    """Measures and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--small", type=Path)
    parser.add_argument("--large", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=[*PARTS], default=[*PARTS])
    parser.add_argument("--results", type=Path, help="a JSON file with the results; those of parts that are not measured now stay")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    given = Given(options.shared, options.peers, options.small, options.large, options.rounds)
    parts: dict[str, Any] = {}
    if options.results is not None and options.results.exists():
        parts = json.loads(options.results.read_text(encoding="utf-8"))
    for name in options.only:
        print(f"{name} ...", file=sys.stderr, flush=True)
        load = os.getloadavg()[0]
        found = [asdict(one) for one in PARTS[name](given)]
        parts[name] = {"parts": found, "day": f"{datetime.now(UTC):%Y-%m-%d}", "rounds": options.rounds, "load": load}
        if options.results is not None:
            options.results.write_text(json.dumps(parts, ensure_ascii=False, indent=1), encoding="utf-8")
    images = PROJECT / "docs/images"
    for old in images.glob("benchmarks-*.svg"):
        old.unlink()
    page = PROJECT / "docs/benchmarks.md"
    before = page.read_text(encoding="utf-8") if page.exists() else _CAUSES
    page.write_text(written(parts, images, _CAUSES + before.partition(_CAUSES)[2]), encoding="utf-8")


if __name__ == "__main__":
    main()
