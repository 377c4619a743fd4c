"""Charts as Vega-Lite specifications, with the same data as the static pictures. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from scraper.web.chart_pictures import NEAR_TOP, Place, Series, in_a_circle, turn_of

Spec = dict[str, Any]

# Pixels of the width and height of a network: of the circle, and of the longest name on each side of it. A narrow screen scrolls.
_NETWORK = 700


def as_script(spec: Spec) -> Markup:
    """Returns a specification as the content of a script element of type application/json, which nothing in the data can close."""
    written = json.dumps(spec, ensure_ascii=False, separators=(",", ":"))
    return Markup(written.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def columns(names: Sequence[str], series: Series, titles: tuple[str, str], unseen: Collection[int] = ()) -> Spec:
    """Returns stacked columns. `titles`: of both axes. `unseen`: positions for which nothing is known: they have a dashed frame."""
    most = max((sum(of[at] or 0 for of in series.values()) for at in range(len(names))), default=0)
    frames = [{"x": names[at], "y": most * 0.06 or 1} for at in sorted(unseen) if not any(of[at] for of in series.values())]
    y = {"field": "y", "type": "quantitative", "title": titles[1]}
    drawn: Spec = {"mark": {"type": "bar", "tooltip": True}, "encoding": {"y": y, **_colour(series)}}
    empty: Spec = {
        "data": {"values": frames},
        "mark": {"type": "bar", "filled": False, "strokeDash": [2, 2], "stroke": "gray"},
        "encoding": {"y": y},
    }
    axis = {"labelAngle": -40, "labelOverlap": True}
    return {
        "data": {"values": _values(names, series)},
        "height": 300,
        "width": "container",
        "encoding": {"x": {"field": "x", "type": "ordinal", "title": titles[0], "axis": axis, "scale": {"domain": list(names)}}},
        "layer": [drawn, empty] if frames else [drawn],
    }


def lines(xs: Sequence[float | str], series: Series, titles: tuple[str, str], *, as_steps: bool = False, most: float | None = None) -> Spec:
    """Returns a line for each series. `as_steps`: a value holds until the next one. `most`: the end of the Y axis."""
    kind = "quantitative" if all(isinstance(x, int | float) for x in xs) else "ordinal"
    y: Spec = {"field": "y", "type": "quantitative", "title": titles[1]}
    if most is not None:
        y["scale"] = {"domain": [0, most]}
    return {
        "data": {"values": _values(xs, series)},
        "height": 300,
        "width": "container",
        "mark": {"type": "line", "point": True, "tooltip": True, **({"interpolate": "step-after"} if as_steps else {})},
        "encoding": {
            "x": {
                "field": "x",
                "type": kind,
                "sort": None,
                "title": titles[0],
                "axis": {"labelAngle": -40, "labelOverlap": True, "tickCount": 12},
            },
            "y": y,
            **_colour(series),
        },
    }


def network(weights: Mapping[str, float], pairs: Sequence[tuple[str, str, float]], titles: tuple[str, str]) -> Spec:
    """Returns the names in a circle, with a line for each pair. `titles`: what the numbers of the names and those of the pairs are."""
    of_names, title = titles
    places = in_a_circle(list(weights))
    links = [
        {
            "x": places[one][0],
            "y": -places[one][1],
            "x2": places[other][0],
            "y2": -places[other][1],
            "pair": f"{one} – {other}",
            title: number,
        }
        for one, other, number in pairs
    ]
    nodes = [
        {"x": x, "y": -y, "name": name, of_names: weights[name], "turn": turn_of(x, y), "side": "left" if x < -NEAR_TOP else "right"}
        for name, (x, y) in places.items()
    ]
    axis: Spec = {"axis": None, "scale": {"domain": [-2, 2]}, "type": "quantitative"}
    place: Spec = {"x": {"field": "x", **axis}, "y": {"field": "y", **axis}}
    return {
        "width": _NETWORK,
        "height": _NETWORK,
        "layer": [
            {
                "data": {"values": links},
                "mark": {"type": "rule", "opacity": 0.5},
                "encoding": {
                    **place,
                    "x2": {"field": "x2"},
                    "y2": {"field": "y2"},
                    "strokeWidth": {"field": title, "type": "quantitative", "legend": None, "scale": {"range": [1, 7]}},
                    "tooltip": [{"field": "pair"}, {"field": title}],
                },
            },
            {
                "data": {"values": nodes},
                "mark": {"type": "circle", "opacity": 1},
                "encoding": {
                    **place,
                    "size": {"field": of_names, "type": "quantitative", "legend": None, "scale": {"range": [40, 400]}},
                    "tooltip": [{"field": "name"}, {"field": of_names}],
                },
            },
            # Each name is written outwards, so that neighbours do not cover each other.
            _beside(nodes, place, "left", ("right", -14)),
            _beside(nodes, place, "right", ("left", 14)),
        ],
    }


def _beside(nodes: Sequence[Spec], place: Spec, side: str, align: tuple[str, int]) -> Spec:
    """Returns the names on one side of the circle. `align`: the end at which each begins, and its distance from there."""
    return {
        "data": {"values": nodes},
        "transform": [{"filter": {"field": "side", "equal": side}}],
        "mark": {"type": "text", "align": align[0], "baseline": "middle", "dx": align[1], "limit": 155},
        "encoding": {**place, "text": {"field": "name"}, "angle": {"field": "turn", "type": "quantitative", "scale": None}},
    }


def map_of(places: Sequence[Place], kinds: Mapping[str, str]) -> Spec:
    """Returns a map with a point for each place, without borders. `kinds`: what each kind of place is called."""
    values = [{"x": one.longitude, "y": one.latitude, "name": one.name, "status": kinds[one.kind], "note": one.note} for one in places]
    axis: Spec = {"axis": None, "scale": {"zero": False, "padding": 12}, "type": "quantitative"}
    legend: Spec = {"orient": "bottom", "direction": "vertical"}  # beside the map it would be outside a narrow screen
    return {
        "data": {"values": values},
        "width": 300,
        "height": 520,
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
        "encoding": {
            "x": {"field": "x", **axis},
            "y": {"field": "y", **axis},
            # The colours of "status" are set by vega_charts.js.
            "color": {
                "field": "status",
                "type": "nominal",
                "title": None,
                "legend": legend,
                "scale": {"domain": list(kinds.values()), "range": "status"},
            },
            "shape": {
                "field": "status",
                "type": "nominal",
                "title": None,
                "legend": legend,
                "scale": {"domain": list(kinds.values()), "range": ["circle", "square", "triangle-up"]},
            },
            "tooltip": [{"field": "name"}, {"field": "status"}, {"field": "note"}],
        },
    }


def _values(xs: Sequence[float | str], series: Series) -> list[Spec]:
    return [
        {"x": x, "y": value, "series": name}
        for name, values in series.items()
        for x, value in zip(xs, values, strict=True)
        if value is not None
    ]


def _colour(series: Series) -> Spec:
    if len(series) < 2:
        return {}
    return {
        "color": {
            "field": "series",
            "type": "nominal",
            "title": None,
            "sort": None,
            "scale": {"domain": list(series)},
            "legend": {"orient": "top", "columns": 2},
        }
    }
