"""The text of a file, as frozen values: its kind, its state, its pages. They can be written as JSON and read again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

_PAGE_NUMBER = re.compile(r"(?:trang\s*|page\s*)?[-–—]?\s*\d{1,4}\s*(?:/\s*\d{1,4}\s*)?[-–—]?", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.:;!?…\"”’)\]]$")


class State(StrEnum):
    """What became of a file, or of one of its pages."""

    EXTRACTED = "extracted"  # its text was read; `cut` says if not all of it
    NO_TEXT_LAYER = "no-text-layer"  # pictures of pages: a scan
    OCR = "ocr"  # the text was read from pictures of pages, with errors; `confidence`
    ENCRYPTED = "encrypted"  # a password is needed
    DAMAGED = "damaged"  # not readable as what its first bytes say, or the library failed on it
    TOO_LARGE = "too-large"  # a limit was reached before any text was read
    UNSUPPORTED = "unsupported"  # a kind that is not read; `detail` says what would be needed


class Kind(StrEnum):
    """The kind of a file, by its bytes. Its name and its content type do not count."""

    PDF = "pdf"
    DOC = "doc"
    DOCX = "docx"
    RTF = "rtf"
    XLS = "xls"
    XLSX = "xlsx"
    ODT = "odt"
    ODS = "ods"
    ZIP = "zip"
    PPT = "ppt"
    PPTX = "pptx"
    ODP = "odp"
    RAR = "rar"
    SEVEN_ZIP = "7z"
    HTML = "html"
    PICTURE = "picture"
    TEXT = "text"
    EMPTY = "empty"
    UNKNOWN = "unknown"


class Font(StrEnum):
    """How the letters of a text were encoded in the file."""

    UNICODE = "unicode"
    TCVN3 = "tcvn3"  # the fonts .VnTime, .VnArial, ...: TCVN 5712:1993, VN3
    VNI = "vni"  # the fonts VNI-Times, VNI-Helve, ...
    MIXED = "mixed"  # paragraphs or runs of several of these


class Cut(StrEnum):
    """Which limit left out the rest of a file."""

    NO = ""
    PAGES = "pages"
    TIME = "time"
    CHARACTERS = "characters"
    SIZE = "size"
    CELLS = "cells"
    DAMAGE = "damage"  # not a limit: the rest of the file is damaged


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a file: a sheet of a spreadsheet, a member of a ZIP archive; other files that have no pages are one page.

    `text`: paragraphs, separated by a blank line, NFC; a line of a paragraph may be a row of a table, with tabs between its cells.
    `original`: the text before the conversion of its font (`font`), or the text layer that optical character recognition replaced.
    `confidence`: the mean of the words, 0 to 1, of OCR; None for a text that was not read by OCR.
    `doubtful`: most words of its text layer are not words of any language that we know: perhaps a bad OCR of the sender.
    `file`: the member of a ZIP archive.
    """

    number: int
    text: str
    state: State = State.EXTRACTED
    name: str = ""
    font: Font = Font.UNICODE
    original: str | None = None
    confidence: float | None = None
    doubtful: bool = False
    detail: str = ""
    file: FileText | None = None


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file. `page_count`: how many pages it has; None if that is not known, which is not 0. `library`: name and version."""

    kind: Kind
    state: State
    pages: tuple[Page, ...] = ()
    detail: str = ""
    cut: Cut = Cut.NO
    page_count: int | None = None
    library: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The joined text of all pages; see `joined`."""
        return joined(self.pages)[0]

    @property
    def font(self) -> Font:
        """The font of the pages; `mixed` if they differ. Pages without text do not count."""
        found = {page.font for page in self.pages if page.text}
        return found.pop() if len(found) == 1 else Font.MIXED if found else Font.UNICODE

    @property
    def confidence(self) -> float | None:
        """The mean confidence of the pages that were read by OCR, weighed by their characters; None if there is none."""
        pages = [(page.confidence, len(page.text)) for page in self.pages if page.confidence is not None]
        total = sum(size for _, size in pages)
        return sum(confidence * size for confidence, size in pages) / total if total else pages[0][0] if pages else None

    def page_at(self, offset: int) -> int:
        """Returns the number of the page that has the character at `offset` of `text`."""
        starts = joined(self.pages)[1]
        found = max((start, number) for start, number in starts if start <= max(offset, 0)) if starts else (0, 1)
        return found[1]


def joined(pages: Iterable[Page]) -> tuple[str, list[tuple[int, int]]]:
    """Returns the joined text of pages, and where each page begins in it: (offset, number of the page).

    Page numbers that are the only text of the first or last line of a page are left out. A paragraph that a page break cuts is joined: the
    text before it does not end as a sentence does, and the text after it begins with a small letter.
    """
    parts: list[str] = []
    starts: list[tuple[int, int]] = []
    size = 0
    for page in pages:
        text = without_page_number(page.text)
        if not text:
            continue
        if parts:
            goes_on = text[0].islower() and _SENTENCE_END.search(parts[-1]) is None and not page.name
            parts.append(" " if goes_on else "\n\n")
            size += len(parts[-1])
        starts.append((size, page.number))
        parts.append(text)
        size += len(text)
    return "".join(parts), starts


def without_page_number(text: str) -> str:
    """Returns the text of a page without a page number in its first or last line.

    >>> without_page_number("2\\n\\nĐiều 3. Tổ chức thực hiện")
    'Điều 3. Tổ chức thực hiện'
    """
    paragraphs = text.split("\n\n")
    for place in (0, -1):
        if len(paragraphs) > 1 and _PAGE_NUMBER.fullmatch(paragraphs[place].strip()):
            del paragraphs[place]
    return "\n\n".join(paragraphs)


def to_json(found: FileText) -> dict[str, Any]:
    """Returns the values as JSON can hold them."""
    return asdict(found)


def from_json(values: Mapping[str, Any]) -> FileText:
    """Returns the file of `to_json`. Raises: ValueError, TypeError, KeyError or AttributeError if the values are not of one."""
    return FileText(
        kind=Kind(values["kind"]),
        state=State(values["state"]),
        pages=tuple(_page(one) for one in values["pages"]),
        detail=str(values["detail"]),
        cut=Cut(values["cut"]),
        page_count=None if values["page_count"] is None else int(values["page_count"]),
        library=str(values["library"]),
        facts={str(name): str(value) for name, value in values["facts"].items()},
    )


def _page(values: Mapping[str, Any]) -> Page:
    return Page(
        number=int(values["number"]),
        text=str(values["text"]),
        state=State(values["state"]),
        name=str(values["name"]),
        font=Font(values["font"]),
        original=None if values["original"] is None else str(values["original"]),
        confidence=None if values["confidence"] is None else float(values["confidence"]),
        doubtful=bool(values["doubtful"]),
        detail=str(values["detail"]),
        file=None if values["file"] is None else from_json(values["file"]),
    )


def with_page(found: FileText, page: Page) -> FileText:
    """Returns the file with a page replaced by one of the same number."""
    return replace(found, pages=tuple(page if one.number == page.number else one for one in found.pages))
