"""The quality gate: no measure of the citation engine, for any kind or type, falls below its floor."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.citations import floors
from tests.citations.scoring import gold_passages, measure, own_passages
from tests.conftest import PROJECT

Shared = Callable[[str], Path]


def _below(name: str, measured: dict[str, float]) -> list[str]:
    pinned = floors.load()["floors"][name]
    return [f"{measure}: {measured.get(measure)} is below {floor}" for measure, floor in pinned.items() if measured.get(measure, 0) < floor]


def test_own_passages_stay_above_their_floors() -> None:
    assert _below("own", measure(own_passages())) == []


def test_the_gold_set_stays_above_its_floors(shared: Shared) -> None:
    assert _below("dev", measure(gold_passages(shared("citations/dev.jsonl")))) == []


def test_the_passages_that_failed_once_stay_right(shared: Shared) -> None:
    """Split and joined numbers, dates of the next document, districts, offices, Party bodies, tables, text without diacritics."""
    measured = measure(gold_passages(shared("cases/citations.jsonl")))
    fields = ("document", "span", "issued_on", "issuer", "year", "doc_type", "number", "kind")
    assert {field: measured[field] for field in fields} == dict.fromkeys(fields, 1.0)


def test_the_floors_are_no_lower_than_required() -> None:
    pinned = floors.load()["floors"]["dev"]
    required = {"document": 0.985, "span": 0.97, "issued_on": 0.97, "issuer": 0.95, "doc_type": 0.99, "year": 0.98}
    assert {name: pinned[name] for name in required if pinned[name] < required[name]} == {}
    assert round((1 - pinned["silent where nothing is cited"]) * 107) <= 2


def test_no_floor_ever_fell_without_a_reason() -> None:
    """Compares the file with each of its versions in git."""
    path = floors.FILE.relative_to(PROJECT).as_posix()
    git = shutil.which("git")
    if git is None or not (PROJECT / ".git").exists():
        pytest.skip("needs the history of the project, and there is none here")
    log = subprocess.run([git, "log", "--format=%H", "--", path], cwd=PROJECT, capture_output=True, text=True, check=True)
    now = floors.load()
    for commit in log.stdout.split():
        shown = subprocess.run([git, "show", f"{commit}:{path}"], cwd=PROJECT, capture_output=True, text=True, check=False)
        if shown.returncode == 0:
            assert floors.unexplained(json.loads(shown.stdout), now) == []
    assert all(row["reason"].strip() for row in now["lowered"])


def test_a_floor_that_falls_is_seen() -> None:
    before = {"floors": {"own": {"span": 1.0, "year": 0.9}}, "lowered": []}
    fallen = {"floors": {"own": {"span": 0.98}}, "lowered": []}
    assert floors.unexplained(before, fallen) == ["own: span fell from 1.0 to 0.98", "own: year fell from 0.9 to None"]
    explained = [{"set": "own", "measure": name, "reason": "..."} for name in ("span", "year")]
    assert floors.unexplained(before, fallen | {"lowered": explained}) == []
