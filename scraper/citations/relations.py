"""The words before a citation that say what an article does with the document (domain lexicon of citing)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from scraper.citations.patterns import by_first_letter

_CLAUSE = re.compile(r"[.;:\n]")


@cache
def _cues() -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern for all cues, the longest first, and the relation of each."""
    data = tomllib.loads((Path(__file__).parent / "grammar" / "relations.toml").read_text(encoding="utf-8"))
    relations = {cue: entry["relation"] for entry in data["relation"] for cue in entry["cues"]}
    cues = sorted(relations, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{by_first_letter((cue[0], re.escape(cue[1:])) for cue in cues)})(?!\w)"), relations


def relation_before(text: str, start: int) -> str | None:
    """The relation whose cue stands nearest before the citation, inside its clause; None where none does."""
    pattern, relations = _cues()
    head = _CLAUSE.split(text[max(0, start - 70) : start])[-1]
    cues = pattern.findall(head.lower())
    return relations[cues[-1]] if cues else None
