"""Shows how the quality of the general rules depends on each of their numbers.

    python -m benchmarks.thresholds [--pages N] [--shared FOLDER] [--only NAME] [--write]

Each named number of scraper/parse/generic is multiplied by 0.4 to 2.5, and the pages at hand are parsed with it, by the general rules
only. The quality of a page is the mean of: classified correctly, title, day of publication, F1 of the words of the body; for a list
page, the share of its article links that are found. The truth of tests/pages and of generated pages is known. The truth of recorded
pages is what their layouts read. `--pages` limits the pages of each collection (60).

A page whose reading is the same at the lowest or highest factor is not parsed for the factors between it and 1: a number in a comparison
changes its result only once. trafilatura and htmldate are called once for each page. Numbers inside regular expressions ("{0,40}") are
not measured, because they are compiled when the module is imported; nor are the sizes of caches.

`--write` writes docs/images/thresholds.svg and the table of docs/thresholds.md.
"""

from __future__ import annotations

import argparse
import ast
import logging
import random
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from html import escape
from importlib import import_module
from pathlib import Path
from statistics import mean
from types import ModuleType
from typing import Any

from tqdm import tqdm

from benchmarks.generated_pages import CAPTURED, make_pages
from benchmarks.pages import LIMIT, PROJECT, case_pages, real_pages, same_title, word_f1
from scraper.model import Article, Capture, LinkRole, Page, PageKind
from scraper.parse import read_page
from scraper.parse.tree.page_tree import PageTree
from scraper.sources import made_up
from scraper.warc.recording import Recording
from scraper.warc.records import decode

FACTORS = (0.4, 0.55, 0.75, 0.9, 1.1, 1.35, 1.8, 2.5)
GENERIC = "scraper.parse.generic"
# Orders of choices, not sizes: another number has no meaning.
_NOT_MEASURED = frozenset(("_MARKED_RANK", "_PLAIN_RANK", "_SECTION_WEIGHT"))
_BOUND = "a bound against hostile input"  # in the comment of a number that limits time or memory
_LARGE = 6  # recorded pages take so many times as long as the others, so there are as many times fewer of them
_NOTICEABLE = 0.0002  # a smaller difference of the mean quality is that of a few words on one page
_CHART, _DOCUMENT = PROJECT / "docs/images/thresholds.svg", PROJECT / "docs/thresholds.md"
_TABLE_BEGINS, _TABLE_ENDS = "<!-- table: python -m benchmarks.thresholds --write -->", "<!-- end of the table -->"


# --- the numbers ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Threshold:
    """A number of a module: a constant at its top level."""

    module: str  # without the package
    name: str
    value: float
    is_bound: bool  # its comment says that it is a bound against hostile input

    def at(self, factor: float) -> float:
        """Returns the number multiplied by a factor, rounded if it counts something."""
        return round(self.value * factor) if isinstance(self.value, int) else self.value * factor

    @property
    def title(self) -> str:
        return f"{self.module}.{self.name.lstrip('_')}"


def thresholds() -> list[Threshold]:
    """Returns the numbers of all modules of the general rules."""
    found = []
    for path in sorted((PROJECT / GENERIC.replace(".", "/")).glob("*.py")):
        source = path.read_text(encoding="utf-8")
        lines, statements = source.splitlines(), ast.parse(source).body
        for statement in (one for one in statements if isinstance(one, ast.Assign)):
            for name in _names(statement):
                value = getattr(import_module(f"{GENERIC}.{path.stem}"), name)
                if type(value) in (int, float) and name not in _NOT_MEASURED and _is_number(statement.value):
                    found.append(Threshold(path.stem, name, value, _BOUND in lines[statement.lineno - 1]))
    return found


def _names(statement: ast.Assign) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id.isupper():
            yield node.id


def _is_number(node: ast.AST) -> bool:
    return all(
        isinstance(one, ast.Constant | ast.Tuple | ast.UnaryOp | ast.BinOp | ast.operator | ast.unaryop | ast.expr_context)
        for one in ast.walk(node)
    )


@contextmanager
def changed(threshold: Threshold, value: float) -> Iterator[None]:
    """Sets a number, in its module and in all modules that import it, and clears the caches that may depend on it."""
    home = f"{GENERIC}.{threshold.module}"
    modules = [sys.modules[home], *_importers(home, threshold.name)]
    for module in modules:
        setattr(module, threshold.name, value)
    _clear_caches()
    try:
        yield
    finally:
        for module in modules:
            setattr(module, threshold.name, threshold.value)
        _clear_caches()


