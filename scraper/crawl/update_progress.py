"""What a person sees during `scrapy update`: a table of the crawls that are going on, on a terminal only."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from scraper.crawl.side_by_side import Crawling

_LINES_AROUND = 4  # of a terminal: the first line, the head of the table, the line for the crawls that are not shown, the cursor
_WIDE = 66  # columns from which on all numbers are shown
_MINUTE = 60


class ProgressTable:
    """Shows a table at the bottom of a terminal. Lines that are printed with `say` appear above it."""

    def __init__(self, number: int) -> None:
        """`number`: of all sources that are crawled."""
        self._console, self._number = Console(stderr=True), number
        self._live = Live(console=self._console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False)
        self._began = time.monotonic()
        self.ended = self.need_attention = 0

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._live.update("", refresh=True)
        self._live.stop()

    def say(self, line: str) -> None:
        """Prints a line above the table."""
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def refresh(self, going_on: Iterable[Crawling], waiting: int) -> None:
        """Draws the table again, in the size that the terminal has now."""
        self._live.update(self._drawn([*going_on], waiting), refresh=True)

    def _drawn(self, going_on: Sequence[Crawling], waiting: int) -> Group:
        most = max(1, self._console.height - _LINES_AROUND)
        head = f"{self.ended} of {self._number} sources done"
        parts = [(self.need_attention, "need attention"), (len(going_on), "crawling"), (waiting, "waiting")]
        head += "".join(f", {number} {what}" for number, what in parts if number) + f" · {_clock(time.monotonic() - self._began)}"
        rows: list[Table | Text] = [Text(head, no_wrap=True, overflow="ellipsis"), _table(going_on[:most], self._console.width >= _WIDE)]
        if len(going_on) > most:
            rows.append(Text(f"... and {len(going_on) - most} more", style="dim"))
        return Group(*rows)


def _table(going_on: Sequence[Crawling], wide: bool) -> Table:
    table = Table(box=None, expand=True, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("source", ratio=1, no_wrap=True, overflow="ellipsis")
    for name in ("requested", "listed", "new", "changed", "failed", "time") if wide else ("sent", "new", "fail"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in going_on:
        counts, failed = one.run.counts, sum(one.run.open_failures().values())
        numbers = [one.requests, len(counts.listed_articles), counts.new, counts.changed, failed]
        shown = [*map(str, numbers), _clock(time.monotonic() - one.began)] if wide else [f"{numbers[at]}" for at in (0, 2, 4)]
        table.add_row(one.source.id, *shown)
    return table


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
