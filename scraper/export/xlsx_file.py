"""Excel files (XLSX): text is always text, never a formula, a link or a number; what Excel cannot hold is listed in the last sheet."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from scraper.export.reading import Cell, Rows
from scraper.export.text_files import NOTICE
from scraper.export.texts import as_text, cut_mark, for_xml

MOST_ROWS = 1_048_576  # of a sheet, with the line of names
MOST_CHARACTERS = 32_767  # of a cell, counted as UTF-16
_MOST_EXACT = 10**15  # Excel keeps fifteen digits of a number
_LISTED = 1_000  # cut cells that are listed one by one
_BATCH = 500
_NO_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 (Excel has no zones): the same rows give the same bytes, whenever they are written
ABOUT = "Về tệp · About"


def write(path: Path, reading: Rows, name: str, notice: str, about: Mapping[str, object], *, most_rows: int = MOST_ROWS) -> None:
    """Writes an Excel file with all rows; more than `most_rows` continue in further sheets. `about`: what the last sheet says of the file,
    beside what was cut. Memory does not grow with the number of rows.
    """
    options = {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), options) as workbook:
        workbook.use_zip64()
        workbook.set_properties({"title": name, "comments": notice, "created": _NO_TIME})
        sheets = _Sheets(workbook, reading, name, notice, most_rows)
        while batch := reading.batch(_BATCH):
            for row in batch:
                sheets.add(row)
            reading.written(sheets.taken_size())
        if mark := cut_mark(reading):
            sheets.add((mark,))
        _write_about(workbook, notice, {**about, **sheets.facts()}, sheets.cut_cells)


class _Sheets:
    """The sheets of the rows."""

    def __init__(self, workbook: Workbook, reading: Rows, name: str, notice: str, most_rows: int) -> None:
        self._workbook, self._reading, self._most_rows = workbook, reading, most_rows
        self._name = re.sub(r"[\[\]:*?/\\']", "_", name)[:25] or "data"
        self._notice = (notice,) if notice else ()
        self._names = (*reading.columns, NOTICE) if notice else reading.columns
        self._bold = workbook.add_format({"bold": True})
        self._number = 0  # of the sheet
        self._size = 0
        self.cut_cells: list[tuple[str, int, str, int]] = []  # sheet, line, column, characters
        self._cut_count = 0
        self._new_sheet()

    def _new_sheet(self) -> None:
        self._number += 1
        self._title = self._name if self._number == 1 else f"{self._name} ({self._number})"
        self._sheet: Worksheet = self._workbook.add_worksheet(self._title)
        self._sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self._sheet.freeze_panes(1, 0)
        for column, text in enumerate(self._names):
            self._sheet.set_column(column, column, min(max(len(text) + 2, 10), 40))
            self._sheet.write_string(0, column, for_xml(text)[:MOST_CHARACTERS], self._bold)
        self._line = 1

    def add(self, row: tuple[Cell, ...]) -> None:
        if self._line == self._most_rows:
            self._new_sheet()
        for column, cell in enumerate(row + self._notice):
            if cell is not None:
                self._write(column, cell)
        self._line += 1

    def _write(self, column: int, cell: Cell) -> None:
        if (isinstance(cell, int) and abs(cell) < _MOST_EXACT) or (isinstance(cell, float) and math.isfinite(cell)):
            self._sheet.write_number(self._line, column, cell)
            self._size += 8
            return
        text = for_xml(as_text(cell) if isinstance(cell, bytes) else str(cell))
        if len(text) > MOST_CHARACTERS // 2:
            text = self._fitting(column, text)
        self._sheet.write_string(self._line, column, text)
        self._size += len(text)

    def _fitting(self, column: int, text: str) -> str:
        """Returns a text that Excel can hold: a longer one is cut, and says so."""
        size = _utf16_length(text)
        if size <= MOST_CHARACTERS:
            return text
        mark = f" *** CUT: {size:,} characters · Bị cắt: {size:,} ký tự ***"
        encoded = text.encode("utf-16-le")[: 2 * (MOST_CHARACTERS - len(mark))]
        self._cut_count += 1
        if len(self.cut_cells) < _LISTED:
            self.cut_cells.append((self._title, self._line + 1, self._names[column], size))
        return encoded.decode("utf-16-le", "ignore") + mark

    def taken_size(self) -> int:
        """Returns the size of the values since the last call."""
        size, self._size = self._size, 0
        return size

    def facts(self) -> dict[str, object]:
        """Returns what the last sheet says about the sheets."""
        return {
            "rows": self._reading.count,
            "sheets": self._number,
            "complete": self._reading.cut is None,
            "cut_cells": self._cut_count,
            "repaired_texts": self._reading.repaired,
        }


def _utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


_NAMES = {  # English, Vietnamese
    "database": ("Database", "Cơ sở dữ liệu"),
    "table": ("Table", "Bảng"),
    "query": ("Named query", "Truy vấn có sẵn"),
    "filters": ("Filters of the page", "Bộ lọc của trang"),
    "sql": ("SQL", "SQL"),
    "parameters": ("Parameters", "Tham số"),
    "last_run": ("Last run of the archive", "Lượt chạy gần nhất của kho"),
    "rows": ("Rows", "Số dòng"),
    "sheets": ("Sheets with rows", "Số trang tính có dữ liệu"),
    "complete": ("All rows are here", "Có đủ mọi dòng"),
    "cut_cells": ("Cells that were too long for Excel, and were cut", "Số ô quá dài với Excel nên bị cắt"),
    "repaired_texts": ("Texts that were not UTF-8, with U+FFFD for wrong bytes", "Số đoạn chữ không phải UTF-8, byte sai thay bằng U+FFFD"),
}


def _write_about(workbook: Workbook, notice: str, about: Mapping[str, object], cut_cells: list[tuple[str, int, str, int]]) -> None:
    sheet = workbook.add_worksheet(ABOUT)
    sheet.set_column(0, 1, 45)
    sheet.set_column(2, 2, 90)
    lines: list[tuple[object, ...]] = [("Notice", "Lưu ý", notice)] if notice else []
    for key, value in about.items():
        shown = {True: "yes · có", False: "NO · KHÔNG"}.get(value, value) if isinstance(value, bool) else value
        lines.append((*_NAMES.get(key, (key, key)), shown))
    lines.append(("Limits of Excel", "Giới hạn của Excel", f"{MOST_ROWS:,} rows × 16,384 columns; {MOST_CHARACTERS:,} characters"))
    if cut_cells:
        lines.append(("Cut cells: sheet, line", "Ô bị cắt: trang tính, dòng", "column: characters · cột: số ký tự"))
        lines += [(title, line, f"{column}: {size:,}") for title, line, column, size in cut_cells]
    for line, values in enumerate(lines):
        for column, value in enumerate(values):
            if isinstance(value, int):
                sheet.write_number(line, column, value)
            else:
                sheet.write_string(line, column, for_xml(str(value))[:MOST_CHARACTERS])
