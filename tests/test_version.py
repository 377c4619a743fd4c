"""The version of the parsing code: it differs whenever that code differs, and only then."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scraper import __version__
from scraper.version import PARSING, READING_FILES, parser_version
from tests.conftest import PROJECT, Place


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Returns a copy of the package in another folder."""
    return Path(shutil.copytree(PROJECT / "scraper", tmp_path / "elsewhere", ignore=shutil.ignore_patterns("__pycache__")))


def _change(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content, path
    path.write_bytes(content.replace(old, new))


def test_the_folder_and_the_line_endings_do_not_matter(copy: Path) -> None:
    for name in ("text.py", "reference/laws.csv"):
        _change(copy / name, b"\n", b"\r\n")
    assert parser_version(copy) == parser_version()


@pytest.mark.parametrize(
    ("name", "added"), [("text.py", "# a comment"), ("parse/__init__.py", "X = 1"), ("reference/laws.csv", ","), ("parse/new.py", "")]
)
def test_each_byte_of_parsing_code_and_data_counts(copy: Path, name: str, added: str) -> None:
    with (copy / name).open("a", encoding="utf-8") as file:
        file.write(added)
    assert parser_version(copy) != parser_version()


@pytest.mark.parametrize("name", ["settings.py", "store/archive.py", "web/pages.py", "sources/sample.toml", "reference/README.md"])
def test_other_code_does_not_count(copy: Path, name: str) -> None:
    with (copy / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert parser_version(copy) == parser_version()


@pytest.mark.parametrize(
    ("first", "named"),
    [
        (("scraper.reader", "scraper.platforms"), PARSING),
        (("scraper.file_reader", "scraper.attachments.extractor", "scraper.attachments.worker"), READING_FILES),
    ],
)
def test_all_modules_that_are_used_count(first: tuple[str, ...], named: tuple[str, ...]) -> None:
    """Those that are imported in a fresh process."""
    program = f"import sys, {', '.join(first)}; print(*(name for name in sys.modules if name.startswith('scraper.')))"
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    parts = {name.split(".")[1] for name in done.stdout.split()}
    assert {one for one in parts if one not in named and f"{one}.py" not in named} == set()


def test_articles_and_runs_state_it(sample: Place) -> None:
    assert sample.rows("select distinct parser from articles") == [(parser_version(),)]
    assert sample.rows("select distinct parser from runs") == [(parser_version(),)]
    assert parser_version().startswith(f"{__version__}+p")


def test_one_version_everywhere() -> None:
    assert f"version: {__version__}\n" in (PROJECT / "CITATION.cff").read_text(encoding="utf-8")
    assert __version__ in (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_scrapy_version_prints_it(place: Place) -> None:
    lines = place.scrapy("version").stdout.splitlines()
    assert lines[0].startswith("Scrapy 2.")
    assert lines[1:] == [f"vietnam-government-news-archive {__version__}", f"Parsing code {parser_version()}"]
