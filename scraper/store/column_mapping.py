"""Turns a row of an external list into a known document, with a mapping of its columns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from scraper.citations import KnownDocument, normalise_number
from scraper.citations.forms.document_keys import codes_of, is_local, year_in_number
from scraper.citations.grammar.loader import grammar
from scraper.citations.issuers.full_names import full_name
from scraper.citations.issuers.issuer_codes import issuer_of_code
from scraper.citations.issuers.issuers_in_phrase import issuers_of
from scraper.citations.issuers.provinces import province_in
from scraper.citations.resolving.known_documents import statute_names
from scraper.model import UserError
from scraper.reference import FOLDER
from scraper.store.document_file import unit_called
from scraper.store.document_labels import STANDARDS
from scraper.store.documents import STATUTES
from scraper.text import fold, nfc, squeeze
from scraper.toml_slips import TomlSlip, toml_of
from scraper.two_languages import Message, same

FIELDS = ("number", "type", "issued_on", "issuer", "province", "title", "in_force_from", "in_force_to", "replaced_by")
_LONGEST = {"number": 80, "title": 2_000}  # characters; a longer text is not a number, and a longer title is cut
_DAY = re.compile(
    r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})(?!\d)|(?P<iso>\d{4}-\d{2}-\d{2})|(?P<y2>\d{4})/(?P<m2>\d{1,2})/(?P<d2>\d{1,2})"
    r"|(?:[Nn]gày )?(?P<d3>\d{1,2}) tháng (?P<m3>\d{1,2}) năm (?P<y3>\d{4})|^(?P<y4>(?:19|20)\d{2})(?P<m4>\d{2})(?P<d4>\d{2})$"
)
# Spreadsheets store a day as the number of days since 30 December 1899. These are the days of 1927 to 2064.
_SERIAL, _SERIAL_ZERO = re.compile(r"[1-5]\d{4}(?:\.0+)?$"), date(1899, 12, 30)

# Why a row is rejected. The report shows these codes.
REASONS = {
    "bad-row": "the line is not a row",
    "no-number": "no number, and no title of a statute",
    "bad-number": "the number is not valid",
    "unknown-type": "the kind of document is not known",
    "bad-day": "a date is not valid",
    "no-province": "a local number without a province of that time",
    "year-mismatch": "the year in the number is not the year of issue",
}


class Rejected(Exception):
    """A row that cannot be used. `reason` is a key of REASONS."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


class MappingError(UserError):
    """A mapping file that cannot be used, or that does not fit the list."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which column of a list holds which of our fields; built by `mapping`."""

    columns: Mapping[str, tuple[str, ...]]  # field -> keys of column names
    types: Mapping[str, str]  # folded name -> noun
    nothing: frozenset[str]
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # field -> names of columns, from the user's own mapping
    known: dict[tuple[str, ...], Mapping[str, str]] = field(default_factory=dict, compare=False)

    def fields_of(self, columns: Iterable[str]) -> Mapping[str, str]:
        """Returns the fields that a row has, each with the name of its column."""
        return self._remembered(tuple(columns))

    def _remembered(self, columns: tuple[str, ...]) -> Mapping[str, str]:
        found = self.known.get(columns)
        if found is None:
            present = {_key(column): column for column in columns}
            firsts = {ours: next((key for key in keys if key in present), None) for ours, keys in self.columns.items()}
            found = {ours: present[key] for ours, key in firsts.items() if key is not None}
            if len(self.known) < 1_000:  # every row of JSON lines may have other keys
                self.known[columns] = found
        return found

    def check(self, columns: Iterable[str]) -> None:
        """Raises MappingError if no column can hold a number or the title of a statute."""
        listed = list(columns)
        fields = self.fields_of(listed)
        # The other fields may be absent from a single JSON object.
        for ours in ("number", "type", "issued_on"):
            if ours in self.own and ours not in fields:
                raise MappingError(
                    Message(
                        f"the mapping says [columns] {ours} = {', '.join(self.own[ours])}, but the list has no such column"
                        f" (columns: {', '.join(listed)[:1_000]}); correct the mapping",
                        f"tệp ánh xạ ghi [columns] {ours} = {', '.join(self.own[ours])}, nhưng danh sách không có cột này (các cột:"
                        f" {', '.join(listed)[:1000]}); hãy sửa tệp ánh xạ",
                    )
                )
        if not {"number", "title"} & fields.keys():
            raise MappingError(
                Message(
                    f"no column has a number (columns: {', '.join(listed)[:1_000]}); name it in a mapping file: write"
                    ' [columns] and number = ["..."], and give it with --mapping (the default one: scraper/reference/import_columns.toml)',
                    f"không cột nào có số, ký hiệu (các cột: {', '.join(listed)[:1000]}); hãy chỉ cột đó trong tệp ánh xạ: viết"
                    ' [columns] và number = ["..."], rồi đưa tệp bằng --mapping (tệp mặc định: scraper/reference/import_columns.toml)',
                )
            )


