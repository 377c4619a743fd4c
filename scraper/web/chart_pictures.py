"""Static pictures of charts as SVG: they need no script, follow the colours of the page, and say what they show as text."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from scraper.web.languages import short_number

_WIDTH, _HEIGHT = 720, 300
_LEFT, _RIGHT, _BOTTOM, _LINE = 48, 12, 46, 18
_MOST_LABELS = 16  # on the X axis
_COLOURS = 8  # that charts.css defines
NEAR_TOP = 0.001  # a name at the top or the bottom of a circle is on the right side
Series = Mapping[str, Sequence[float | None]]


@dataclass(frozen=True, slots=True)
class Place:
    """A point on a map. `kind`: the class of its circle in charts.css."""

    name: str
    latitude: float
    longitude: float
    kind: str
    note: str


def ticks(most: float) -> list[float]:
    """Returns round numbers from 0 to at least `most`.

    >>> ticks(437)
    [0, 100, 200, 300, 400, 500]
    """
    if most <= 0:
        return [0, 1]
    power = 10 ** math.floor(math.log10(most / 4))
    step = next(power * times for times in (1, 2, 5, 10) if most / (power * times) <= 5)
    return [at * step if step < 1 else round(at * step) for at in range(math.ceil(most / step) + 1)]


def columns(names: Sequence[str], series: Series, label: str, unseen: Collection[int] = ()) -> Markup:
    """Returns a column for each name, in which the values of the series are one above the other.

    `unseen`: positions for which nothing is known, which is not zero: they have an empty frame.
    """
    totals = [sum(values[at] or 0 for values in series.values()) for at in range(len(names))]
    axis = _Axes(max(totals, default=0), len(series) if len(series) > 1 else 0)
    width = (_WIDTH - _LEFT - _RIGHT) / max(1, len(names))
    parts = [axis.drawn(), _names(names, width, axis.base), _legend(list(series), "s")]
    for at, name in enumerate(names):
        x, below = _LEFT + at * width, 0.0
        if at in unseen and not totals[at]:
            parts.append(
                Markup('<rect class="unseen" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}: ?</title></rect>').format(
                    x + width * 0.1, axis.y(axis.most * 0.06), width * 0.8, axis.base - axis.y(axis.most * 0.06), name
                )
            )
        for number, (of, values) in enumerate(series.items()):
            value = values[at] or 0
            if value:
                parts.append(
                    Markup('<rect class="s{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>').format(
                        number % _COLOURS,
                        x + width * 0.1,
                        axis.y(below + value),
                        max(0.5, width * 0.8),
                        axis.y(below) - axis.y(below + value),
                        _said(name, of if len(series) > 1 else "", value),
                    )
                )
                below += value
    return _svg(parts, label, _WIDTH, axis.height)


def lines(xs: Sequence[float | str], series: Series, label: str, *, as_steps: bool = False, most: float | None = None) -> Markup:
    """Returns a line for each series over numbers, or over names at equal distances. A missing value interrupts its line.

    `as_steps`: a value holds until the next one. `most`: the end of the Y axis.
    """
    highest = max((value for values in series.values() for value in values if value is not None), default=0)
    axis = _Axes(most or highest, len(series) if len(series) > 1 else 0)
    places = _places(xs)
    parts = [axis.drawn(), _x_axis(xs, places, axis.base), _legend(list(series), "s")]
    for number, (of, values) in enumerate(series.items()):
        path, before = [], None
        for x, value in zip(places, values, strict=True):
            if value is not None:
                y = axis.y(value)
                path.append(f"M{x:.1f} {y:.1f}" if before is None else f"H{x:.1f}V{y:.1f}" if as_steps else f"L{x:.1f} {y:.1f}")
            before = value
        parts.append(Markup('<path class="line l{}" d="{}"/>').format(number % _COLOURS, "".join(path)))
        parts += [
            Markup('<circle class="s{}" cx="{:.1f}" cy="{:.1f}" r="2.5"><title>{}</title></circle>').format(
                number % _COLOURS, x, axis.y(value), _said(name, of if len(series) > 1 else "", value)
            )
            for name, x, value in zip(xs, places, values, strict=True)
            if value is not None and len(xs) <= 120
        ]
    return _svg(parts, label, _WIDTH, axis.height)


def network(weights: Mapping[str, float], pairs: Sequence[tuple[str, str, float]], label: str) -> Markup:
    """Returns the names in a circle, with a line for each pair. A thicker line is a greater number."""
    places = in_a_circle(list(weights))
    most, most_of_one = max((number for *_, number in pairs), default=1), max(weights.values(), default=1)
    parts = []
    for one, other, number in pairs:
        (x1, y1), (x2, y2) = places[one], places[other]
        parts.append(
            Markup(
                '<line class="edge" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke-width="{:.1f}"><title>{} – {}: {}</title></line>'
            ).format(
                360 + 170 * x1, 360 + 170 * y1, 360 + 170 * x2, 360 + 170 * y2, 0.6 + 5 * number / most, one, other, short_number(number)
            )
        )
    for name, (x, y) in places.items():
        end = "end" if x < -NEAR_TOP else "start"
        parts.append(
            Markup('<circle class="s0" cx="{:.1f}" cy="{:.1f}" r="{:.1f}"><title>{}: {}</title></circle>').format(
                360 + 170 * x, 360 + 170 * y, 3 + 6 * math.sqrt(weights[name] / most_of_one), name, short_number(weights[name])
            )
        )
        parts.append(
            Markup('<text transform="translate({:.1f} {:.1f}) rotate({:.1f})" dy="4" text-anchor="{}">{}</text>').format(
                360 + 186 * x, 360 + 186 * y, turn_of(x, y), end, name if len(name) <= 30 else f"{name[:29]}…"
            )
        )
    return _svg(parts, label, _WIDTH, _WIDTH)


def turn_of(x: float, y: float) -> float:
    """Returns the degrees by which a name at a place on the circle is turned, so that it leads outwards and is not upside down."""
    turn = math.degrees(math.atan2(y, x))
    return round(turn + 180 if x < -NEAR_TOP else turn, 1)


def in_a_circle(names: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Returns the place of each name on a circle with the radius 1, the first one at the top."""
    turn = 2 * math.pi / max(1, len(names))
    return {name: (math.sin(at * turn), -math.cos(at * turn)) for at, name in enumerate(names)}


