"""No function of the project is too complex: radon counts at most 20 paths through each, with boolean operators.

`radon cc -s -n D scraper` prints the functions that are. Split such a function into steps with names.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from radon.complexity import cc_visit

from tests.conftest import PROJECT

MODULES = sorted((PROJECT / "scraper").rglob("*.py"))
MOST = 20


def complexities(source: str) -> Iterator[tuple[str, int]]:
    """Yields each function and method with its complexity."""
    for block in cc_visit(source):
        for one in getattr(block, "methods", [block]):
            yield one.fullname, one.complexity


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_function_is_too_complex(path: Path) -> None:
    assert {name: size for name, size in complexities(path.read_text(encoding="utf-8")) if size > MOST} == {}


def test_a_complex_function_is_found() -> None:
    source = "def f(x):\n" + "".join(f"    if x == {number} or x == -{number}:\n        return {number}\n" for number in range(1, 12))
    assert dict(complexities(source)) == {"f": 23}
