"""The tables of archive.db, and the migrations that update an older file to them.

`docs/design.md` fixes the names, and `metadata.yml` describes every column. To change a table, add a function with `@migrations()` at the
end. Never edit an old one: once applied, its name is recorded in the archive.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from scraper.store import (
    coverage,
    field_rules,
    file_triggers,
    move_triggers,
    notices,
    observed_triggers,
    recheck_triggers,
    summary_triggers,
)

# "VNGA": marks an SQLite file as an archive of this project (PRAGMA application_id).
APPLICATION_ID = 0x564E4741

migrations = Migrations("vietnam_government_news_archive")


def is_of_archive(table: str) -> bool:
    """Returns whether a table or view is one of the archive: not of SQLite or sqlite-utils, and no full-text index or part of one."""
    return not table.startswith(("_", "sqlite_")) and "_fts" not in table


@migrations()
def m001_first_tables(db: Database) -> None:
    """Units and sources, captures, articles and citations."""
    db.table("units").create(
        {
            "id": str,
            "series": str,
            "kind": str,
            "name": str,
            "full_name": str,
            "name_en": str,
            "sort_key": str,
            "valid_from": str,
            "valid_to": str,
            "successors": str,
            "current_unit_id": str,
            "latitude": float,
            "longitude": float,
        },
        pk="id",
        not_null={"series", "kind", "name", "full_name", "sort_key"},
    )
    db.table("sources").create(
        {
            "id": str,
            "name": str,
            "unit_id": str,
            "site": str,
            "hosts": str,
            "platform": str,
            "listings": str,
            "valid_from": str,
            "valid_to": str,
            "successor": str,
            "confidence": str,
            "basis": str,
        },
        pk="id",
        not_null={"name", "unit_id", "site", "hosts"},
        foreign_keys=[("unit_id", "units", "id")],
    )
    db.table("document_types").create(
        {"id": str, "code": str, "name": str, "name_en": str, "class": str, "used_from": str, "used_to": str},
        pk="id",
        not_null={"name"},
    )
    db.table("issuers").create(
        {"id": str, "code": str, "name": str, "name_en": str, "level": str, "valid_from": str, "valid_to": str},
        pk="id",
        not_null={"name"},
    )
    db.table("runs").create(
        {
            "id": int,
            "command": str,
            "source_id": str,
            "arguments": str,
            "started_at": str,
            "ended_at": str,
            "outcome": str,
            "captures": int,
            "articles_new": int,
            "articles_changed": int,
            "failures": int,
            "parser": str,
        },
        pk="id",
        not_null={"command", "started_at"},
        foreign_keys=[("source_id", "sources", "id")],
    )
    db.table("captures").create(
        {
            "id": int,
            "source_id": str,
            "run_id": int,
            "url": str,
            "captured_at": str,
            "status": int,
            "content_type": str,
            "digest": str,
            "length": int,
            "warc_file": str,
            "warc_offset": int,
            "warc_length": int,
            "outcome": str,
            "platform": str,
            "platform_score": float,
            "runner_up": str,
            "runner_up_score": float,
            "encoding": str,
        },
        pk="id",
        not_null={"source_id", "url", "captured_at", "status", "digest", "warc_file", "warc_offset"},
        foreign_keys=[("source_id", "sources", "id"), ("run_id", "runs", "id")],
    )
    db.table("captures").create_index(["source_id", "url", "captured_at"], unique=True)
    db.table("captures").create_index(["run_id"])
    db.table("captures").create_index(["outcome"])
    db.table("captures").create_index(["warc_file", "warc_offset"])
    db.table("failures").create(
        {
            "id": int,
            "source_id": str,
            "run_id": int,
            "capture_id": int,
            "url": str,
            "stage": str,
            "reason": str,
            "detail": str,
            "target": str,
            "first_seen": str,
            "last_seen": str,
            "cleared_at": str,
        },
        pk="id",
        not_null={"source_id", "url", "stage", "reason", "first_seen", "last_seen"},
        foreign_keys=[("source_id", "sources", "id"), ("run_id", "runs", "id"), ("capture_id", "captures", "id")],
    )
    db.table("failures").create_index(["source_id", "url", "stage", "reason"], unique=True)
    db.table("failures").create_index(["reason"])
    db.table("failures").create_index(["capture_id"])
    db.table("failures").create_index(["run_id"])
    db.table("coverage").create(
        {"source_id": str, "day": str, "asked": int, "captured": int, "articles": int, "refused": int, "failed": int},
        pk=("source_id", "day"),
        foreign_keys=[("source_id", "sources", "id")],
    )
    _create_articles(db)
    _create_citations(db)
    # Contentless: the text is stored only once, in articles and article_text. `title` and `text` hold the exact form, in which diacritics
    # count; the other two columns hold the folded form. Therefore the tokenizer must not fold.
    db.execute(
        "create virtual table articles_fts using fts5("
        "title, text, title_folded, text_folded, content='', tokenize='unicode61 remove_diacritics 0')"
    )


def _create_articles(db: Database) -> None:
    db.table("articles").create(
        {
            "id": int,
            "published_at": str,
            "title": str,
            "summary": str,
            "source_id": str,
            "unit_id": str,
            "section": str,
            "author": str,
            "citation_count": int,
            "story_count": int,
            "attachment_count": int,
            "url": str,
            "key": str,
            "published_precision": str,
            "published_rule": str,
            "published_year": int,
            "published_conflict": int,
            "modified_at": str,
            "event_date": str,
            "first_seen": str,
            "last_seen": str,
            "gone_at": str,
            "language": str,
            "length": int,
            "layout": str,
            "parser": str,
            "reprint_of": int,
            "capture_id": int,
        },
        pk="id",
        not_null={"source_id", "unit_id", "key", "url", "title", "first_seen", "last_seen", "layout", "parser"},
        foreign_keys=[
            ("source_id", "sources", "id"),
            ("unit_id", "units", "id"),
            ("capture_id", "captures", "id"),
            ("reprint_of", "articles", "id"),
        ],
    )
    articles = db.table("articles")
    articles.create_index(["source_id", "key"], unique=True)
    db.execute("create index articles_newest_first on articles (published_at desc, id)")
    for column in ("unit_id", "published_year", "section", "layout", "published_rule", "reprint_of", "capture_id", "gone_at"):
        articles.create_index([column])
    db.execute("create index articles_source_newest_first on articles (source_id, published_at desc)")
    db.table("article_text").create(
        {"article_id": int, "body": str, "body_rule": str, "dateline": str, "byline": str},
        pk="article_id",
        not_null={"body", "body_rule"},
        foreign_keys=[("article_id", "articles", "id")],
    )
    db.table("article_fields").create(
        {"article_id": int, "field": str, "rule": str},
        pk=("article_id", "field"),
        not_null={"rule"},
        foreign_keys=[("article_id", "articles", "id")],
    )
    db.table("article_fields").create_index(["field", "rule"])
    db.table("article_tags").create(
        {"article_id": int, "tag": str}, pk=("article_id", "tag"), foreign_keys=[("article_id", "articles", "id")]
    )
    db.table("article_tags").create_index(["tag"])
    db.table("stories").create(
        {
            "id": int,
            "article_id": int,
            "position": int,
            "title": str,
            "start": int,
            "end": int,
            "event_date": str,
            "event_date_rule": str,
        },
        pk="id",
        not_null={"article_id", "position", "title", "start", "end"},
        foreign_keys=[("article_id", "articles", "id")],
    )
    db.table("stories").create_index(["article_id", "position"], unique=True)
    db.table("revisions").create(
        {"id": int, "article_id": int, "seen_at": str, "capture_id": int, "changed": str, "before": str},
        pk="id",
        not_null={"article_id", "seen_at", "changed", "before"},
        foreign_keys=[("article_id", "articles", "id"), ("capture_id", "captures", "id")],
    )
    db.table("revisions").create_index(["article_id", "seen_at"])
    db.table("revisions").create_index(["capture_id"])
    db.table("attachments").create(
        {"id": int, "article_id": int, "url": str, "name": str, "rule": str},
        pk="id",
        not_null={"article_id", "url", "rule"},
        foreign_keys=[("article_id", "articles", "id")],
    )
    db.table("attachments").create_index(["article_id", "url"], unique=True)


def _create_citations(db: Database) -> None:
    db.table("documents").create(
        {
            "id": int,
            "label": str,
            "title": str,
            "type": str,
            "issuer": str,
            "issued_on": str,
            "status": str,
            "article_count": int,
            "citation_count": int,
            "key": str,
            "number": str,
            "number_form": str,
            "year": int,
            "unit_id": str,
            "in_force_from": str,
            "in_force_to": str,
            "replaced_by": str,
            "confidence": str,
        },
        pk="id",
        not_null={"key", "label", "type", "status"},
        defaults={"citation_count": 0, "article_count": 0},
        foreign_keys=[("unit_id", "units", "id")],
    )
    documents = db.table("documents")
    documents.create_index(["key"], unique=True)
    for column in ("number", "number_form", "type", "year", "issuer", "unit_id", "status", "issued_on"):
        documents.create_index([column])
    db.execute("create index documents_most_cited on documents (article_count desc, id)")
    db.table("citations").create(
        {
            "id": int,
            "article_id": int,
            "text": str,
            "number": str,
            "type": str,
            "document_id": int,
            "status": str,
            "stated_date": str,
            "stated_issuer": str,
            "stated_province": str,
            "stated_title": str,
            "relation": str,
            "pinpoint": str,
            "story_id": int,
            "field": str,
            "start": int,
            "end": int,
            "kind": str,
            "year": int,
            "date_conflict": int,
            "rule": str,
            "flags": str,
        },
        pk="id",
        not_null={"article_id", "field", "start", "end", "text", "kind", "type", "status"},
        defaults={"date_conflict": 0},
        foreign_keys=[("article_id", "articles", "id"), ("story_id", "stories", "id"), ("document_id", "documents", "id")],
    )
    citations = db.table("citations")
    citations.create_index(["article_id", "field", "start"], unique=True)
    for column in ("document_id", "story_id", "number", "kind", "type", "status", "relation"):
        citations.create_index([column])
    db.table("citation_candidates").create(
        {"citation_id": int, "document_id": int},
        pk=("citation_id", "document_id"),
        foreign_keys=[("citation_id", "citations", "id"), ("document_id", "documents", "id")],
    )
    db.table("citation_candidates").create_index(["document_id"])


@migrations()
def m002_summaries(db: Database) -> None:
    """Small tables for the charts and for the main question, so that they need not scan bodies."""
    db.table("diffusion").create(
        {
            "document_id": int,
            "unit_id": str,
            "first_article_id": int,
            "first_cited_on": str,
            "issued_on": str,
            "days_after_issue": int,
            "articles": int,
        },
        pk=("document_id", "unit_id"),
        foreign_keys=[("document_id", "documents", "id"), ("unit_id", "units", "id"), ("first_article_id", "articles", "id")],
    )
    db.table("diffusion").create_index(["unit_id"])
    db.table("diffusion").create_index(["first_article_id"])
    db.table("articles_by_month").create(
        {"source_id": str, "month": str, "articles": int, "citations": int},
        pk=("source_id", "month"),
        foreign_keys=[("source_id", "sources", "id")],
    )
    db.table("articles_by_month").create_index(["month"])
    db.table("citations_by_year").create(
        {"document_id": int, "year": int, "articles": int, "citations": int},
        pk=("document_id", "year"),
        foreign_keys=[("document_id", "documents", "id")],
    )
    db.table("citations_by_year").create_index(["year"])


@migrations()
def m003_readings_and_reprints(db: Database) -> None:
    """Every reading of a date, the original text of repaired fields, and reprints."""
    db.table("articles").add_column("flags", str)
    db.table("article_fields").add_column("original", str)
    db.table("articles_by_month").add_column("originals", int)
    db.table("date_readings").create(
        {"article_id": int, "position": int, "text": str, "value": str, "precision": str, "rule": str, "verdict": str},
        pk=("article_id", "position"),
        not_null={"text", "value", "precision", "rule", "verdict"},
        foreign_keys=[("article_id", "articles", "id")],
    )
    db.table("date_readings").create_index(["verdict"])
    db.table("shared_dates").create(
        {"source_id": str, "rule": str, "value": str, "articles": int},
        pk=("source_id", "rule", "value"),
        foreign_keys=[("source_id", "sources", "id")],
    )
    db.execute(
        "create table reprint_keys (key integer not null, article_id integer not null references articles(id),"
        " primary key (key, article_id)) without rowid"
    )
    db.table("reprint_keys").create_index(["article_id"])
    db.table("near_duplicates").create(
        {"article_id": int, "other_id": int, "likeness": float},
        pk=("article_id", "other_id"),
        foreign_keys=[("article_id", "articles", "id"), ("other_id", "articles", "id")],
    )
    db.table("near_duplicates").create_index(["other_id"])
    db.table("reprints_pending").create({"article_id": int}, pk="article_id", foreign_keys=[("article_id", "articles", "id")])


@migrations()
def m004_confidence_of_citations(db: Database) -> None:
    """The confidence of a resolved citation, and the meaning of the rule codes."""
    db.table("citations").add_column("confidence", str)
    db.table("rules").create({"code": str, "confidence": str, "name": str, "name_en": str}, pk="code", not_null={"name", "name_en"})


@migrations()
def m005_complete_runs_and_validators(db: Database) -> None:
    """Whether a crawl read every list to its end; the validators for conditional requests; the later pages of an article."""
    db.table("runs").add_column("complete", int)
    db.table("captures").add_column("etag", str)
    db.table("captures").add_column("last_modified", str)
    db.table("captures").add_column("continues", int)
    db.table("captures").create_index(["continues"])


@migrations()
def m009_revisits_and_validators(db: Database) -> None:
    """Captures without a body of their own, why an article is gone, and whether the validators of a source can be trusted."""
    db.table("captures").add_column("revisit_of", int)
    db.table("articles").add_column("gone_reason", str)
    db.table("validators").create(
        {"source_id": str, "page_kind": str, "header": str, "verdict": str, "same": int, "different": int, "checked_at": str},
        pk=("source_id", "page_kind", "header"),
        not_null={"verdict", "same", "different", "checked_at"},
        foreign_keys=[("source_id", "sources", "id")],
    )


@migrations()
def m006_codes_of_rules(db: Database) -> None:
    """Rules are codes, with their parameters in columns of their own.

    Verdicts of dates and outcomes of captures are translated here. The other columns hold the sentences of earlier versions until
    `scrapy reparse` parses the captures again.
    """
    db.table("rules").add_column("kind", str)
    db.table("articles").add_column("published_rule_parameter", str)
    db.table("article_text").add_column("body_rule_parameter", str)
    for column in ("rule_parameter", "rule_notes", "rejected"):
        db.table("article_fields").add_column(column, str)
    for column in ("rule_parameter", "rule_notes"):
        db.table("date_readings").add_column(column, str)
    db.table("attachments").add_column("rule_parameter", str)
    db.table("stories").add_column("event_date_rule_parameter", str)
    for column in ("reason", "encoding_rule", "encoding_rule_parameter", "encoding_rule_notes"):
        db.table("captures").add_column(column, str)
    db.execute("update captures set reason = substr(outcome, 10), outcome = 'refused' where outcome like 'refused: %'")
    for sentence, code in _VERDICTS_BEFORE_M006.items():
        db.execute("update date_readings set verdict = ? where verdict = ?", [code, sentence])
    # The dates that all pages of a source share are found again at the end of the next run.
    db.table("shared_dates").drop()
    db.table("shared_dates").create(
        {"source_id": str, "rule": str, "rule_parameter": str, "value": str, "articles": int},
        pk=("source_id", "rule", "rule_parameter", "value"),
        foreign_keys=[("source_id", "sources", "id")],
    )


@migrations()
def m007_kinds_and_parts_of_sources(db: Database) -> None:
    """Whose site a source is, and which part of it."""
    db.table("sources").add_column("kind", str)
    db.table("sources").add_column("under", str)


@migrations()
def m010_what_the_next_summaries_count(db: Database) -> None:
    """What changed since the summaries were counted, noted by triggers. In an older archive everything is counted once more."""
    db.table("documents_pending").create({"document_id": int}, pk="document_id")
    db.execute("create table months_pending (source_id text not null, month text not null, primary key (source_id, month)) without rowid")
    db.table("groups_pending").create({"article_id": int}, pk="article_id")
    db.execute("insert into documents_pending select distinct document_id from citations where document_id is not null")
    months = "select distinct source_id, substr(published_at, 1, 7) from articles where published_at is not null"
    db.execute(f"insert into months_pending {months}")
    db.execute("insert into groups_pending select article_id from near_duplicates union select other_id from near_duplicates")
    for statement in summary_triggers.statements():
        db.execute(statement)


@migrations()
def m012_notices(db: Database) -> None:
    """What everybody who uses the archive must know: that it is the sample, for example."""
    db.table("notices").create({"id": str, "name": str, "name_en": str}, pk="id", not_null={"name", "name_en"})
    notices.refresh(db)


@migrations()
def m013_mistaken_sections(db: Database) -> None:
    """Sections that were first stored as articles, and the keys by which they are found. In an older archive, `scrapy reparse` notes the
    keys of the articles."""
    db.table("mistaken_sections").create(
        {
            "source_id": str,
            "key": str,
            "url": str,
            "title": str,
            "summary": str,
            "body": str,
            "articles": int,
            "share": float,
            "capture_id": int,
            "captured_at": str,
        },
        pk=("source_id", "key"),
        not_null={"url", "title", "body", "articles", "share", "captured_at"},
        foreign_keys=[("source_id", "sources", "id"), ("capture_id", "captures", "id")],
    )
    db.table("mistaken_sections").create_index(["capture_id"])
    db.execute(
        "create table teaser_keys (key integer not null, teaser integer not null, article_id integer not null references articles(id),"
        " primary key (key, teaser, article_id)) without rowid"
    )
    db.table("teaser_keys").create_index(["article_id"])
    db.table("teasers_pending").create({"article_id": int}, pk="article_id", foreign_keys=[("article_id", "articles", "id")])


@migrations()
def m019_absences_and_coverage(db: Database) -> None:
    """The times at which articles were missing on their site; coverage counts no URL twice on a day.

    An article that is marked as gone keeps its mark. Of the days on which a URL gave no response, only the first and the last are known.
    """
    db.table("absences").create(
        {
            "id": int,
            "article_id": int,
            "source_id": str,
            "reason": str,
            "first_missing": str,
            "last_missing": str,
            "confirmed_at": str,
            "returned_at": str,
            "first_run_id": int,
            "last_run_id": int,
            "pending_run_id": int,
            "pending_at": str,
        },
        pk="id",
        not_null={"article_id", "source_id", "reason"},
        foreign_keys=[("article_id", "articles", "id"), ("source_id", "sources", "id")],
    )
    db.table("absences").create_index(["article_id"])
    db.execute("create index absences_open on absences (source_id) where returned_at is null")
    db.execute(
        "insert into absences (article_id, source_id, reason, first_missing, last_missing, confirmed_at)"
        " select id, source_id, coalesce(gone_reason, 'not-found'), gone_at, gone_at, gone_at from articles where gone_at is not null"
    )
    db.table("coverage").add_column("lists", int)
    db.execute("create table coverage_pending (source_id text not null, day text not null, primary key (source_id, day)) without rowid")
    db.execute(
        "create table unanswered (source_id text not null references sources(id), day text not null, url text not null,"
        " primary key (source_id, day, url)) without rowid"
    )
    db.table("captures").create_index(["source_id", "captured_at"])
    for statement in coverage.statements():
        db.execute(statement)


_VERDICTS_BEFORE_M006 = {
    "refused: before 1997": "too-early",
    "refused: later than the page was fetched": "too-late",
    "refused: all pages of the site bear it": "on-all-pages",
    "refused: the page shows this local time, and marks it as the time of another zone": "wrong-zone",
}


@migrations()
def m008_candidates_and_discovered(db: Database) -> None:
    """The URLs that may be articles, with what happened to each; and what was found on a site: its lists, feeds, sitemaps and hosts.

    The articles of an older archive become known candidates, so that a daily run does not request them again.
    """
    db.table("candidates").create(
        {
            "source_id": str,
            "key": str,
            "url": str,
            "state": str,
            "listed_day": str,
            "first_seen": str,
            "where_seen": str,
            "last_listed": str,
            "last_requested": str,
            "attempts": int,
            "retry_at": str,
            "first_run_id": int,
            "last_run_id": int,
        },
        pk=("source_id", "key", "url"),
        not_null={"state", "first_seen", "attempts"},
        defaults={"attempts": 0},
        foreign_keys=[("source_id", "sources", "id")],
    )
    db.table("candidates").create_index(["source_id", "url"])
    db.table("candidates").create_index(["source_id", "state"])
    db.execute("create index candidates_retry on candidates (source_id, retry_at) where retry_at is not null")
    db.execute(
        "insert or ignore into candidates (source_id, key, url, state, first_seen, last_requested, attempts)"
        " select source_id, key, url, 'stored', first_seen, last_seen, 1 from articles"
    )
    db.execute(
        "insert or ignore into candidates (source_id, key, url, state, first_seen, last_requested, attempts)"
        " select source_id, url, url, 'stored', min(captured_at), max(captured_at), count(*) from captures"
        " where outcome = 'article' group by source_id, url"
    )
    db.table("discovered").create(
        {
            "source_id": str,
            "kind": str,
            "name": str,
            "found_on": str,
            "first_seen": str,
            "last_seen": str,
            "look": str,
            "look_reason": str,
            "list_order": str,
            "pager": str,
            "pages": int,
            "articles": int,
            "brought": int,
            "last_tried": str,
            "last_read": str,
            "last_deep": str,
            "read_to_end": str,
            "last_new": str,
            "resume_url": str,
            "last_page": str,
            "failed_looks": int,
            "finished_run_id": int,
            "reading_run_id": int,
        },
        pk=("source_id", "kind", "name"),
        not_null={"first_seen", "last_seen", "brought", "failed_looks"},
        defaults={"brought": 0, "failed_looks": 0},
        foreign_keys=[("source_id", "sources", "id")],
    )


@migrations()
def m021_origins_of_captures(db: Database) -> None:
    """From which file an imported capture comes, and how its time was found."""
    db.table("captures").add_column("origin", str)
    db.table("captures").add_column("date_rule", str)


@migrations()
def m015_concluded_runs(db: Database) -> None:
    """Whether the conclusions of a run were drawn, which its outcome said before."""
    db.table("runs").add_column("concluded", int)
    db.execute("update runs set concluded = coalesce(outcome, '') not in ('', 'shutdown', 'archive-not-writable') where command = 'crawl'")


@migrations()
def m023_captures_in_order(db: Database) -> None:
    """Reads the captures of a source in the order of time, a part at a time; whether an article lacks a page is known for its capture."""
    db.table("captures").add_column("pages_missing", int)
    flagged = "articles where capture_id = captures.id and ';' || flags || ';' like '%;pages-missing;%'"
    db.execute(f"update captures set pages_missing = exists (select * from {flagged}) where outcome = 'article'")
    db.execute("create index captures_of_source_by_time on captures (source_id, captured_at, id)")


@migrations()
def m017_source_health(db: Database) -> None:
    """How each source was after each run, with the numbers that the health rules compared; and how it is now."""
    db.table("source_health").create(
        {
            "source_id": str,
            "run_id": int,
            "day": str,
            "state": str,
            "reason": str,
            "first_bad_day": str,
            "last_good_day": str,
            "state_before": str,
            "replayed": int,
            "responses": int,
            "lists_with_articles": int,
            "lists_without_articles": int,
            "lists_lost": int,
            "lists_failed": int,
            "articles_requested": int,
            "articles_parsed": int,
            "articles_unchanged": int,
            "articles_failed": int,
            "known_requested": int,
            "known_failed": int,
            "generic": int,
            "generic_known": int,
            "generic_same": int,
            "undated": int,
            "undated_known": int,
            "undated_same": int,
            "empty": int,
            "empty_known": int,
            "empty_same": int,
            "article_failures": str,
            "list_failures": str,
            "findings": str,
            "judged_at": str,
            "reported_at": str,
        },
        pk=("source_id", "run_id"),
        not_null={"day", "state", "reason", "findings", "judged_at", "replayed"},
        foreign_keys=[("source_id", "sources", "id"), ("run_id", "runs", "id")],
    )
    db.table("source_health").create_index(["run_id"])
    db.execute("create index source_health_changes on source_health (judged_at) where state_before is not state")
    # A source that ended needs no new row: its period is compared with the last day that was judged. If a recording of a live source is
    # imported, its run says nothing about the site as it is now.
    db.create_view(
        "health_now",
        """
        select sources.id as source_id, sources.name, sources.unit_id,
            case when sources.valid_to < (select max(day) from source_health) then 'ended' else state end as state,
            reason, first_bad_day, last_good_day, day, articles_parsed, articles_failed, findings, sources.site
        from sources join source_health on source_health.source_id = sources.id
        where run_id = (
            select run_id from source_health as other where other.source_id = sources.id order by replayed, run_id desc limit 1
        )
        """,
    )


@migrations()
def m022_histories(db: Database) -> None:
    """Articles whose revisions must be written again, and a view with the old and the new value of each changed field."""
    db.table("histories_pending").create(
        {"article_id": int, "capture_id": int},
        pk=("article_id", "capture_id"),
        foreign_keys=[("article_id", "articles", "id"), ("capture_id", "captures", "id")],
    )
    db.table("histories_pending").create_index(["capture_id"])
    # The value after a revision is the value before the next one that changed the field, else that of the article.
    next_one = (
        "from revisions later where later.article_id = revisions.article_id and json_type(later.before, '$.' || changed.value) is not null"
        " and (later.seen_at, later.id) > (revisions.seen_at, revisions.id) order by later.seen_at, later.id limit 1"
    )
    columns = ("title", "summary", "author", "section", "published_at")
    lists = {"tags": ("article_tags", "tag"), "attachments": ("attachments", "url")}
    now = "".join(f" when '{name}' then articles.{name}" for name in columns)
    now += " when 'body' then (select body from article_text where article_id = articles.id)"
    for name, (table, column) in lists.items():
        values = f"select {column} from {table} where article_id = articles.id order by {column}"
        now += f" when '{name}' then (select json_group_array({column}) from ({values}))"
    db.execute(
        "create view changes as select revisions.id as revision_id, revisions.article_id, articles.source_id, revisions.seen_at,"
        " revisions.capture_id, changed.value as field, json_extract(revisions.before, '$.' || changed.value) as old,"
        f" case when exists (select 1 {next_one}) then (select json_extract(later.before, '$.' || changed.value) {next_one})"
        f" else case changed.value{now} end end as new"
        " from revisions join articles on articles.id = revisions.article_id join json_each(revisions.changed) changed"
    )


@migrations()
def m016_lost_captures(db: Database) -> None:
    """Since when the record of a capture is missing on disk, and the place of a capture in the order of time if its clock was ahead.

    The first article of a unit depends on URLs since then, and no more on ids, so the documents are counted once more.
    """
    db.execute("drop trigger note_article_moved")
    for statement in summary_triggers.statements("article_moved"):
        db.execute(statement)
    db.execute("insert or ignore into documents_pending select distinct document_id from citations where document_id is not null")
    db.table("captures").add_column("lost_at", str)
    db.table("captures").add_column("ordered_at", str)
    db.execute("create index captures_lost on captures (source_id, warc_file) where lost_at is not null")


@migrations()
def m020_observed(db: Database) -> None:
    """What was seen of each month of publication, and the gaps. The lists of an older archive are read to their end once more, because it
    does not know of which days they have shown all articles."""
    db.table("listed_periods").create(
        {"source_id": str, "kind": str, "name": str, "first_day": str, "last_day": str, "from_start": int, "articles": int},
        pk=("source_id", "kind", "name", "first_day"),
        not_null={"last_day", "from_start", "articles"},
        foreign_keys=[("source_id", "sources", "id")],
    )
    counts = ("waiting", "failed", "list_pages", "lists", "lists_open", "numbers_missing")
    db.table("observed").create(
        {"source_id": str, "month": str, "state": str, "reasons": str, "articles": int}
        | dict.fromkeys((*counts, "good_days", "days"), int),
        pk=("source_id", "month"),
        not_null={"state", *counts},
        foreign_keys=[("source_id", "sources", "id")],
    )
    db.table("observed").create_index(["month"])
    db.table("gaps").create(
        {
            "source_id": str,
            "kind": str,
            "first_month": str,
            "last_month": str,
            "first_number": int,
            "last_number": int,
            "size": int,
            "missing": int,
            "state": str,
            "reasons": str,
        },
        pk=("source_id", "kind", "first_month", "first_number"),
        not_null={"last_month", "last_number", "size", "state", "reasons"},
        foreign_keys=[("source_id", "sources", "id")],
    )
    db.execute("create table observed_pending (source_id text not null, month text not null, primary key (source_id, month)) without rowid")
    db.table("candidates").create_index(["source_id", "listed_day"])
    db.execute("drop index idx_captures_source_id_captured_at")  # captures_of_source_by_time begins with the same columns
    for statement in observed_triggers.statements():
        db.execute(statement)
    db.execute("update discovered set finished_run_id = null where read_to_end is not null")


@migrations()
def m018_health_by_source(db: Database) -> None:
    """The newest judged run of each source, the last judged day and the reported states are found without reading all runs."""
    db.execute("create index source_health_newest on source_health (source_id, replayed, run_id desc)")
    db.execute("create index source_health_day on source_health (day)")
    db.execute("create index source_health_reported on source_health (source_id, reported_at) where reported_at is not null")
    # `cross join` makes SQLite begin with the sources, of which there are few.
    db["health_now"].drop()
    db.create_view(
        "health_now",
        """
        select sources.id as source_id, sources.name, sources.unit_id,
            case when sources.valid_to < (select max(day) from source_health) then 'ended' else state end as state,
            reason, first_bad_day, last_good_day, day, articles_parsed, articles_failed, findings, sources.site
        from sources cross join source_health on source_health.source_id = sources.id
        where run_id = (
            select run_id from source_health as other where other.source_id = sources.id order by replayed, run_id desc limit 1
        )
        """,
    )


@migrations()
def m024_diffusion_without_reprints(db: Database) -> None:
    """Reprints, and articles that are dated before the signing, are counted apart. The documents are counted once more."""
    for column, kind in (("reprints", int), ("doubtful", int), ("doubtful_on", str), ("doubtful_article_id", int)):
        db.table("diffusion").add_column(column, kind)
    db.table("diffusion").create_index(["doubtful_article_id"])
    db.table("citations_by_year").add_column("originals", int)
    db.execute("drop trigger note_article_moved")
    for statement in summary_triggers.statements("article_moved"):
        db.execute(statement)
    db.execute("insert or ignore into documents_pending select distinct document_id from citations where document_id is not null")


@migrations()
def m025_types_of_cited_documents(db: Database) -> None:
    """The type of a document beside its citations by year, so that they are added up by type without reading the documents."""
    db.table("citations_by_year").add_column("type", str)
    db.execute("update citations_by_year set type = (select type from documents where documents.id = document_id)")
    db.execute("drop index idx_citations_by_year_year")
    db.execute("create index citations_by_type on citations_by_year (year, type, articles, originals, citations)")


@migrations()
def m027_citing_articles(db: Database) -> None:
    """The articles that cite a document are found without reading their citations, and texts are counted without reading them."""
    db.execute("drop index idx_citations_document_id")  # the new index begins with the same column
    db.execute("create index citations_of_document on citations (document_id, article_id)")
    db.execute("create index article_text_by_rule on article_text (body_rule)")


@migrations()
def m026_rules_of_fields(db: Database) -> None:
    """How many articles of a source have a field from a rule."""
    field_rules.create(db)


@migrations()
def m030_imports(db: Database) -> None:
    """What was imported from the files of other tools, and how far an import that was interrupted has come."""
    db.table("imports").create(
        {
            "id": int,
            "key": str,
            "files": str,
            "began_at": str,
            "ended_at": str,
            "bytes": int,
            "records": int,
            "kept": int,
            "stored": int,
            "left_out": str,
        },
        pk="id",
        not_null={"key", "files", "began_at"},
    )
    to_import = "import_id integer not null references imports(id)"
    db.execute(
        f"create table import_parts ({to_import}, part text not null, result text not null, primary key (import_id, part)) without rowid"
    )
    db.execute(
        f"create table import_sources ({to_import}, source_id text not null references sources(id), result text not null,"
        " primary key (import_id, source_id)) without rowid"
    )
    db.execute(
        f"create table import_records ({to_import}, source_id text not null references sources(id), part text not null,"
        " number integer not null, entry text not null)"
    )
    db.execute("create index import_records_of_source on import_records (import_id, source_id)")
    db.execute("create index import_records_of_part on import_records (import_id, part)")


@migrations()
def m028_web_archives(db: Database) -> None:
    """What web archives have of each source, which parts of their indexes were queried, and when one of them first captured an article."""
    db.table("web_archive_parts").create(
        {
            "source_id": str,
            "archive": str,
            "host": str,
            "part": str,
            "state": str,
            "reason": str,
            "resume_key": str,
            "captures": int,
            "unreadable": int,
            "queried_at": str,
        },
        pk=("source_id", "archive", "host", "part"),
        not_null={"state", "captures", "unreadable"},
        foreign_keys=[("source_id", "sources", "id")],
    )
    db.table("web_captures").create(
        {
            "source_id": str,
            "archive": str,
            "url": str,
            "captured_at": str,
            "status": int,
            "mime": str,
            "state": str,
            "reason": str,
            "tried_at": str,
            "digest": str,
            "length": int,
            "listed_url": str,
            "file": str,
            "offset": int,
            "key": str,
        },
        pk=("source_id", "archive", "listed_url", "captured_at"),
        not_null={"url", "status", "mime", "state", "digest", "key", "file"},
        foreign_keys=[("source_id", "sources", "id")],
    )
    db.execute("create index web_captures_of_page on web_captures (source_id, archive, key, captured_at)")
    db.execute("create index web_captures_by_time on web_captures (source_id, archive, captured_at)")
    db.execute("create index web_captures_states on web_captures (source_id, archive, state, reason)")
    # An imported capture has a URL as its origin if a web archive made it, else the name of a file.
    db.table("articles").add_column("archive_first_seen", str)
    db.execute(
        "update articles set archive_first_seen = (select min(captured_at) from captures where captures.source_id = articles.source_id and"
        " captures.url = articles.url and outcome = 'article' and origin like 'http%')"
        " where exists (select 1 from captures where origin like 'http%')"
    )
    db.execute(
        "update articles set first_seen = coalesce((select min(captured_at) from captures where captures.source_id = articles.source_id and"
        " captures.url = articles.url and outcome = 'article' and coalesce(origin, '') not like 'http%'), first_seen)"
        " where archive_first_seen is not null"
    )


@migrations()
def m031_lives_of_sites(db: Database) -> None:
    """The articles that moved when a site was redesigned, and what the archive has of each source over time."""
    db.table("articles").add_column("former_key", str)
    db.execute("create index articles_former_key on articles (former_key) where former_key is not null")
    db.table("article_moves").create(
        {"article_id": int, "former_id": int, "rule": str, "state": str},
        pk=("article_id", "former_id"),
        not_null={"rule", "state"},
        foreign_keys=[("article_id", "articles", "id"), ("former_id", "articles", "id")],
    )
    db.table("article_moves").create_index(["former_id"])
    db.execute("create table moves_pending (article_id integer primary key)")
    db.table("source_lives").create(
        {
            "source_id": str,
            "month": str,
            "made_by": str,
            "platform": str,
            "layout": str,
            "captures": int,
            "articles": int,
            "first_capture": str,
            "last_capture": str,
        },
        pk=("source_id", "month", "made_by", "platform", "layout"),
        not_null={"captures", "articles", "first_capture", "last_capture"},
        foreign_keys=[("source_id", "sources", "id")],
    )
    db.execute("create table lives_pending (source_id text not null, month text not null, primary key (source_id, month)) without rowid")
    for statement in move_triggers.statements():
        db.execute(statement)


@migrations()
def m032_ends_of_documents(db: Database) -> None:
    """A view of when each replaced or ended document ended, with how exactly that is known: one place for all pages and queries."""
    # A document that was signed earlier has the number of the successor by chance. The earliest day of all parts of `replaced_by` is a
    # lower bound; if one part says nothing, there is none.
    later = "coalesce(successor.issued_on, '9') >= coalesce(documents.issued_on, '')"
    after_serial = "substr(one.value, instr(one.value, '/') + 1)"
    db.create_view(
        "document_ends",
        f"""
        select document_id, coalesce(in_force_to, day_before) as ended_on, coalesce(in_force_to, day_before, signed) as not_before,
            case when in_force_to is not null then 'day' when day_before is not null then 'successor-in-force'
                when length(signed) = 10 then 'successor-signed' when signed is not null then 'successor-year' else 'unknown'
            end as end_precision
        from (
            select id as document_id, in_force_to,
                case when replaced_by is not null then (
                    select case when count(*) = 1 then date(max(successor.in_force_from), '-1 day') end from documents successor
                    where successor.number = documents.replaced_by and {later}
                ) end as day_before,
                case when replaced_by is not null then (
                    select nullif(min(coalesce(successor.issued_on, cast(successor.year as text),
                        case when {after_serial} glob '[12][0-9][0-9][0-9]/*' then substr({after_serial}, 1, 4) end, '')), '')
                    from json_each('[' || replace(json_quote(documents.replaced_by), '; ', '","') || ']') one
                    left join documents successor on successor.number = one.value and {later}
                ) end as signed
            from documents where in_force_to is not null or replaced_by is not null
        )
        """,
    )


@migrations()
def m029_lost_articles(db: Database) -> None:
    """The articles that exist only in the archive, as far as it knows. One definition for the query, the page of a source and files."""
    db.execute("create index web_captures_of_url on web_captures (source_id, url)")
    # A site is lost if its period is over, or if only dead hosts and parked domains met its crawls for 30 days.
    # Of an article that moved, only its last version is looked at, and what a web archive has of the ones before counts, too.
    db.create_view(
        "lost_articles",
        """
        with dead_runs as (
            select source_id, run_id, day, reason from source_health as health
            where replayed = 0 and run_id > coalesce((
                select max(run_id) from source_health as other where other.source_id = health.source_id and replayed = 0
                and not (state = 'broken' and reason in ('host-dead', 'parked-domain'))
            ), 0)
        ),
        lost_sites as (
            select id as source_id, valid_to as lost_at, 'source-ended' as reason from sources where valid_to < date('now', '+7 hours')
            union all
            select source_id, min(day), reason from dead_runs
            where source_id not in (select id from sources where valid_to < date('now', '+7 hours'))
            group by source_id having julianday(max(day)) - julianday(min(day)) >= 30
        )
        select articles.id as article_id, articles.source_id, articles.title, articles.published_at, articles.gone_at, articles.gone_reason,
            lost_sites.lost_at as site_lost_at, lost_sites.reason as site_lost_reason, articles.url
        from articles left join lost_sites on lost_sites.source_id = articles.source_id
        where (
            gone_at is not null or lost_sites.reason <> 'source-ended'
            or (lost_sites.reason = 'source-ended' and last_seen < date(lost_sites.lost_at, '+1 day'))
        )
        and not exists (select 1 from article_moves where former_id = articles.id and state = 'moved')
        and not exists (
            with recursive versions(id) as (
                select articles.id
                union select former_id from versions join article_moves on article_id = versions.id where state = 'moved'
            )
            select 1 from versions join articles as version on version.id = versions.id
            where exists (
                select 1 from captures where captures.source_id = version.source_id and captures.url = version.url and origin like 'http%'
            ) or exists (
                select 1 from web_captures where web_captures.source_id = version.source_id and web_captures.url = version.url
                and status in (0, 200) and coalesce(web_captures.reason, '') not in ('excluded', 'not-archived', 'not-played')
            )
        )
        """,
    )


@migrations()
def m033_lost_articles_at_once(db: Database) -> None:
    """The view of m029, which looked at all runs of a dead site once for each of them: 22 s for two years of 126 sites, now 0.1 s."""
    dead = "replayed = 0 and state = 'broken' and reason in ('host-dead', 'parked-domain')"
    db.execute(f"create index source_health_dead on source_health (source_id, run_id) where {dead}")
    db.execute("drop view lost_articles")
    db.create_view(
        "lost_articles",
        """
        with last_runs as materialized (
            select sources.id as source_id, (
                select run_id from source_health as newest where newest.source_id = sources.id and replayed = 0 order by run_id desc limit 1
            ) as run_id
            from sources where valid_to is null or valid_to >= date('now', '+7 hours')
        ),
        dead_sites as materialized (
            select last.source_id, last.day as last_day, last.reason, (
                select min(day) from source_health as dead
                where dead.source_id = last.source_id and replayed = 0 and state = 'broken' and reason in ('host-dead', 'parked-domain')
                and run_id > coalesce((
                    select run_id from source_health as alive where alive.source_id = last.source_id and replayed = 0
                    and not (state = 'broken' and reason in ('host-dead', 'parked-domain')) order by run_id desc limit 1
                ), 0)
            ) as first_day
            from last_runs join source_health as last on last.source_id = last_runs.source_id and last.run_id = last_runs.run_id
            where last.state = 'broken' and last.reason in ('host-dead', 'parked-domain')
        ),
        lost_sites as materialized (
            select id as source_id, valid_to as lost_at, 'source-ended' as reason from sources where valid_to < date('now', '+7 hours')
            union all
            select source_id, first_day, reason from dead_sites where julianday(last_day) - julianday(first_day) >= 30
        )
        select articles.id as article_id, articles.source_id, articles.title, articles.published_at, articles.gone_at, articles.gone_reason,
            lost_sites.lost_at as site_lost_at, lost_sites.reason as site_lost_reason, articles.url
        from articles left join lost_sites on lost_sites.source_id = articles.source_id
        where (
            gone_at is not null or lost_sites.reason <> 'source-ended'
            or (lost_sites.reason = 'source-ended' and last_seen < date(lost_sites.lost_at, '+1 day'))
        )
        and not exists (select 1 from article_moves where former_id = articles.id and state = 'moved')
        and not exists (
            with recursive versions(id) as (
                select articles.id
                union select former_id from versions join article_moves on article_id = versions.id where state = 'moved'
            )
            select 1 from versions join articles as version on version.id = versions.id
            where exists (
                select 1 from captures where captures.source_id = version.source_id and captures.url = version.url and origin like 'http%'
            ) or exists (
                select 1 from web_captures where web_captures.source_id = version.source_id and web_captures.url = version.url
                and status in (0, 200) and coalesce(web_captures.reason, '') not in ('excluded', 'not-archived', 'not-played')
            )
        )
        """,
    )


@migrations()
def m034_indexes_for_large_archives(db: Database) -> None:
    """For the few rows that each crawl looks up in large tables: captures without an outcome, and documents that are not stubs."""
    db.execute("create index captures_unparsed on captures (source_id) where outcome is null")
    db.execute("create index documents_known on documents (key) where status <> 'stub'")
    db.execute("create index documents_known_number on documents (number_form) where status <> 'stub'")


@migrations()
def m040_files(db: Database) -> None:
    """The files of articles: which were requested, their text by page, what they cite, and the documents that they are."""
    db.table("files").create(
        {
            "id": int,
            "source_id": str,
            "url": str,
            "state": str,
            "reason": str,
            "first_seen": str,
            "attempts": int,
            "requested_at": str,
            "retry_at": str,
            "capture_id": int,
            "bytes": int,
            "digest": str,
            "kind": str,
            "text_state": str,
            "detail": str,
            "cut": str,
            "page_count": int,
            "font": str,
            "confidence": float,
            "extractor": str,
            "extracted_at": str,
            "document_state": str,
            "document_rule": str,
            "document_id": int,
        },
        pk="id",
        not_null={"source_id", "url", "state", "first_seen", "attempts"},
        defaults={"attempts": 0},
        foreign_keys=[("source_id", "sources", "id"), ("capture_id", "captures", "id"), ("document_id", "documents", "id")],
    )
    db.table("files").create_index(["source_id", "url"], unique=True)
    db.table("files").create_index(["source_id", "state"])
    db.table("files").create_index(["source_id", "digest"])
    db.table("files").create_index(["capture_id"])
    db.table("files").create_index(["document_id"])
    db.execute("create index files_without_text on files (source_id) where state = 'kept' and extracted_at is null")
    db.table("attachments").create_index(["url"])
    db.table("file_pages").create(
        {
            "id": int,
            "file_id": int,
            "page": int,
            "name": str,
            "text": str,
            "state": str,
            "font": str,
            "original": str,
            "confidence": float,
            "doubtful": int,
        },
        pk="id",
        not_null={"file_id", "page", "text", "state"},
        foreign_keys=[("file_id", "files", "id")],
    )
    db.table("file_pages").create_index(["file_id", "page"], unique=True)
    db.table("file_citations").create(
        {
            "id": int,
            "file_id": int,
            "page": int,
            "start": int,
            "end": int,
            "text": str,
            "kind": str,
            "type": str,
            "number": str,
            "year": int,
            "status": str,
            "document_id": int,
            "stated_date": str,
            "stated_issuer": str,
            "stated_province": str,
            "stated_title": str,
            "pinpoint": str,
            "relation": str,
            "is_basis": int,
            "date_conflict": int,
            "rule": str,
            "flags": str,
            "confidence": str,
        },
        pk="id",
        not_null={"file_id", "page", "start", "end", "text", "kind", "status", "is_basis", "date_conflict", "rule"},
        foreign_keys=[("file_id", "files", "id"), ("document_id", "documents", "id")],
    )
    db.table("file_citations").create_index(["file_id"])
    db.table("file_citations").create_index(["document_id"])
    db.table("file_citation_candidates").create(
        {"file_citation_id": int, "document_id": int},
        pk=("file_citation_id", "document_id"),
        foreign_keys=[("file_citation_id", "file_citations", "id"), ("document_id", "documents", "id")],
    )
    db.table("file_citation_candidates").create_index(["document_id"])
    db.table("held_fields").create(
        {
            "id": int,
            "file_id": int,
            "field": str,
            "value": str,
            "rule": str,
            "rule_parameter": str,
            "rule_notes": str,
            "page": int,
            "start": int,
            "end": int,
            "original": str,
        },
        pk="id",
        not_null={"file_id", "field", "rule"},
        foreign_keys=[("file_id", "files", "id")],
    )
    db.table("held_fields").create_index(["file_id", "field"])
    db.table("documents").add_column("file_id", int)
    db.table("documents").create_index(["file_id"])
    db.execute("create virtual table file_pages_fts using fts5(text, text_folded, content='', tokenize='unicode61 remove_diacritics 0')")


@migrations()
def m041_doubtful_text(db: Database) -> None:
    """A name of its own: `doubtful` in `diffusion` counts articles with doubtful dates."""
    db.execute("alter table file_pages rename column doubtful to doubtful_text")


@migrations()
def m042_files_to_decide(db: Database) -> None:
    """What a run looks up in `files` costs what has changed. The first run of a source decides on all of its files once more."""
    db.execute("create table files_pending (source_id text, file_id integer, primary key (source_id, file_id)) without rowid")
    db.execute("create table files_decided (source_id text primary key, attachments text not null, hosts text not null)")
    for statement in file_triggers.statements():
        db.execute(statement)
    db.table("files").create_index(["source_id", "requested_at"])
    db.execute("create index files_to_retry on files (source_id, retry_at) where retry_at is not null")


@migrations()
def m043_revisits_without_original(db: Database) -> None:
    """Each run looks for the originals of the few revisits that have none."""
    db.execute("create index captures_without_original on captures (source_id) where reason = 'revisit-without-original'")


@migrations()
def m044_ends_in_files(db: Database) -> None:
    """The file of a document says which documents it replaces or repeals; so their ends are known without a register."""
    db.execute("alter table file_citations add column is_ended integer not null default 0")
    db.execute("create index file_citations_ending on file_citations (document_id) where is_ended = 1")
    later = "coalesce(successor.issued_on, '9') >= coalesce(documents.issued_on, cast(documents.year as text), '')"
    after_serial = "substr(one.value, instr(one.value, '/') + 1)"
    in_files = (
        "from file_citations join files on files.id = file_citations.file_id join documents successor on successor.id = files.document_id"
        f" where file_citations.document_id = documents.id and is_ended = 1 and successor.id <> documents.id and {later}"
    )
    db["document_ends"].drop()
    db.create_view(
        "document_ends",
        f"""
        select document_id, coalesce(in_force_to, day_before, held_day_before) as ended_on,
            coalesce(in_force_to, day_before, held_day_before, signed, held_signed) as not_before,
            case when in_force_to is not null then 'day' when day_before is not null then 'successor-in-force'
                when held_day_before is not null then 'file-in-force' when length(signed) = 10 then 'successor-signed'
                when signed is not null then 'successor-year' when held_signed is not null then 'file-signed' else 'unknown'
            end as end_precision, ended_by
        from (
            select id as document_id, in_force_to, replaced_by,
                case when replaced_by is not null then (
                    select case when count(*) = 1 then date(max(successor.in_force_from), '-1 day') end from documents successor
                    where successor.number = documents.replaced_by and {later}
                ) end as day_before,
                case when replaced_by is not null then (
                    select nullif(min(coalesce(successor.issued_on, cast(successor.year as text),
                        case when {after_serial} glob '[12][0-9][0-9][0-9]/*' then substr({after_serial}, 1, 4) end, '')), '')
                    from json_each('[' || replace(json_quote(documents.replaced_by), '; ', '","') || ']') one
                    left join documents successor on successor.number = one.value and {later}
                ) end as signed,
                (select case when count(distinct successor.id) = 1 then date(max(successor.in_force_from), '-1 day') end {in_files})
                    as held_day_before,
                (select min(successor.issued_on) {in_files}) as held_signed,
                (select group_concat(label, '; ') from (select distinct successor.id, successor.label {in_files} order by successor.id))
                    as ended_by
            from documents where in_force_to is not null or replaced_by is not null
                or exists (select 1 from file_citations where document_id = documents.id and is_ended = 1)
        ) where in_force_to is not null or replaced_by is not null or ended_by is not null
        """,
    )


@migrations()
def m045_views_of_what_is_over(db: Database) -> None:
    """`health_now` says of a source whose period is over what the page of health says: why it ended, and not why it was broken before.

    `lost_articles` begins with the articles that are gone and those of lost sites. It read all articles before: 2 s of 300,000, now 0.1 s.
    """
    db.execute("drop view health_now")
    db.create_view(
        "health_now",
        """
        select source_id, name, unit_id, iif(is_over, 'ended', state) as state, iif(is_over, 'source-ended', reason) as reason,
            iif(is_over, null, first_bad_day) as first_bad_day, last_good_day, day, articles_parsed, articles_failed,
            iif(is_over, '[]', findings) as findings, site
        from (
            select sources.id as source_id, sources.name, sources.unit_id, state, reason, first_bad_day, last_good_day, day,
                articles_parsed, articles_failed, findings, sources.site,
                state <> 'ended' and coalesce(sources.valid_to < (select max(day) from source_health), 0) as is_over
            from sources cross join source_health on source_health.source_id = sources.id
            where run_id = (
                select run_id from source_health as other where other.source_id = sources.id order by replayed, run_id desc limit 1
            )
        )
        """,
    )
    db.execute("drop view lost_articles")
    db.create_view(
        "lost_articles",
        """
        with last_runs as materialized (
            select sources.id as source_id, (
                select run_id from source_health as newest where newest.source_id = sources.id and replayed = 0 order by run_id desc limit 1
            ) as run_id
            from sources where valid_to is null or valid_to >= date('now', '+7 hours')
        ),
        dead_sites as materialized (
            select last.source_id, last.day as last_day, last.reason, (
                select min(day) from source_health as dead
                where dead.source_id = last.source_id and replayed = 0 and state = 'broken' and reason in ('host-dead', 'parked-domain')
                and run_id > coalesce((
                    select run_id from source_health as alive where alive.source_id = last.source_id and replayed = 0
                    and not (state = 'broken' and reason in ('host-dead', 'parked-domain')) order by run_id desc limit 1
                ), 0)
            ) as first_day
            from last_runs join source_health as last on last.source_id = last_runs.source_id and last.run_id = last_runs.run_id
            where last.state = 'broken' and last.reason in ('host-dead', 'parked-domain')
        ),
        lost_sites as materialized (
            select id as source_id, valid_to as lost_at, 'source-ended' as reason from sources where valid_to < date('now', '+7 hours')
            union all
            select source_id, first_day, reason from dead_sites where julianday(last_day) - julianday(first_day) >= 30
        ),
        lost as (
            select id, source_id from articles where gone_at > ''
            union all
            select articles.id, articles.source_id from lost_sites cross join articles on articles.source_id = lost_sites.source_id
            where gone_at is null and (lost_sites.reason <> 'source-ended' or last_seen < date(lost_sites.lost_at, '+1 day'))
        )
        select lost.id as article_id, lost.source_id, articles.title, articles.published_at, articles.gone_at, articles.gone_reason,
            lost_sites.lost_at as site_lost_at, lost_sites.reason as site_lost_reason, articles.url
        from lost cross join articles on articles.id = lost.id left join lost_sites on lost_sites.source_id = lost.source_id
        where not exists (select 1 from article_moves where former_id = articles.id and state = 'moved')
        and not exists (
            with recursive versions(id) as (
                select articles.id
                union select former_id from versions join article_moves on article_id = versions.id where state = 'moved'
            )
            select 1 from versions join articles as version on version.id = versions.id
            where exists (
                select 1 from captures where captures.source_id = version.source_id and captures.url = version.url and origin like 'http%'
            ) or exists (
                select 1 from web_captures where web_captures.source_id = version.source_id and web_captures.url = version.url
                and status in (0, 200) and coalesce(web_captures.reason, '') not in ('excluded', 'not-archived', 'not-played')
            )
        )
        """,
    )


@migrations()
def m046_articles_by_url(db: Database) -> None:
    """A failure of a URL, and an answer 304, look up the article of the URL. Without this index, each read all articles of its source."""
    db.table("articles").create_index(["url"])


@migrations()
def m047_newest_articles_of_a_source(db: Database) -> None:
    """After each run, the newest articles of a source are looked at, and those with the flag of another owner. Without these indexes, each
    question read all articles of the source.
    """
    db.execute("create index articles_newest_seen on articles (source_id, first_seen desc, id desc)")
    db.execute("create index articles_of_another_owner on articles (source_id) where instr(flags, 'other-owner') > 0")


@migrations()
def m048_changed_articles_of_a_run(db: Database) -> None:
    """Runs of earlier versions did not count the known articles that changed; their rows have no number."""
    for name in ("known_read", "known_changed"):
        db.execute(f"alter table source_health add column {name} integer")


@migrations()
def m049_recheck_times(db: Database) -> None:
    """When each article was last requested, with an index: each run looked it up for all articles of its source. And the articles of a
    source without a date have an index, because each run looks for the newest one.
    """
    db.execute(
        "create table recheck_times (article_id integer primary key references articles(id),"
        " source_id text not null references sources(id), checked_at text not null)"
    )
    db.execute("create index recheck_times_oldest_first on recheck_times (source_id, checked_at)")
    for statement in recheck_triggers.statements():
        db.execute(statement)
    db.execute("create index articles_undated on articles (source_id, first_seen) where published_at is null")


@migrations()
def m050_language_of_the_first_list(db: Database) -> None:
    """Runs of earlier versions did not note the language of the list with which they began."""
    db.execute("alter table source_health add column start_language text")


@migrations()
def m051_unsteady_sources(db: Database) -> None:
    """Whether a source breaks and is well again by turns; runs of earlier versions did not note it. `health_now` says so, too."""
    db.execute("alter table source_health add column unsteady integer")
    db.execute("drop view health_now")
    db.create_view(
        "health_now",
        """
        select source_id, name, unit_id, iif(is_over, 'ended', state) as state, iif(is_over, 'source-ended', reason) as reason,
            iif(is_over, 0, unsteady) as unsteady, iif(is_over, null, first_bad_day) as first_bad_day, last_good_day, day,
            articles_parsed, articles_failed, iif(is_over, '[]', findings) as findings, site
        from (
            select sources.id as source_id, sources.name, sources.unit_id, state, reason, unsteady, first_bad_day, last_good_day, day,
                articles_parsed, articles_failed, findings, sources.site,
                state <> 'ended' and coalesce(sources.valid_to < (select max(day) from source_health), 0) as is_over
            from sources cross join source_health on source_health.source_id = sources.id
            where run_id = (
                select run_id from source_health as other where other.source_id = sources.id order by replayed, run_id desc limit 1
            )
        )
        """,
    )


@migrations()
def m052_paths_of_undated_articles(db: Database) -> None:
    """An article without a date that another host has is looked up by the path in its URL (`menu_paths`): what follows the host."""
    path = "substr(key, instr(substr(key, 9), '/') + 8)"
    db.execute(f"create index articles_undated_paths on articles (source_id, {path}) where published_at is null")