def map_of(places: Sequence[Place], label: str) -> Markup:
    """Returns a map with a point for each place, and no borders: the project has no geometry of them. North is above."""
    if not places:
        return Markup("")
    west, south = min(one.longitude for one in places), min(one.latitude for one in places)
    east, north = max(one.longitude for one in places), max(one.latitude for one in places)
    width, height, edge = 330, 560, 24
    scale = min((width - 2 * edge) / max(0.1, (east - west) * 0.96), (height - 2 * edge) / max(0.1, north - south))
    parts = []
    # The most important ones last, so that nothing covers them.
    for one in sorted(places, key=lambda one: one.kind == "reached"):
        x, y = edge + (one.longitude - west) * 0.96 * scale, edge + (north - one.latitude) * scale
        radius = 5 if one.kind == "reached" else 4
        parts.append(
            Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{}"><title>{}: {}</title></circle>').format(
                one.kind, x, y, radius, one.name, one.note
            )
        )
    return _svg(parts, label, width, height, "map")


@dataclass(frozen=True)
class _Axes:
    """The Y axis from 0 to a round number, below a legend with some entries."""

    highest: float
    entries: int

    @property
    def top(self) -> int:
        return 10 + _LINE * self.entries

    @property
    def base(self) -> int:
        return self.top + _HEIGHT - _BOTTOM

    @property
    def height(self) -> int:
        return self.top + _HEIGHT

    @property
    def most(self) -> float:
        return ticks(self.highest)[-1]

    def y(self, value: float) -> float:
        return self.base - (self.base - self.top) * value / self.most

    def drawn(self) -> Markup:
        row = Markup('<path class="axis" d="M{} {:.1f}H{}"/><text class="quiet-text" x="{}" y="{:.1f}" text-anchor="end">{}</text>')
        return Markup("").join(
            row.format(_LEFT, self.y(at), _WIDTH - _RIGHT, _LEFT - 5, self.y(at) + 4, short_number(at)) for at in ticks(self.highest)
        )


def _places(xs: Sequence[float | str]) -> list[float]:
    """Returns the X of each value: numbers by their size, names at equal distances."""
    numbers = [float(x) for x in xs if isinstance(x, int | float)]
    if len(numbers) != len(xs):
        numbers = [float(at) for at in range(len(xs))]
    least, span = min(numbers, default=0), max(numbers, default=1) - min(numbers, default=0)
    return [_LEFT + 4 + (_WIDTH - _LEFT - _RIGHT - 8) * (number - least) / (span or 1) for number in numbers]


def _x_axis(xs: Sequence[float | str], places: Sequence[float], base: float) -> Markup:
    """Returns the labels below lines: round numbers from 0 on, or else the names."""
    numbers = [x for x in xs if isinstance(x, int | float)]
    if len(numbers) < len(xs) or not numbers or min(numbers) != 0:
        return _x_labels(xs, places, base)
    most = max(numbers)
    shown = [at for at in ticks(most) if at <= most]
    return _x_labels(shown, [places[0] + (places[-1] - places[0]) * at / (most or 1) for at in shown], base)


def _names(names: Sequence[str], width: float, base: float) -> Markup:
    return _x_labels(names, [_LEFT + (at + 0.5) * width for at in range(len(names))], base)


def _x_labels(xs: Sequence[float | str], places: Sequence[float], base: float) -> Markup:
    """Returns the labels of the X axis, so many that they do not cover each other."""
    shown, last, space = [], -math.inf, (_WIDTH - _LEFT) / _MOST_LABELS
    for name, x in zip(xs, places, strict=True):
        if x - last >= min(space, 40) or (len(xs) <= _MOST_LABELS and not isinstance(name, int | float)):
            text = name if isinstance(name, str) else short_number(name)
            shown.append(
                Markup('<text class="quiet-text" text-anchor="end" transform="translate({:.1f} {:.1f}) rotate(-35)">{}</text>').format(
                    x + 4, base + 14, text[:18]
                )
            )
            last = x
    return Markup("").join(shown)


def _legend(names: Sequence[str], kind: str) -> Markup:
    if len(names) < 2:
        return Markup("")
    entry = Markup('<rect class="{}{}" x="{}" y="{}" width="10" height="10"/><text x="{}" y="{}">{}</text>')
    return Markup("").join(
        entry.format(kind, at % _COLOURS, _LEFT, 4 + _LINE * at, _LEFT + 16, 13 + _LINE * at, name[:70]) for at, name in enumerate(names)
    )


def _said(x: float | str, name: str, value: float) -> str:
    return f"{x if isinstance(x, str) else short_number(x)}{', ' if name else ''}{name}: {short_number(value)}"


def _svg(parts: Sequence[str], label: str, width: int, height: int, kind: str = "") -> Markup:
    return Markup('<svg class="static {}" role="img" viewBox="0 0 {} {}" aria-label="{}">{}</svg>').format(
        kind, width, height, label, Markup("").join(escape(part) for part in parts)
    )
