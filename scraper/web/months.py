"""A calendar of months as an HTML table: a row for each year, with the number of articles, and what was not seen as such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from scraper.web.code_names import named
from scraper.web.languages import gettext as _
from scraper.web.languages import number

UNDATED = "unknown"  # the row of `observed` for what has no day
_MONTHS = range(1, 13)


def calendar(rows: Sequence[Mapping[str, Any]]) -> Markup:
    """Returns the calendar of a source, or an empty text if nothing is known of it.

    `rows`: of the table `observed`, with `why`: the reasons in the language of the page.
    """
    found = {row["month"]: row for row in rows if row["month"] != UNDATED}
    if not found:
        return Markup("")
    years = [
        Markup('<tr><th scope="row">{:04}</th>{}</tr>').format(
            year, Markup("").join(_cell(found.get(f"{year:04}-{n:02}")) for n in _MONTHS)
        )
        for year in range(int(min(found)[:4]), int(max(found)[:4]) + 1)
    ]
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(n) for n in _MONTHS)
    table = Markup(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="months">'
        '<tr><th scope="col">{}</th>{}</tr>{}</table></div>'
    )
    return table.format(_("Articles per month, with what was not seen"), _("Year"), head, Markup("").join(years)) + _legend()


def _cell(row: Mapping[str, Any] | None) -> Markup:
    """Returns the cell of a month. Without a row, the source did not exist yet, or the month has not begun."""
    if row is None:
        return Markup("<td></td>")
    state, articles = row["state"], "" if row["articles"] is None else number(row["articles"])
    missing = row["waiting"] + row["failed"]
    title = f"{row['month']}: {named('observed', state)}"
    title += "; " + _("listed, not stored: %(count)s") % {"count": number(missing)} if missing else ""
    title += f"; {row['why']}" if row["why"] else ""
    if state == "complete" and not row["articles"]:
        title += "; " + _("lists that were read for the whole month and named no article: %(count)s") % {"count": number(row["lists"])}
    # A marker beside the number, so that the state does not depend on a colour.
    marker = {"complete": "", "partial": f"+{number(missing)}" if missing else "+?", "not-observed": "–"}[state]
    shown = Markup('<span class="marker">{}</span>').format(marker) if marker else ""
    return Markup('<td class="{}" title="{}">{}{}</td>').format(state, title, articles, shown)


def _legend() -> Markup:
    """Returns what the cells mean."""
    cells = (
        ("complete", "12", _("everything that the lists showed is stored")),
        ("complete", "0", _("lists were read for the whole month, and none named an article")),
        ("partial", "12+5", _("5 more are listed and not stored")),
        ("partial", "12+?", _("something may be missing")),
        ("not-observed", "–", _("how many there were is not known")),
    )
    items = [
        Markup('<li><span class="cell {}">{}</span> <b>{}</b>: {}</li>').format(state, shown, named("observed", state), meaning)
        for state, shown, meaning in cells
    ]
    return Markup('<ul class="legend quiet">{}</ul>').format(Markup("").join(items))
