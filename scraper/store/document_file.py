"""Documents that a user supplies: a CSV file, checked row by row."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from scraper.citations import KnownDocument, normalise_number
from scraper.citations.forms.document_keys import is_local, year_in_number
from scraper.citations.forms.statute_keys import name_key
from scraper.citations.grammar import grammar
from scraper.model import UserError
from scraper.reference import units
from scraper.text import nfc, squeeze

_COLUMNS = ("type", "number", "issued_on", "issuer", "province", "title", "in_force_from", "in_force_to", "replaced_by", "confidence")
_STANDARDS = ("tiêu chuẩn", "quy chuẩn")


class DocumentFileError(UserError):
    """A CSV file of documents that cannot be used."""


def read(path: Path) -> list[KnownDocument]:
    """Returns the documents of a CSV file.

    Required columns: `type` (the noun, for example "quyết định"), and `number` or, for a statute, `title`. The other columns may be empty
    or absent.

    Raises:
        DocumentFileError: for the first error in the file. The message names file, line, column and how to fix it.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for column in reader.fieldnames or ():
                if column not in _COLUMNS:
                    if ";" in column or "\t" in column:
                        raise DocumentFileError(
                            f"{path}: line 1: the columns are separated by semicolons or tabs; save it as CSV with commas, or use --import"
                        )
                    near = difflib.get_close_matches(column, _COLUMNS, n=1)
                    hint = f"; did you mean {near[0]}?" if near else ""
                    raise DocumentFileError(f'{path}: line 1: unknown column "{column}"{hint} Known are {", ".join(_COLUMNS)}')
            if "type" not in (reader.fieldnames or ()):
                raise DocumentFileError(f"{path}: line 1: there is no column type; the first line must name the columns")
            return [_document(path, reader.line_num, row) for row in reader]
    except OSError as error:
        raise DocumentFileError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise DocumentFileError(f"{path}: byte {error.start}: not UTF-8; save the file as CSV in UTF-8") from error
    except csv.Error as error:
        raise DocumentFileError(f"{path}: not CSV ({error})") from error


def _document(path: Path, line: int, row: Mapping[str, str | None]) -> KnownDocument:
    def cell(column: str) -> str:
        return squeeze(nfc(row.get(column) or ""))

    def refuse(column: str, problem: str) -> DocumentFileError:
        return DocumentFileError(f"{path}: line {line}: column {column}: {problem}")

    def day(column: str) -> date | None:
        try:
            return date.fromisoformat(cell(column)) if cell(column) else None
        except ValueError:
            raise refuse(column, f'"{cell(column)}" is not a day; write it like 2008-12-30') from None

    if None in row:  # DictReader keeps what is beyond the last column under this key
        raise DocumentFileError(
            f'{path}: line {line}: has more cells than the first line has columns; put a cell with a comma in quotation marks: "..."'
        )
    doc_type = cell("type").lower()
    types = (*grammar().types, *_STANDARDS)
    if doc_type not in types:
        near = difflib.get_close_matches(doc_type, types, n=1)
        raise refuse("type", f'unknown type "{doc_type}"{f"; did you mean {near[0]}?" if near else ""}')
    title, issued = cell("title") or None, day("issued_on")
    if not cell("number") and not title:
        raise refuse("number", "is empty; a document needs a number, or a title if it is a statute")
    number = normalise_number(cell("number"), standard=doc_type in _STANDARDS) if cell("number") else None
    in_number = year_in_number(number) if number else None
    if in_number is not None and issued is not None and in_number != issued.year:
        raise refuse("issued_on", f"{issued.isoformat()} is not in the year of the number {number}; correct one of them")
    year = in_number or (issued.year if issued else None)
    place = None
    if number and is_local(number):
        place = unit_called(cell("province"), issued, year)
        if place is None:
            raise refuse("province", f'"{cell("province")}" was not a province then; {number} needs the name of one, like "Nghệ An"')
    statute = doc_type in ("luật", "bộ luật", "pháp lệnh", "hiến pháp")
    return KnownDocument(
        id=number or title or "",
        doc_type=doc_type,
        number=number,
        year=year,
        place=place,
        issuer=cell("issuer") or None,
        issued_on=issued,
        title=title,
        names=(name_key(title),) if statute and title else (),
        in_force_from=day("in_force_from"),
        in_force_to=day("in_force_to"),
        replaced_by=cell("replaced_by") or None,
        confidence=cell("confidence") or "imported",
    )


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
