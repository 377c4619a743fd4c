"""How much of a file is read at most. Whatever a site attaches is bounded in time, memory and number."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from scraper.attachments.file_text import Cut, FileText, Kind, State

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits for one file. What is not reached by a limit is not read, and the result says so.

    Reasons: the largest decisions with their annexes have some hundred pages and 20 MB as scans; a page of text has 3,000 characters.
    """

    bytes: int = 64 * MB  # of the file
    seconds: float = 60.0  # until the rest of the pages is left out
    memory: int = 512 * MB  # bytes of the process that reads it, Python included
    pages: int = 2_000  # pages, sheets, or members of a ZIP archive
    characters: int = 10_000_000  # of the text
    inflated: int = 200 * MB  # bytes of all compressed parts together, after decompression
    ratio: int = 200  # bytes after decompression for each byte before; text in XML has 5 to 40
    depth: int = 2  # ZIP archives inside each other
    cells: int = 2_000_000  # of a spreadsheet, empty ones included
    ocr_seconds: float = 60.0  # for one page by optical character recognition


def too_large(size: int, limits: Limits) -> FileText:
    """Returns what is said of a file of so many bytes, which is not read."""
    return FileText(Kind.UNKNOWN, State.TOO_LARGE, detail=f"{size:,} bytes; at most {limits.bytes:,} are read", cut=Cut.SIZE)


class OverLimit(Exception):
    """A limit was reached. `cut` says which one; the message says what was too large."""

    def __init__(self, cut: Cut, message: str) -> None:
        super().__init__(message)
        self.cut = cut


@dataclass
class Budget:
    """What is left of the limits while a file is read. The parts of a file, and the members of a ZIP archive, share one."""

    limits: Limits
    ends: float = 0.0  # monotonic time
    pages: int = field(init=False)
    characters: int = field(init=False)
    inflated: int = field(init=False)
    cells: int = field(init=False)

    def __post_init__(self) -> None:
        self.ends = self.ends or time.monotonic() + self.limits.seconds
        self.pages = self.limits.pages
        self.characters = self.limits.characters
        self.inflated = self.limits.inflated
        self.cells = self.limits.cells

    def check_time(self) -> None:
        """Raises: OverLimit if the time is up."""
        if time.monotonic() > self.ends:
            raise OverLimit(Cut.TIME, f"not read within {self.limits.seconds:g} seconds")

    def take_text(self, text: str) -> None:
        """Counts the characters of a text. Raises: OverLimit if there are too many, or if the time is up."""
        self.characters -= len(text)
        if self.characters < 0:
            raise OverLimit(Cut.CHARACTERS, f"more than {self.limits.characters:,} characters of text")
        self.check_time()

    def take_inflated(self, size: int) -> None:
        """Counts bytes that were decompressed. Raises: OverLimit if there are too many."""
        self.inflated -= size
        if self.inflated < 0:
            raise OverLimit(Cut.SIZE, f"more than {self.limits.inflated // MB} MB after decompression")

    def take_cells(self, number: int) -> None:
        """Counts cells of a spreadsheet. Raises: OverLimit if there are too many, or if the time is up."""
        self.cells -= number
        if self.cells < 0:
            raise OverLimit(Cut.CELLS, f"more than {self.limits.cells:,} cells, empty ones included")
        self.check_time()
