"""Collects the text of a word processor's file in its order: paragraphs, and tables with their cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from scraper.attachments.letters import Run

MOST_DEPTH = 20  # tables in cells of tables; deeper ones are read as paragraphs


@dataclass
class _Table:
    rows: list[list[list[list[Run]]]] = field(default_factory=lambda: [[[]]])  # rows of cells of paragraphs of runs
    is_framed: bool = False


class Flow:
    """The paragraphs of a text under construction.

    A table with lines between its cells becomes one paragraph: a line for each row, a tab between two cells. A table without lines only
    places texts beside each other, as in the heading of a decision: its cells become paragraphs, row by row, from left to right. If a
    format
    does not say whether there are lines (`knows_lines`), a table whose first row has a cell of several paragraphs is one without lines.
    """

    def __init__(self, *, knows_lines: bool = True) -> None:
        self._knows_lines = knows_lines
        self.paragraphs: list[list[Run]] = []
        self._runs: list[Run] = []
        self._tables: list[_Table] = []
        self._deeper = 0

    @property
    def in_table(self) -> bool:
        """Whether text now goes into a cell."""
        return bool(self._tables)

    def text(self, text: str, font: str = "") -> None:
        """Adds text to the paragraph."""
        if text:
            last = self._runs[-1] if self._runs else None
            if last is not None and last.font == font and len(last.text) < 1000:
                self._runs[-1] = Run(last.text + text, font)
            else:
                self._runs.append(Run(text, font))

    def end_paragraph(self) -> None:
        """Ends the paragraph; an empty one is left out."""
        runs, self._runs = stripped(self._runs), []
        if runs:
            (self._tables[-1].rows[-1][-1] if self._tables else self.paragraphs).append(runs)

    def start_table(self) -> None:
        """Begins a table, and its first cell."""
        self.end_paragraph()
        if len(self._tables) >= MOST_DEPTH:
            self._deeper += 1
            return
        self._tables.append(_Table())

    def frame(self) -> None:
        """Says that the table has lines between its cells."""
        if self._tables:
            self._tables[-1].is_framed = True

    def end_cell(self) -> None:
        """Ends a cell, and begins the next one."""
        self.end_paragraph()
        if self._tables and not self._deeper:
            self._tables[-1].rows[-1].append([])

    def end_row(self) -> None:
        """Ends a row, and begins the next one."""
        self.end_paragraph()
        if self._tables and not self._deeper:
            self._tables[-1].rows.append([[]])

    def end_table(self) -> None:
        """Ends a table."""
        self.end_paragraph()
        if self._deeper:
            self._deeper -= 1
            return
        if not self._tables:
            return
        table = self._tables.pop()
        rows = [row[:-1] if not row[-1] and len(row) > 1 else row for row in table.rows]  # `end_cell` has begun one more
        rows = [row for row in rows if any(row)]
        is_framed = table.is_framed if self._knows_lines else bool(rows) and all(len(cell) < 2 for cell in rows[0])
        found = [_as_lines(rows)] if is_framed and rows else [one for row in rows for cell in row for one in cell]
        (self._tables[-1].rows[-1][-1] if self._tables else self.paragraphs).extend(found)

    def close(self) -> list[list[Run]]:
        """Returns all paragraphs."""
        self.end_paragraph()
        while self._tables:
            self.end_table()
        return self.paragraphs


def _as_lines(rows: list[list[list[list[Run]]]]) -> list[Run]:
    runs: list[Run] = []
    for row_number, row in enumerate(rows):
        if row_number:
            runs.append(Run("\n"))
        for cell_number, cell in enumerate(row):
            if cell_number:
                runs.append(Run("\t"))
            for number, paragraph in enumerate(cell):
                runs += ([Run(" ")] if number else []) + [Run(" ".join(run.text.split("\n")), run.font) for run in paragraph]
    return runs


def stripped(runs: Iterable[Run]) -> list[Run]:
    """Returns runs without white space around them; none if there is only white space."""
    found = list(runs)
    while found and not found[0].text.strip():
        del found[0]
    while found and not found[-1].text.strip():
        del found[-1]
    if found:
        found[0] = Run(found[0].text.lstrip(), found[0].font)
        found[-1] = Run(found[-1].text.rstrip(), found[-1].font)
    return found
