"""Documents that a user supplies: a CSV file, checked row by row."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from scraper.citations import KnownDocument, normalise_number
from scraper.citations.forms.document_keys import is_local, year_in_number
from scraper.citations.forms.statute_keys import name_key
from scraper.citations.grammar.loader import grammar
from scraper.model import UserError
from scraper.reference import units
from scraper.store.document_labels import STANDARDS
from scraper.store.documents import STATUTES
from scraper.suggestions import nearest
from scraper.text import nfc, squeeze

_COLUMNS = ("type", "number", "issued_on", "issuer", "province", "title", "in_force_from", "in_force_to", "replaced_by", "confidence")
_MOST_SHOWN = 20  # wrong lines in one message


class DocumentFileError(UserError):
    """A CSV file of documents that cannot be used."""


def read(path: Path) -> list[KnownDocument]:
    """Returns the documents of a CSV file.

    Required columns: `type` (the noun, for example "quyết định"), and `number` or, for a statute, `title`. The other columns may be empty
    or absent.

    Raises:
        DocumentFileError: if a line is wrong. The message has one line for each of the first 20 wrong lines: file, line, column and how to
            fix it.
    """
    documents: list[KnownDocument] = []
    problems: list[str] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            _check_columns(path, reader.fieldnames or ())
            for cells in reader:
                try:
                    documents.append(_Row(path, reader.line_num, cells).document())
                except DocumentFileError as error:
                    problems.append(str(error))
    except OSError as error:
        raise DocumentFileError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise DocumentFileError(f"{path}: byte {error.start}: not UTF-8; save the file as CSV in UTF-8") from error
    except csv.Error as error:
        raise DocumentFileError(f"{path}: not CSV ({error})") from error
    if problems:
        more = len(problems) - _MOST_SHOWN
        raise DocumentFileError("\n".join(problems[:_MOST_SHOWN]) + (f"\n{path}: {more} more lines are wrong" if more > 0 else ""))
    return documents


def _check_columns(path: Path, columns: Sequence[str]) -> None:
    """Checks the first line of a file. Raises: DocumentFileError if a column is unknown or `type` is missing."""
    for column in columns:
        if column in _COLUMNS:
            continue
        if ";" in column or "\t" in column:
            raise DocumentFileError(
                f"{path}: line 1: the columns are separated by semicolons or tabs; save it as CSV with commas, or use --import"
            )
        raise DocumentFileError(
            f'{path}: line 1: unknown column "{column}"{nearest(column, _COLUMNS, most=1, similarity=0.6)}; known are {", ".join(_COLUMNS)}'
        )
    if "type" not in columns:
        raise DocumentFileError(f"{path}: line 1: there is no column type; the first line must name the columns")


class _Row:
    """One line of the file. Each method returns one value of the document or raises DocumentFileError with the line and the column."""

    def __init__(self, path: Path, line: int, cells: Mapping[str, str | None]) -> None:
        self._where = f"{path}: line {line}"
        self._cells = cells

    def document(self) -> KnownDocument:
        if None in self._cells:  # DictReader keeps what is beyond the last column under this key
            raise DocumentFileError(
                f'{self._where}: has more cells than the first line has columns; put a cell with a comma in quotation marks: "..."'
            )
        doc_type = self._type()
        title, issued = self._cell("title") or None, self._day("issued_on")
        number = self._number(doc_type, title)
        year = self._year(number, issued)
        return KnownDocument(
            id=number or title or "",
            doc_type=doc_type,
            number=number,
            year=year,
            place=self._place(number, issued, year),
            issuer=self._cell("issuer") or None,
            issued_on=issued,
            title=title,
            names=(name_key(title),) if title and doc_type in STATUTES else (),
            in_force_from=self._day("in_force_from"),
            in_force_to=self._day("in_force_to"),
            replaced_by=self._cell("replaced_by") or None,
            confidence=self._cell("confidence") or "imported",
        )

    def _cell(self, column: str) -> str:
        return squeeze(nfc(self._cells.get(column) or ""))

    def _wrong(self, column: str, problem: str) -> DocumentFileError:
        return DocumentFileError(f"{self._where}: column {column}: {problem}")

    def _day(self, column: str) -> date | None:
        cell = self._cell(column)
        try:
            return date.fromisoformat(cell) if cell else None
        except ValueError:
            raise self._wrong(column, f'"{cell}" is not a day; write it like 2008-12-30') from None

    def _type(self) -> str:
        doc_type = self._cell("type").lower()
        types = (*grammar().types, *STANDARDS)
        if doc_type not in types:
            raise self._wrong("type", f'unknown type "{doc_type}"{nearest(doc_type, types, most=1, similarity=0.6)}')
        return doc_type

    def _number(self, doc_type: str, title: str | None) -> str | None:
        cell = self._cell("number")
        if cell:
            return normalise_number(cell, standard=doc_type in STANDARDS)
        if title is None:
            raise self._wrong("number", "is empty; a document needs a number, or a title if it is a statute")
        return None

    def _year(self, number: str | None, issued: date | None) -> int | None:
        in_number = year_in_number(number) if number else None
        if in_number is not None and issued is not None and in_number != issued.year:
            raise self._wrong("issued_on", f"{issued.isoformat()} is not in the year of the number {number}; correct one of them")
        return in_number or (issued.year if issued else None)

    def _place(self, number: str | None, issued: date | None, year: int | None) -> str | None:
        """Returns the id of the province of a local document, or None for a central one."""
        if number is None or not is_local(number):
            return None
        province = self._cell("province")
        place = unit_called(province, issued, year)
        if place is None:
            raise self._wrong("province", f'"{province}" was not a province then; {number} needs the name of one, like "Nghệ An"')
        return place


def unit_called(province: str, issued: date | None, year: int | None) -> str | None:
    """Returns the id of the province that had this name or id when the document was issued, or None unless there is exactly one."""
    first = issued or (date(year, 1, 1) if year else date.min)
    last = issued or (date(year, 12, 31) if year else date.max)
    found = [
        unit.id
        for unit in units().values()
        if unit.kind in ("province", "city")
        and province in (unit.id, unit.name, unit.full_name, *unit.aliases)
        and (unit.valid_from or date.min) <= last
        and first <= (unit.valid_to or date.max)
    ]
    return found[0] if len(found) == 1 else None
