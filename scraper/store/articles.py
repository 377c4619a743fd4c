"""Stores a reading: one transaction per capture. An article that changed gets a revision; nothing is deleted.

Whether it changed is decided from the parsed content (`scraper/content_changes.py`), never from bytes or an ETag. A newer parser that gives
another value corrects the row: that is not an edit of the site.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper.article_forms import forms_of
from scraper.content_changes import changed as changed_fields
from scraper.model import Article, Failure, Moment, Page, PageKind, Source
from scraper.reader import Reading, shows_nothing
from scraper.rule_codes import RuleCode
from scraper.store import (
    absences,
    article_keys,
    article_parts,
    citations,
    failures,
    files,
    first_dates,
    fulltext_index,
    histories,
    listed_days,
    menu_paths,
    mistaken_sections,
)
from scraper.store.dependent_rows import rule_columns
from scraper.urls import other_scheme, without_session
from scraper.warc.dates import moment

# The fields that a reader of the page would notice. Another layout or parser version is not a change of the article.
_CONTENT = ("title", "summary", "author", "section", "published_at", "body", "tags", "attachments")

_SHARED = ("title", "summary", "published_at", "body")  # equal at all URLs of an article; its section may differ
_INCOMPLETE = frozenset(("truncated", "pages-missing"))  # flags of an article that lacks a part


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of storing one reading."""

    kind: str  # new | changed | same, for an article; else listing | sitemap | feed | refused | other
    page: Page
    article_id: int | None = None


def store(
    database: Database,
    source: Source,
    reading: Reading,
    *,
    capture_id: int,
    captured_at: str,
    parser: str,
    run_id: int | None,
    begins_history: bool = False,
) -> Outcome:
    """Stores one reading completely or, if an error occurs, not at all. Returns what changed.

    `captured_at`: ISO 8601, UTC. `parser`: the version of the parsing code. `begins_history`: the revisions of the article are written
    again, from this capture on.
    """
    fetched_at, captured_at = moment(captured_at), _ordered_at(database, capture_id) or captured_at
    with database.conn:
        reading = listed_days.dated(database, source, reading, fetched_at)
        page = reading.page
        if shows_nothing(page) and _was_listed(database, capture_id):
            return Outcome(PageKind.REFUSED.value, page)
        _mark_capture(database, capture_id, page)
        if page.article is not None and mistaken_sections.is_known(database, source.id, page.article, capture_id, captured_at):
            stored = Outcome(PageKind.LISTING.value, page)
            url = _clear_url(database, source.id, capture_id, captured_at)
        elif page.kind is PageKind.ARTICLE and page.article is not None:
            article = menu_paths.as_stored(database, source.id, page.article)
            stored = _store_article(database, source, article, reading, capture_id, captured_at, parser, begins_history=begins_history)
            files.note(database, source, stored.article_id, article.attachments, captured_at)
            failures.clear(database, source.id, page.article.url, captured_at)
            url = _clear_url(database, source.id, capture_id, captured_at)
        elif page.kind is PageKind.REFUSED and page.failure is not None:
            failures.record(database, source.id, page.failure, at=captured_at, run_id=run_id, capture_id=capture_id)
            stored = Outcome("refused", page)
            url = page.failure.url
            absences.note(database, source.id, page.failure, captured_at, run_id)
        else:
            stored = Outcome(page.kind.value, page)
            url = _url_of(database, capture_id)
            if was_article(database, source.id, url, captured_at):
                failure = Failure("read", "no-longer-article", url, f"the URL showed an article before; now its page is: {page.kind.value}")
                stored = Outcome("refused", replace(page, failure=failure))
                _mark_capture(database, capture_id, stored.page)
                failures.record(database, source.id, failure, at=captured_at, run_id=run_id, capture_id=capture_id)
                absences.note(database, source.id, failure, captured_at, run_id)
            elif page.links or page.kind in (PageKind.SITEMAP, PageKind.FEED):
                # A page without a link to the site says nothing: a parked domain or an error page looks so, too.
                failures.clear(database, source.id, url, captured_at)
        if reading.truncated:
            failure = Failure("fetch", "truncated", url, "the end of the page is missing; the part before it was read")
            failures.record(database, source.id, failure, at=captured_at, run_id=run_id, capture_id=capture_id)
    return stored


def _ordered_at(database: Database, capture_id: int) -> str | None:
    """Returns the place of a capture in the order of time if its clock was ahead (`clock_faults`), else None."""
    found = database.execute("select ordered_at from captures where id = ?", [capture_id]).fetchone()
    return str(found[0]) if found is not None and found[0] is not None else None


