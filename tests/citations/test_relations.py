"""Relations: made sentences for each pitfall, and citations of a real site that were annotated by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from scraper.citations import find
from tests.citations import floors, relations
from tests.citations.scoring import CLOSE, OPEN
from tests.conftest import PROJECT

Shared = Callable[[str], Path]
HERE = Path(__file__).parent


def _passages() -> list[tuple[str, list[str]]]:
    groups = tomllib.loads((HERE / "relations_passages.toml").read_text(encoding="utf-8"))["group"]
    return [(text, relations) for group in groups for text, *relations in group["passages"]]


@pytest.mark.parametrize(("marked", "relations"), _passages(), ids=lambda value: value[:50] if isinstance(value, str) else "")
def test_the_relation_of_a_sentence(marked: str, relations: list[str]) -> None:
    mentions = find(marked.replace(OPEN, "").replace(CLOSE, ""))
    cited = [part.partition(CLOSE)[0] for part in marked.split(OPEN)[1:]]
    assert [mention.text for mention in mentions] == cited
    assert [mention.relation or "" for mention in mentions] == relations


@pytest.mark.parametrize("part", relations.PARTS)
def test_the_relations_of_a_real_site_stay_above_their_floors(shared: Shared, part: str) -> None:
    measured = relations.measured(shared("pages/hanoi/site.warc.gz"), part)
    pinned = floors.load()["floors"][f"relations, {part}"]
    assert {name: (measured.get(name), floor) for name, floor in pinned.items() if measured.get(name, 0) < floor} == {}


def test_every_annotated_citation_is_found(shared: Shared) -> None:
    judged = relations.judged(shared("pages/hanoi/site.warc.gz"))
    assert len(judged) >= 300
    assert [one for one in judged if one.found == "not found"] == []


def test_each_relation_is_defined(shared: Shared) -> None:
    """The grammar, the guideline and the annotated set have the same relations."""
    grammar = tomllib.loads((PROJECT / "scraper/citations/grammar/relations.toml").read_text(encoding="utf-8"))
    names = {entry["relation"] for entry in grammar["relation"]}
    annotated = {one.annotated for one in relations.judged(shared("pages/hanoi/site.warc.gz"))} - {"none"}
    guideline = (PROJECT / "docs/relations.md").read_text(encoding="utf-8")
    assert annotated <= names
    assert [name for name in names if f"| {name} |" not in guideline] == []
