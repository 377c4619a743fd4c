"""Small charts as inline SVG: no script, readable in light and dark mode, with the numbers as text for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

from scraper.web.languages import number

_HEIGHT, _BAR, _GAP = 120, 26, 6


def bars(pairs: Sequence[tuple[str, int]], label: str) -> Markup:
    """Returns a bar for each (name, count), with both as text. `label` says what the chart shows."""
    if not pairs:
        return Markup("")
    most = max(count for _, count in pairs) or 1
    width = len(pairs) * (_BAR + _GAP) + _GAP
    parts = []
    for index, (name, count) in enumerate(pairs):
        x = _GAP + index * (_BAR + _GAP)
        height = round((_HEIGHT - 34) * count / most)
        y = _HEIGHT - 18 - height
        parts.append(
            f'<g><title>{escape(name)}: {number(count)}</title><rect x="{x}" y="{y}" width="{_BAR}" height="{height}" rx="2"/>'
            f'<text x="{x + _BAR / 2}" y="{y - 4}" class="count">{number(count) if count else ""}</text>'
            f'<text x="{x + _BAR / 2}" y="{_HEIGHT - 4}">{escape(name[-2:] if len(pairs) > 12 else name)}</text></g>'
        )
    text = ", ".join(f"{name}: {number(count)}" for name, count in pairs)
    return Markup(
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(label)}">'
        f'<svg class="bars" role="img" viewBox="0 0 {width} {_HEIGHT}" style="width:{width}px"'
        f' aria-label="{escape(label)}. {escape(text)}">'
        f"{''.join(parts)}</svg></div>"
    )
