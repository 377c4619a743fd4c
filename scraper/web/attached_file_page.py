"""/-/file/<id>: a file of an article: its facts, the document that it is, its text by page with the citations marked, and who links to it.

The text is shown in parts of a bounded length, since a file may have thousands of pages, or one page of millions of characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette import Response
from datasette.utils.asgi import NotFound
from markupsafe import Markup

from scraper.store.published_days import published_day
from scraper.web import attached_files
from scraper.web.archive_rows import ArchiveRows, Row
from scraper.web.code_names import named
from scraper.web.document_names import COLUMNS
from scraper.web.languages import gettext as _
from scraper.web.languages import name_column
from scraper.web.marked_text import marked
from scraper.web.named_queries import served
from scraper.web.served_rows import ServedRows

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

LONGEST = 40_000  # characters of text that are shown at once
MOST_PAGES = 10  # pages that are shown at once
_MOST_MARKS = 2_000  # citations in them
_MOST_LISTED = 200  # documents that the file cites
_MOST_ARTICLES, _MOST_LOOKED_AT = 50, 1_000  # that link to the file
_MOST_CAPTURES = 20
_MOST_FIELDS = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part of the text begins: the number of a page, from 1, and the number of characters of it before the part."""

    page: int = 1
    at: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a file, or a part of it, as it is shown. `starts_within`, `ends_within`: the page has more text before or after it."""

    row: Row
    paragraphs: Sequence[Markup]
    starts_within: bool
    ends_within: bool


async def page(datasette: Datasette, request: Request) -> Response:
    """Returns the page of a file. Raises: NotFound, if the archive has no such file."""
    name = served(datasette)
    archive = ServedRows(datasette, name)
    file = await _file(archive, int(request.url_vars["file"]))
    place = Place(_number(request, "page", 1) or 1, _number(request, "at", 0))
    parts, following = await _parts(archive, file["id"], place)
    [counted] = await archive.rows("select count(*) as pages from file_pages where file_id = ?", [file["id"]])

    def url(where: Place | None) -> str | None:
        if where is None:
            return None
        arguments = {"page": where.page} | ({"at": where.at} if where.at else {})
        return str(datasette.urls.path(f"/-/file/{file['id']}?{urlencode(arguments)}")) + f"#page-{where.page}"

    view = {
        "row": file,
        "fields": await fields(archive, file["id"]),
        "parts": parts,
        "pages": counted["pages"],
        "next": url(following),
        "previous": url(_before(place)),
        "cited": await cited(archive, file["id"]),
        **await _articles(archive, file),
        "captures": await archive.rows(
            "select id, captured_at, status, digest, revisit_of, warc_file, lost_at from captures where source_id = ? and url = ?"
            f" order by captured_at desc limit {_MOST_CAPTURES}",
            [file["source_id"], file["url"]],
        ),
    }
    return Response.html(await datasette.render_template("file.html", {"file": view, "database": name}, request=request))


def _number(request: Request, name: str, otherwise: int) -> int:
    text = str(request.args.get(name) or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise


async def _file(archive: ArchiveRows, file_id: int) -> dict[str, Any]:
    found = await archive.rows(
        f"select {attached_files.STATES}, files.source_id, sources.name as source, first_seen, attempts, digest, extractor, capture_id,"
        f" document_rule, rules.{name_column()} as document_meaning, {COLUMNS}, documents.title as document_title,"
        " documents.file_id = files.id as is_evidence from files join sources on sources.id = source_id"
        " left join documents on documents.id = files.document_id left join rules on code = document_rule where files.id = ?",
        [file_id],
    )
    if not found:
        raise NotFound(_("The archive has no such file."))
    row = attached_files.described(found[0])
    return row | {"font_name": named("font", row["font"]), "document_kind": named("held state", row["document_state"])}


async def fields(archive: ArchiveRows, file_id: object) -> list[dict[str, Any]]:
    """Returns the fields of the document that a file is, each with its name, the page, and the rule that filled it with its notes."""
    name = name_column()
    rows = await archive.rows(
        f"select field, value, rule, rule_parameter, rules.{name} as meaning, page, original, (select group_concat(note.{name}, '; ')"
        " from rules note where ' ' || replace(rule_notes, ';', ' ') || ' ' like '% ' || note.code || ' %') as notes"
        f" from held_fields left join rules on code = rule where file_id = ? order by held_fields.id limit {_MOST_FIELDS}",
        [file_id],
    )
    return [dict(row) | {"name": named("held field", row["field"])} for row in rows]


async def cited(archive: ArchiveRows, file_id: object) -> dict[str, Any]:
    """Returns what a file cites: `bases` (documents in the legal bases of the document that it is), `ended` (documents that it replaces or
    repeals), `others`, `unclear` (citations without a document), each with its first page and how often; `more`: some are left out.
    """
    rows = await archive.rows(
        "select file_citations.document_id, min(page) as page, count(*) as times, max(is_basis) as is_basis,"
        " max(relation = 'replacing') as is_ended, min(pinpoint) as pinpoint, min(file_citations.text) as text,"
        f" file_citations.status, rules.{name_column()} as meaning, {COLUMNS}, documents.title, documents.status as document_status"
        " from file_citations left join documents on documents.id = file_citations.document_id left join rules on code = rule"
        " where file_citations.file_id = ? group by file_citations.document_id,"
        " case when file_citations.document_id is null then file_citations.text end"
        f" order by min(file_citations.id) limit {_MOST_LISTED + 1}",
        [file_id],
    )
    shown = rows[:_MOST_LISTED]
    known = [row for row in shown if row["document_id"] is not None]
    return {
        "bases": [row for row in known if row["is_basis"]],
        "ended": [row for row in known if row["is_ended"] and not row["is_basis"]],
        "others": [row for row in known if not row["is_basis"] and not row["is_ended"]],
        "unclear": [row for row in shown if row["document_id"] is None],
        "documents": len(known),
        "more": len(rows) > _MOST_LISTED,
    }


async def _articles(archive: ArchiveRows, file: Row) -> dict[str, Any]:
    """Returns the articles that link to a file (`articles`, newest first), how many were found (`linking`), and whether there are more."""
    rows = await archive.rows(
        f"select articles.id, title, {published_day()} as day, attachments.name, units.name as unit, articles.unit_id"
        f" from (select article_id, name from attachments where url = ? limit {_MOST_LOOKED_AT + 1}) attachments"
        " join articles on articles.id = article_id join units on units.id = articles.unit_id where articles.source_id = ?"
        " order by published_at desc, articles.id",
        [file["url"], file["source_id"]],
    )
    return {"articles": rows[:_MOST_ARTICLES], "linking": len(rows), "more_linking": len(rows) > _MOST_LOOKED_AT}


async def _parts(archive: ServedRows, file_id: int, place: Place) -> tuple[list[Part], Place | None]:
    """Returns the parts of the text from a place on, and the place of the next ones, or None."""
    rows = await archive.rows(
        "select page, name, state, font, confidence, doubtful_text as doubtful,"
        " original is not null as has_original, length(text) as length,"
        " substr(text, case page when ?2 then ?3 else 0 end + 1, ?4) as text from file_pages where file_id = ?1 and page >= ?2"
        f" order by page limit {MOST_PAGES + 1}",
        [file_id, place.page, place.at, LONGEST + 1],
    )
    found: list[tuple[Row, int, str]] = []
    left, following = LONGEST, None
    for row in rows:
        at = place.at if row["page"] == place.page else 0
        if len(found) == MOST_PAGES or left <= 0:
            following = Place(row["page"])
            break
        text = _cut(str(row["text"]), left)
        found.append((row, at, text))
        left -= len(text)
        if at + len(text) < row["length"]:
            following = Place(row["page"], at + len(text))
            break
    citations = await _marks(archive, file_id, [row["page"] for row, _at, _text in found])
    parts = [
        Part(
            _named(row),
            _paragraphs(archive, text, [one for one in citations if one["page"] == row["page"] and one["start"] >= at], at),
            at > 0,
            at + len(text) < row["length"],
        )
        for row, at, text in found
    ]
    return parts, following


def _cut(text: str, most: int) -> str:
    """Returns the beginning of a text; if that is not all of it, up to the end of a paragraph, else of a word."""
    if len(text) <= most:
        return text
    for end in ("\n\n", "\n", " "):
        at = text.rfind(end, most // 2, most)
        if at >= 0:
            return text[: at + len(end)]
    return text[:most]


def _named(row: Row) -> Row:
    words = {"state_name": named("text state", row["state"]), "font_name": named("font", row["font"])}
    return dict(row) | words | {"percent": attached_files.percent(row["confidence"])}


async def _marks(archive: ArchiveRows, file_id: int, pages: Sequence[int]) -> list[Row]:
    if not pages:
        return []
    return await archive.rows(
        f'select page, start, "end", file_citations.document_id, file_citations.status, label, rules.{name_column()} as meaning'
        " from file_citations left join documents on documents.id = document_id left join rules on code = rule"
        f" where file_citations.file_id = ? and page between ? and ? order by page, start limit {_MOST_MARKS}",
        [file_id, pages[0], pages[-1]],
    )


def _paragraphs(archive: ServedRows, text: str, citations: Sequence[Row], at: int) -> list[Markup]:
    """Returns the paragraphs of a part of a page with marked citations. `at`: where the part begins in the page."""
    found = []
    for paragraph in text.split("\n\n"):
        inside = [one for one in citations if at <= one["start"] < at + len(paragraph)]
        found.append(marked(paragraph, inside, archive.document_url, at))
        at += len(paragraph) + 2
    return [one for one in found if one.strip()]


def _before(place: Place) -> Place | None:
    """Returns where the parts before a place begin, or None at the beginning."""
    if place.at:
        return Place(place.page, max(0, place.at - LONGEST))
    return Place(max(1, place.page - MOST_PAGES)) if place.page > 1 else None
