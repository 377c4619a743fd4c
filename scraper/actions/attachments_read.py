"""`scrapy attachments read FILE ...`: prints the kind, the state, the pages and the text of files on disk."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

from scraper.actions import attachment_fields
from scraper.attachments.extractor import Extractor
from scraper.attachments.file_text import FileText, Font, Page, State, to_json
from scraper.attachments.limits import Limits, too_large
from scraper.attachments.parts import Options
from scraper.base_command import FAILED, WELL
from scraper.held_documents import HeldDocument, read_document
from scraper.model import UserError
from scraper.report_language import label_message, say
from scraper.two_languages import Message

_PAGES = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")
_READ = (State.EXTRACTED, State.OCR)  # other states need human attention


def execute(args: list[str], opts: argparse.Namespace) -> int:
    """Prints the files. Returns 1 if one of them could not be read. Raises UserError for bad input, before anything is printed."""
    match args:
        case ["read", _, *_]:
            files = [Path(one) for one in args[1:]]
        case _:
            raise UserError(
                Message(
                    "give: read FILE ...; like: scrapy attachments read decision.pdf --pages 1-3",
                    "hãy ghi: read FILE ...; ví dụ: scrapy attachments read decision.pdf --pages 1-3",
                )
            )
    options = Options(
        pages=_pages(opts.pages), ocr=opts.ocr or opts.ocr_doubtful, ocr_doubtful=opts.ocr_doubtful, libreoffice=opts.libreoffice
    )
    for file in files:
        if not file.is_file():
            raise UserError(Message(f"{file}: there is no such file", f"{file}: không có tệp này"))
    lost = 0
    with Extractor(Limits(), options) as extractor:
        for file, found in _read(files, extractor):
            if found is None or found.state not in _READ:
                lost += 1
                why = Message("cannot be opened", "không mở được")
                if found is not None:
                    name = label_message("text state", found.state).vi
                    why = Message(f"{found.state}: {found.detail}".removesuffix(": "), f"{found.state}: {name}")
                say(Message(f"{file}: not read: ", f"{file}: không đọc: ") + why, as_error=True)
            if found is not None:
                if opts.json:
                    print(_json(file, found, document=opts.document))
                else:
                    print("\n".join(_shown(file, found, document=opts.document)))
    return FAILED if lost else WELL


def _read(files: list[Path], extractor: Extractor) -> Iterator[tuple[Path, FileText | None]]:
    for file in files:
        try:
            size = file.stat().st_size
            data = file.read_bytes() if size <= extractor.limits.bytes else b""  # gigabytes would fill the memory
        except OSError:
            yield file, None
            continue
        yield file, extractor.extract(data) if size <= extractor.limits.bytes else too_large(size, extractor.limits)


def _pages(text: str | None) -> tuple[int, int] | None:
    """Returns the first and the last page. Raises UserError."""
    if text is None:
        return None
    found = _PAGES.fullmatch(text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last:
        raise UserError(
            Message(
                f"--pages {text}: give a page, or the first and the last one, like --pages 1-3",
                f"--pages {text}: hãy ghi một trang, hoặc trang đầu và trang cuối, ví dụ --pages 1-3",
            )
        )
    return first, last


def _json(file: Path, found: FileText, *, document: bool) -> str:
    if document:
        fields = attachment_fields.to_json(_held(found))
        return json.dumps({"file": str(file), "kind": found.kind, "state": found.state, "document": fields}, ensure_ascii=False)
    return json.dumps({"file": str(file)} | to_json(found), ensure_ascii=False)


def _held(found: FileText) -> HeldDocument:
    """Reads the document in the pages. Its places count the pages that were read, so the first of --pages 3-9 is page 1."""
    return read_document([page.text for page in found.pages])


def _shown(file: Path, found: FileText, *, document: bool) -> Iterator[str]:
    counted = "" if found.page_count is None else f", {len(found.pages)} of {found.page_count} pages"
    cut = f", cut by the limit of {found.cut}" if found.cut else ""
    yield f"=== {file}: {found.kind}, {found.state}{counted}{cut}"
    for name, value in (
        ("detail", found.detail),
        ("letters", "" if found.font is Font.UNICODE else found.font),
        ("library", found.library),
    ):
        if value:
            yield f"{name}: {value}"
    if document:
        yield from attachment_fields.lines_of(_held(found))
    for page in () if document else found.pages:
        yield f"--- {_title(page)}"
        yield page.text
    yield ""


def _title(page: Page) -> str:
    parts = [f"{page.number}{f' ({page.name})' if page.name else ''}: {page.state}"]
    if page.file is not None:
        parts.append(page.file.kind)
    if page.font is not Font.UNICODE:
        parts.append(f"letters of {page.font}")
    if page.confidence is not None:
        parts.append(f"confidence {page.confidence:.2f}")
    if page.doubtful:
        parts.append("doubtful")
    return ", ".join([*parts, page.detail] if page.detail else parts)
