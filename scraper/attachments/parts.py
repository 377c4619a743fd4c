"""What the readers of all kinds give: the parts of a file with their paragraphs, still in the letters of the file. And why one cannot be
read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from scraper.attachments.file_text import Cut, FileText, State
from scraper.attachments.letters import Paragraph, Run
from scraper.attachments.limits import Budget


class Unreadable(Exception):
    """A file cannot be read. `state` says how it is; the message says why and, if there is something to do, what."""

    def __init__(self, state: State, message: str) -> None:
        super().__init__(message)
        self.state = state


@dataclass(frozen=True, slots=True)
class Options:
    """What is done beyond the plain reading. `pages`: the first and the last page to read, from 1; None: all.

    `ocr`: pages without a text layer are read by optical character recognition. `ocr_doubtful`: those with a doubtful one, too; the layer
    is kept in `Page.original`. `ocr_language`: of Tesseract. `libreoffice`: LibreOffice converts old Word files that we cannot read.
    """

    pages: tuple[int, int] | None = None
    ocr: bool = False
    ocr_doubtful: bool = False
    ocr_language: str = "vie"
    libreoffice: bool = False

    def wants(self, page: int) -> bool:
        """Returns whether a page is to be read."""
        return self.pages is None or self.pages[0] <= page <= self.pages[1]


@dataclass(frozen=True, slots=True)
class Part:
    """A page, a sheet, or the text of a file without pages. `file`: a member of a ZIP archive."""

    number: int
    paragraphs: Sequence[Paragraph]
    state: State = State.EXTRACTED
    name: str = ""
    detail: str = ""
    file: FileText | None = None


@dataclass
class Parts:
    """The parts of a file that were read until now. A reader adds to it, so that what was read before a limit is not lost."""

    budget: Budget
    found: list[Part] = field(default_factory=list)
    page_count: int | None = None
    library: str = ""
    detail: str = ""
    cut: Cut = Cut.NO
    facts: dict[str, str] = field(default_factory=dict)

    def lacks(self, cut: Cut, detail: str) -> None:
        """Notes why something is missing, although the reading goes on. The first reason stays."""
        if not self.cut:
            self.cut, self.detail = cut, detail

    def keep(self, paragraphs: Sequence[Paragraph]) -> None:
        """Adds what was read of a file without pages until a limit or a damaged place, if anything."""
        if paragraphs:
            self.found.append(Part(1, paragraphs))

    def add(self, part: Part) -> None:
        """Adds a part. Raises: OverLimit if there is too much text."""
        for paragraph in part.paragraphs:
            for run in paragraph:
                self.budget.take_text(run.text)
        self.found.append(part)


def plain(*paragraphs: str) -> list[Paragraph]:
    """Returns paragraphs whose font is not known; empty ones are left out."""
    return [[Run(text)] for text in paragraphs if text.strip()]
