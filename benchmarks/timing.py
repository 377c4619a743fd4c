"""Times pure functions on many texts."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Timed:
    """`megabytes` of UTF-8 that one core read in `seconds`. `found` counts the results, to prove that the work was done."""

    name: str
    megabytes: float
    seconds: float
    found: int

    @property
    def rate(self) -> float:
        """Megabytes per second."""
        return self.megabytes / self.seconds


def timed(name: str, texts: Sequence[str], work: Callable[[str], int], rounds: int = 3) -> Timed:
    """Returns the best of several rounds, in processor time."""
    best, found = float("inf"), 0
    for _ in range(rounds):
        began = time.process_time()
        found = sum(map(work, texts))
        best = min(best, time.process_time() - began)
    return Timed(name, sum(len(text.encode()) for text in texts) / 1e6, best, found)


def table(rows: Sequence[Timed], ours: Timed) -> str:
    """Returns a Markdown table that compares each row with ours."""
    lines = ["| | MB/s | found per MB | ours is |", "|---|---:|---:|---:|"]
    lines += [f"| {row.name} | {row.rate:.1f} | {row.found / row.megabytes:.0f} | {ours.rate / row.rate:.2f} x |" for row in rows]
    return "\n".join(lines)
