"""Small tables for the charts and the main question. They are rebuilt after each run from the rows that they summarise."""

from __future__ import annotations

from sqlite_utils import Database

from scraper.store import reprints


def rebuild(database: Database) -> None:
    """Counts all summaries again. One transaction, with one grouped query per table."""
    with database.conn:
        _complete_stubs(database)
        reprints.rebuild(database)
        database.conn.execute("delete from articles_by_month")
        database.conn.execute(
            """
            insert into articles_by_month (source_id, month, articles, originals, citations)
            select source_id, substr(published_at, 1, 7), count(*), sum(reprint_of is null), sum(citation_count)
            from articles where published_at is not null group by 1, 2
            """
        )
        database.conn.execute("delete from citations_by_year")
        database.conn.execute(
            """
            insert into citations_by_year (document_id, year, articles, citations)
            select document_id, published_year, count(distinct article_id), count(*)
            from citations join articles on articles.id = article_id
            where document_id is not null and published_year is not null group by 1, 2
            """
        )
        database.conn.execute("delete from diffusion")
        # min() with bare columns: SQLite takes their values from the row that holds the minimum.
        database.conn.execute(
            """
            insert into diffusion (document_id, unit_id, first_cited_on, first_article_id, articles, issued_on, days_after_issue)
            select document_id, unit_id, first_cited_on, article_id, articles, issued_on,
                case when length(issued_on) = 10 then cast(julianday(first_cited_on) - julianday(issued_on) as integer) end
            from (
                select document_id, a.unit_id, min(substr(a.published_at, 1, 10)) as first_cited_on, article_id,
                    count(distinct article_id) as articles, d.issued_on
                from citations c join articles a on a.id = c.article_id join documents d on d.id = c.document_id
                where a.published_at is not null group by document_id, a.unit_id
            )
            """
        )


def _complete_stubs(database: Database) -> None:
    """Gives each stub the date, issuer and title that its citations state most often; if two are equally frequent, the longer one."""
    for column, stated in (("issued_on", "stated_date"), ("issuer", "stated_issuer"), ("title", "stated_title")):
        database.conn.execute(
            f"""
            update documents set {column} = (
                select {stated} from citations where document_id = documents.id and {stated} is not null and date_conflict = 0
                group by {stated} order by count(*) desc, length({stated}) desc, {stated} limit 1
            ) where status = 'stub'
            """
        )
