"""Passages with their true citations, and the scores of the finder on them."""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from scraper.citations import find
from scraper.model import Context, Mention
from scraper.text import fold

OPEN, CLOSE = "⟦", "⟧"
FIELDS = ("kind", "doc_type", "number", "year", "issued_on", "issuer")


@dataclass(frozen=True)
class Passage:
    """A text and its citations: `start`, `end` and FIELDS. A field that the text does not state is None."""

    name: str
    text: str
    context: Context
    citations: tuple[Mapping[str, Any], ...]


def own_passages() -> list[Passage]:
    """Returns the passages of `passages.toml`."""
    path = Path(__file__).parent / "passages.toml"
    passages = []
    for number, entry in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["passage"], start=1):
        text, spans = unmarked(entry["text"])
        rows = [dict(zip(FIELDS, (value or None for value in cite), strict=True)) for cite in entry["cites"]]
        citations = tuple({"start": start, "end": end} | row for (start, end), row in zip(spans, rows, strict=True))
        passages.append(
            Passage(f"own-{number}", text, Context(province=entry.get("province"), published=entry.get("published")), citations)
        )
    return passages


def unmarked(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """Returns a text without the marks of its citations, and their spans."""
    text, spans = "", []
    for part in marked.split(OPEN):
        inside, closed, after = part.partition(CLOSE)
        if closed:
            spans.append((len(text), len(text) + len(inside)))
        text += inside + after
    return text, spans


def gold_passages(path: Path) -> list[Passage]:
    """Returns the passages of a gold set in JSON lines."""
    passages = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        given = row.get("source_context") or {}
        day = date.fromisoformat(given["published"][:10]) if given.get("published") else None
        context = Context(given.get("source_name"), given.get("province"), day)
        passages.append(Passage(row["id"], row["text"], context, tuple(row["citations"])))
    return passages


def measure(passages: Iterable[Passage]) -> dict[str, float]:
    """Returns rates from 0 to 1 by the name of the measure: span and document F1, document F1 of each kind and type, and how often each
    field that the text states was parsed correctly, for the mentions that were found.
    """
    spans, documents = _Counter(), _Counter()
    groups: dict[str, _Counter] = defaultdict(_Counter)
    fields: dict[str, list[bool]] = defaultdict(list)
    silent: list[bool] = []
    for passage in passages:
        found = find(passage.text, passage.context)
        spans.add({(c["start"], c["end"]) for c in passage.citations}, {(m.start, m.end) for m in found})
        wanted = {_key(c, passage.text): (c["kind"], c["doc_type"]) for c in passage.citations}
        got = {_key(row, passage.text): (row["kind"], row["doc_type"]) for row in map(_row, found)}
        documents.add(wanted.keys(), got.keys())
        for place, label in ((0, "kind"), (1, "type")):
            for name in {names[place] for names in (*wanted.values(), *got.values())}:
                groups[f"document/{label}={name}"].add(
                    {key for key, names in wanted.items() if names[place] == name},
                    {key for key, names in got.items() if names[place] == name},
                )
        at = {(m.start, m.end): m for m in found}
        for citation in passage.citations:
            mention = at.get((citation["start"], citation["end"]))
            for field in FIELDS if mention else ():
                if citation.get(field) is not None:
                    fields[field].append(_same(field, citation[field], getattr(mention, field)))
        if not passage.citations:
            silent.append(not found)
    rates = {"span": spans.f1, "document": documents.f1} | {name: group.f1 for name, group in groups.items()}
    rates |= {field: sum(right) / len(right) for field, right in fields.items()}
    if silent:
        rates["silent where nothing is cited"] = sum(silent) / len(silent)
    return {name: round(rate, 4) for name, rate in sorted(rates.items())}


class _Counter:
    def __init__(self) -> None:
        self.right = self.wanted = self.found = 0

    def add(self, wanted: Iterable[Any], found: Iterable[Any]) -> None:
        wanted, found = set(wanted), set(found)
        self.right += len(wanted & found)
        self.wanted += len(wanted)
        self.found += len(found)

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.wanted + self.found) if self.wanted + self.found else 1.0


def _row(mention: Mention) -> dict[str, Any]:
    return {"start": mention.start, "end": mention.end} | {field: getattr(mention, field) for field in FIELDS}


def _key(citation: Mapping[str, Any], text: str) -> tuple[str, str]:
    return citation["doc_type"], citation["number"] or fold(" ".join(text[citation["start"] : citation["end"]].split()))


def _same(field: str, wanted: Any, found: Any) -> bool:
    return _issuer(str(wanted)) == _issuer(str(found)) if field == "issuer" else bool(wanted == found)


def _issuer(name: str) -> list[str]:
    """Returns the words of a body's name that are compared. The words of the level and "và" are ignored, as in the shared scorer."""
    words = fold(name).replace("uy ban nhan dan", "ubnd").replace("hoi dong nhan dan", "hdnd").replace("thanh pho", " ")
    return [word for word in re.findall(r"[a-z0-9]+", words) if word not in ("tinh", "tp", "va")]