def mapping(path: Path | None) -> ColumnMapping:
    """Returns the default mapping, with the changes of a TOML file if `path` is given.

    Raises:
        MappingError: if the file cannot be used. The message names file, key and how to fix it.
    """
    default = tomllib.loads((FOLDER / "import_columns.toml").read_text(encoding="utf-8"))
    own = _read(path) if path is not None else {}
    for table in own:
        if table not in ("columns", "types", "values"):
            raise MappingError(
                Message(
                    f"{path}: [{table}]: no such table; known are columns, types, values",
                    f"{path}: [{table}]: không có bảng này; các bảng có columns, types, values",
                )
            )
    columns = {ours: tuple(_key(name) for name in names) for ours, names in default["columns"].items()}
    named: dict[str, tuple[str, ...]] = {}
    for ours, names in own.get("columns", {}).items():
        if ours not in FIELDS:
            raise MappingError(
                Message(
                    f"{path}: [columns] {ours}: no such field; known are {', '.join(FIELDS)}",
                    f"{path}: [columns] {ours}: không có trường này; các trường có {', '.join(FIELDS)}",
                )
            )
        listed = [names] if isinstance(names, str) else names
        if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
            raise MappingError(
                Message(
                    f'{path}: [columns] {ours}: write the name of a column, or several: ["so_hieu", "so_ky_hieu"]',
                    f'{path}: [columns] {ours}: hãy viết tên một cột, hoặc vài cột: ["so_hieu", "so_ky_hieu"]',
                )
            )
        columns[ours] = tuple(map(_key, listed))
        named[ours] = tuple(listed)
    types = {fold(name): noun for name, noun in (default["types"] | own.get("types", {})).items()}
    for name, noun in types.items():
        if noun not in grammar().types and noun not in STANDARDS:
            raise MappingError(
                Message(
                    f'{path}: [types] "{name}": unknown kind "{noun}"; known are {", ".join([*grammar().types, *STANDARDS])}',
                    f"""{path}: [types] "{name}": không có loại "{noun}"; các loại có {", ".join([*grammar().types, *STANDARDS])}""",
                )
            )
    nothing = frozenset(fold(str(word)) for word in [*default["values"]["nothing"], *own.get("values", {}).get("nothing", [])])
    return ColumnMapping(columns, types, nothing, named)


def _read(path: Path) -> dict[str, Any]:
    try:
        return toml_of(path.read_bytes())
    except OSError as error:
        raise MappingError(
            Message(
                f"{path}: cannot be read ({error.strerror}); check the path",
                f"{path}: không đọc được ({error.strerror}); hãy kiểm tra đường dẫn",
            )
        ) from error
    except TomlSlip as error:
        raise MappingError(same(f"{path}: ") + error.message) from error


def _key(column: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(str(column)))


def document_of(row: Mapping[str, Any], fields: Mapping[str, str], how: ColumnMapping) -> KnownDocument:
    """Returns the document of a row. Raises Rejected, with a reason, if the row cannot be used."""
    cells = {ours: _cell(row.get(column), how) for ours, column in fields.items()}
    written = cells.get("number", "")
    if len(written) > _LONGEST["number"]:
        raise Rejected("bad-number", f'"{written[:60]}..." is too long for a number')
    title = cells.get("title", "")[: _LONGEST["title"]] or None
    doc_type = _type(cells.get("type", ""), written, how)
    number = _number(written, doc_type)
    statute = doc_type in STATUTES
    if number is None and not (statute and title):
        raise Rejected("no-number", "number and title are empty" if not title else f'"{title[:60]}" has no number and is not a statute')
    issued = _day(cells, "issued_on")
    in_number = year_in_number(number) if number else None
    if in_number is not None and issued is not None and in_number != issued.year:
        raise Rejected("year-mismatch", f"{number} was issued on {issued.isoformat()}")
    issuer, province = _issuer(cells.get("issuer", ""), number, doc_type)
    place = _place(number, cells.get("province", "") or province or "", issued, in_number)
    return KnownDocument(
        id=0,
        doc_type=doc_type,
        number=number,
        year=in_number or (issued.year if issued else None),
        place=place,
        issuer=issuer,
        issued_on=issued,
        title=title,
        names=statute_names(title) if statute and title else (),
        in_force_from=_day(cells, "in_force_from"),
        in_force_to=_day(cells, "in_force_to"),
        replaced_by=cells.get("replaced_by") or None,
        confidence="imported",
    )


