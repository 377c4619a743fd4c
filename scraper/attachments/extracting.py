"""Extracts the text of a file in this process. For files that others made, use `extractor.Extractor`, which does it in a process with
limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scraper.attachments import archives, doc, docx, opendocument, pdf, plain_text, rtf, sheets
from scraper.attachments.file_text import Cut, FileText, Font, Kind, Page, State
from scraper.attachments.kinds import NEEDED, kind_of
from scraper.attachments.letters import Converted, convert, look
from scraper.attachments.limits import MB, Budget, Limits, OverLimit, too_large
from scraper.attachments.parts import Options, Part, Parts, Unreadable
from scraper.attachments.text_quality import is_doubtful
from scraper.text import clean

_READERS: dict[Kind, Callable[[bytes, Options, Parts], None]] = {
    Kind.PDF: pdf.read,
    Kind.DOC: doc.read,
    Kind.DOCX: docx.read,
    Kind.RTF: rtf.read,
    Kind.XLS: sheets.read_xls,
    Kind.XLSX: sheets.read_xlsx,
    Kind.ODT: opendocument.read_text,
    Kind.ODS: opendocument.read_sheets,
    Kind.TEXT: plain_text.read,
}
_LONGEST_LINE = 500  # characters of a name or a detail
_OLE = b"\xd0\xcf\x11\xe0"


def extract(data: bytes, limits: Limits, options: Options | None = None) -> FileText:
    """Returns the text of a file. It never raises for what the file is; states and details say it. MemoryError may come from a library.

    The same bytes, limits and options give the same result, unless a limit of time was reached. OCR is done by `extractor`, because it
    starts a program.
    """
    return _extract(data, Budget(limits), options or Options(), 0)


def _extract(data: bytes, budget: Budget, options: Options, depth: int) -> FileText:
    found = _read(data, budget, options, depth)
    return replace(found, detail=_line(found.detail))


def _line(text: str) -> str:
    """Returns a line of names that a file gives. They may be long, and hold what steers a terminal or turns the direction of a text."""
    line = clean(text[:_LONGEST_LINE])
    return line if len(text) <= _LONGEST_LINE else f"{line}…"


def _read(data: bytes, budget: Budget, options: Options, depth: int) -> FileText:
    if len(data) > budget.limits.bytes:
        return too_large(len(data), budget.limits)
    kind = kind_of(data)
    if kind is Kind.EMPTY:
        return FileText(kind, State.DAMAGED, detail="an empty file" if not data else "a file of blanks and zeros")
    if kind is Kind.UNKNOWN and data.startswith(_OLE):
        return FileText(
            kind, State.DAMAGED, detail="a container of old office files (DOC, XLS, PPT or others) that has no such file: perhaps cut off"
        )
    if kind in NEEDED:
        return FileText(kind, State.UNSUPPORTED, detail=NEEDED[kind])
    if kind is Kind.DOCX and data.startswith(_OLE):
        return FileText(kind, State.ENCRYPTED, detail="an office file with a password")
    into = Parts(budget)
    try:
        if kind is Kind.ZIP:
            # Members are read completely: `pages` chooses among the members.
            archives.read(data, options, into, depth, lambda inner, level: _extract(inner, budget, replace(options, pages=None), level))
        else:
            _READERS[kind](data, options, into)
    except Unreadable as error:
        if not into.found:
            return FileText(kind, error.state, detail=str(error), library=into.library, page_count=into.page_count)
        return _finished(kind, into, Cut.DAMAGE, f"the rest is damaged: {error}")
    except OverLimit as limit:
        if not any(part.paragraphs or part.file or part.state is not State.EXTRACTED for part in into.found):
            return FileText(kind, State.TOO_LARGE, detail=str(limit), cut=limit.cut, library=into.library, page_count=into.page_count)
        return _finished(kind, into, limit.cut, str(limit))
    except MemoryError:
        detail = f"needs more than {budget.limits.memory // MB} MB of memory"
        return FileText(kind, State.TOO_LARGE, detail=detail, cut=Cut.SIZE, library=into.library, page_count=into.page_count)
    except RecursionError:
        return FileText(kind, State.DAMAGED, detail="its parts are nested without end", library=into.library, page_count=into.page_count)
    return _finished(kind, into, into.cut, into.detail)


def _finished(kind: Kind, into: Parts, cut: Cut, detail: str) -> FileText:
    """Returns the parts that were read as pages in Unicode."""
    fonts = look(paragraph for part in into.found for paragraph in part.paragraphs)
    pages = tuple(_page(part, [convert(paragraph, fonts) for paragraph in part.paragraphs]) for part in into.found)
    state = _state(kind, pages)
    notes = [detail] if detail else []
    if state is State.EXTRACTED and kind is Kind.PDF:
        lacking = [page.number for page in pages if page.state is not State.EXTRACTED]
        if lacking:
            notes.append(f"{len(lacking)} of {len(pages)} pages have no text layer or are damaged, the first is page {lacking[0]}")
    if kind is Kind.PDF and not any(page.text for page in pages):
        notes.append("no page has a letter")
    page_count = into.page_count if into.page_count is not None else len(into.found)
    return FileText(kind, state, pages, "; ".join(notes), cut, page_count, into.library, into.facts)


def _page(part: Part, found: list[Converted]) -> Page:
    paragraphs = [(one, _tidy(one.text)) for one in found]
    text = "\n\n".join(tidy for _, tidy in paragraphs if tidy)
    used = {one.font for one, tidy in paragraphs if tidy and (one.font is not Font.UNICODE or not tidy.isascii())}
    font = Font.UNICODE if not used else used.pop() if len(used) == 1 else Font.MIXED
    original = None
    if any(one.original is not None for one in found):
        original = "\n\n".join(one.original if one.original is not None else tidy for one, tidy in paragraphs if tidy)
    if part.file is not None:
        text, font = part.file.text, part.file.font
    doubtful = part.file is None and part.state is State.EXTRACTED and is_doubtful(text)
    return Page(part.number, text, part.state, _line(part.name), font, original, None, doubtful, _line(part.detail), part.file)


def _tidy(text: str) -> str:
    """Returns a paragraph with single blanks. Its lines (rows of tables, breaks that the writer set) and the tabs between cells stay."""
    lines = ("\t".join(" ".join(cell.split()) for cell in line.split("\t")).rstrip("\t") for line in text.split("\n"))
    return "\n".join(line for line in lines if line.strip())


def _state(kind: Kind, pages: tuple[Page, ...]) -> State:
    if not pages:
        return State.EXTRACTED
    states = {page.state for page in pages}
    if State.EXTRACTED in states or kind is Kind.ZIP:
        if kind is Kind.PDF and not any(page.text for page in pages):
            return State.NO_TEXT_LAYER
        if kind is Kind.PDF and State.NO_TEXT_LAYER in states and not any(page.text for page in pages if page.state is State.EXTRACTED):
            return State.NO_TEXT_LAYER
        return State.EXTRACTED
    return State.NO_TEXT_LAYER if State.NO_TEXT_LAYER in states else State.DAMAGED
