"""The values of an article, stored and newly parsed, in the form in which they are compared."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from scraper.citations import Resolution
from scraper.citations.resolving.short import SAME_SOURCE
from scraper.model import Article, PageKind, Source
from scraper.reader import Reading
from scraper.reparsing.differences import ARTICLE, Value, Values
from scraper.rule_codes import RuleCode
from scraper.store import listed_days, menu_paths
from scraper.store.captures import KeptCapture
from scraper.urls import other_scheme
from scraper.warc.dates import moment

_COLUMNS = "title, summary, author, section, published_at, modified_at, event_date, language, layout"
_RULE_OF = {"published_at": "published", "modified_at": "modified"}  # fields whose column has another name


def stored_values(database: Database, capture: KeptCapture) -> Values | None:
    """Returns the values of the article that is stored from a capture; empty if the capture is not an article. Returns None if it is one
    but the row has the values of another capture, a newer one: parsing this one again changes nothing that is shown.
    """
    row = database.execute(
        f"select id, {_COLUMNS}, body, dateline, byline from articles left join article_text on article_id = id where capture_id = ?",
        [capture.id],
    ).fetchone()
    if row is None:
        outcome = database.execute("select outcome from captures where id = ?", [capture.id]).fetchone()
        return None if outcome and outcome[0] == PageKind.ARTICLE.value else {}
    article_id, *values = row
    names = [*_COLUMNS.split(", "), "body", "dateline", "byline"]
    rules = dict(database.execute("select field, rule from article_fields where article_id = ?", [article_id]).fetchall())
    scalars = {name: _scalar(value, rules.get(_RULE_OF.get(name, name))) for name, value in zip(names, values, strict=True)}
    return (
        {ARTICLE: Value((capture.url,))}
        | scalars
        | {
            "tags": _list(database, "select tag from article_tags where article_id = ? order by tag", article_id),
            "attachments": _list(database, "select url from attachments where article_id = ? order by url", article_id),
            "stories": _list(database, "select title from stories where article_id = ? order by position", article_id),
            "citations": _list(database, "select coalesce(number, text) from citations where article_id = ? order by id", article_id),
            "documents": Value(tuple(sorted(_stored_documents(database, article_id)))),
        }
    )


def new_values(database: Database, source: Source, reading: Reading, capture: KeptCapture) -> Values:
    """Returns the values that storing a reading of a capture would write; empty if it is not an article."""
    if reading.page.kind is not PageKind.ARTICLE or reading.page.article is None:
        return {}
    reading = listed_days.dated(database, source, reading, moment(capture.captured_at))
    assert reading.page.article is not None
    article = menu_paths.as_stored(database, source.id, reading.page.article)
    if _is_section(database, source.id, article):
        return {}
    published = article.published.value
    published_value = _scalar(published.isoformat(timespec="seconds") if published else None, article.published.rule.code)
    modified, event = article.modified, article.event_date
    return {
        ARTICLE: Value((capture.url,)),
        "title": _scalar(article.title.value, article.title.rule.code),
        "summary": _scalar(article.summary.value, article.summary.rule.code),
        "author": _scalar(article.author.value, article.author.rule.code),
        "section": _scalar(article.section.value, article.section.rule.code),
        "published_at": _first_reading(database, capture) or published_value,
        "modified_at": _scalar(modified.value.isoformat(timespec="seconds") if modified.value else None, modified.rule.code),
        "event_date": _scalar(event.isoformat() if event else None, article.event_date_rule.code if article.event_date_rule else None),
        "language": _scalar(article.language, None),
        "layout": Value((article.layout,)),
        "body": _scalar(article.body.value, article.body.rule.code),
        "dateline": _scalar(article.dateline.value, article.dateline.rule.code),
        "byline": _scalar(article.byline.value, article.byline.rule.code),
        "tags": Value(tuple(sorted(set(article.tags)))),
        "attachments": Value(tuple(sorted({one.url for one in article.attachments}))),
        "stories": Value(tuple(one.title for one in article.stories)),
        "citations": Value(tuple(one.mention.number or one.mention.text for one in reading.citations)),
        "documents": Value(tuple(sorted(_new_documents(database, (one.resolution for one in reading.citations))))),
    }


def _scalar(value: str | None, rule: str | None) -> Value:
    return Value((value,) if value else (), rule)


def _list(database: Database, sql: str, article_id: int) -> Value:
    return Value(tuple(item for (item,) in database.execute(sql, [article_id])))


def _first_reading(database: Database, capture: KeptCapture) -> Value | None:
    """Returns the stored date of publication if it is the reading of an earlier capture, which stays; else None."""
    row = database.execute(
        # A cross join keeps the order: SQLite would rather read the rule of every article of the archive.
        "select published_at, rule from articles cross join article_fields on article_id = id and field = 'published'"
        f" where capture_id = ? and ' ' || rule_notes || ' ' like '% {RuleCode.FIRST_READING_KEPT} %'",
        [capture.id],
    ).fetchone()
    return _scalar(*row) if row else None


def _is_section(database: Database, source_id: str, article: Article) -> bool:
    """Returns whether what looks like an article was found to be a section, from the other articles of its source."""
    sql = "select 1 from mistaken_sections where source_id = ? and key in (?, ?)"
    return database.execute(sql, [source_id, article.key, other_scheme(article.key)]).fetchone() is not None


def _stored_documents(database: Database, article_id: int) -> list[str]:
    """Returns the keys of the documents that an article cites, without those that only other articles explain."""
    sql = "select key from citations join documents on documents.id = document_id where article_id = ? and rule <> ?"
    return [key for (key,) in database.execute(sql, [article_id, SAME_SOURCE])]


def _new_documents(database: Database, resolutions: Iterable[Resolution]) -> Iterable[str]:
    for one in resolutions:
        if one.status == "stub" and one.key is not None:
            yield str(one.key)
        elif one.document is not None:
            yield str(database.execute("select key from documents where id = ?", [one.document]).fetchone()[0])