@cache
def _importers(home: str, name: str) -> tuple[ModuleType, ...]:
    return tuple(
        module
        for module in _modules()
        for statement in ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8")).body
        if isinstance(statement, ast.ImportFrom) and statement.module == home and any(one.name == name for one in statement.names)
    )


def _modules() -> list[ModuleType]:
    return [module for name, module in sys.modules.items() if name.startswith("scraper.parse")]


def _clear_caches() -> None:
    """Clears the caches of the general rules. No other cache depends on their numbers."""
    for module in _modules():
        for value in vars(module).values() if module.__name__.startswith(GENERIC) else ():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


# --- the pages ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Truth:
    """A page and its correct values. None means that nobody wrote them down."""

    capture: Capture
    is_article: bool
    title: str | None = None
    day: str | None = None  # YYYY-MM-DD; "" if the page states none
    body: str | None = None
    links: tuple[str, ...] = ()  # the URLs of the articles that a list page links to


def collections(most: int, shared: Path | None) -> dict[str, list[Truth]]:
    """Returns at most `most` pages of each collection. The same pages each time."""
    found = {
        "tests/pages": list(_test_pages()),
        "generated": [one for part in ("seen", "held-out") for one in _generated(part, most)],
        "sample": list(_recorded(PROJECT / "samples/sample.warc.gz", most // _LARGE)),
    }
    if shared is not None:
        pages = shared / "pages"
        found |= {name: list(_recorded(pages / name / "site.warc.gz", most // _LARGE)) for name in ("nukeviet", "hanoi")}
        found["single pages"] = [
            Truth(case.capture, True, case.title, (case.day or "")[:10] or None, case.body)
            for case in (*real_pages(pages), *case_pages(shared / "cases/pages"))
        ]
    return {name: random.Random(name).sample(pages, min(most, len(pages))) for name, pages in found.items()}


def _test_pages() -> Iterator[Truth]:
    for path in sorted((PROJECT / "tests/pages").glob("*.toml")):
        truth = tomllib.loads(path.read_text(encoding="utf-8"))
        headers = (("Content-Type", truth.get("content_type", "text/html")),)
        capture = Capture(truth["url"], 200, headers, path.with_suffix(".html").read_bytes(), truth["captured"].astimezone(UTC))
        if truth["kind"] == "article":
            fields = truth["fields"]
            yield Truth(capture, True, fields["title"], str(fields.get("published", ""))[:10], fields["body"])
        elif truth["kind"] == "listing":
            yield Truth(capture, False)


def _generated(part: str, count: int) -> Iterator[Truth]:
    for made in make_pages(part, count):
        capture = Capture(made.url, 200, (("Content-Type", "text/html; charset=utf-8"),), made.html.encode(), CAPTURED)
        if made.kind == "article":
            yield Truth(capture, True, made.title, made.day.isoformat() if made.day else "")
        else:
            yield Truth(capture, False, links=tuple(url for url, _ in made.links))


def _recorded(path: Path, most: int) -> Iterator[Truth]:
    """Yields articles of a recording, with what their layouts read, and list pages."""
    recording = Recording([path])
    urls = sorted(recording.urls())
    for url in urls[:: max(1, len(urls) // most)]:
        found = recording.find(url, LIMIT)
        capture = decode(found.response, LIMIT) if found is not None else None
        if capture is not None and capture.status == 200:
            page = read_page(capture, made_up(capture.url))
            if page.article is not None and page.article.layout != "generic":
                yield Truth(capture, True, page.article.title.value, _day(page.article), page.article.body.value)
            elif page.kind is PageKind.LISTING:
                yield Truth(capture, False)
    recording.close()


def _day(article: Article) -> str:
    return article.published.value.date().isoformat() if article.published.value else ""


# --- the quality ----------------------------------------------------------------------------------


def quality(truth: Truth, page: Page) -> float:
    """Returns how much of a page was read correctly, from 0.0 to 1.0."""
    article = page.article
    scores = [float((article is not None) == truth.is_article)]
    if truth.is_article:
        if truth.title is not None:
            scores.append(float(article is not None and same_title(article.title.value or "", truth.title)))
        if truth.day is not None:
            scores.append(float(article is not None and _day(article) == truth.day))
        if truth.body:
            scores.append(word_f1(article.body.value or "", truth.body) if article is not None else 0.0)
    elif truth.links:
        found = {link.url for link in page.links if link.role is LinkRole.ARTICLE}
        scores.append(mean(url in found for url in truth.links))
    return mean(scores)


def read(truth: Truth) -> Page:
    """Parses a page by the general rules only."""
    return read_page(truth.capture, made_up(truth.capture.url), generic=True)


def _read_or_none(truth: Truth) -> Page | None:
    """Parses a page; None if a number is so wrong that the rules raise."""
    try:
        return read(truth)
    except (ValueError, LookupError):
        return None


@dataclass(frozen=True)
class Curve:
    """The mean quality for each factor; the factor 1 is the number as it is. `changed`: the pages whose reading changes at all."""

    threshold: Threshold
    points: Mapping[float, float]
    changed: int

    @property
    def falls_below(self) -> float:
        """How much quality a smaller number loses at most."""
        return self.points[1] - min(value for factor, value in self.points.items() if factor <= 1)

    @property
    def falls_above(self) -> float:
        """How much quality a larger number loses at most."""
        return self.points[1] - min(value for factor, value in self.points.items() if factor >= 1)

    @property
    def shape(self) -> str:
        """sharp: it must be neither smaller nor larger; lower or upper limit: it may be larger or smaller; flat: neither matters."""
        below, above = self.falls_below > _NOTICEABLE, self.falls_above > _NOTICEABLE
        if not (below or above):
            return "flat" if self.changed else "no page"
        return "sharp" if below and above else "lower limit" if below else "upper limit"

    @property
    def better(self) -> float | None:
        """The factor with a noticeably higher quality than now, or None."""
        best = max(self.points, key=lambda factor: self.points[factor])
        return best if self.points[best] > self.points[1] + _NOTICEABLE else None


def measure(threshold: Threshold, pages: Sequence[Truth], now: Sequence[Page]) -> Curve:
    """Returns the curve of a number. `now`: the readings of the pages with the number as it is."""
    scores = [quality(truth, page) for truth, page in zip(pages, now, strict=True)]
    points = {1.0: mean(scores)}
    affected: set[int] = set()
    for side in (sorted(factor for factor in FACTORS if factor < 1), sorted((factor for factor in FACTORS if factor > 1), reverse=True)):
        concerned = list(range(len(pages)))
        for factor in side:  # from the outermost factor
            value = threshold.at(factor)
            if value == threshold.value:
                continue
            new = list(scores)
            with changed(threshold, value):
                readings = {at: _read_or_none(pages[at]) for at in concerned}
            concerned = [at for at in concerned if readings[at] != now[at]]
            for at in concerned:
                page = readings[at]
                new[at] = quality(pages[at], page) if page is not None else 0.0
            affected.update(concerned)
            points[factor] = mean(new)
    return Curve(threshold, dict(sorted(points.items())), len(affected))


@contextmanager
def remembered_opinions() -> Iterator[None]:
    """Calls trafilatura and htmldate only once for each page: no number of the general rules changes what they find, and they are slow."""
    reader: Any = import_module(f"{GENERIC}.generic_reader")
    body: Any = import_module(f"{GENERIC}.body_text")
    originals = reader.date_by_htmldate, body.text_by_trafilatura
    reader.date_by_htmldate, body.text_by_trafilatura = map(_remembering, originals)
    try:
        yield
    finally:
        reader.date_by_htmldate, body.text_by_trafilatura = originals


def _remembering(function: Callable[..., object]) -> Callable[..., object]:
    known: dict[str, object] = {}

    def remembering(tree: PageTree, *more: object) -> object:
        if tree.source not in known:
            known[tree.source] = function(tree, *more)
        return known[tree.source]

    return remembering


def curves(wanted: Iterable[Threshold], pages: Sequence[Truth]) -> list[Curve]:
    """Returns the curves of some numbers over the same pages."""
    with remembered_opinions():
        now = [read(truth) for truth in pages]
        return [measure(threshold, pages, now) for threshold in tqdm(list(wanted), disable=None)]


# --- the report -----------------------------------------------------------------------------------


def table(found: Sequence[Curve]) -> str:
    """Returns a Markdown table, the most important numbers first, and the names of those that change nothing. Losses are in points of a
    hundred."""
    lines = ["| number | value | shape | pages | lost if smaller | lost if larger | better at |", "|---|---:|---|---:|---:|---:|---|"]
    shown = [one for one in found if one.changed]
    for one in sorted(shown, key=lambda one: (-max(one.falls_below, one.falls_above), -one.changed, one.threshold.title)):
        value = f"{one.threshold.value:.3g}" if isinstance(one.threshold.value, float) else str(one.threshold.value)
        better = f"{one.threshold.at(one.better):.3g}" if one.better is not None else ""
        losses = f"{one.falls_below * 100:.2f} | {one.falls_above * 100:.2f}"
        lines.append(f"| {one.threshold.title} | {value} | {one.shape} | {one.changed} | {losses} | {better} |")
    without = sorted((one.threshold.is_bound, one.threshold.title) for one in found if not one.changed)
    rules = ", ".join(title for is_bound, title in without if not is_bound)
    bounds = ", ".join(title for is_bound, title in without if is_bound)
    return "".join(
        (
            "\n".join(lines),
            f"\n\nNo reading of these pages changes with these numbers of rules: {rules}." if rules else "",
            f"\n\nNor with these bounds against hostile input: {bounds}." if bounds else "",
        )
    )


_COLUMNS, _WIDTH, _HEIGHT = 4, 264, 92


def chart(found: Sequence[Curve]) -> str:
    """Returns an SVG with a small curve for each number that changes the quality of any page. The line at 1 is the number as it is."""
    shown = [one for one in found if one.shape not in ("flat", "no page")]
    shown.sort(key=lambda one: -max(one.falls_below, one.falls_above))
    rows = -(-len(shown) // _COLUMNS)
    panels = "".join(_panel(one, (at % _COLUMNS) * _WIDTH, (at // _COLUMNS) * _HEIGHT) for at, one in enumerate(shown))
    style = (
        "text{font:10px sans-serif;fill:#333}.now{stroke:#999;stroke-dasharray:2 3}.frame{fill:none;stroke:#ccc}"
        ".curve{fill:none;stroke:#1764ab;stroke-width:1.6}circle{fill:#1764ab}svg{background:#fff}"
        "@media(prefers-color-scheme:dark){text{fill:#ddd}.now{stroke:#777}.frame{stroke:#444}.curve{stroke:#79b8ff}circle{fill:#79b8ff}"
        "svg{background:#0d1117}}"
    )
    size = f'width="{_COLUMNS * _WIDTH}" height="{rows * _HEIGHT}" viewBox="0 0 {_COLUMNS * _WIDTH} {rows * _HEIGHT}"'
    label = "The quality of the general rules if one of their numbers is multiplied by 0.4 to 2.5"
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" {size}><style>{style}</style>{panels}</svg>\n'


def _panel(one: Curve, left: int, top: int) -> str:
    """Returns one small curve. Its height shows the range of its own values, which is written beside it."""
    lowest, highest = min(one.points.values()), max(one.points.values())
    places = {factor: left + 12 + place * (_WIDTH - 28) / (len(FACTORS)) for place, factor in enumerate(sorted((*FACTORS, 1.0)))}
    heights = {factor: top + 66 - (value - lowest) / (highest - lowest or 1) * 36 for factor, value in one.points.items()}
    line = " ".join(f"{places[factor]:.0f},{heights[factor]:.1f}" for factor in sorted(one.points))
    value = f"{one.threshold.value:.3g}"
    return (
        f'<rect class="frame" x="{left + 4}" y="{top + 4}" width="{_WIDTH - 8}" height="{_HEIGHT - 10}"/>'
        f'<text x="{left + 10}" y="{top + 18}">{escape(one.threshold.title)} = {value}</text>'
        f'<line class="now" x1="{places[1.0]:.0f}" x2="{places[1.0]:.0f}" y1="{top + 24}" y2="{top + 70}"/>'
        f'<polyline class="curve" points="{line}"/><circle cx="{places[1.0]:.0f}" cy="{heights[1.0]:.1f}" r="2.5"/>'
        f'<text x="{left + 10}" y="{top + 82}">×0.4</text><text x="{left + _WIDTH - 34}" y="{top + 82}">×2.5</text>'
        f'<text x="{left + 62}" y="{top + 82}">{lowest * 100:.2f} to {highest * 100:.2f}</text>'
    )


def main() -> None:
    """Prints the table. With --write, also writes the chart and the table of the documentation."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=60, help="the most pages of each collection (60); of recorded sites a sixth")
    parser.add_argument("--shared", type=Path, help="a folder with recorded sites and single pages, which are measured too")
    parser.add_argument("--only", default="", help="only numbers whose name contains this")
    parser.add_argument("--write", action="store_true", help="write docs/images/thresholds.svg and docs/thresholds.md")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    found = collections(options.pages, options.shared)
    pages = [page for some in found.values() for page in some]
    counts = ", ".join(f"{len(some)} of {name}" for name, some in found.items())
    measured = curves((one for one in thresholds() if options.only in one.title), pages)
    report = f"{len(measured)} numbers, {len(pages)} pages ({counts}).\n\n{table(measured)}"
    print(report)
    if options.write:
        _CHART.write_text(chart(measured), encoding="utf-8")
        before, _, rest = _DOCUMENT.read_text(encoding="utf-8").partition(_TABLE_BEGINS)
        after = rest.partition(_TABLE_ENDS)[2]
        _DOCUMENT.write_text(f"{before}{_TABLE_BEGINS}\n\n{report}\n\n{_TABLE_ENDS}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
