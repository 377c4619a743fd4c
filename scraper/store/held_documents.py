"""Documents whose own file the archive keeps: their rows in `documents` have the status *held*, and `file_id` names the file.

A document may have several files: sites publish the same decision again. The evidence is the file with the smallest URL, so that the order
in which files arrive does not matter.
"""

from __future__ import annotations

from sqlite_utils import Database

from scraper.store.deletion import delete
from scraper.store.document_labels import label, label_of_shown

_FACTS = ("title", "issuer", "issued_on", "in_force_from")


def settle(database: Database, document_id: int) -> None:
    """Decides whether a document is held, and by which file, from the rows of `files`. Part of the caller's transaction.

    Facts of a register stay as they are. A document that is known only from its file has the facts that are written there; without a file
    it is a stub again, or removed if nothing cites it.
    """
    row = database.execute("select type, number, confidence, status from documents where id = ?", [document_id]).fetchone()
    if row is None:
        return
    doc_type, number, confidence, status = row
    found = database.execute("select id from files where document_id = ? order by url, id limit 1", [document_id]).fetchone()
    file_id = int(found[0]) if found is not None else None
    if confidence is not None:  # of a register
        database.conn.execute(
            "update documents set status = ?, file_id = ? where id = ?", ["held" if file_id else "known", file_id, document_id]
        )
    elif file_id is not None:
        facts = _facts(database, file_id)
        assignments = ", ".join(f"{name} = ?" for name in facts)
        database.conn.execute(
            f"update documents set status = 'held', file_id = ?, label = ?, {assignments} where id = ?",
            [file_id, label_of_shown(doc_type, number, facts["title"]), *facts.values(), document_id],
        )
    elif status == "held":
        nothing = ", ".join(f"{name} = null" for name in _FACTS)
        database.conn.execute(
            f"update documents set status = 'stub', file_id = null, label = ?, {nothing} where id = ?",
            [label(doc_type, number, None), document_id],
        )
    if not remove_unused(database, document_id):
        database.conn.execute("insert or ignore into documents_pending values (?)", [document_id])  # its summaries are counted again


def remove_unused(database: Database, document_id: int) -> bool:
    """Removes a document if it is a stub that nothing cites any more, and that no file is. Returns whether it was. Part of the caller's
    transaction.
    """
    cited = " ".join(
        f"and not exists (select 1 from {table} where document_id = documents.id)"
        for table in ("citations", "citation_candidates", "file_citations", "file_citation_candidates", "files")
    )
    if database.execute(f"select 1 from documents where id = ? and status = 'stub' {cited}", [document_id]).fetchone() is None:
        return False
    delete(database, "documents", "id = ?", document_id)
    return True


def _facts(database: Database, file_id: int) -> dict[str, str | None]:
    rows = database.execute(
        "select field, value from held_fields where file_id = ? and value is not null order by id desc", [file_id]
    ).fetchall()
    values: dict[str, str] = dict(rows)  # of several issuers, the first
    issued_on, in_force = values.get("issued_on"), values.get("in_force_from")
    return {
        "title": values.get("subject"),
        "issuer": values.get("issuer_in_full") or values.get("issuer"),
        "issued_on": issued_on if issued_on is not None and len(issued_on) == 10 else None,
        "in_force_from": in_force if in_force is not None and len(in_force) == 10 else None,
    }
