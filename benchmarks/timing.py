"""Timing pure functions over many texts."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Timed:
    """`megabytes` of UTF-8 read in `seconds` of one core; `found` is what came out, so that nothing is timed that does nothing."""

    name: str
    megabytes: float
    seconds: float
    found: int

    @property
    def rate(self) -> float:
        """Megabytes a second."""
        return self.megabytes / self.seconds


def timed(name: str, texts: Sequence[str], work: Callable[[str], int], rounds: int = 3) -> Timed:
    """The best of several rounds of processor time."""
    best, found = float("inf"), 0
    for _ in range(rounds):
        began = time.process_time()
        found = sum(map(work, texts))
        best = min(best, time.process_time() - began)
    return Timed(name, sum(len(text.encode()) for text in texts) / 1e6, best, found)


def table(rows: Sequence[Timed], ours: Timed) -> str:
    """A Markdown table, each row beside ours."""
    lines = ["| | MB/s | found per MB | ours is |", "|---|---:|---:|---:|"]
    lines += [f"| {row.name} | {row.rate:.1f} | {row.found / row.megabytes:.0f} | {ours.rate / row.rate:.2f} x |" for row in rows]
    return "\n".join(lines)