def was_article(database: Database, source_id: str, url: str, captured_at: str) -> bool:
    """Returns whether a capture of this URL before `captured_at` (ISO 8601, UTC) was an article. Then another page has replaced it, for
    example that of a parked domain."""
    sql = "select 1 from captures where source_id = ? and url = ? and outcome = 'article' and coalesce(ordered_at, captured_at) < ?"
    return database.conn.execute(sql, [source_id, url, captured_at]).fetchone() is not None


def _clear_url(database: Database, source_id: str, capture_id: int, captured_at: str) -> str:
    """Clears the failures of the requested URL, which may differ from the canonical URL of the article. Returns the requested URL."""
    url = _url_of(database, capture_id)
    failures.clear(database, source_id, url, captured_at)
    return url


def _url_of(database: Database, capture_id: int) -> str:
    (url,) = database.conn.execute("select url from captures where id = ?", [capture_id]).fetchone()
    return str(url)


def _mark_capture(database: Database, capture_id: int, page: Page) -> None:
    outcome, reason = (PageKind.REFUSED.value, page.failure.reason) if page.failure is not None else (page.kind.value, None)
    database.conn.execute(
        "update captures set outcome = ?, reason = ?, platform = ?, platform_score = ?, runner_up = ?, runner_up_score = ?, encoding = ?,"
        " encoding_rule = ?, encoding_rule_parameter = ?, encoding_rule_notes = ?, pages_missing = coalesce(?, pages_missing) where id = ?",
        [
            outcome,
            reason,
            page.platform,
            page.platform_score,
            page.runner_up,
            page.runner_up_score,
            page.encoding,
            *(rule_columns(page.encoding_rule) if page.encoding_rule is not None else (None, None, None)),
            int("pages-missing" in page.article.flags) if page.article is not None else None,
            capture_id,
        ],
    )


def _was_listed(database: Database, capture_id: int) -> bool:
    """Returns whether the crawl refused a capture because a list had named its URL as an article (`reader.listed_as_article`). Only the
    crawl knows that, so what it stored stays if the capture is parsed again."""
    sql = "select 1 from captures where id = ? and outcome = 'refused' and reason in ('not-html', 'no-layout')"
    return database.conn.execute(sql, [capture_id]).fetchone() is not None


def mark_failed(database: Database, capture_id: int, failure: Failure) -> None:
    """Records on a capture that no page could be parsed from it, and why."""
    with database.conn:
        sql = "update captures set outcome = ?, reason = ? where id = ?"
        database.conn.execute(sql, [PageKind.REFUSED.value, failure.reason, capture_id])


def _store_article(
    database: Database,
    source: Source,
    article: Article,
    reading: Reading,
    capture_id: int,
    captured_at: str,
    parser: str,
    *,
    begins_history: bool,
) -> Outcome:
    before = _before(database, source.id, article)
    if before is not None:
        # Stories are rewritten before the citations that refer to them.
        database.conn.execute("pragma defer_foreign_keys = on")
    row = _row(source, article, capture_id, captured_at, parser)
    if before is not None and begins_history:
        database.conn.execute("delete from revisions where article_id = ?", [before["id"]])
    elif before is not None and not _supersedes(article, captured_at, capture_id, before):
        _store_superseded(database, before, row, article, captured_at)
        return Outcome("same", reading.page, before["id"])
    kept = before is not None and not begins_history and first_dates.keeps(article.published, before, capture_id)
    if before is not None and kept:
        row.update(before["published"])
    content = _content(row, article)
    if before is None:
        of_web_archive = captured_at if _is_of_web_archive(database, capture_id) else None
        row |= {"first_seen": captured_at, "last_seen": captured_at, "archive_first_seen": of_web_archive}
        article_id = _insert(database, row | {"citation_count": len(reading.citations)})
        outcome = "new"
    elif begins_history:
        article_id, outcome = before["id"], "same"
        _update(database, article_id, row)
    else:
        article_id = before["id"]
        edit = _store_edit(database, before, row, content, article, captured_at)
        if edit is None:
            return Outcome("same", reading.page, article_id)
        outcome = edit
    new = before is None
    same_body = before is not None and before["content"]["body"] == content["body"]
    forms = forms_of(reading, article)
    article_parts.store(database, source.id, article_id, article, published=not kept, new=new, same_body=same_body, forms=forms)
    if kept and before is not None and not before["published_kept"]:
        first_dates.note(database, article_id)
    story_ids = article_parts.story_ids(database, article_id) if article.stories else []
    citations.store(database, article_id, reading.citations, story_ids=story_ids, stories=article.stories, new=new)
    fulltext_index.index(database, article_id, before=before["content"] if before else None, after=content, forms=forms)
    return Outcome(outcome, reading.page, article_id)


