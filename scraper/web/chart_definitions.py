"""The charts of `charts.toml`, and how the rows of a query become the names and series of one. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
MOST_SERIES = 7  # the others are added up in one
NOT_OBSERVED = "not-observed"
_MOST_NODES = 30  # of a network


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of a named query. The fields are explained in `charts.toml`."""

    query: str
    mark: str
    x: str
    ys: tuple[str, ...]
    colour: str | None
    unseen: str | None
    names: str | None
    needs: Mapping[str, str]
    weights: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """What a chart shows. `series`: for each name, the numbers at the places of `xs`; None: there is no row. `unseen`: places of which
    nothing is known. `added_up`: how many small series are one."""

    xs: Sequence[str]
    series: Mapping[str, Sequence[float | None]]
    unseen: frozenset[int]
    added_up: int


@cache
def charts() -> Mapping[str, Chart]:
    """Returns the charts by the names of their queries."""
    content = tomllib.loads((Path(__file__).parent / "charts.toml").read_text(encoding="utf-8"))
    return {
        one["query"]: Chart(
            one["query"], one["mark"], one["x"], tuple(one.get("ys") or (one["y"],)), one.get("colour"), one.get("unseen"),
            one.get("names"), one.get("needs", {}), tuple(one.get("weights", ())),
        )
        for one in content["chart"]
    }  # fmt: skip


def table_of(chart: Chart, rows: Iterable[Row], other: str, named: Callable[[str], str] = str, column: Callable[[str], str] = str) -> Table:
    """Returns the names and the series. `other`: the name of the series that is the sum of the small ones. `named`: names the values of X,
    `column`: the columns.

    >>> one = Chart("q", "columns", "year", ("n",), "type", None, None, {})
    >>> table = table_of(one, [{"year": 2008, "type": "luật", "n": 2}, {"year": 2009, "type": "nghị định", "n": 3}], "other")
    >>> table.xs, dict(table.series)
    (['2008', '2009'], {'nghị định': [None, 3], 'luật': [2, None]})
    """
    rows = [row for row in rows if row[chart.x] not in (None, "")]
    xs = list(dict.fromkeys(str(row[chart.x]) for row in rows))
    at = {x: place for place, x in enumerate(xs)}
    found: dict[str, list[float | None]] = {}
    for name, x, value in _values(chart, rows, column):
        values = found.setdefault(name, [None] * len(xs))
        if value is not None:
            values[at[x]] = (values[at[x]] or 0) + value
    unseen = {at[str(row[chart.x])] for row in rows if chart.unseen and row[chart.unseen] == NOT_OBSERVED}
    series, added_up = _with_few_series(found, other) if chart.colour else (found, 0)
    return Table([named(x) for x in xs], series, frozenset(unseen), added_up)


def _values(chart: Chart, rows: Iterable[Row], column: Callable[[str], str]) -> Iterator[tuple[str, str, float | None]]:
    """Yields the name of the series, the X and the number of each value."""
    for row in rows:
        for y in chart.ys:
            yield column(y) if chart.colour is None else str(row[chart.colour] or "?"), str(row[chart.x]), row[y]


def _with_few_series(found: Mapping[str, list[float | None]], other: str) -> tuple[dict[str, list[float | None]], int]:
    """Returns the series from the largest to the smallest, the small ones as one, and how many these are."""
    order = sorted(found, key=lambda name: -sum(value or 0 for value in found[name]))
    if len(order) <= MOST_SERIES + 1:
        return {name: found[name] for name in order}, 0
    small = [found[name] for name in order[MOST_SERIES:]]
    return {name: found[name] for name in order[:MOST_SERIES]} | {other: [_total(values) for values in zip(*small, strict=True)]}, len(
        small
    )


def pairs_of(chart: Chart, rows: Iterable[Row]) -> tuple[dict[str, float], list[tuple[str, str, float]]]:
    """Returns the names of a network with their own numbers, and the pairs: those between the names with the greatest numbers.

    The number of a name is not the sum of its pairs: an article with three documents is in two pairs of each.
    """
    found, weights = [], dict[str, float]()
    for row in rows:
        names = (str(row[chart.x]), str(row[chart.colour or ""]))
        found.append((*names, float(row[chart.ys[0]])))
        weights |= {name: float(row[column]) for name, column in zip(names, chart.weights, strict=True)}
    kept = sorted(weights, key=lambda name: -weights[name])[:_MOST_NODES]
    return {name: weights[name] for name in kept}, [pair for pair in found if pair[0] in kept and pair[1] in kept]


def _total(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
