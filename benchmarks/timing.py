"""Times pure functions, and compares works that are done in turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


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


@dataclass(frozen=True)
class Spread:
    """The median of several rounds, with the least and the greatest."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Returns the spread of some values."""
        return cls(median(values), min(values), max(values))


def in_turn(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Returns the processor time of each work in each round, in seconds. One more round before them warms the caches."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + 1):
        for name, work in works.items():
            began = time.process_time()
            work()
            if number:
                found[name].append(time.process_time() - began)
    return found


def ratios(found: dict[str, list[float]], name: str, to: str) -> Spread:
    """Returns the ratio of two works in the same rounds."""
    return Spread.of([one / other for one, other in zip(found[name], found[to], strict=True)])