def _store_edit(
    database: Database, before: dict[str, Any], row: dict[str, Any], content: dict[str, Any], article: Article, captured_at: str
) -> str | None:
    """Replaces the stored row by that of a newer capture. If the site edited a complete article in another capture, the old content becomes
    a revision. Returns "changed" or "same", or None if the capture shows the article without an edit at another URL than its own, so that
    the stored row stays.
    """
    alternate, was_alternate = (_is_alternate(database, one, article.url) for one in (row["capture_id"], before["capture_id"]))
    changed = _changed(_CONTENT if alternate == was_alternate else _SHARED, before, content, article.published, captured_at)
    _note_seen(database, before["id"], row["capture_id"], captured_at)
    if alternate and not was_alternate and not changed:
        return None
    if changed and before["capture_id"] != row["capture_id"] and not before["incomplete"]:
        _add_revision(database, before["id"], captured_at, row["capture_id"], changed, before["content"])
    _update(database, before["id"], row)
    return "changed" if changed else "same"


def _store_superseded(database: Database, before: dict[str, Any], row: dict[str, Any], article: Article, captured_at: str) -> None:
    """Stores what an older or less complete reading adds to the stored one: when the article was seen, and perhaps its first date. If an
    older capture shows what its revisions do not say, they are written again at the end of the run.
    """
    article_id, capture_id = before["id"], row["capture_id"]
    _note_seen(database, article_id, capture_id, captured_at)
    is_first = captured_at <= before["first_seen"]
    if before["published_kept"] and is_first:
        first_dates.store(database, article_id, row, article.published)
    if captured_at >= before["captured_at"] or not _INCOMPLETE.isdisjoint(article.flags):
        return
    names = _compared(_SHARED if _is_alternate(database, capture_id, article.url) else _CONTENT, before, article.published)
    content = _content(row, article)
    if (is_first and before["published_relative"] and not before["published_kept"]) or histories.contradicts(
        database, article_id, before["content"], before["captured_at"], content, names, captured_at
    ):
        histories.note(database, article_id, capture_id)


def _changed(names: Sequence[str], before: dict[str, Any], content: dict[str, Any], published: Moment, captured_at: str) -> list[str]:
    """Returns the fields that the site edited since the stored reading."""
    names = _compared(names, before, published)
    return changed_fields(names, before["content"], content, (histories.day_of(before["captured_at"]), histories.day_of(captured_at)))


def _compared(names: Sequence[str], before: dict[str, Any], published: Moment) -> Sequence[str]:
    """Returns the fields that are compared. "5 phút trước" says another time in each capture, and later the page shows the date instead."""
    is_relative_date = before["published_relative"] or first_dates.is_relative_date(published)
    return [name for name in names if name != "published_at"] if is_relative_date else names


def _note_seen(database: Database, article_id: int, capture_id: int, at: str) -> None:
    """Records that a capture made at `at` shows an article. An article that is shown after it was gone is back.

    `first_seen` is the time of our own first capture. As long as only web archives have the article, it is that of theirs, which
    `archive_first_seen` states, too. The order in which the captures arrive does not matter.
    """
    if _is_of_web_archive(database, capture_id):
        first = "case when first_seen = archive_first_seen then min(first_seen, :at) else first_seen end"
        first += ", archive_first_seen = min(coalesce(archive_first_seen, :at), :at)"
    else:
        first = "case when first_seen = archive_first_seen then :at else min(first_seen, :at) end"
    sql = f"update articles set first_seen = {first}, last_seen = max(last_seen, :at) where id = :article_id"
    database.conn.execute(sql, {"at": at, "article_id": article_id})
    absences.returned(database, article_id, at)


def _is_of_web_archive(database: Database, capture_id: int) -> bool:
    """Returns whether a capture was made by a web archive: its origin is a URL, and not the name of a file."""
    sql = "select 1 from captures where id = ? and origin like 'http%'"
    return database.execute(sql, [capture_id]).fetchone() is not None


def _is_alternate(database: Database, capture_id: int, url: str) -> bool:
    """Returns whether a capture is of another URL than the article's own. Such a page may show the article in another section."""
    row = database.conn.execute("select url from captures where id = ?", [capture_id]).fetchone()
    return row is not None and without_session(row[0]) != url


def _supersedes(article: Article, captured_at: str, capture_id: int, before: dict[str, Any]) -> bool:
    """Returns whether a reading replaces the stored one.

    A complete article replaces one that lacks a part, and never the other way round. Otherwise the newer capture wins.
    """
    whole = not _INCOMPLETE.intersection(article.flags)
    if whole == before["incomplete"]:
        return whole
    return (captured_at, capture_id) >= (before["captured_at"], before["capture_id"])


