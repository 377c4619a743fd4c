"""Loads the reference data into the archive: units, document types, issuers, rules, known documents."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import date

from sqlite_utils import Database

from scraper.model import Unit
from scraper.reference import FOLDER, rows, units
from scraper.store.documents import load_reference_documents
from scraper.text import collation_key


def load_reference(database: Database) -> None:
    """Updates the reference tables to the data files of the project. Does nothing if the files have not changed.

    PRAGMA user_version holds a checksum of the files that were loaded.
    """
    version = _version()
    if database.execute("pragma user_version").fetchone()[0] == version:
        return
    current = _current_units(units())
    with database.conn:
        database.conn.execute("pragma defer_foreign_keys = on")
        database.table("units").upsert_all(
            (_unit_row(unit, row, current.get(unit.id)) for unit, row in zip(units().values(), rows("units"), strict=True)), pk="id"
        )
        database.table("document_types").upsert_all(
            (
                {
                    "id": row["type_id"],
                    "code": row["code"] or None,
                    "name": row["name_vi"],
                    "name_en": row["name_en"],
                    "class": row["class"],
                    "used_from": row["used_from"] or None,
                    "used_to": row["used_to"] or None,
                }
                for row in rows("document_types")
            ),
            pk="id",
        )
        database.table("issuers").upsert_all(
            (
                {
                    "id": row["issuer_id"],
                    "code": row["code"],
                    "name": row["name_vi"],
                    "name_en": row["name_en"],
                    "level": row["level"],
                    "valid_from": row["valid_from"] or None,
                    "valid_to": row["valid_to"] or None,
                }
                for row in rows("issuers")
            ),
            pk="id",
        )
        database.conn.execute("delete from rules")  # no code of an earlier version stays; nothing refers to the table by a foreign key
        database.table("rules").insert_all(
            {
                "code": row["code"],
                "kind": row["kind"],
                "confidence": row["confidence"] or None,
                "name": row["name_vi"],
                "name_en": row["name_en"],
            }
            for row in rows("rules")
        )
        load_reference_documents(database)
        database.conn.execute(f"pragma user_version = {version}")


def _version() -> int:
    checksum = 0
    for path in sorted(FOLDER.glob("*.csv")):
        checksum = zlib.crc32(path.read_bytes(), checksum)
    return checksum & 0x7FFFFFFF


def _unit_row(unit: Unit, row: Mapping[str, str], current: str | None) -> dict[str, object]:
    return {
        "id": unit.id,
        "series": unit.series,
        "kind": unit.kind,
        "name": unit.name,
        "full_name": unit.full_name,
        "name_en": row["name_en"] or None,
        "sort_key": collation_key(unit.name),
        "valid_from": _iso(unit.valid_from),
        "valid_to": _iso(unit.valid_to),
        "successors": ";".join(unit.successors) or None,
        "current_unit_id": current,
        "latitude": float(row["lat"]) if row["lat"] else None,
        "longitude": float(row["lon"]) if row["lon"] else None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _current_units(known: Mapping[str, Unit]) -> dict[str, str]:
    """Returns for each unit the present-day unit that took it over: itself, or the end of a chain of single successors.

    A unit that was split into several has no entry.
    """
    current: dict[str, str] = {}
    for unit in known.values():
        end, steps = unit, 0
        while end.valid_to is not None and len(end.successors) == 1 and steps < len(known):
            end, steps = known[end.successors[0]], steps + 1
        if end.valid_to is None:
            current[unit.id] = end.id
    return current
