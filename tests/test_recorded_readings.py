"""Everything that is read from the two recorded sites and the annotated passages in `../shared`, as one digest for each part and field.

The recorded pages are not part of the project, so only digests are kept (`tests/recorded_readings.json`). They show which field a change of
the code changes. To see the values, write the readings with the code before and with the code after the change, and compare the folders:

    python -m tests.test_recorded_readings FOLDER    writes the readings as text
    python -m tests.test_recorded_readings           writes the digests, if the change is intended
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

import pytest

from scraper.model import Source
from scraper.parse import read_page
from scraper.sources import load
from scraper.warc.recording import Recording
from scraper.warc.records import decode
from tests.citations.scoring import gold_passages
from tests.conftest import PROJECT, SHARED
from tests.test_readings import fields_as_text, passages_as_text, reading_as_text

DIGESTS = PROJECT / "tests/recorded_readings.json"
_LIMIT = 10**7  # bytes of a page


@dataclass(frozen=True)
class Part:
    """Pages of a recorded site, or passages. `step`: every so many URLs, so that the test takes few seconds."""

    site: str
    source: Source
    step: int = 1
    generic: bool = False  # by the general rules, as after a redesign
    passages: str = ""  # a file of passages, instead of a site

    @property
    def file(self) -> str:
        return self.passages or f"pages/{self.site}/site.warc.gz"


_NUKEVIET = Source(id="nukeviet", name="nukeviet", unit="nghe-an", site="http://sotttt.nghean.test", hosts=("sotttt.nghean.test",))
PARTS = {
    "nukeviet": Part("nukeviet", _NUKEVIET),
    "nukeviet by general rules": Part("nukeviet", _NUKEVIET, 3, generic=True),
    "hanoi": Part("hanoi", load()["hanoi-ict"], 3),
    "hanoi by general rules": Part("hanoi", load()["hanoi-ict"], 12, generic=True),
    "annotated passages": Part("", _NUKEVIET, passages="citations/dev.jsonl"),
    "difficult passages": Part("", _NUKEVIET, passages="cases/citations.jsonl"),
}


def _readings(part: Part) -> Iterator[tuple[str, str]]:
    """Yields the URL of each page, or the id of each passage, and its reading as text."""
    if part.passages:
        for passage in gold_passages(SHARED / part.passages):
            yield passage.name, passages_as_text([(passage.text, passage.context)])
        return
    recording = Recording([SHARED / part.file])
    for url in sorted(recording.urls())[:: part.step]:
        recorded = recording.find(url, _LIMIT)
        if recorded is None:
            continue
        capture = decode(recorded.response, _LIMIT)
        if part.generic:
            yield url, fields_as_text(read_page(capture, part.source, generic=True, links=False))
        else:
            yield url, reading_as_text(capture, part.source)
    recording.close()


@cache
def _digests(name: str) -> dict[str, str]:
    """Returns a digest of all lines of each field."""
    lines: defaultdict[str, blake2b] = defaultdict(lambda: blake2b(digest_size=8))
    for url, text in _readings(PARTS[name]):
        for line in text.splitlines():
            lines[line.partition(": ")[0]].update(f"{url} {line}\n".encode())
    return {field: lines[field].hexdigest() for field in sorted(lines)}


@pytest.mark.parametrize("name", PARTS)
def test_a_recorded_site_is_read_as_before(shared: Callable[[str], Path], name: str) -> None:
    shared(PARTS[name].file)
    wanted, found = json.loads(DIGESTS.read_text(encoding="utf-8"))[name], _digests(name)
    changed = sorted(field for field in wanted.keys() | found.keys() if wanted.get(field) != found.get(field))
    assert changed == [], "see the top of this file for how to see the values, and for what to do if the change is intended"


def main(folder: str = "") -> None:
    """Writes the digests, or all readings as text into a folder."""
    if not folder:
        DIGESTS.write_text(json.dumps({name: _digests(name) for name in PARTS}, indent=1) + "\n", encoding="utf-8")
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, part in PARTS.items():
        text = "\n".join(f"{url}\n{reading}" for url, reading in _readings(part))
        (Path(folder) / f"{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