def _cell(value: Any, how: ColumnMapping) -> str:
    if value is None or value != value:  # NaN is what a missing cell becomes in some tools
        return ""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        value = "; ".join(str(one) for one in value)
    text = squeeze(nfc(str(value)[:10_000]))
    return "" if fold(text) in how.nothing else text


def _type(written: str, number: str, how: ColumnMapping) -> str:
    """Returns the noun for a kind of document. If the list states no kind, returns the noun of the code in the number."""
    if written:
        noun = how.types.get(fold(written)) or _noun(written)
        if noun is None:
            raise Rejected("unknown-type", f'"{written[:60]}"')
        return noun
    for code in codes_of(normalise_number(number)) if number else ():
        if code in grammar().codes:
            return grammar().codes[code]
    raise Rejected("unknown-type", "no kind is stated, and the number has no code of one")


@lru_cache(maxsize=1024)
def _noun(written: str) -> str | None:
    if written.isupper() and (code := grammar().codes.get(nfc(written))) is not None:
        return code  # "QĐ", "TTLT"
    folded = fold(written)
    nouns = sorted([*grammar().types, *STANDARDS], key=len, reverse=True)
    noun = next((noun for noun in nouns if folded == fold(noun) or folded.startswith(fold(noun) + " ")), None)
    kind = grammar().types.get(noun or "")
    return kind.becomes if kind is not None else noun


def _number(written: str, doc_type: str) -> str | None:
    if not written:
        return None
    number = normalise_number(re.sub(r"^[Ss]ố\s*:?\s*(?=\d)", "", written), standard=doc_type in STANDARDS)
    if not re.search(r"\d", number) or (doc_type not in STANDARDS and not re.search(r"[^\W\d_]", number)):
        if doc_type in STATUTES or number.lower().startswith("khong"):
            return None  # "Không số" (no number), or a serial that does not identify a statute
        raise Rejected("bad-number", f'"{written}" has no digits or no letters')
    return number


_PARTS = (("y", "m", "d"), ("y2", "m2", "d2"), ("y3", "m3", "d3"), ("y4", "m4", "d4"))


def _day(cells: Mapping[str, str], name: str) -> date | None:
    text = cells.get(name, "")
    if not text:
        return None
    if _SERIAL.match(text):
        return _SERIAL_ZERO + timedelta(days=int(text.partition(".")[0]))
    match = _DAY.search(text[:40])
    try:
        if match is None:
            raise ValueError
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        [(year, month, day)] = [match.group(*names) for names in _PARTS if match[names[0]]]
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Rejected("bad-day", f'{name}: "{text[:40]}" is not a day; write it like 2008-12-30 or 30/12/2008') from None


def _issuer(written: str, number: str | None, doc_type: str) -> tuple[str | None, str | None]:
    """Returns the name of the issuer and its province: "UBND tỉnh Nghệ An" -> ("Ủy ban nhân dân tỉnh Nghệ An", "Nghệ An")."""
    issuer, province = _issuer_named(written) if written else (None, None)
    return issuer or (issuer_of_code(codes_of(number), doc_type) if number else None), province


@lru_cache(maxsize=4096)
def _issuer_named(written: str) -> tuple[str, str | None]:
    bodies = issuers_of(written)
    whole = bodies and bodies[-1].end >= len(written.rstrip(" ."))
    name = "; ".join(dict.fromkeys(body.name for body in bodies)) if whole else full_name(written)
    return name, next((body.province for body in bodies if body.province), None) or province_in(written)


def _place(number: str | None, province: str, issued: date | None, year: int | None) -> str | None:
    if number is None or not is_local(number):
        return None
    place = unit_called(province, issued, year)
    if place is None:
        raise Rejected("no-province", f'{number}: "{province}" was not a province at that time')
    return place
