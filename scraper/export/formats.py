"""The formats of files: their endings, their media types, and the pieces of a file of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scraper.export import parquet_file
from scraper.export.manifest import ArchiveState, about
from scraper.export.reading import Query, Rows
from scraper.export.text_files import CsvFile, JsonLines, pieces
from scraper.scratch_folder import ScratchFolder

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
_READ = 256 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Choices:
    """What a file of rows may have or not. `plain`: CSV without a byte order mark, and with formulas as they are."""

    plain: bool = False
    header: bool = True


def possible() -> list[str]:
    """Returns the endings of the formats that this installation can write."""
    return [ending for ending in MEDIA_TYPES if ending != "parquet" or parquet_file.is_possible()]


def file_pieces(ending: str, query: Query, reading: Rows, state: ArchiveState, choices: Choices) -> Iterator[bytes]:
    """Yields a file in pieces. CSV and JSON lines are written while they are read; Excel and Parquet begin when the whole file is
    written, in a temporary folder.
    """
    if ending == "csv":
        return pieces(reading, CsvFile(reading.columns, plain=choices.plain, header=choices.header, notice=state.notice))
    if ending == "jsonl":
        return pieces(reading, JsonLines(reading.columns, notice=state.notice))
    return _written_first(ending, query, reading, state)


def _written_first(ending: str, query: Query, reading: Rows, state: ArchiveState) -> Iterator[bytes]:
    with ScratchFolder("archive-file") as folder:
        path = folder / f"file.{ending}"
        if ending == "xlsx":
            from scraper.export import xlsx_file  # here, because few files are Excel files

            xlsx_file.write(path, reading, query.name, state.notice, about(query, state))
        else:
            parquet_file.write(path, reading, {**about(query, state), "notice": state.notice}, query.declared)
        with path.open("rb") as file:
            while piece := file.read(_READ):
                yield piece
