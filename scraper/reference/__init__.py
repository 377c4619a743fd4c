"""Reference data that the project ships: units, issuers, document types, laws and known documents (CSV beside this file).

Rows are read once and kept. How the tables were made and how far to trust them: `README.md` in this folder.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from scraper.model import Unit

FOLDER = Path(__file__).parent


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of `<name>.csv` as read-only mappings of strings; an empty cell is ''.

    Raises FileNotFoundError where the project ships no such table.
    """
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(MappingProxyType(row) for row in csv.DictReader(file))


def split(cell: str) -> tuple[str, ...]:
    """The parts of a cell that holds a list, which `;` separates."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def day(cell: str) -> date | None:
    """The day in a cell, or None where it is empty."""
    return date.fromisoformat(cell) if cell else None


@cache
def units() -> Mapping[str, Unit]:
    """Every known unit by its id: provinces in each period, ministries and agencies."""
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
