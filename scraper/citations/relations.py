"""The words before a citation that say what an article does with the document (domain lexicon of citing)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path


@cache
def _cues() -> tuple[tuple[str, re.Pattern[str]], ...]:
    data = tomllib.loads((Path(__file__).parent / "grammar" / "relations.toml").read_text(encoding="utf-8"))
    return tuple(
        (entry["relation"], re.compile(r"(?<!\w)(?:{})(?!\w)".format("|".join(map(re.escape, entry["cues"]))), re.IGNORECASE))
        for entry in data["relation"]
    )


def relation_before(text: str, start: int) -> str | None:
    """The relation whose cue stands nearest before the citation, inside its clause; None where none does."""
    head = re.split(r"[.;:\n]", text[max(0, start - 70) : start])[-1]
    best: tuple[int, str] | None = None
    for relation, pattern in _cues():
        for match in pattern.finditer(head):
            if best is None or match.end() > best[0]:
                best = (match.end(), relation)
    return best[1] if best else None
