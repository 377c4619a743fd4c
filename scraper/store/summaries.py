"""Small tables for the charts and the main question, counted from the rows that they summarise.

`update` counts again only what changed since the last call (`summary_triggers`), so the end of a run costs in proportion to what the run
touched. `rebuild` counts everything.
"""

from __future__ import annotations

from sqlite_utils import Database

from scraper.store import reprints
from scraper.store.documents import name_stubs

# In each query, {only} limits it to what changed, or to nothing at all.
_MONTHS = """
    insert into articles_by_month (source_id, month, articles, originals, citations)
    select articles.source_id, substr(published_at, 1, 7), count(*), sum(reprint_of is null), sum(citation_count)
    from {only} articles {where} published_at is not null group by 1, 2
"""
_YEARS = """
    insert into citations_by_year (document_id, year, articles, citations)
    select citations.document_id, published_year, count(distinct article_id), count(*)
    from {only} citations {where} citations.document_id is not null and published_year is not null group by 1, 2
"""
# The first article of a unit is the one with the first URL among those of the first day, so that the order of arrival does not matter.
# SQLite takes the columns beside min() from the row that has the least value.
_DIFFUSION = """
    insert into diffusion (document_id, unit_id, first_cited_on, first_article_id, articles, issued_on, days_after_issue)
    select document_id, unit_id, substr(first, 1, 10), article_id, articles, issued_on,
        case when length(issued_on) = 10 then cast(julianday(substr(first, 1, 10)) - julianday(issued_on) as integer) end
    from (
        select citations.document_id, articles.unit_id, min(substr(published_at, 1, 10) || url || ' ' || source_id) as first,
            article_id, count(distinct article_id) as articles, documents.issued_on
        from {only} citations join articles on articles.id = article_id join documents on documents.id = citations.document_id
        {where} published_at is not null group by 1, 2
    )
"""


def update(database: Database) -> None:
    """Counts again what changed since the last call. One transaction. It writes nothing if nothing changed."""
    with database.conn:
        _complete_stubs(database, "and id in (select document_id from documents_pending)")
        reprints.update(database)
        database.conn.execute("delete from articles_by_month where (source_id, month) in (select source_id, month from months_pending)")
        # A day before the first of a month and after the last one, as text: "2009-03" < "2009-03-01" and "2009-03-31" < "2009-03~".
        between = "articles.source_id = months_pending.source_id and published_at >= month and published_at < month || '~'"
        database.conn.execute(_MONTHS.format(only="months_pending cross join", where=f"where {between} and"))
        pending = "documents_pending cross join"
        same = "citations.document_id = documents_pending.document_id and"
        for table in ("citations_by_year", "diffusion"):
            database.conn.execute(f"delete from {table} where document_id in (select document_id from documents_pending)")
        database.conn.execute(_YEARS.format(only=pending, where=f"join articles on articles.id = article_id where {same}"))
        database.conn.execute(_DIFFUSION.format(only=pending, where=f"where {same}"))
        _forget(database)


def rebuild(database: Database) -> None:
    """Counts all summaries again. One transaction. `reparse` and imports call it, because they may touch everything."""
    with database.conn:
        _complete_stubs(database)
        reprints.rebuild(database)
        for table in ("articles_by_month", "citations_by_year", "diffusion"):
            database.conn.execute(f"delete from {table}")
        database.conn.execute(_MONTHS.format(only="", where="where"))
        database.conn.execute(_YEARS.format(only="", where="join articles on articles.id = article_id where"))
        database.conn.execute(_DIFFUSION.format(only="", where="where"))
        _forget(database)


def _forget(database: Database) -> None:
    """Empties the notes of the triggers: all of them are counted."""
    for table in ("documents_pending", "months_pending"):
        database.conn.execute(f"delete from {table}")


def _complete_stubs(database: Database, only: str = "") -> None:
    """Gives each stub the number, date, issuer and title that its citations state most often; if two are equally frequent, the longer
    one. So it does not matter which citation came first."""
    name_stubs(database, only)
    for column, stated in (("issued_on", "stated_date"), ("issuer", "stated_issuer"), ("title", "stated_title")):
        database.conn.execute(
            f"""
            update documents set {column} = (
                select {stated} from citations where document_id = documents.id and {stated} is not null and date_conflict = 0
                group by {stated} order by count(*) desc, length({stated}) desc, {stated} limit 1
            ) where status = 'stub' {only}
            """
        )
