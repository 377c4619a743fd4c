"""Measures how fast citations are found: `python -m benchmarks.citations [CORPUS]`.

CORPUS is an archive.db, a JSON list of texts, or a folder of .txt files. Without it, the sample's articles are used repeatedly. These are
measured in one run, on one core: the finder on the corpus; the bare scan, the cheapest regular expression that could find every candidate
(several are tried, the fastest counts); the naive pattern, a noun and a number in one line; and eyecite on English text of the same size
with as many citations. That text is generated here, since the project contains no texts of others. Only this benchmark needs eyecite: pip
install -e '.[bench]'
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.timing import Timed, table, timed
from scraper.citations import find

# Each could find every candidate: a digit, or the first words of a statute's name.
BARE = (r"\d|uật|háp lệnh|iến pháp|BL", r"\d|[Ll]uật|[Pp]háp lệnh|[Hh]iến pháp")
NAIVE = r"(?:Luật|Pháp lệnh|Nghị định|Nghị quyết|Quyết định|Chỉ thị|Thông tư|Công văn|Kế hoạch)(?: số)? \d+[a-z]?(?:/\d{4})?/[\w-]+"


def read(path: Path) -> list[str]:
    """Returns the texts of a corpus."""
    if path.is_dir():
        return [file.read_text(encoding="utf-8") for file in sorted(path.rglob("*.txt"))]
    if path.suffix == ".json":
        return [str(text) for text in json.loads(path.read_text(encoding="utf-8"))]
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return [row[0] for row in database.execute("select body from article_text where body <> ''")]


def sample() -> list[str]:
    """Returns the bodies of the sample's articles."""
    rows = map(json.loads, (Path(__file__).parents[1] / "samples/truth.jsonl").read_text(encoding="utf-8").splitlines())
    return ["\n\n".join(row["body_paragraphs"]) for row in rows if not row["external_link"]]


def filled(texts: Sequence[str], megabytes: float) -> list[str]:
    """Returns the texts, repeated or cut off so that they have about this size."""
    chosen: list[str] = []
    size = 0
    while size < megabytes * 1e6:
        for text in texts:
            chosen.append(text)
            size += len(text.encode())
            if size >= megabytes * 1e6:
                break
    return chosen


def english(megabytes: float, per_megabyte: float) -> list[str]:
    """Returns English text like news, with the given number of citations of cases and statutes per megabyte."""
    chance = random.Random(7)
    plain = (
        "The department reported on Tuesday that most districts had completed the first phase of the programme.",
        "Officials said that training courses would continue through the autumn, and that results would be published.",
        "Several offices have moved their services online, and residents can now follow an application from home.",
        "The director thanked the local committees for their work and invited them to send results by the end of the month.",
    )
    cites = (
        "Brown v. Board of Education, 347 U.S. 483 (1954)",
        "Roe v. Doe, 410 F.2d 113, 120 (9th Cir. 1973)",
        "42 U.S.C. § 1983",
        "Smith v. Jones, 12 Cal. App. 4th 34 (1992)",
    )
    texts: list[str] = []
    size, owed = 0, 0.0
    while size < megabytes * 1e6:
        parts: list[str] = []
        for _ in range(25):
            sentence = chance.choice(plain)
            owed += len(sentence) * per_megabyte / 1e6
            if owed >= 1:
                owed -= 1
                sentence = f"{sentence[:-1]}, as held in {chance.choice(cites)}."
            parts.append(sentence)
        texts.append(" ".join(parts))
        size += len(texts[-1])
    return texts


def _finder(pattern: str) -> Callable[[str], int]:
    compiled = re.compile(pattern)
    return lambda text: sum(1 for _ in compiled.finditer(text))


def measure(texts: Sequence[str]) -> tuple[list[Timed], Timed]:
    """Returns all rows of the table, and the row of our finder."""
    find("Quyết định số 12/2009/QĐ-TTg")  # loads the grammar before the measurement starts
    ours = timed("find", texts, lambda text: len(find(text)))
    rows = [
        ours,
        min((timed("bare scan", texts, _finder(pattern)) for pattern in BARE), key=lambda one: one.seconds),
        timed("naive pattern", texts, _finder(NAIVE)),
    ]
    try:
        from eyecite import get_citations
    except ImportError:
        print("eyecite is not installed, and left out: pip install -e '.[bench]'", file=sys.stderr)
    else:
        get_citations("347 U.S. 483 (1954)")
        size = min(ours.megabytes, 4.0)  # it takes a while
        rows.append(timed("eyecite, English", english(size, ours.found / ours.megabytes), lambda text: len(get_citations(text)), rounds=1))
    return rows, ours


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path)
    parser.add_argument("--megabytes", type=float, default=20.0, help="how much is read (default 20)")
    options = parser.parse_args()
    texts = filled(read(options.corpus) if options.corpus else sample(), options.megabytes)
    print(f"{len(texts)} texts, {sum(len(text.encode()) for text in texts) / 1e6:.1f} MB of {options.corpus or 'the sample'}\n")
    rows, ours = measure(texts)
    print(table(rows, ours))


if __name__ == "__main__":
    main()
