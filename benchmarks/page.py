"""Runs the benchmarks in one run and writes `docs/benchmarks.md` with its pictures: `python -m benchmarks.page [--shared ../shared]`.

    python -m benchmarks.page --shared ../shared --peers peers/bin/python --small ten/archive.db --large million/archive.db

`--shared`: the folder with the recorded sites; without it, made-up pages are measured. `--peers`: a Python with the extractors that need
an environment of their own (`benchmarks/pages.py` says how to make it). `--small`, `--large`: copies of archives by
`benchmarks.big_archive`, for the growth; rows are added to them. `--only`: some parts; the others are taken from `--results`, the file
with the results of an earlier call. What was not measured is named so on the page.

All times are processor time, so that other work on the machine hardly matters, unless a heading says wall time. Each ratio is that of
one round, in which both sides ran one after the other; the page shows the median with the least and the most.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import sqlite3
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.forked_commands import PROJECT
from benchmarks.page_measurements import PARTS, Given
from benchmarks.page_parts import Part, Row, picture, table
from benchmarks.timing import Spread

_PACKAGES = ("Scrapy", "selectolax", "lxml", "trafilatura", "FastWARC", "warcio", "sqlite-utils", "datasette", "eyecite")
_CAUSES = "## Where the time went"  # the heading of the section that a person writes


def written(parts: dict[str, dict[str, Any]], images: Path, causes: str) -> str:
    """Returns the page, and writes its pictures to `images`."""
    sections, missing = [], []
    for name in PARTS:
        if not parts.get(name, {}).get("parts"):
            missing.append(f"- {name}: {(PARTS[name].__doc__ or '').partition(chr(10))[0]}")
            continue
        measured = parts[name]
        sections.append(f"<!-- {name} -->")
        for number, found in enumerate(measured["parts"]):
            part = Part(
                found["title"], found["ratio"], [Row(**row | {"ratio": Spread(**row["ratio"])}) for row in found["rows"]], found["note"]
            )
            file = f"benchmarks-{name}-{number + 1}.svg"
            (images / file).write_text(picture(part), encoding="utf-8")
            note = f"\n{part.note}\n" if part.note else ""
            under = f"commit {measured['commit']}, {measured['rounds']} rounds, load of the machine {measured['load']:.0f}"
            when = f"Measured on {measured['day']}, {under}."
            sections.append(f"## {part.title}\n\nRatio: {part.ratio}. {when}\n\n![{part.ratio}](images/{file})\n\n{table(part)}\n{note}")
    versions = ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    named = "\n".join(["Not measured:\n", *missing, "\n"]) if missing else ""
    return (
        "# Benchmarks\n\n"
        "`python -m benchmarks.page --shared ../shared` writes this page, except its last section. Times are processor time, unless a\n"
        "heading says wall time. Each ratio is that of one round in which all were measured in turn, with the least and the most of the\n"
        "rounds: other work on the machine slows both sides. Absolute numbers hold only for the machine and its load at that time.\n\n"
        "`benchmarks.serving` measures more pages than those of the search, with their goals: [serving.md](serving.md).\n\n"
        f"Machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}.\n"
        f"Versions: {versions}.\n\n"
        f"{named}" + "\n".join(sections) + f"\n{causes}"
    )


def _commit() -> str:
    """Returns the commit that is measured, and whether files differ from it."""
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude=*"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "unknown"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def main() -> None:
    """Measures and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--small", type=Path)
    parser.add_argument("--large", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=[*PARTS], default=[*PARTS])
    parser.add_argument("--results", type=Path, help="a JSON file with the results; those of parts that are not measured now stay")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    given = Given(options.shared, options.peers, options.small, options.large, options.rounds)
    parts: dict[str, Any] = {}
    if options.results is not None and options.results.exists():
        parts = json.loads(options.results.read_text(encoding="utf-8"))
    commit = _commit()
    for name in options.only:
        print(f"{name} ...", file=sys.stderr, flush=True)
        load = os.getloadavg()[0]
        found = [asdict(one) for one in PARTS[name](given)]
        day = f"{datetime.now(UTC):%Y-%m-%d}"
        parts[name] = {"parts": found, "day": day, "commit": commit, "rounds": options.rounds, "load": load}
        if options.results is not None:
            options.results.write_text(json.dumps(parts, ensure_ascii=False, indent=1), encoding="utf-8")
    images = PROJECT / "docs/images"
    for old in images.glob("benchmarks-*.svg"):
        old.unlink()
    page = PROJECT / "docs/benchmarks.md"
    before = page.read_text(encoding="utf-8") if page.exists() else _CAUSES
    page.write_text(written(parts, images, _CAUSES + before.partition(_CAUSES)[2]), encoding="utf-8")


if __name__ == "__main__":
    main()
