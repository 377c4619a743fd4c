"""A part of the page of the benchmarks: what it says, and how it is written as a table and drawn as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import log10

from benchmarks.timing import Spread

_WIDTH, _LINE, _LABEL = 760, 26, 300  # pixels of a picture


@dataclass(frozen=True)
class Row:
    """A bar of a picture and a line of a table. `measured`: as it is written. `ratio`: to the row that the heading names. `is_ours`: of
    this project."""

    name: str
    measured: str
    ratio: Spread
    is_ours: bool = False


@dataclass(frozen=True)
class Part:
    """A section of the page. `ratio`: what the ratios say. `note`: below the table."""

    title: str
    ratio: str
    rows: Sequence[Row]
    note: str = ""


def picture(part: Part) -> str:
    """Returns the ratios of a part as bars on a logarithmic scale, with the least and the most as lines."""
    low = min(0.5, *(row.ratio.least for row in part.rows)) * 0.8
    high = max(2.0, *(row.ratio.most for row in part.rows)) * 1.25
    span = _WIDTH - _LABEL - 90

    def at(value: float) -> float:
        return _LABEL + span * (log10(max(value, low)) - log10(low)) / (log10(high) - log10(low))

    height = _LINE * len(part.rows) + 10
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="12" role="img">',
        f"<title>{escape(part.title)}: {escape(part.ratio)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<line x1="{at(1):.0f}" x2="{at(1):.0f}" y1="0" y2="{height}" stroke="#888" stroke-dasharray="3 3"/>',
    ]
    for number, row in enumerate(part.rows):
        top, one = 5 + number * _LINE, row.ratio
        colour = "#b3261e" if row.is_ours else "#4a6fa5"
        x, width = min(at(1), at(one.middle)), abs(at(one.middle) - at(1))
        name = row.name if len(row.name) <= 46 else f"{row.name[:45]}…"
        lines += [
            f'<text x="{_LABEL - 8}" y="{top + 15}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{x:.1f}" y="{top + 3}" width="{max(width, 2):.1f}" height="15" fill="{colour}"/>',
            f'<line x1="{at(one.least):.1f}" x2="{at(one.most):.1f}" y1="{top + 10}" y2="{top + 10}" stroke="#000"/>',
            f'<text x="{at(max(one.most, 1)) + 6:.1f}" y="{top + 15}">{_short(one.middle)}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


def table(part: Part) -> str:
    """Returns a part as a Markdown table."""
    lines = ["| | measured | ratio | least to most |", "|---|---:|---:|---:|"]
    for row in part.rows:
        one = row.ratio
        name = f"**{row.name}**" if row.is_ours else row.name
        lines.append(f"| {name} | {row.measured} | {_short(one.middle)} | {_short(one.least)} to {_short(one.most)} |")
    return "\n".join(lines)


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"
