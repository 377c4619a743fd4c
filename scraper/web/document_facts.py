"""What the page of a document says beside its own row: a name that no other document has, what it replaced, and what is cited with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from scraper.reference import rows as reference_rows
from scraper.store.published_days import published_day
from scraper.web.archive_rows import ArchiveRows, Row
from scraper.web.code_names import named
from scraper.web.document_names import COLUMNS, distinct_name

_TOGETHER = 500  # newest citing articles in which other documents are counted


async def of(archive: ArchiveRows, document: Row) -> dict[str, Any]:
    """Returns the facts: `name`, `type`, `after` and `before` (what replaced it, and what it replaced), `ended_by` (documents whose files
    say that they replace or repeal it), `end` (when it ended, and how that is known; None if nothing says that it did), `together`
    (documents cited in the same articles, counted in the `together_of` newest ones) and `ambiguous` (citations that could be it).
    """
    newest = "select article_id from citations where document_id = ?1 order by article_id desc limit ?2"
    ends = await archive.rows("select ended_on, not_before, end_precision from document_ends where document_id = ?", [document["id"]])
    [counted] = await archive.rows(f"select count(distinct article_id) as articles from ({newest})", [document["id"], _TOGETHER])
    return {
        "name": distinct_name(document["label"], document["number"], document["year"], document["unit"]),
        "type": named("document type", document["type"]),
        "after": await _successors(archive, document["replaced_by"]),
        "before": await _replaced(archive, document),
        "ended_by": await _ended_in_files(archive, document["id"]),
        "end": dict(ends[0]) | {"known": named("end", ends[0]["end_precision"])} if ends else None,
        "together": await archive.rows(
            f"select documents.id, {COLUMNS}, documents.title, count(distinct article_id) as articles from citations"
            f" join documents on documents.id = document_id where article_id in ({newest}) and document_id <> ?1"
            " group by documents.id order by articles desc, documents.id limit 10",
            [document["id"], _TOGETHER],
        ),
        "together_of": counted["articles"],
        "ambiguous": await archive.rows(
            f"select citations.text, article_id, articles.title, {published_day()} as day, sources.name as source,"
            " (select count(*) - 1 from citation_candidates other where other.citation_id = citations.id) as others"
            " from citation_candidates join citations on citations.id = citation_id join articles on articles.id = article_id"
            " join sources on sources.id = source_id where citation_candidates.document_id = ? order by citations.id desc limit 20",
            [document["id"]],
        ),
    }


@cache
def _law_names() -> Mapping[str, tuple[str, str]]:
    """Returns the number and the name of each statute of the reference data, by its id there."""
    return {row["law_id"]: (row["number"], row["name_vi"]) for row in reference_rows("laws")}


async def _successors(archive: ArchiveRows, replaced_by: str | None) -> list[Row]:
    """Returns the documents that replaced one, each with `id` (None if the archive does not have it) and `label`."""
    found: list[Row] = []
    for one in filter(None, (part.strip() for part in (replaced_by or "").split(";"))):
        number, name = _law_names().get(one, (one, one))
        known = await archive.rows(
            "select id, label, number, year from documents where (number = ? or (number is null and label = ?)) limit 2", [number, name]
        )
        if len(known) == 1:
            row = known[0]
            found.append({"id": row["id"], "label": distinct_name(row["label"], row["number"], row["year"], None)})
        else:
            found.append({"id": None, "label": name if number != one else number})
    return found


async def _ended_in_files(archive: ArchiveRows, document_id: object) -> list[Row]:
    """Returns the documents whose own files say that they replace or repeal one, each with a file that says so, and the page."""
    return await archive.rows(
        f"select documents.id, {COLUMNS}, min(file_citations.file_id) as file_id, min(page) as page from file_citations"
        " join files on files.id = file_citations.file_id join documents on documents.id = files.document_id"
        " where file_citations.document_id = ?1 and is_ended = 1 and documents.id <> ?1"
        " group by documents.id order by documents.id limit 20",
        [document_id],
    )


async def _replaced(archive: ArchiveRows, document: Row) -> list[Row]:
    """Returns the documents whose rows name this one as their successor."""
    names = [law for law, (number, name) in _law_names().items() if document["number"] == number != "" or document["label"] == name]
    names += [document["number"]] if document["number"] else []
    if not names or document["unit_id"]:
        return []
    marks = ", ".join("?" * len(names))
    rows = await archive.rows(
        # Only known documents state what replaced them; they are few, and there is an index on `status`.
        "select id, label, number, year from documents where status in ('known', 'held')"
        f" and replaced_by in ({marks}) order by id limit 20",
        names,
    )
    return [{"id": row["id"], "label": distinct_name(row["label"], row["number"], row["year"], None)} for row in rows]
