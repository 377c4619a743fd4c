"""Reference data that the project ships: units, issuers, document types, laws and known documents (CSV files in this folder).

Rows are read once and cached. `README.md` in this folder says how the tables were made and how reliable they are.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from scraper.model import Unit

FOLDER = Path(__file__).parent
_FIGURE = re.compile(r'"?0*(\d*)')


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Returns the rows of `<name>.csv` as read-only mappings of strings. An empty cell is ''.

    Raises FileNotFoundError if the project ships no such table.
    """
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        names = next(lines)
        return tuple(MappingProxyType(dict(zip(names, cells, strict=True))) for cells in lines)


def label(codes: str, code: str, language: str = "en") -> str:
    """Returns the name of a code of `labels.csv` in a language, or the code itself if it has no name. `codes`: the list to which it
    belongs.
    """
    return next((row[f"name_{language}"] for row in rows("labels") if (row["list"], row["code"]) == (codes, code)), code)


@cache
def lines_by_serial(name: str) -> Mapping[str, Sequence[str]]:
    """Returns the lines of `<name>.csv`, not parsed yet, grouped by the serial at their beginning, without leading zeros.

    A line begins with the number of a document ("07/2008/CT-BTTTT@2008-12-30" is in group "7"). A line that begins with a letter is in
    group "". No cell of these tables contains a line break; a test checks that. Grouping 9,000 lines takes 10 ms, while parsing them takes
    ten times as long, and a command looks up only a few.
    """
    _, *lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for line in lines:
        match = _FIGURE.match(line)
        groups[match[1] if match else ""].append(line)
    return groups


def parse_lines(name: str, lines: Iterable[str]) -> list[dict[str, str]]:
    """Parses lines of `<name>.csv`. Returns rows like those of `rows`."""
    return [dict(zip(_header(name), cells, strict=True)) for cells in csv.reader(lines)]


@cache
def _header(name: str) -> tuple[str, ...]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(next(csv.reader(file)))


def split(cell: str) -> tuple[str, ...]:
    """Returns the parts of a cell that holds a list separated by `;`."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def day(cell: str) -> date | None:
    """Returns the day in a cell, or None if the cell is empty."""
    return date.fromisoformat(cell) if cell else None


@cache
def units() -> Mapping[str, Unit]:
    """Returns every known unit by its id: provinces in each period, ministries and agencies."""
    return MappingProxyType(
        {
            row["unit_id"]: Unit(
                id=row["unit_id"],
                series=row["series_id"],
                name=row["name"],
                full_name=row["full_name"],
                kind=row["kind"],
                valid_from=day(row["valid_from"]),
                valid_to=day(row["valid_to"]),
                successors=split(row["successors"]),
                aliases=split(row["aliases"]),
            )
            for row in rows("units")
        }
    )
