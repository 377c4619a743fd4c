"""Parquet files. Each column has one type: that of all its values, because SQLite lets every row choose. A column without a value has
the type that its table states, so that the files of two searches fit each other.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scraper.export.reading import Cell, Row, Rows
from scraper.export.texts import as_text, unique

METADATA = "archive"  # the key of what the file says about itself
_GROUP_SIZE = 16_000_000  # bytes of values in a row group, about
_GROUP_ROWS = 20_000
_BATCH = 1_000
_STATED = {"INTEGER": "integer", "FLOAT": "float", "REAL": "float", "BLOB": "binary"}  # types of SQLite; others are texts
_MOST_EXACT = 2**53  # whole numbers up to here are exact as floating-point numbers


def is_possible() -> bool:
    """Returns whether the package that writes Parquet is installed: the extra `parquet`."""
    return importlib.util.find_spec("pyarrow") is not None


def write(path: Path, reading: Rows, about: Mapping[str, object], declared: Mapping[str, str]) -> None:
    """Writes a Parquet file with all rows. `declared`: the types that the table states for its columns. If a later row shows that the type
    of a column was too narrow, the file is written once more.
    """
    types = ["null"] * len(reading.columns)
    while not _is_written(path, reading, about, types, declared):
        reading.begin()


def _is_written(path: Path, reading: Rows, about: Mapping[str, object], types: list[str], declared: Mapping[str, str]) -> bool:
    """Returns whether the file could be written with these types. If not, they are wider now."""
    from pyarrow.parquet import ParquetWriter

    groups = _groups(reading)
    first = next(groups, [])
    _widen(types, first)
    writer, written_types = None, list(types)
    try:
        schema = _schema(reading.columns, types, declared)
        writer = ParquetWriter(str(path), schema, compression="zstd")
        writer.write_table(_table(schema, types, first))
        for group in groups:
            _widen(types, group)
            if types != written_types:
                return False
            writer.write_table(_table(schema, types, group))
        facts = {**about, "rows": reading.count, "complete": reading.cut is None, "cut": reading.cut, "repaired_texts": reading.repaired}
        writer.add_key_value_metadata({METADATA: json.dumps(facts, ensure_ascii=False)})
    finally:
        if writer is not None:
            writer.close()
    return True


def _groups(reading: Rows) -> Iterator[list[Row]]:
    group: list[Row] = []
    size = 0
    while batch := reading.batch(_BATCH):
        group += batch
        grown = sum(len(cell) if isinstance(cell, str | bytes) else 8 for row in batch for cell in row)
        reading.written(grown)
        size += grown
        if size >= _GROUP_SIZE or len(group) >= _GROUP_ROWS:
            yield group
            group, size = [], 0
    if group:
        yield group


def _kind(cell: Cell) -> str:
    if cell is None:
        return "null"
    if isinstance(cell, int):
        return "integer" if abs(cell) <= _MOST_EXACT else "long"
    return {float: "float", bytes: "binary", str: "text"}[type(cell)]


def _joined(one: str, other: str) -> str:
    """Returns the type that holds the values of both without loss."""
    if one == other or other == "null":
        return one
    pair = {one, other}
    if "null" in pair:
        return other
    if pair == {"integer", "long"}:
        return "long"
    return "float" if pair == {"integer", "float"} else "text"


def _widen(types: list[str], rows: list[Row]) -> None:
    for column in range(len(types)):
        for kind in {_kind(row[column]) for row in rows}:
            types[column] = _joined(types[column], kind)


def _schema(columns: tuple[str, ...], types: list[str], declared: Mapping[str, str]) -> Any:
    import pyarrow

    kinds = [
        _STATED.get(declared.get(name, "").upper(), "text") if kind == "null" else kind for name, kind in zip(columns, types, strict=True)
    ]
    arrow = {
        "integer": pyarrow.int64(),
        "long": pyarrow.int64(),
        "float": pyarrow.float64(),
        "text": pyarrow.string(),
        "binary": pyarrow.binary(),
    }
    return pyarrow.schema([(name, arrow[kind]) for name, kind in zip(unique(columns), kinds, strict=True)])


def _table(schema: Any, types: list[str], rows: list[Row]) -> Any:
    import pyarrow

    arrays = []
    for column, kind in enumerate(types):
        cells: list[Cell] = [row[column] for row in rows]
        if kind == "text":
            cells = [
                cell if cell is None or isinstance(cell, str) else as_text(cell) if isinstance(cell, bytes) else str(cell) for cell in cells
            ]
        arrays.append(pyarrow.array(cells, type=schema.field(column).type))
    return pyarrow.Table.from_arrays(arrays, schema=schema)
