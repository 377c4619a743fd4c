"""Relations: sentences of our own for each pitfall, and citations of a real site that were annotated by hand."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from scraper.citations import find
from tests.citations.scoring import CLOSE, OPEN

HERE = Path(__file__).parent
HOST = "https://sotttt.hanoi.gov.vn"
# Right by relation, of those annotated. A floor only rises; docs/relations.md gives the same figures.
FLOORS: dict[str, dict[str, tuple[int, int]]] = {}


def _passages() -> list[tuple[str, list[str]]]:
    groups = tomllib.loads((HERE / "relations_passages.toml").read_text(encoding="utf-8"))["group"]
    return [(text, relations) for group in groups for text, *relations in group["passages"]]


@pytest.mark.parametrize(("marked", "relations"), _passages(), ids=lambda value: value[:50] if isinstance(value, str) else "")
def test_the_relation_of_a_sentence(marked: str, relations: list[str]) -> None:
    mentions = find(marked.replace(OPEN, "").replace(CLOSE, ""))
    cited = [part.partition(CLOSE)[0] for part in marked.split(OPEN)[1:]]
    assert [mention.text for mention in mentions] == cited
    assert [mention.relation or "" for mention in mentions] == relations
