"""Everything that is read from the project's own pages and passages, as data: a change of any value, link or citation shows in a diff.

Other tests say which values are right. These show what a change of the code changes, so that no archive changes by accident. The files in
`tests/readings` have a line for each field, link and citation:

    NAME.txt             a page of `tests/pages`; `generic/NAME.txt`: the same page by the general rules
    sample/SOURCE/*.txt  the pages of the sample
    generated/*.txt      pages that `benchmarks/generated_pages.py` makes
    passages/*.txt       the passages of `tests/citations`

After a change that is intended, write the files again, and check their diff before you commit it:

    python -m tests.test_readings
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import UTC, date
from functools import cache, partial
from typing import Any

import pytest

from benchmarks.generated_pages import CAPTURED, make_pages
from scraper.citations import ReferenceDocuments, Resolution, find, resolve
from scraper.model import Capture, Context, Mention, Page, Source
from scraper.parse import read_page
from scraper.reader import read
from scraper.sources import load, made_up
from scraper.warc.recording import Recording
from scraper.warc.records import decode
from tests.citations.scoring import own_passages
from tests.conftest import PROJECT, SAMPLE
from tests.test_pages import PAGES

FOLDER = PROJECT / "tests/readings"
_LIMIT = 10**7  # bytes of a page
_GENERATED = 60  # pages of each part


# --- pages and passages ----------------------------------------------------------------------------


def _page(name: str) -> tuple[Capture, Source]:
    """Returns a page of `tests/pages`."""
    truth = PAGES[name]
    headers = (("Content-Type", truth.get("content_type", "text/html")),)
    body = (PROJECT / "tests/pages" / f"{name}.html").read_bytes()
    return Capture(truth["url"], 200, headers, body, truth["captured"].astimezone(UTC)), made_up(truth["url"])


@cache
def _sample() -> dict[str, tuple[Capture, Source]]:
    """Returns the pages of the sample by the name of their file."""
    sources = [load()[name] for name in SAMPLE]
    recording = Recording([PROJECT / "samples/sample.warc.gz"])
    found = {}
    for url in recording.urls():
        source = next(one for one in sources if url.startswith(one.site))
        recorded = recording.find(url, _LIMIT)
        assert recorded is not None
        path = re.sub(r"[^\w.-]+", "_", url.removeprefix(source.site).strip("/"))[-80:] or "home"
        found[f"sample/{source.id}/{path}"] = decode(recorded.response, _LIMIT), source
    recording.close()
    return found


@cache
def _passages() -> dict[str, list[tuple[str, Context]]]:
    """Returns the passages of `tests/citations` by the name of their file."""
    relations = tomllib.loads((PROJECT / "tests/citations/relations_passages.toml").read_text(encoding="utf-8"))["group"]
    return {
        "passages/citations": [(passage.text, passage.context) for passage in own_passages()],
        "passages/relations": [(re.sub("[⟦⟧]", "", marked), Context()) for group in relations for marked, *_ in group["passages"]],
    }


# --- their readings as text ------------------------------------------------------------------------


def _plain(value: object) -> Any:
    """Returns a value as JSON can hold it, without empty fields."""
    if is_dataclass(value):
        named = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: _plain(one) for name, one in named.items() if one not in (None, "", (), False)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _line(name: str, value: object) -> str:
    return f"{name}: {json.dumps(value, ensure_ascii=False)}\n"


def _citation(field: str, mention: Mention, resolution: Resolution) -> str:
    row = _plain(mention) | {name: one for name, one in _plain(resolution).items() if name != "known"}
    return _line(f"citation in {field}", row)


def fields_as_text(page: Page) -> str:
    """Returns the fields of a page and of its article."""
    row = _plain(page)
    article = row.pop("article", {})
    body = article.get("body", {}).pop("value", "").split("\n\n")
    lines = [_line(field, value) for field, value in row.items() if field != "links"]
    lines += [_line(f"article {field}", value) for field, value in article.items()]
    lines += [_line("paragraph", paragraph) for paragraph in body if article]
    return "".join(lines)


def _links(page: Page) -> str:
    return "".join(_line("link", list(_plain(link).values())) for link in page.links)


def reading_as_text(capture: Capture, source: Source) -> str:
    reading = read(capture, source, ReferenceDocuments())
    citations = [_citation(one.field, one.mention, one.resolution) for one in reading.citations]
    return fields_as_text(reading.page) + "".join(citations) + _links(reading.page)


def _whole(name: str) -> str:
    return reading_as_text(*_page(name))


def _of_sample(name: str) -> str:
    return reading_as_text(*_sample()[name])


def _by_general_rules(name: str) -> str:
    return fields_as_text(read_page(*_page(name), generic=True, links=False))


def _generated(part: str) -> str:
    lines = []
    for made in make_pages(part, _GENERATED):
        page = read_page(Capture(made.url, 200, (), made.html.encode(), CAPTURED), made_up(made.url))
        lines += [_line("page", made.shape), fields_as_text(page), _links(page) if page.article is None else ""]
    return "".join(lines)


def passages_as_text(passages: Iterable[tuple[str, Context]]) -> str:
    """Returns the citations of passages with all that is read and resolved of each."""
    lines = []
    for text, context in passages:
        found = find(text, context)
        lines.append(_line("passage", text))
        lines += [_citation("it", *pair) for pair in zip(found, resolve(found, ReferenceDocuments(), context), strict=True)]
    return "".join(lines)


def _found(name: str) -> str:
    return passages_as_text(_passages()[name])


READERS: dict[str, Callable[[], str]] = {
    **{name: partial(_whole, name) for name in PAGES},
    **{f"generic/{name}": partial(_by_general_rules, name) for name in PAGES},
    **{name: partial(_of_sample, name) for name in _sample()},
    **{f"generated/{part}": partial(_generated, part) for part in ("seen", "held-out")},
    **{name: partial(_found, name) for name in _passages()},
}


@pytest.mark.parametrize("name", READERS)
def test_a_page_is_read_as_before(name: str) -> None:
    wanted = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert READERS[name]().splitlines() == wanted, "if this change is intended: python -m tests.test_readings"


def test_each_file_has_a_page() -> None:
    assert {path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.txt")} == set(READERS)


def main() -> None:
    """Writes the reading of every page and passage."""
    for name, reader in READERS.items():
        path = FOLDER / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(reader(), encoding="utf-8")


if __name__ == "__main__":
    main()
