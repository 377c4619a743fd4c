"""Captures that were kept and never parsed, because their run was interrupted in between. The next run requests their pages again."""

from __future__ import annotations

from http import HTTPStatus

from sqlite_utils import Database

from scraper.store.candidates import PART
from scraper.warc.records import NOT_MODIFIED

_PARSED = (
    "outcome", "reason", "platform", "platform_score", "runner_up", "runner_up_score", "encoding", "encoding_rule",
    "encoding_rule_parameter", "encoding_rule_notes", "pages_missing",
)  # fmt: skip


def settle(database: Database, source_id: str) -> list[int]:
    """Gives the captures of a source without an outcome the one of another capture with the same bytes, from the same URL. Returns those
    that must be parsed, because their page was not received again. One transaction.

    A later page of an article is not among them: parsed without its first page, it would be an article of its own.
    """
    unparsed = "source_id = ? and outcome is null"
    same = (
        "from captures as other where other.source_id = captures.source_id and other.url = captures.url"
        " and other.digest = captures.digest and other.status = captures.status and other.outcome is not null"
    )
    with database.conn:
        database.conn.execute(
            f"update captures set ({', '.join(_PARSED)}) = (select {', '.join(_PARSED)} {same} order by captured_at limit 1)"
            f" where {unparsed} and exists (select 1 {same})",
            [source_id],
        )
        for outcome, condition in (
            ("robots", "url like '%://%/robots.txt' and url not like '%://%/%/robots.txt'"),
            ("not-modified", f"status = {NOT_MODIFIED}"),
            ("redirect", "status between 300 and 399"),
            ("file", "exists (select 1 from files where files.source_id = captures.source_id and files.url = captures.url)"),
        ):
            database.conn.execute(f"update captures set outcome = ? where {unparsed} and {condition}", [outcome, source_id])
    rows = database.execute(
        f"select id from captures where {unparsed} and status = {HTTPStatus.OK.value} and continues is null and not exists"
        " (select 1 from candidates where source_id = captures.source_id and candidates.url = captures.url and state = ?) order by id",
        [source_id, PART],
    )
    return [capture_id for (capture_id,) in rows.fetchall()]
