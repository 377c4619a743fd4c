"""The data of the archive's pages: small queries on indexes and summary tables, never on all texts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from datasette import Response
from markupsafe import Markup

from scraper.store.published_days import published_day
from scraper.web import (
    attached_files,
    citing_articles,
    code_names,
    document_facts,
    document_files,
    document_names,
    edits,
    lives,
    questions,
    unit_facts,
    unit_names,
)
from scraper.web.archive_rows import Row
from scraper.web.charts import bars
from scraper.web.languages import gettext as _
from scraper.web.languages import name_column
from scraper.web.marked_text import marked
from scraper.web.months import UNDATED, calendar
from scraper.web.named_queries import served
from scraper.web.notices import Notice, notices_of

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database
    from datasette.utils.asgi import Request


# A condition on sources: there was a run of it. The others are only known; nothing of them was observed.
_CRAWLED = "sources.id in (select source_id from runs)"
_MONTHS_BY_STATE = "select state, count(*) as months from observed where month <> 'unknown' group by 1 order by 1"
_MOST_GAPS = 500  # on one page; a source seldom has more than ten
# The months since the last crawl of a source, which has no row for them, until today or the end of the source.
_SINCE = (
    "with recursive later (month, until) as (select max(month), min(strftime('%Y-%m', 'now', '+7 hours'), coalesce(substr(valid_to, 1, 7),"
    " '9999')) from observed join sources on sources.id = source_id where source_id = ? and month <> 'unknown' union all"
    " select strftime('%Y-%m', month || '-01', '+1 month'), until from later where month < until)"
    " select month from later where month > (select max(month) from observed where source_id = ?1 and month <> 'unknown')"
)
_NOT_CRAWLED = {"state": "not-observed", "articles": None, "waiting": 0, "failed": 0}


def _reasons() -> str:
    """Returns SQL: why a month or a gap is not complete, in the current language."""
    names = f"select replace(group_concat(rules.{name_column()}, '; '), '.; ', '. ') from rules"  # most are sentences
    return f"({names} where kind = 'observed' and ' ' || reasons || ' ' like '% ' || code || ' %')"


def _meaning() -> str:
    """Returns SQL for queries that join the table `rules`: the meaning of a code in the current language. NULL if it is not described."""
    return f"rules.{name_column()} as meaning"


def _notes() -> str:
    """Returns SQL for such queries: the meaning of the notes of a rule."""
    names = f"select group_concat(note.{name_column()}, '; ') from rules note"
    return f"({names} where ' ' || rule_notes || ' ' like '% ' || note.code || ' %') as notes"


class Archive:
    """Queries on one archive.db, for the templates."""

    def __init__(self, datasette: Datasette, name: str) -> None:
        self.name = name
        self._datasette = datasette
        self._database: Database = datasette.get_database(name)

    async def notices(self) -> list[Notice]:
        """Returns what must be shown on every page: that the archive is the sample, for example."""
        return await notices_of(self._datasette, self.name)

    @staticmethod
    def named(codes: str, code: str | None) -> str:
        """Returns the name of a code in the current language (`code_names.named`)."""
        return code_names.named(codes, code)

    def link(self, table: str, key: object) -> str:
        """Returns the URL of a row's page."""
        return str(self._datasette.urls.row(self.name, table, str(key)))

    def table(self, table: str) -> str:
        """Returns the URL of a table's page."""
        return str(self._datasette.urls.table(self.name, table))

    def kept(self, capture_id: object) -> str:
        """Returns the URL at which the page of a capture is shown as it was kept."""
        return str(self._datasette.urls.path(f"/-/kept/{capture_id}"))

    def file(self, file_id: object, page: object = None) -> str:
        """Returns the URL of the page of a file, or of a page in it."""
        place = f"?page={page}#page-{page}" if page is not None else ""
        return f"{self._datasette.urls.path(f'/-/file/{file_id}')}{place}"

    def query(self, query: str) -> str:
        """Returns the URL of a named query."""
        return str(self._datasette.urls.query(self.name, query))

    async def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Returns the rows of a query as mappings."""
        result = await self._database.execute(sql, list(parameters))
        return [dict(row) for row in result.rows]

    def questions(self) -> list[tuple[str, list[Row]]]:
        """Returns the named queries by topic, each topic with its name."""
        return questions.by_topic(self._datasette.metadata("queries", database=self.name, fallback=False) or {})

    async def home(self) -> dict[str, Any]:
        """Returns the data of the home page: totals, the newest articles, the most cited documents, articles by year."""
        counts = {
            "articles": "select count(*) from articles",
            "citations": "select count(*) from citations",
            "documents": "select count(*) from documents where article_count > 0",
            "sources": f"select count(*) from sources where {_CRAWLED}",
            "known": "select count(*) from sources",
            "captures": "select count(*) from captures",
            "files": "select count(*) from files where state = 'kept'",
            "unread": "select count(*) from files where state = 'kept' and extracted_at is null",
            "held": "select count(*) from documents where status = 'held'",
        }
        by_year = await self.rows(
            "select substr(month, 1, 4) as year, sum(articles) as articles from articles_by_month group by 1 order by 1"
        )
        return {
            "counts": {name: (await self._database.execute(sql)).rows[0][0] or 0 for name, sql in counts.items()},
            "newest": await self.rows(
                f"select articles.id, title, language, {published_day()} as day, sources.name as source, citation_count from articles"
                " join sources on sources.id = source_id where published_at is not null order by published_at desc, articles.id limit 8"
            ),
            "cited": await self.rows(
                f"select id, {document_names.COLUMNS}, title, article_count from documents where article_count > 0"
                " order by article_count desc, id limit 8"
            ),
            "by_year": bars([(row["year"], row["articles"]) for row in by_year], _("Articles by year")),
            "failures": await self.rows(
                "select reason, count(*) as urls from failures where cleared_at is null group by 1 order by 2 desc, 1 limit 6"
            ),
            "last_run": await self.rows(
                "select runs.id, source_id, ended_at, sources.name as source from runs left join sources on sources.id = source_id"
                " where ended_at is not null order by runs.id desc limit 1"
            ),
            "months": await self.rows(_MONTHS_BY_STATE),
            "health": await self.rows(
                "select state, count(*) as sources, sum(unsteady > 0) as unsteady from health_now group by 1 order by 2 desc, 1"
            ),
            "undated": (await self._database.execute("select count(*) from articles where published_at is null")).rows[0][0],
            "sources": await self.rows(
                "select sources.id, sources.name, units.name as unit, unit_id,"
                " coalesce((select sum(articles) from articles_by_month m where m.source_id = sources.id), 0)"
                " + (select count(*) from articles where source_id = sources.id and published_at is null) as articles"
                f" from sources join units on units.id = unit_id where {_CRAWLED} order by units.sort_key, sources.id"
            ),
        }

    async def article(self, article_id: object) -> dict[str, Any] | None:
        """Returns one article with all its dependent rows, and its text as paragraphs with marked citations. None if there is no such
        article."""
        found = await self.rows(
            "select articles.*, body, body_rule, dateline, byline, sources.name as source, units.name as unit from articles"
            " left join article_text on article_id = articles.id join sources on sources.id = source_id"
            " join units on units.id = articles.unit_id"
            " where articles.id = ?",
            [article_id],
        )
        if not found:
            return None
        citations = await self.rows(
            f"select citations.*, {document_names.COLUMNS}, documents.title as document_title, documents.status as document_status,"
            f" {_meaning()}"
            " from citations left join documents on documents.id = document_id left join rules on code = rule"
            " where article_id = ? order by field = 'body', field, start",
            [article_id],
        )
        of_field = {field: [c for c in citations if c["field"] == field] for field in ("title", "summary", "body")}
        article = found[0]
        stories = await self.rows(
            f'select id, position, title, start, "end", event_date, {_meaning()} from stories left join rules on code = event_date_rule'
            " where article_id = ? order by position",
            [article_id],
        )
        return {
            "article": article,
            "title": self._marked(article["title"], of_field["title"]),
            "summary": self._marked(article["summary"] or "", of_field["summary"]),
            "paragraphs": self._paragraphs(article["body"] or "", of_field["body"], stories),
            "citations": citations,
            "stories": stories,
            "by_story": _by_story(citations, stories),
            "attached": await attached_files.of_article(self, article_id, article["source_id"]),
            "tags": await self.rows("select tag from article_tags where article_id = ? order by rowid", [article_id]),
            "rules": await self.rows(
                f"select field, rule, rule_parameter, {_meaning()}, {_notes()}, rejected, original from article_fields"
                " left join rules on code = rule where article_id = ? order by article_fields.rowid",
                [article_id],
            ),
            "dates": await self.rows(
                f"select text, value, precision, rule, rule_parameter, {_meaning()}, {_notes()}, verdict,"
                f" (select {name_column()} from rules where code = verdict) as verdict_meaning"
                " from date_readings left join rules on code = rule where article_id = ? order by position",
                [article_id],
            ),
            "first": await self._others("articles.id = ?", article["reprint_of"]),
            "reprints": await self._others("articles.reprint_of = ?", article_id),
            "reprint_count": (await self._database.execute("select count(*) from articles where reprint_of = ?", [article_id])).rows[0][0],
            "absences": await self.rows(
                "select * from absences where article_id = ? and first_missing is not null order by first_missing", [article_id]
            ),
            "revisions": [
                dict(row) | {"changed": ", ".join(code_names.named("field", name) for name in json.loads(row["changed"]))}
                for row in await self.rows(
                    "select id, seen_at, changed from revisions where article_id = ? order by seen_at desc limit 20", [article_id]
                )
            ],
        }

    async def revision(self, revision_id: object) -> dict[str, Any] | None:
        """Returns what a revision changed (`edits.revision`)."""
        return await edits.revision(self, revision_id)

    async def _others(self, condition: str, article_id: object) -> list[Row]:
        """Returns the articles with the same text, each with its site and day."""
        return await self.rows(
            f"select articles.id, title, sources.name as source, {published_day()} as day from articles"
            f" join sources on sources.id = source_id where {condition} order by published_at, articles.id limit 50",
            [article_id],
        )

    async def document(self, document_id: object) -> dict[str, Any] | None:
        """Returns one document: its facts, who cited it first, citations by year, and the articles with the words around each citation."""
        found = await self.rows(
            "select documents.*, units.name as unit from documents left join units on units.id = unit_id where documents.id = ?",
            [document_id],
        )
        if not found:
            return None
        years = await self.rows("select year, articles from citations_by_year where document_id = ? order by year", [document_id])
        return {
            "document": found[0],
            **await document_facts.of(self, found[0]),
            "in_files": await document_files.of(self, found[0]),
            "years": bars(_every_year(years), _("Citing articles by year")),
            "undated": (found[0]["article_count"] or 0) - sum(row["articles"] for row in years),
            "units": unit_names.with_periods(
                await self.rows(
                    "select diffusion.unit_id, units.name as unit, valid_from, valid_to, first_cited_on, days_after_issue,"
                    " diffusion.articles, reprints, doubtful, first_article_id, articles.title from diffusion"
                    " join units on units.id = diffusion.unit_id left join articles on articles.id = first_article_id"
                    " where document_id = ? order by first_cited_on is null, first_cited_on limit 100",
                    [document_id],
                )
            ),
            "articles": [dict(row) | {"around": self._around(row)} for row in await citing_articles.newest(self, found[0]["id"], years)],
            "candidates": (
                await self._database.execute("select count(*) from citation_candidates where document_id = ?", [document_id])
            ).rows[0][0],
        }

    async def source(self, source_id: object) -> dict[str, Any] | None:
        """Returns one source: what was requested, received and failed."""
        found = await self.rows(
            "select sources.*, units.name as unit from sources join units on units.id = unit_id where sources.id = ?", [source_id]
        )
        if not found:
            return None
        return {
            "source": found[0],
            **await self._observed(source_id),
            "gaps": await self._gaps("source_id = ?", source_id),
            "coverage": await self.rows("select * from coverage where source_id = ? order by day desc limit 30", [source_id]),
            "failures": await self.rows(
                f"select reason, {_meaning()}, count(*) as urls, max(last_seen) as last_seen, min(url) as example from failures"
                " left join rules on code = reason where source_id = ? and cleared_at is null"
                " group by reason order by urls desc, reason",
                [source_id],
            ),
            "runs": await self.rows("select * from runs where source_id = ? order by id desc limit 10", [source_id]),
            "health": await self.rows(
                f"select state, reason, unsteady, first_bad_day, last_good_day, {_meaning()} from health_now"
                " left join rules on code = reason where source_id = ?",
                [source_id],
            ),
        }

    async def life(self, source: Row) -> dict[str, Any]:
        """Returns what the archive has of a source over time (`lives.of_source`)."""
        return await lives.of_source(self, source)

    async def moves(self, article_id: object) -> dict[str, Sequence[Row]]:
        """Returns what an article was before a redesign, and what it became (`lives.moves_of`)."""
        return await lives.moves_of(self, article_id)

    async def unit(self, unit_id: object) -> dict[str, Any] | None:
        """Returns one unit: for each of its sources, the articles per month, and what was not seen."""
        found = await self.rows("select * from units where id = ?", [unit_id])
        if not found:
            return None
        sources = await self.rows(
            f"select id, name, site, valid_from, valid_to, {_CRAWLED} as crawled from sources where unit_id = ?"
            " order by crawled desc, coalesce(valid_from, ''), id",
            [unit_id],
        )
        return {
            "unit": found[0],
            **await unit_facts.of(self, found[0]),
            "sources": [dict(source) | await self._observed(source["id"]) for source in sources if source["crawled"]],
            "never": [source for source in sources if not source["crawled"]],
            "gaps": await self._gaps("source_id in (select id from sources where unit_id = ?)", unit_id),
        }

    async def _observed(self, source_id: object) -> dict[str, Any]:
        """Returns what was observed of a source: `months`, the calendar, with the reasons, and `undated`, the row of
        `observed` for what has no day, or None.
        """
        rows = await self.rows(f"select *, {_reasons()} as why from observed where source_id = ? order by month", [source_id])
        since = [_NOT_CRAWLED | {"why": _("not crawled since")} | dict(row) for row in await self.rows(_SINCE, [source_id])]
        return {"months": calendar([*rows, *since]), "undated": next((row for row in rows if row["month"] == UNDATED), None)}

    async def seen(self) -> Row:
        """Returns how many sources were judged (`judged`), when last (`day`), and how many were never crawled (`never`)."""
        [row] = await self.rows(
            f"select count(*) as judged, max(day) as day, (select count(*) from sources where not ({_CRAWLED})) as never from health_now"
        )
        return row

    async def _gaps(self, condition: str, *values: object) -> list[Row]:
        """Returns the gaps of some sources, the newest first."""
        return await self.rows(
            f"select gaps.*, sources.name as source, {_reasons()} as why from gaps join sources on sources.id = source_id"
            f" where {condition} order by source_id, kind, last_month desc, last_number desc limit {_MOST_GAPS}",
            values,
        )

    async def gaps(self) -> dict[str, Any]:
        """Returns all gaps, and the sources that were never crawled."""
        return {
            "gaps": await self._gaps("true"),
            "all_gaps": (await self._database.execute("select count(*) from gaps")).rows[0][0],
            "never": await self.rows(f"select id, name from sources where not ({_CRAWLED}) order by id"),
            "months": await self.rows(_MONTHS_BY_STATE),
        }

    def _marked(self, text: str, citations: Sequence[Row], offset: int = 0) -> Markup:
        return marked(text, citations, lambda document_id: self.link("documents", document_id), offset)

    def _paragraphs(self, body: str, citations: Sequence[Row], stories: Sequence[Row]) -> list[tuple[Markup, Row | None]]:
        """Returns the paragraphs of a body with marked citations. Each comes with the story that begins there, or None."""
        begins = {story["start"]: story for story in stories}
        paragraphs, at = [], 0
        for text in body.split("\n\n"):
            inside = [c for c in citations if at <= c["start"] < at + len(text)]
            paragraphs.append((self._marked(text, inside, at), begins.get(at)))
            at += len(text) + 2
        return paragraphs

    def _around(self, row: Row) -> Markup:
        whole, start, end = row["whole"] or "", row["start"], row["end"]
        head, tail = whole[max(0, start - 110) : start], whole[end : end + 110]
        return Markup("{}{}<mark>{}</mark>{}{}").format(
            "…" if start > 110 else "", head, row["text"], tail, "…" if end + 110 < len(whole) else ""
        )


async def home_page(datasette: Datasette, request: Request) -> Response:
    """Returns the home page. Datasette's own would first read the schema of every table, which ours does not show."""
    await datasette.ensure_permissions(request.actor, ["view-instance"])
    context = {"metadata": datasette.metadata(), "databases": [], "private": False}
    return Response.html(await datasette.render_template("index.html", context, request=request, view_name="index"))


async def gaps_page(datasette: Datasette, request: Request) -> Response:
    """Returns the page of the gaps. Raises: NotFound if no archive is served."""
    served(datasette)
    return Response.html(await datasette.render_template("gaps.html", {}, request=request))


def _by_story(citations: Sequence[Row], stories: Sequence[Row]) -> list[tuple[Row | None, list[Row]]]:
    """Returns the citations by story, in text order. Those outside all stories come first, with None. A story without citations has []."""
    groups: list[tuple[Row | None, list[Row]]] = [(None, [c for c in citations if c["story_id"] is None])]
    groups += [(story, [c for c in citations if c["story_id"] == story["id"]]) for story in stories]
    return [(story, found) for story, found in groups if story is not None or found]


def _every_year(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """Returns the counts by year, including years between the first and the last that have none."""
    counts = {int(row["year"]): row["articles"] for row in rows}
    return [(str(year), counts.get(year, 0)) for year in range(min(counts), max(counts) + 1)] if counts else []
