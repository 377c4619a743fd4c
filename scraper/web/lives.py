"""The lives of sites: /-/lives shows all sources that have captures, and a part of the page of a source shows its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from datasette import Response

from scraper.web.archive_rows import ArchiveRows, Row
from scraper.web.code_names import named
from scraper.web.languages import gettext as _
from scraper.web.lives_chart import Life, timeline
from scraper.web.named_queries import answer, served

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request


_QUERY = "lives_of_sites"
_MOST_LINES = 80  # of the chart; the table below it has all
# The platform of a month is that of most of its captures that have one.
_MONTHS = (
    "select source_id, month, platform, sum(captures) as captures from source_lives where platform <> '' {only}"
    " group by 1, 2, 3 order by 1, 2, 4, 3"
)


async def page(datasette: Datasette, request: Request) -> Response:
    """Returns the overview: the chart, and the rows of the query `lives_of_sites`."""
    database = served(datasette)
    found = await answer(datasette, database, _QUERY, {})
    months = await datasette.execute(database, _MONTHS.format(only=""))
    by_source = _platforms([dict(row) for row in months.rows])
    shown = [row for row in found.rows if row["source_id"] in by_source][:_MOST_LINES]
    lives = [Life(row["source"], by_source[row["source_id"]], (_month(row["valid_from"]), _month(row["valid_to"]))) for row in shown]
    context = {
        "answer": found,
        "chart": timeline(lives, found.title),
        "more": max(0, len(by_source) - _MOST_LINES),
        "database": database,
    }
    return Response.html(await datasette.render_template("lives.html", context, request=request))


async def of_source(archive: ArchiveRows, source: Row) -> dict[str, Any]:
    """Returns the life of one source: the chart, who made its captures, its layouts by year, and where its articles are now."""
    source_id = source["id"]
    made = await archive.rows(
        "select made_by, sum(captures) as captures, sum(articles) as articles, min(first_capture) as first, max(last_capture) as last"
        " from source_lives where source_id = ? group by 1 order by 4",
        [source_id],
    )
    layouts = await archive.rows(
        "select substr(month, 1, 4) as year, platform, layout, sum(articles) as articles from source_lives"
        " where source_id = ? and layout <> '' group by 1, 2, 3 order by 1, 4 desc",
        [source_id],
    )
    counts = await archive.rows(
        "select (select count(*) from lost_articles where source_id = ?1) as only_here,"
        " (select count(distinct article_id) from article_moves join articles on articles.id = article_id"
        " where source_id = ?1 and state = 'moved') as came,"
        " (select count(distinct former_id) from article_moves join articles on articles.id = former_id"
        " where source_id = ?1 and state = 'moved') as went,"
        " (select count(distinct article_id) from article_moves join articles on articles.id = article_id"
        " where source_id = ?1 and state = 'ambiguous') as ambiguous",
        [source_id],
    )
    months = _platforms(await archive.rows(_MONTHS.format(only="and source_id = ?"), [source_id]))
    lines = [Life(source["name"], found, (_month(source["valid_from"]), _month(source["valid_to"]))) for found in months.values()]
    return {
        "chart": timeline(lines, _("Lives of the site")),
        "made": [dict(row) | {"maker": named("made by", row["made_by"])} for row in made],
        "layouts": layouts,
        **counts[0],
    }


async def moves_of(archive: ArchiveRows, article_id: object) -> dict[str, Sequence[Row]]:
    """Returns the articles that one was before a redesign (`before`), and what it became (`after`), each with its rule and state."""
    shown = (
        "select other.id, other.title, other.url, other.gone_at, sources.name as source, article_moves.rule, state"
        " from article_moves join articles other on other.id = {other} join sources on sources.id = other.source_id"
        " where {own} = ? order by state, other.id limit 20"
    )
    return {
        "before": await archive.rows(shown.format(other="former_id", own="article_id"), [article_id]),
        "after": await archive.rows(shown.format(other="article_id", own="former_id"), [article_id]),
    }


def _platforms(rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    """Returns the platform of each month of each source. The last row of a month has the most captures."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row["source_id"], {})[row["month"]] = row["platform"]
    return found


def _month(day: str | None) -> str:
    return (day or "")[:7]
