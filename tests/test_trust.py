"""`docs/trust.md` names tests and benchmarks that exist."""

from __future__ import annotations

import ast
import re

import pytest

from tests.conftest import PROJECT

TRUST = (PROJECT / "docs" / "trust.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TRUST)


def test_every_promise_names_a_test() -> None:
    promises = re.split(r"(?m)^## ", TRUST)[1:]
    assert len(promises) >= 12
    assert [promise.splitlines()[0] for promise in promises if "::test_" not in promise] == []


@pytest.mark.parametrize("file", sorted({file for file, _ in NAMED}))
def test_the_named_tests_exist(file: str) -> None:
    tree = ast.parse((PROJECT / file).read_text(encoding="utf-8"))
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert {name for other, name in NAMED if other == file} - functions == set()


def test_the_named_benchmarks_exist() -> None:
    names = set(re.findall(r"python -m benchmarks\.(\w+)", TRUST))
    assert names and {name for name in names if not (PROJECT / "benchmarks" / f"{name}.py").exists()} == set()