def _row(source: Source, article: Article, capture_id: int, captured_at: str, parser: str) -> dict[str, Any]:
    published = article.published
    return {
        "source_id": source.id,
        "unit_id": source.unit,
        "key": article.key,
        "url": article.url,
        "title": article.title.value,
        "summary": article.summary.value,
        "author": article.author.value,
        "section": article.section.value,
        "published_at": _iso(published.value),
        "published_precision": published.precision.value if published.precision else None,
        "published_rule": published.rule.code,
        "published_rule_parameter": published.rule.parameter,
        "published_year": published.value.year if published.value else None,
        "published_conflict": int(published.conflict),
        "modified_at": _iso(article.modified.value),
        "event_date": article.event_date.isoformat() if article.event_date else None,
        "language": article.language,
        "length": len(article.body.value or ""),
        "story_count": len(article.stories),
        "attachment_count": len(article.attachments),
        "layout": article.layout,
        "flags": ";".join(article.flags) or None,
        "parser": parser,
        "capture_id": capture_id,
    }


def _iso(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None


def _content(row: dict[str, Any], article: Article) -> dict[str, Any]:
    """Returns the content that revisions compare and keep."""
    return {name: row[name] for name in _CONTENT[:5]} | {
        "body": article.body.value or "",
        "tags": sorted(set(article.tags)),
        "attachments": sorted({attachment.url for attachment in article.attachments}),
    }


def _before(database: Database, source_id: str, article: Article) -> dict[str, Any] | None:
    """Returns the stored article that a reading replaces, as `_load` does. It has the key of the reading from now on."""
    before = _load(database, source_id, article.key)
    if before is None and article_keys.adopt(database, source_id, article):
        return _load(database, source_id, article.key)
    return before


def _load(database: Database, source_id: str, key: str) -> dict[str, Any] | None:
    """Returns the stored article with its content and the moment of its capture, or None if there is none. `key`: it may be stored with
    the other scheme, too."""
    row = database.execute(
        "select id, capture_id, min(first_seen, coalesce(archive_first_seen, first_seen)), last_seen,"
        " (select coalesce(ordered_at, captured_at) from captures where captures.id = capture_id), flags,"
        f" title, summary, author, section, published_at, body, {', '.join(first_dates.PUBLISHED)} from articles"
        " left join article_text on article_id = id where source_id = ? and key in (?, ?) order by key <> ? limit 1",
        [source_id, key, other_scheme(key), key],
    ).fetchone()
    if row is None:
        return None
    article_id, capture_id, first_seen, last_seen, captured_at, flags, *fields = row
    tags = [tag for (tag,) in database.execute("select tag from article_tags where article_id = ?", [article_id])]
    urls = [url for (url,) in database.execute("select url from attachments where article_id = ?", [article_id])]
    content = dict(zip(_CONTENT, [*fields[:5], fields[5] or "", sorted(tags), sorted(urls)], strict=True))
    sql = "select rule_notes from article_fields where article_id = ? and field = 'published'"
    notes = next((str(found or "").split() for (found,) in database.execute(sql, [article_id])), [])
    readings = database.execute("select text, verdict from date_readings where article_id = ?", [article_id]).fetchall()
    return {
        "id": article_id,
        "capture_id": capture_id,
        "captured_at": captured_at or last_seen,
        "first_seen": first_seen,
        "incomplete": not _INCOMPLETE.isdisjoint((flags or "").split(";")),
        "content": content,
        "published": dict(zip(first_dates.PUBLISHED, fields[6:], strict=True)),
        "published_kept": RuleCode.FIRST_READING_KEPT in notes,
        "published_relative": first_dates.says_relative(readings, notes),
    }


def _insert(database: Database, row: dict[str, Any]) -> int:
    columns = ", ".join(row)
    cursor = database.conn.execute(f"insert into articles ({columns}) values ({', '.join('?' * len(row))})", list(row.values()))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _update(database: Database, article_id: int, row: dict[str, Any]) -> None:
    assignments = ", ".join(f"{name} = ?" for name in row)
    database.conn.execute(f"update articles set {assignments} where id = ?", [*row.values(), article_id])


def _add_revision(
    database: Database, article_id: int, seen_at: str, capture_id: int, changed: Sequence[str], before: dict[str, Any]
) -> None:
    old = json.dumps({name: before[name] for name in changed}, ensure_ascii=False)
    database.conn.execute(
        "insert into revisions (article_id, seen_at, capture_id, changed, before) values (?, ?, ?, ?, ?)",
        [article_id, seen_at, capture_id, json.dumps(list(changed)), old],
    )
