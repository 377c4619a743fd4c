"""What the page of the benchmarks measures: each function measures some parts of it, beside what others do in the same rounds."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser

from benchmarks import citations, growth, old_source, pages, pipeline, reparsing, serving, start, storing
from benchmarks.nightly import Servers, make_site
from benchmarks.page_parts import Part, Row
from benchmarks.timing import Spread, in_turn, ratios
from scraper.citations import DocumentsInMemory, reference_documents
from scraper.reader import read

_PASTS = (500, 10_000)  # articles that a source has before the days that are measured
_REQUESTS = 10  # of a page in each round


@dataclass(frozen=True)
class Given:
    """What the command was given."""

    shared: Path | None
    peers: Path | None
    small: Path | None
    large: Path | None
    rounds: int


def parsing(given: Given) -> list[Part]:
    """A page from bytes to its article and citations, beside other extractors, and beside bare parsers as the limit."""
    sets: dict[str, list[pages.Case]] = {"made-up pages of no known platform, general rules": pages.plain_pages(60)}
    if given.shared is not None:
        for name in ("nukeviet", "hanoi"):
            sets[f"recorded site {name}, its layout"] = [*pages.recorded_site(given.shared / "pages", name, 40)]
    return [_parsing_of(title, cases, given) for title, cases in sets.items()]


def _parsing_of(title: str, cases: Sequence[pages.Case], given: Given) -> Part:
    known = DocumentsInMemory(reference_documents())
    ours = "this project: read and cited"
    works: dict[str, Callable[[], object]] = {
        ours: lambda: [read(one.capture, one.source, known, followed=True) for one in cases],
        "trafilatura: title, day, text": lambda: [_quietly(pages.OTHERS["trafilatura"][1], one) for one in cases],
        "lxml: parsed only": lambda: [lxml_html.document_fromstring(one.capture.body) for one in cases],
        "selectolax: parsed only": lambda: [LexborHTMLParser(one.capture.body) for one in cases],
    }
    found = in_turn(works, given.rounds)
    rows = [_row_of(name, found, ours, len(cases)) for name in works]
    if given.peers is not None:
        rows += [_peer(given.peers, name, cases, found[ours], given.rounds) for name in ("newspaper4k", "news-please")]
    size = sum(len(one.capture.body) for one in cases) / len(cases) / 1000
    note = "" if given.peers else "newspaper4k and news-please were not measured: no environment with them was given. "
    note += "fundus was not measured: it has parsers for named publishers, and none for these sites."
    return Part(f"Parsing: {title} ({len(cases)} pages of {size:.0f} kB)", f"time, with that of “{ours}” as 1", rows, note)


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
    """Storing beside raw inserts, and parsing again beside FastWARC, and with two processes."""
    if given.shared is None:
        return storing.measure(None, given.rounds)
    found = storing.measure(given.shared / "pages/nukeviet/site.warc.gz", given.rounds)
    return [*found, reparsing.beside_one(given.shared / "pages/hanoi/site.warc.gz", "https://sotttt.hanoi.gov.vn", given.rounds)]


def searching(given: Given) -> list[Part]:
    """The search and other pages over HTTP, beside plain Datasette with the same articles in a table with its full-text search."""
    if given.large is None:
        return []
    plain = given.large.parent / "plain.db"
    if not plain.exists():
        serving.plain_database(given.large, plain)
    rows = []
    with serving.served(given.large, "archive", plain=False) as ours, serving.served(plain, "plain", plain=True) as beside:
        for page in serving.pages(given.large):
            if page.plain is None:
                continue
            rounds = [[median(times) for times in serving.spent(ours, beside, page, _REQUESTS)] for _ in range(given.rounds)]
            middle = [Spread.of(times).middle for times in zip(*rounds, strict=True)]
            ratio = Spread.of([other / own for own, other in rounds])
            rows += [
                Row(f"{page.name}: this project", f"{middle[0]:.0f} ms", Spread(1, 1, 1), is_ours=True),
                Row(f"{page.name}: plain Datasette", f"{middle[1]:.0f} ms", ratio),
            ]
    count = growth.count_articles(given.large)
    note = "Both are on the same machine at the same time, and get their requests in turn. A page of ours shows more: the passages of a hit"
    note += " with the words marked, its citations, facets and charts."
    return [Part(f"Searching {count:,} articles", "wall time of a request, with that of this project as 1", rows, note)]


def growing(given: Given) -> list[Part]:
    """200 new articles in a small and in a large archive, and in a source with a short and a long past."""
    if given.small is None or given.large is None:
        return []
    found = growth.measure(given.small, given.large, 200, given.rounds)
    rows = [
        Row(f"archive of {found.articles[0]:,} articles", f"{found.small.middle:.1f} s", Spread(1, 1, 1), is_ours=True),
        Row(f"archive of {found.articles[1]:,} articles", f"{found.large.middle:.1f} s", found.ratio, is_ours=True),
    ]
    short, long, ratio = old_source.measure(_PASTS, 200, given.rounds)
    days = [
        Row(f"a past of {_PASTS[0]:,} articles", f"{short.middle:.1f} s", Spread(1, 1, 1), is_ours=True),
        Row(f"a past of {_PASTS[1]:,} articles", f"{long.middle:.1f} s", ratio, is_ours=True),
    ]
    return [
        Part("Growth: a crawl of 200 new articles, with its end", "processor time, with that in the small archive as 1", rows),
        Part("Growth: a daily update of a source that has 200 new articles", "processor time, with that beside the short past as 1", days),
    ]


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
    "searching": searching,
    "growth": growing,
    "start": starting,
}
