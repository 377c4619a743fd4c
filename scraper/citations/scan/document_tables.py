"""Tables of documents, as in registers of incoming papers: a header row, then one document in each row. Tabs separate the cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from scraper.citations.forms.issue_dates import DATE
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.text import fold

_EDGE = late_pattern(r"(?<![ \u00a0])\t(?![ \u00a0])")  # a tab next to a blank is only white space: wrapping has no meaning
_DIGIT = late_pattern(r"\d")
_MOST_CELLS, _LONGEST_LABEL, _LONGEST_HEADER = 20, 60, 600
# The content of a column, by its label without diacritics. The first match counts. "-" is a column that looks like one about the document
# but is not: the day of arrival, the recipient, the person who signed.
_LABELS = (
    ("-", late_pattern(r"(?:so|ngay|gio)(?: thang)?(?: van ban| cong van)? (?:den|di|chuyen|nhan|luu)\b|ngay (?:het|co) hieu luc|(?:noi|don vi|co quan|nguoi) (?:nhan|ky|xu ly|thuc hien|luu)|ngay (?:dang|cap nhat)")),
    ("number", late_pattern(r"(?:so|ma)\b.*\b(?:hieu|van ban|vb|cong van|quyet dinh)\b|(?:ky|ki) hieu|so (?:vb|cv|qd)$")),
    ("date", late_pattern(r"(?:ngay|thoi gian)\b.*\b(?:ban hanh|bh|ky|van ban|vb|thang|phat hanh)\b|ngay$")),
    ("body", late_pattern(r"(?:ten )?(?:co quan|cq|noi|don vi)\b.*\b(?:ban hanh|bh|gui|phat hanh|soan thao)\b|(?:ten )?(?:co quan|don vi)$|tac gia")),
    ("type", late_pattern(r"(?:loai|hinh thuc|the loai)\b")),
    ("subject", late_pattern(r"trich yeu|noi dung|ten (?:van ban|goi|loai)|ve viec")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell in the text. `column`: number | date | body | type | subject, or "-" or "" if it states nothing about the document."""

    start: int
    end: int
    column: str


def table_regions(text: str) -> list[tuple[int, int]]:
    """Returns the spans of the tables of documents in a text, header row included, in order."""
    return [(rows[0][0], rows[-1][1]) for rows, _ in _tables(text)]


def read_rows(text: str) -> list[list[TableCell]]:
    """Returns the rows of all tables of documents, without their headers, in order."""
    return [_cells(text, row, columns) for rows, columns in _tables(text) for row in rows[1:]]


def _rows(text: str) -> Iterator[tuple[int, int]]:
    """Returns the spans of the lines with a tab, in order."""
    tab = text.find("\t")
    while tab >= 0:
        end = text.find("\n", tab)
        end = end if end >= 0 else len(text)
        yield text.rfind("\n", 0, tab) + 1, end
        tab = text.find("\t", end)


def _tables(text: str) -> Iterator[tuple[list[tuple[int, int]], list[str]]]:
    """Returns each table as its rows and the columns that its header names."""
    table: list[tuple[int, int]] = []
    columns: list[str] = []
    for row in _rows(text):
        if table and text[table[-1][1] : row[0]].strip():
            if len(table) > 1:
                yield table, columns
            table = []
        header = _columns(text[row[0] : row[1]]) if row[1] - row[0] < _LONGEST_HEADER else []
        if header:
            if len(table) > 1:
                yield table, columns
            table, columns = [row], header
        elif table:
            table.append(row)
    if len(table) > 1:
        yield table, columns


def _columns(row: str) -> list[str]:
    """Returns the columns that a header row names, or [] if the row is not a header. A header has the number and at least one more field."""
    if _DIGIT.search(row):
        return []  # a row of values
    labels = _EDGE.split(row)
    if len(labels) > _MOST_CELLS or max(map(len, labels)) > _LONGEST_LABEL:
        return []
    columns = [_column(" ".join(label.split())) for label in labels]
    return columns if "number" in columns and len(set(columns) - {"", "-"}) > 1 else []


@lru_cache(maxsize=512)
def _column(label: str) -> str:
    words = " ".join(re.findall(r"[a-z]+", fold(label)))
    return next((column for column, pattern in _LABELS if pattern.match(words)), "")


_NUMBER, _DAY = late_pattern(r"\d{1,6}[a-z]?\s?[/-]\s?\S"), late_pattern(rf"(?:ngày\s)?(?:{DATE})$")


def _cells(text: str, row: tuple[int, int], columns: list[str]) -> list[TableCell]:
    """Returns the cells of a row. If empty cells were left out, only the columns that the content of a cell identifies are known."""
    cells: list[TableCell] = []
    at = row[0]
    texts = _EDGE.split(text[row[0] : row[1]])[:_MOST_CELLS]
    days = sum(_DAY.match(cell.strip()) is not None for cell in texts)
    for place, words in enumerate(texts):
        if len(texts) == len(columns):
            column = columns[place]
        elif _DAY.match(words.strip()):
            column = "date" if days == 1 and "date" in columns and "-" not in columns else ""
        else:
            column = "number" if _NUMBER.match(words.strip()) else ""
        cells.append(TableCell(at, at + len(words), column))
        at += len(words) + 1
    return cells
