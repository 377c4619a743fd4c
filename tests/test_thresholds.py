"""The numbers of the general rules have names, and the benchmark shows what a wrong one costs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.thresholds import Truth, chart, collections, curves, table, thresholds
from tests.conftest import PROJECT

GENERIC = sorted((PROJECT / "scraper/parse/generic").glob("*.py"))
# Half of something, the next or the last, one or two of something: these need no name.
PLAIN = (-1, 0, 1, 2)


def unnamed(source: str) -> Iterator[str]:
    """Yields the numbers in functions, except plain ones, positions in a tuple, and arguments of decorators (sizes of caches)."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.Lambda):
            decorators = function.decorator_list if isinstance(function, ast.FunctionDef) else []
            left_out = {id(node) for decorator in decorators for node in ast.walk(decorator)}
            left_out |= {id(node.slice) for node in ast.walk(function) if isinstance(node, ast.Subscript)}
            for node in ast.walk(function):
                is_number = isinstance(node, ast.Constant) and type(node.value) in (int, float) and id(node) not in left_out
                if isinstance(node, ast.Constant) and is_number and node.value not in PLAIN:
                    yield f"line {node.lineno}: {node.value!r}"


@pytest.mark.parametrize("path", GENERIC, ids=lambda path: path.stem)
def test_every_number_of_the_general_rules_has_a_name(path: Path) -> None:
    assert list(unnamed(path.read_text(encoding="utf-8"))) == []


def test_a_number_without_a_name_is_found() -> None:
    assert list(unnamed("def f(text):\n    return len(text[3]) > 60 or text[:80]")) == ["line 2: 60", "line 2: 80"]


@pytest.mark.parametrize("path", GENERIC, ids=lambda path: path.stem)
def test_every_named_number_has_its_unit_or_its_reason_in_a_comment(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for name in (threshold.name for threshold in thresholds() if threshold.module == path.stem):
        line = next(line for line in lines if re.match(rf"(?:\w+, )?{name}(?:, \w+)? = ", line))
        assert "  # " in line, line


@pytest.fixture(scope="module")
def pages() -> list[Truth]:
    return [page for name, some in collections(12, None).items() if name != "sample" for page in some]


def test_the_curve_of_a_number_falls_at_a_wrong_value(pages: list[Truth]) -> None:
    wanted = [one for one in thresholds() if one.title == "text_blocks.MOST"]
    curve = curves(wanted, pages)[0]
    assert curve.shape == "sharp"
    assert curve.points[1] > curve.points[2.5]
    assert curve.points[1] > curve.points[0.4]
    assert curve.changed > 0
    assert "text_blocks.MOST | 0.9 | sharp" in table([curve])
    assert "text_blocks.MOST = 0.9" in chart([curve])


def test_a_number_keeps_its_value_after_it_was_measured(pages: list[Truth]) -> None:
    before = thresholds()
    curves([one for one in before if one.title == "lengths.SURE_TEXT"], pages[:4])
    assert thresholds() == before
