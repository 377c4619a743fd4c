"""The states of all sources as HTML: a table for the pages of Datasette, and a page of its own without scripts or other files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from scraper.health import wording
from scraper.health.overview import Line, counts, worst_first

_TEMPLATES = Path(__file__).with_name("templates")


@cache
def style() -> Markup:
    """Returns the style sheet of the badges."""
    return Markup((_TEMPLATES / "states.css").read_text(encoding="utf-8"))


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True)


def table(lines: Sequence[Line], changes: Sequence[Line], unjudged: int, link: Callable[[Line], str] | None = None) -> Markup:
    """Returns the states and their last changes as HTML. `unjudged`: sources that were never judged. `link`: the URL of a source's page."""
    template = _environment().get_template("table.html")
    return Markup(
        template.render(
            lines=worst_first(lines),
            counts=counts(lines),
            changes=changes,
            unjudged=unjudged,
            link=link,
            state_name=wording.state_name,
        )
    )


def page(lines: Sequence[Line], changes: Sequence[Line], unjudged: int, made_at: str) -> str:
    """Returns a whole page. `made_at`: when, as the page shows it."""
    content = table(lines, changes, unjudged, link=lambda line: line.site)
    return _environment().get_template("page.html").render(table=content, style=style(), made_at=made_at)
