"""CSV and JSON lines: files that are written row by row, and sent while they are written."""

from __future__ import annotations

import base64
import csv
import json
import math
from collections.abc import Iterator
from typing import Protocol

from scraper.export.reading import Cell, Row, Rows
from scraper.export.texts import SUSPECT, as_text, cut_mark, inert, unique

BOM = b"\xef\xbb\xbf"
NOTICE = "notice"  # the last column, if the archive has a notice
_PIECE = 128 * 1024  # bytes of a piece, about: enough for speed, little enough for the memory of many exports
_MOST_ROWS = 2_000  # of a piece
_LARGE = 1024 * 1024  # characters of a piece after which a writer is replaced: it keeps four bytes for each character of its longest row


class TextFile(Protocol):
    """A file of which each part can be written without knowing the rest."""

    def begin(self) -> bytes: ...

    def rows(self, batch: list[Row]) -> bytes: ...

    def end(self, mark: str) -> bytes: ...


class _Lines:
    """What csv.writer writes to: a list of lines. io.StringIO would need four bytes for each character."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


class CsvFile:
    """CSV as RFC 4180 describes it, in UTF-8. For people it begins with a byte order mark, by which Excel recognises UTF-8, and formulas
    are inert; `plain`: neither. A NUL becomes U+FFFD, because many programs end a text there.
    """

    def __init__(self, columns: tuple[str, ...], *, plain: bool = False, header: bool = True, notice: str = "") -> None:
        self._columns, self._plain, self._header = columns, plain, header
        self._notice = (notice if plain else inert(notice),) if notice else ()
        self._lines: list[str] = []
        self._start_writer()

    def begin(self) -> bytes:
        mark = b"" if self._plain else BOM
        return mark + (self._written([(*self._columns, NOTICE) if self._notice else self._columns]) if self._header else b"")

    def rows(self, batch: list[Row]) -> bytes:
        return self._written([row + self._notice for row in batch] if self._notice else batch)

    def end(self, mark: str) -> bytes:
        return self._written([(mark, *[None] * (len(self._columns) - 1), *self._notice)]) if mark else b""

    def _start_writer(self) -> None:
        self._writer = csv.writer(_Lines(self._lines))

    def _written(self, rows: list[Row]) -> bytes:
        clean = _binary_as_text if self._plain else _inert
        self._writer.writerows(map(clean, rows))
        text = "".join(self._lines)
        self._lines.clear()
        if len(text) > _LARGE:
            self._start_writer()
        return (text.replace("\0", "\ufffd") if "\0" in text else text).encode()


def _inert(row: Row) -> list[Cell]:
    # Without a call for most cells: there are twenty in a row of articles.
    return [
        cell
        if type(cell) is str and cell[:1] not in SUSPECT
        else inert(cell)
        if type(cell) is str
        else as_text(cell)
        if type(cell) is bytes
        else cell
        for cell in row
    ]


def _binary_as_text(row: Row) -> list[Cell]:
    return [as_text(cell) if type(cell) is bytes else cell for cell in row]


class JsonLines:
    """One JSON object per line. Binary content is an object with "$base64" and "encoded", and an infinite number null, as in Datasette's
    JSON.
    """

    def __init__(self, columns: tuple[str, ...], *, notice: str = "") -> None:
        self._columns = unique(columns)
        self._notice = {NOTICE: notice} if notice else {}
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_as_base64, allow_nan=False).encode

    def begin(self) -> bytes:
        return b""

    def rows(self, batch: list[Row]) -> bytes:
        columns, encode, notice = self._columns, self._encode, self._notice
        try:
            lines = [encode(dict(zip(columns, row, strict=True)) | notice) for row in batch]
        except ValueError:  # JSON has no infinite numbers; SQL may give one
            finite = ([None if isinstance(one, float) and not math.isfinite(one) else one for one in row] for row in batch)
            lines = [encode(dict(zip(columns, row, strict=True)) | notice) for row in finite]
        return "".join(f"{line}\n" for line in lines).encode()

    def end(self, mark: str) -> bytes:
        return (self._encode({"_cut": mark}) + "\n").encode() if mark else b""


def _as_base64(content: object) -> dict[str, object]:
    assert isinstance(content, bytes)
    return {"$base64": True, "encoded": base64.b64encode(content).decode()}


def pieces(reading: Rows, file: TextFile) -> Iterator[bytes]:
    """Yields a file in pieces of about 128 kB. Each piece of rows is read when it is requested."""
    yield file.begin()
    size = 50
    while batch := reading.batch(size):
        piece = file.rows(batch)
        reading.written(len(piece))
        yield piece
        size = max(1, min(_MOST_ROWS, len(batch) * _PIECE // max(len(piece), 1)))
    if mark := cut_mark(reading):
        yield file.end(mark)
