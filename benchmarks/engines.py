"""Measures which selector engine is fastest for a whole page: `python -m benchmarks.engines [--shared FOLDER]`.

Each engine parses the same pages and runs once the same two dozen selectors that reading an article needs. All run in one process; only the
ratio counts.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from lxml import html as lxml_html
from lxml.cssselect import CSSSelector
from parsel import Selector
from selectolax.lexbor import LexborHTMLParser

from benchmarks.pages import fixtures, recorded_site
from scraper.platforms import PLATFORMS
from scraper.platforms.kit import Layout

_MOST = 60  # pages


def selectors(layout: Layout) -> list[str]:
    """Returns the selectors that a layout needs, limited to the syntax that all engines support."""
    return [css for css in dict.fromkeys(layout.selectors()) if ":has" not in css][:24]


def _lexbor(page: str) -> tuple[Any, Callable[[str], Any]]:
    tree = LexborHTMLParser(page)
    return tree, tree.css


def _lxml(page: str) -> tuple[Any, Callable[[str], Any]]:
    tree = lxml_html.document_fromstring(page.encode())
    return tree, lambda css: _COMPILED.setdefault(css, CSSSelector(css, translator="html"))(tree)


_COMPILED: dict[str, CSSSelector] = {}


def _parsel(page: str) -> tuple[Any, Callable[[str], Any]]:
    tree = Selector(page)
    return tree, tree.css


def _soup(page: str) -> tuple[Any, Callable[[str], Any]]:
    tree = BeautifulSoup(page, "lxml")
    return tree, tree.select


ENGINES: Mapping[str, Callable[[str], tuple[Any, Callable[[str], Any]]]] = {
    "selectolax (Lexbor)": _lexbor,
    "lxml and cssselect, compiled once": _lxml,
    "parsel (Scrapy's selectors)": _parsel,
    "BeautifulSoup on lxml, soupsieve": _soup,
}


def main() -> None:
    """Prints a table: parsing, selecting, and the sum as a multiple of the first engine's."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, help="the folder that holds pages/ with recorded sites; else the pages of tests/pages")
    options = parser.parse_args()
    cases = list(recorded_site(options.shared / "pages", "nukeviet", 150)) if options.shared else list(fixtures())
    pages = [case.html for case in cases][:_MOST]
    wanted = selectors(PLATFORMS["nukeviet"].layouts[0])
    print(f"{len(pages)} pages of {sum(map(len, pages)) // len(pages) // 1000} kB on average, {len(wanted)} selectors each\n")
    print("| engine | parse, ms | select, ms | both, against the first |\n| --- | --- | --- | --- |")
    first = 0.0
    for name, engine in ENGINES.items():
        best = (float("inf"), float("inf"))
        for _ in range(3):
            parsing = selecting = 0.0
            for page in pages:
                began = time.process_time()
                _tree, find = engine(page)
                between = time.process_time()
                for css in wanted:
                    find(css)
                parsing, selecting = parsing + between - began, selecting + time.process_time() - between
            best = min(best, (parsing, selecting), key=sum)
        first = first or sum(best)
        parse, select = (part / len(pages) * 1000 for part in best)
        print(f"| {name} | {parse:.2f} | {select:.2f} | {sum(best) / first:.1f} |")


if __name__ == "__main__":
    main()
