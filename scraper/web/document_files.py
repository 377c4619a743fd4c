"""What the page of a document says about files: its own, which the archive keeps, and those that cite it. Articles are counted apart."""

from __future__ import annotations

from typing import Any

from scraper.web import attached_file_page, attached_files
from scraper.web.archive_rows import ArchiveRows, Row
from scraper.web.document_names import COLUMNS

_MOST_OWN = 20  # files that are the same document
_MOST_COUNTED = 5_000  # citations in files whose files are counted
_MOST_SHOWN = 30  # files that cite it
# Fields of a document that are shown on its page; the page of the file has all.
_FIELDS = ("issuer_in_full", "issuer", "superior", "place", "issued_on", "subject", "in_force_from", "signer", "position", "authority")


async def of(archive: ArchiveRows, document: Row) -> dict[str, Any]:
    """Returns `own` (files that are the document; the first one is the evidence), `fields` and `file_cites` (of that one), and the files
    that cite it: `citing` (the newest ones), `citing_count` (of the first 5,000 citations; `is_uncounted`: there are more),
    `citing_times` and `candidates`.
    """
    own = await archive.rows(
        f"select {attached_files.STATES}, files.source_id, sources.name as source from files join sources on sources.id = source_id"
        f" where files.document_id = ? order by files.id = ? desc, files.url, files.id limit {_MOST_OWN}",
        [document["id"], document["file_id"]],
    )
    evidence = own[0]["id"] if own else None
    fields = await attached_file_page.fields(archive, evidence) if own else []
    [counted] = await archive.rows(
        "select (select count(*) from file_citations where document_id = ?1) as times, (select count(distinct file_id) from"
        f" (select file_id from file_citations where document_id = ?1 limit {_MOST_COUNTED})) as files,"
        " (select count(*) from file_citation_candidates where document_id = ?1) as candidates",
        [document["id"]],
    )
    return {
        "own": [attached_files.described(row) for row in own],
        "fields": [row for name in _FIELDS for row in fields if row["field"] == name and row["value"] is not None and _is_new(row, fields)],
        "file_cites": await attached_file_page.cited(archive, evidence) if own else None,
        "citing": await _citing(archive, document["id"]) if counted["times"] else [],
        "citing_count": counted["files"],
        "is_uncounted": counted["times"] > _MOST_COUNTED,
        "citing_times": counted["times"],
        "candidates": counted["candidates"],
    }


def _is_new(row: Row, fields: list[dict[str, Any]]) -> bool:
    """Returns whether a field says more than another one: the issuer with its place contains the issuer."""
    return row["field"] != "issuer" or not any(one["field"] == "issuer_in_full" for one in fields)


async def _citing(archive: ArchiveRows, document_id: object) -> list[dict[str, Any]]:
    rows = await archive.rows(
        "select files.id, files.url, files.kind, sources.name as source, cited.page, cited.times, cited.relation, cited.is_basis,"
        f" files.document_id, {COLUMNS}, documents.title,"
        " (select articles.id from attachments cross join articles on articles.id = article_id and articles.source_id = files.source_id"
        " where attachments.url = files.url limit 1) as article_id"
        " from (select file_id, min(page) as page, count(*) as times, min(relation) as relation, max(is_basis) as is_basis, max(id) as last"
        f" from (select * from file_citations where document_id = ? order by id desc limit {_MOST_COUNTED})"
        f" group by file_id order by last desc limit {_MOST_SHOWN}) cited"
        " join files on files.id = cited.file_id join sources on sources.id = files.source_id"
        " left join documents on documents.id = files.document_id order by cited.last desc",
        [document_id],
    )
    return [dict(row) | {"file_name": attached_files.file_name(str(row["url"]))} for row in rows]
