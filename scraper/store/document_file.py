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
from scraper.suggestions import suggestion
from scraper.text import nfc, squeeze
from scraper.two_languages import Message, message_of

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
    problems: list[Message] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            _check_columns(path, reader.fieldnames or ())
            for cells in reader:
                try:
                    documents.append(_Row(path, reader.line_num, cells).document())
                except DocumentFileError as error:
                    problems.append(message_of(error))
    except OSError as error:
        raise DocumentFileError(
            Message(
                f"{path}: cannot be read ({error.strerror}); check the path",
                f"{path}: không đọc được ({error.strerror}); hãy kiểm tra đường dẫn",
            )
        ) from error
    except UnicodeDecodeError as error:
        raise DocumentFileError(
            Message(
                f"{path}: byte {error.start}: not UTF-8; save the file as CSV in UTF-8",
                f"{path}: byte {error.start}: không phải UTF-8; hãy lưu tệp thành CSV mã UTF-8",
            )
        ) from error
    except csv.Error as error:
        raise DocumentFileError(Message(f"{path}: not CSV ({error})", f"{path}: không phải CSV ({error})")) from error
    if problems:
        more = len(problems) - _MOST_SHOWN
        rest = Message(f"{path}: {more} more lines are wrong", f"{path}: còn {more} dòng sai nữa")
        shown = [*problems[:_MOST_SHOWN], *([rest] if more > 0 else [])]
        raise DocumentFileError(Message("\n".join(one.en for one in shown), "\n".join(one.vi for one in shown)))
    return documents


def _check_columns(path: Path, columns: Sequence[str]) -> None:
    """Checks the first line of a file. Raises: DocumentFileError if a column is unknown or `type` is missing."""
    for column in columns:
        if column in _COLUMNS:
            continue
        if ";" in column or "\t" in column:
            raise DocumentFileError(
                Message(
                    f"{path}: line 1: the columns are separated by semicolons or tabs; save it as CSV with commas, or use --import",
                    f"{path}: dòng 1: các cột cách nhau bằng dấu chấm phẩy hoặc tab; hãy lưu thành CSV có dấu phẩy, hoặc dùng --import",
                )
            )
        hint = suggestion(column, _COLUMNS, most=1, similarity=0.6)
        raise DocumentFileError(
            Message(
                f'{path}: line 1: unknown column "{column}"{hint.en}; known are {", ".join(_COLUMNS)}',
                f'{path}: dòng 1: không có cột "{column}"{hint.vi}; các cột có {", ".join(_COLUMNS)}',
            )
        )
    if "type" not in columns:
        raise DocumentFileError(
            Message(
                f"{path}: line 1: there is no column type; the first line must name the columns",
                f"{path}: dòng 1: thiếu cột type; dòng đầu phải ghi tên các cột",
            )
        )


class _Row:
    """One line of the file. Each method returns one value of the document or raises DocumentFileError with the line and the column."""

    def __init__(self, path: Path, line: int, cells: Mapping[str, str | None]) -> None:
        self._where = Message(f"{path}: line {line}", f"{path}: dòng {line}")
        self._cells = cells

    def document(self) -> KnownDocument:
        if None in self._cells:  # DictReader keeps what is beyond the last column under this key
            raise DocumentFileError(
                Message(
                    f'{self._where.en}: has more cells than the first line has columns; put a cell with a comma in quotation marks: "..."',
                    f'{self._where.vi}: có nhiều ô hơn số cột ở dòng đầu; hãy đặt ô có dấu phẩy trong ngoặc kép: "..."',
                )
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

    def _wrong(self, column: str, problem: Message) -> DocumentFileError:
        return DocumentFileError(self._where + Message(f": column {column}: ", f": cột {column}: ") + problem)

    def _day(self, column: str) -> date | None:
        cell = self._cell(column)
        try:
            return date.fromisoformat(cell) if cell else None
        except ValueError:
            wrong = Message(f'"{cell}" is not a day; write it like 2008-12-30', f'"{cell}" không phải là ngày; hãy viết như 2008-12-30')
            raise self._wrong(column, wrong) from None

    def _type(self) -> str:
        doc_type = self._cell("type").lower()
        types = (*grammar().types, *STANDARDS)
        if doc_type not in types:
            wrong = Message(f'unknown type "{doc_type}"', f'không có loại "{doc_type}"')
            raise self._wrong("type", wrong + suggestion(doc_type, types, most=1, similarity=0.6))
        return doc_type

    def _number(self, doc_type: str, title: str | None) -> str | None:
        cell = self._cell("number")
        if cell:
            return normalise_number(cell, standard=doc_type in STANDARDS)
        if title is None:
            wrong = Message(
                "is empty; a document needs a number, or a title if it is a statute",
                "còn trống; văn bản cần số, ký hiệu, hoặc tên nếu là luật",
            )
            raise self._wrong("number", wrong)
        return None

    def _year(self, number: str | None, issued: date | None) -> int | None:
        in_number = year_in_number(number) if number else None
        if in_number is not None and issued is not None and in_number != issued.year:
            wrong = Message(
                f"{issued.isoformat()} is not in the year of the number {number}; correct one of them",
                f"{issued.isoformat()} không thuộc năm trong số {number}; hãy sửa một trong hai",
            )
            raise self._wrong("issued_on", wrong)
        return in_number or (issued.year if issued else None)

    def _place(self, number: str | None, issued: date | None, year: int | None) -> str | None:
        """Returns the id of the province of a local document, or None for a central one."""
        if number is None or not is_local(number):
            return None
        province = self._cell("province")
        place = unit_called(province, issued, year)
        if place is None:
            wrong = Message(
                f'"{province}" was not a province then; {number} needs the name of one, like "Nghệ An"',
                f'khi đó không có tỉnh "{province}"; {number} cần tên một tỉnh, ví dụ "Nghệ An"',
            )
            raise self._wrong("province", wrong)
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
