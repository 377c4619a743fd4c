"""Reads XLSX files with openpyxl and XLS files with xlrd: a page for each sheet, a line for each row, a tab between two cells.

The values are those that the program stored: a formula has its last result. A day is written as Vietnamese sheets show it, 30/03/2009.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from importlib import import_module
from typing import Any

from scraper.attachments.file_text import Cut, State
from scraper.attachments.letters import Run
from scraper.attachments.limits import OverLimit
from scraper.attachments.packages import Package
from scraper.attachments.parts import Options, Part, Parts, Unreadable

Cell = tuple[str, str]  # text and font


def read_xlsx(data: bytes, options: Options, into: Parts) -> None:
    """Reads an XLSX file. Raises: Unreadable, OverLimit."""
    openpyxl = import_module("openpyxl")
    into.library = f"openpyxl {openpyxl.__version__}"
    package = Package(data, into.budget)
    package.check()
    _refuse_entities(package)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles that openpyxl does not know
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except (OverLimit, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 (openpyxl raises errors of many kinds for damaged files)
        raise Unreadable(State.DAMAGED, f"openpyxl cannot open it ({type(error).__name__}: {error})") from None
    into.page_count = len(book.sheetnames)
    for number, name in enumerate(book.sheetnames, start=1):
        if options.wants(number):
            sheet = book[name]
            if hasattr(sheet, "reset_dimensions"):  # what a file says about its size may be wrong, or a trap
                sheet.reset_dimensions()
            _add(into, number, name, _xlsx_rows(sheet) if hasattr(sheet, "iter_rows") else iter(()))


def _refuse_entities(package: Package) -> None:
    """Raises: Unreadable for XML with a document type. openpyxl uses defusedxml if it is installed, but not for every part."""
    for name in package.members:
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in package.head(name, 4096):
            raise Unreadable(State.DAMAGED, f"its part {name} declares entities, which office files never do: perhaps a trap for readers")


def _xlsx_rows(sheet: Any) -> Iterator[list[Cell]]:
    fonts: dict[object, str] = {}  # by the number of the style: to make the style of a cell takes longer than to read it
    for row in sheet.iter_rows():
        cells: list[Cell] = []
        for cell in row:
            value, font = cell.value, ""
            if isinstance(value, str) and not value.isascii():
                style = getattr(cell, "_style_id", None)
                if style not in fonts:
                    fonts[style] = _font(cell)
                font = fonts[style]
            cells.append((_shown(value), font))
        yield cells


def _font(cell: Any) -> str:
    try:
        return str(cell.font.name or "")
    except (AttributeError, IndexError):
        return ""


def read_xls(data: bytes, options: Options, into: Parts) -> None:
    """Reads an XLS file. Raises: Unreadable, OverLimit."""
    xlrd = import_module("xlrd")
    into.library = f"xlrd {xlrd.__version__}"
    book = _xls_book(xlrd, data)
    into.page_count = book.nsheets
    for number in range(1, book.nsheets + 1):
        if options.wants(number):
            try:
                sheet = book.sheet_by_index(number - 1)
            except MemoryError:
                raise
            except Exception as error:  # noqa: BLE001 (xlrd raises errors of many kinds for damaged files)
                into.add(Part(number, [], State.DAMAGED, detail=f"xlrd cannot read this sheet ({error})"))
                continue
            _add(into, number, sheet.name, _xls_rows(xlrd, book, sheet))


def _xls_book(xlrd: Any, data: bytes) -> Any:
    """Raises: Unreadable."""
    problem: Exception | None = None
    for with_fonts in (True, False):  # the fonts of a damaged file may be unreadable, and its text readable
        try:
            return xlrd.open_workbook(file_contents=data, formatting_info=with_fonts, on_demand=True, logfile=io.StringIO())
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 (as above)
            problem = error
    if "encrypted" in str(problem).lower():
        raise Unreadable(State.ENCRYPTED, "a password is needed to open it")
    raise Unreadable(State.DAMAGED, f"xlrd cannot open it ({type(problem).__name__}: {problem})")


def _xls_rows(xlrd: Any, book: Any, sheet: Any) -> Iterator[list[Cell]]:
    for row in range(sheet.nrows):
        cells: list[Cell] = []
        for column in range(sheet.row_len(row)):
            cell = sheet.cell(row, column)
            value: Any = cell.value
            if cell.ctype == xlrd.XL_CELL_DATE:
                with contextlib.suppress(ValueError, OverflowError):
                    value = xlrd.xldate.xldate_as_datetime(value, book.datemode)
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                value = bool(value)
            elif cell.ctype == xlrd.XL_CELL_ERROR:
                value = xlrd.error_text_from_code.get(value, "#ERR")
            font = ""
            if isinstance(value, str) and not value.isascii() and cell.xf_index is not None and book.xf_list:
                font = book.font_list[book.xf_list[cell.xf_index].font_index].name
            cells.append((_shown(value), font))
        yield cells


def _add(into: Parts, number: int, name: str, rows: Iterable[list[Cell]]) -> None:
    """Adds a sheet. What was read before a limit or a damaged place is added, too."""
    runs: list[Run] = []
    state, detail = State.EXTRACTED, ""
    try:
        if len(into.found) >= into.budget.pages:
            raise OverLimit(Cut.PAGES, f"{into.page_count} sheets, of which {len(into.found)} were read")
        for row in rows:
            into.budget.take_cells(max(len(row), 1))
            while row and not row[-1][0]:
                row.pop()
            if row:
                into.budget.take_text("".join(text for text, _ in row))
                runs += _line(row, is_first=not runs)
    except (OverLimit, MemoryError):
        if runs:
            into.found.append(Part(number, [runs], name=name))
        raise
    except Exception as error:  # noqa: BLE001 (both libraries raise errors of many kinds for damaged files)
        state = State.EXTRACTED if runs else State.DAMAGED
        detail = f"the rest of the sheet is damaged ({type(error).__name__}: {error})"
        into.lacks(Cut.DAMAGE, f"sheet {number}: {detail}")
    into.found.append(Part(number, [runs] if runs else [], state, name, detail))


def _line(row: list[Cell], *, is_first: bool) -> list[Run]:
    runs = [] if is_first else [Run("\n")]
    tabs = 0
    for text, font in row:
        if text:
            runs += [*([Run("\t" * tabs)] if tabs else []), Run(text, font)]
            tabs = 0
        tabs += 1
    return runs


def _shown(value: object) -> str:
    """Returns the text of a value.

    >>> [_shown(value) for value in (1250.0, 0.5, None, datetime(2009, 3, 30), " Đắk\\nLắk ")]
    ['1250', '0.5', '', '30/03/2009', 'Đắk Lắk']
    """
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return f"{value:.10g}"
        case datetime() if value.time() == time():
            return value.strftime("%d/%m/%Y")
        case datetime():
            return value.strftime("%d/%m/%Y %H:%M")
        case date():
            return value.strftime("%d/%m/%Y")
        case time() | timedelta():
            return str(value)
    return " ".join(str(value).split(" ")).replace("\n", " ").replace("\r", "").replace("\t", " ").strip()
