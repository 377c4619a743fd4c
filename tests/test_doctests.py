"""The examples in docstrings are right."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

from tests.conftest import PROJECT

WITH_EXAMPLES = [path for path in sorted((PROJECT / "scraper").rglob("*.py")) if ">>> " in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_the_examples_of_a_module(path: Path) -> None:
    result = doctest.testmod(import_module(".".join(path.relative_to(PROJECT).with_suffix("").parts)), raise_on_error=False)
    assert result.failed == 0 and result.attempted > 0


def test_the_modules_of_letters_and_urls_have_examples() -> None:
    assert {PROJECT / "scraper/text.py", PROJECT / "scraper/urls.py", PROJECT / "scraper/web_archive_urls.py"} <= set(WITH_EXAMPLES)
