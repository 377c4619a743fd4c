"""The lives of sites as inline SVG: a line for each source, from its first to its last capture, with a block for each month. No script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

_WIDTH, _LEFT, _LINE, _TOP = 900, 190, 20, 22
_COLOURS = 7  # of the series in charts.css; the platforms that are left share the last one
_LONGEST = 28  # letters of a name


@dataclass(frozen=True, slots=True)
class Life:
    """A line of the chart. `months`: the platform that is seen in each month ("2009-07"). `valid`: first and last month, "" if unknown."""

    name: str
    months: Mapping[str, str]
    valid: tuple[str, str]


def timeline(lives: Sequence[Life], label: str) -> Markup:
    """Returns the chart with the platforms and their colours. Empty without captures. `label` says what the chart shows."""
    years = [int(month[:4]) for life in lives for month in life.months]
    if not years:
        return Markup("")
    first, last = min(years), max(years) + 1
    scale = (_WIDTH - _LEFT) / ((last - first) * 12)
    colours = _colours(lives)
    step = -(-(last - first) // 12)
    parts = [f'<text x="{_x(f"{year}-01", first, scale):.1f}" y="14">{year}</text>' for year in range(first, last, step)]
    parts += [_line(life, _TOP + number * _LINE, (first, last), scale, colours) for number, life in enumerate(lives)]
    below = _TOP + len(lives) * _LINE
    for number, (name, colour) in enumerate(colours.items()):
        x, y = _LEFT + number % 5 * 140, below + 6 + number // 5 * _LINE
        parts.append(
            f'<rect class="s{colour}" x="{x}" y="{y}" width="12" height="12"/><text x="{x + 16}" y="{y + 11}">{escape(name)}</text>'
        )
    height = below + 6 + -(-len(colours) // 5) * _LINE
    said = "; ".join(f"{life.name}: {min(life.months)} – {max(life.months)}" for life in lives if life.months)
    head = f'class="static" role="img" viewBox="0 0 {_WIDTH} {height}" aria-label="{escape(label)}. {escape(said)}"'
    return Markup(f"<svg {head}>{''.join(parts)}</svg>")


def _colours(lives: Sequence[Life]) -> dict[str, int]:
    """Returns a colour for each platform, the most frequent first."""
    counts: dict[str, int] = {}
    for life in lives:
        for platform in life.months.values():
            counts[platform] = counts.get(platform, 0) + 1
    order = sorted(counts, key=lambda name: (-counts[name], name))
    return {name: min(place, _COLOURS - 1) for place, name in enumerate(order)}


def _short(name: str) -> str:
    """Returns a name that fits beside its line. The middle is left out: names of sources differ at the end, where the province is.

    >>> _short("Sở Thông tin và Truyền thông Nghệ An")
    'Sở Thông ti…ền thông Nghệ An'
    """
    return name if len(name) <= _LONGEST else f"{name[:11]}…{name[12 - _LONGEST :]}"


def _x(month: str, first: int, scale: float) -> float:
    return _LEFT + ((int(month[:4]) - first) * 12 + int(month[5:7] or 1) - 1) * scale


def _line(life: Life, y: int, years: tuple[int, int], scale: float, colours: Mapping[str, int]) -> str:
    first, last = f"{years[0]}-01", f"{years[1] - 1}-12"
    name = _short(life.name)
    parts = [f'<g><title>{escape(life.name)}</title><text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>']
    begin, end = (min(max(month, first), last) for month in (life.valid[0] or first, life.valid[1] or last))
    if any(life.valid) and begin <= end:
        x1, x2 = _x(begin, years[0], scale), _x(end, years[0], scale) + scale
        parts.append(f'<line class="axis" x1="{x1:.1f}" x2="{x2:.1f}" y1="{y + 9}" y2="{y + 9}"/>')
    for month, platform in sorted(life.months.items()):
        parts.append(
            f'<rect class="s{colours[platform]}" x="{_x(month, years[0], scale):.1f}" y="{y + 3}" width="{max(scale, 2):.1f}" height="12">'
            f"<title>{escape(f'{life.name}, {month}: {platform}')}</title></rect>"
        )
    return "".join([*parts, "</g>"])
