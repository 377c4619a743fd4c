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
# Functions that are still over the limit. A function leaves this list when it is split.
LEFT = frozenset(
    (
        "scraper/citations/context/citation_fields.py: _mention",
        "scraper/citations/context/issuer.py: issuer_of",
        "scraper/citations/context/issuer.py: _placed",
        "scraper/citations/context/relations.py: _Reader._governs",
        "scraper/citations/resolving/short.py: of_register",
        "scraper/citations/resolving/statutes.py: _in_force",
        "scraper/citations/scan/numbered.py: _parse",
        "scraper/citations/scan/numbered.py: type_of",
        "scraper/citations/scan/type_nouns.py: noun_before",
        "scraper/commands/probe.py: _lines",
        "scraper/store/document_file.py: _document",
    )
)


def complexities(source: str) -> Iterator[tuple[str, int]]:
    """Yields each function and method with its complexity."""
    for block in cc_visit(source):
        for one in getattr(block, "methods", [block]):
            yield one.fullname, one.complexity


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_function_is_too_complex(path: Path) -> None:
    name = path.relative_to(PROJECT)
    found = {f"{name}: {function}": size for function, size in complexities(path.read_text(encoding="utf-8")) if size > MOST}
    assert {function: size for function, size in found.items() if function not in LEFT} == {}


def test_a_complex_function_is_found() -> None:
    source = "def f(x):\n" + "".join(f"    if x == {number} or x == -{number}:\n        return {number}\n" for number in range(1, 12))
    assert dict(complexities(source)) == {"f": 23}
