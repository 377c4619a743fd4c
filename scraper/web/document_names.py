"""The name of a document on a page: its label, and what distinguishes it from others that have the same label."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

# SQL: what `document_name` needs, for queries that have the table `documents`.
COLUMNS = (
    "documents.label, documents.number as document_number, documents.year as document_year,"
    " (select units.name from units where units.id = documents.unit_id) as document_unit"
)


def name_by_id(connection: sqlite3.Connection, document_id: object) -> str | None:
    """Returns the name of a document; None if there is none with this id. It is the SQL function `document_name`, for named queries."""
    row = connection.execute(f"select {COLUMNS} from documents where id = ?", [document_id]).fetchone()
    return None if row is None else distinct_name(*row)


def document_name(row: Mapping[str, Any]) -> str:
    """Returns the name for a row that has `COLUMNS`."""
    return distinct_name(row["label"], row["document_number"], row["document_year"], row["document_unit"])


def distinct_name(label: str, number: str | None, year: int | None, unit: str | None) -> str:
    """Returns the label of a document; with its unit and year if other documents have the same label.

    >>> distinct_name("Kế hoạch 10/KH-UBND", "10/KH-UBND", 2013, "An Giang")
    'Kế hoạch 10/KH-UBND (An Giang, 2013)'
    >>> distinct_name("Chỉ thị 07/2008/CT-BTTTT", "07/2008/CT-BTTTT", 2008, None)
    'Chỉ thị 07/2008/CT-BTTTT'
    """
    added = [unit] if unit else []
    if year and str(year) not in label and (number is None or str(year) not in number):
        added.append(str(year))
    return f"{label} ({', '.join(added)})" if added else label
