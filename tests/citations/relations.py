"""Citations of a recorded site with a relation annotated by a person, and how often the relation that is found is the same.
The set has no text of the site. A citation is given by the URL of its article, the field, the cited string, and the number of equal strings
before it in the field. docs/relations.md describes how the set was drawn and annotated.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scraper.citations import context_of, find
from scraper.model import Article, Context
from scraper.parse import read_page
from scraper.sources import load
from scraper.warc.recording import Recording
from scraper.warc.records import decode

FILE = Path(__file__).parent / "relations_gold.csv"
PARTS = ("development", "held out", "fresh")
SOURCE = "hanoi-ict"


@dataclass(frozen=True)
class Judged:
    """A citation with the annotated relation and the one that is found. "none" means no relation, "not found" that the citation is not
    found.
    """

    part: str
    url: str
    sentence: str
    annotated: str
    found: str


@cache
def judged(site: Path) -> tuple[Judged, ...]:
    """Returns all annotated citations, parsed from the recording of the site. If an article is missing or cannot be parsed, its
    citations are "not found".
    """
    source = load()[SOURCE]
    recording = Recording([site])
    articles: dict[str, Article | None] = {}
    result = []
    with FILE.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            url = f"{source.site}{row['url']}"
            if url not in articles:
                recorded = recording.find(url, 10**7)
                articles[url] = read_page(decode(recorded.response, 10**7), source).article if recorded is not None else None
            article = articles[url]
            text = getattr(article, row["field"]).value or "" if article is not None else ""
            context = context_of(source, None)
            result.append(_judge(row, url, text, context))
    recording.close()
    return tuple(result)


def _judge(row: dict[str, str], url: str, text: str, context: Context) -> Judged:
    start = -1
    for _ in range(int(row["occurrence"]) + 1):
        start = text.find(row["cited"], start + 1)
    end = start + len(row["cited"])
    over = [mention for mention in find(text, context) if mention.start < end and mention.end > start] if start >= 0 else []
    found = (over[-1].relation or "none") if over else "not found"
    return Judged(row["part"], url, text[max(0, start - 150) : end + 80], row["relation"] or "none", found)


def measured(site: Path, part: str) -> dict[str, float]:
    """Returns the share of correct relations: of all citations of a part of the set, and of those of each annotated relation."""
    rows = [one for one in judged(site) if one.part == part]
    total, right = Counter(one.annotated for one in rows), Counter(one.annotated for one in rows if one.annotated == one.found)
    shares = {relation: round(right[relation] / total[relation], 4) for relation in sorted(total)}
    return {"all": round(right.total() / total.total(), 4)} | shares if rows else {}
