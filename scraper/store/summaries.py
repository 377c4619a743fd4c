"""Small tables for the charts and the main question, counted from the rows that they summarise.

`update` counts again only what changed since the last call (`summary_triggers`), so the end of a run costs in proportion to what the run
touched. `rebuild` counts everything.
"""

from __future__ import annotations

from sqlite_utils import Database

from scraper.store import field_rules, lives, moves, reprints
from scraper.store.documents import name_stubs

# In each query, {only} limits it to what changed, or to nothing at all.
_MONTHS = """
    insert into articles_by_month (source_id, month, articles, originals, citations)
    select articles.source_id, substr(published_at, 1, 7), count(*), sum(reprint_of is null), sum(citation_count)
    from {only} articles {where} published_at is not null group by 1, 2
"""
_YEARS = """
    insert into citations_by_year (document_id, year, type, articles, originals, citations)
    select citations.document_id, published_year, documents.type, count(distinct article_id),
        count(distinct case when reprint_of is null then article_id end), count(*)
    from {only} citations join documents on documents.id = citations.document_id
    {where} citations.document_id is not null and published_year is not null group by 1, 2
"""
# A reprint says nothing about the unit that shows it, and an article that is dated before the signing has a wrong date or cites another
# document: neither counts. Of a date that is only a month or a year, only that part is compared.
# The first article of a unit is the one with the first URL among those of the first day, so that the order of arrival does not matter.
# The last 20 characters of what min() finds are the number of the article.
_DIFFUSION = """
    insert into diffusion (document_id, unit_id, first_cited_on, first_article_id, articles, issued_on, days_after_issue,
        reprints, doubtful, doubtful_on, doubtful_article_id)
    select document_id, unit_id, substr(first, 1, instr(first, ' ') - 1), cast(substr(first, -20) as integer), articles, issued_on,
        case when length(issued_on) = 10 and instr(first, ' ') = 11
            then cast(julianday(substr(first, 1, 10)) - julianday(issued_on) as integer) end,
        reprints, doubtful, substr(early, 1, instr(early, ' ') - 1), cast(substr(early, -20) as integer)
    from (
        select document_id, unit_id, issued_on, count(distinct case when kind = 'counted' then article_id end) as articles,
            count(distinct case when kind = 'reprint' then article_id end) as reprints,
            count(distinct case when kind = 'doubtful' then article_id end) as doubtful,
            min(case when kind = 'counted' then place end) as first, min(case when kind = 'doubtful' then place end) as early
        from (
            select citations.document_id, articles.unit_id, article_id, issued_on, day || ' ' || url || ' ' || source_id ||
                printf('%020d', article_id) as place,
                case when reprint_of is not null then 'reprint' when day < substr(issued_on, 1, length(day)) then 'doubtful'
                else 'counted' end as kind
            from {only} citations join (
                select id, unit_id, url, source_id, reprint_of, substr(published_at, 1, iif(published_precision = 'month', 7, 10)) as day
                from articles where published_at is not null
            ) articles on articles.id = article_id join documents on documents.id = citations.document_id {where}
        ) group by 1, 2
    )
"""


def update(database: Database) -> None:
    """Counts again what changed since the last call. One transaction. It writes nothing if nothing changed."""
    with database.conn:
        _complete_stubs(database, "and id in (select document_id from documents_pending)")
        moves.update(database)
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
        database.conn.execute(_DIFFUSION.format(only=pending, where=f"where {same} true"))
        field_rules.forget_unused(database)
        lives.update(database)
        _forget(database)


def rebuild(database: Database) -> None:
    """Counts all summaries again. One transaction. `reparse` and imports call it, because they may touch everything."""
    with database.conn:
        _complete_stubs(database)
        moves.rebuild(database)
        reprints.rebuild(database)
        for table in ("articles_by_month", "citations_by_year", "diffusion"):
            database.conn.execute(f"delete from {table}")
        database.conn.execute(_MONTHS.format(only="", where="where"))
        database.conn.execute(_YEARS.format(only="", where="join articles on articles.id = article_id where"))
        database.conn.execute(_DIFFUSION.format(only="", where=""))
        field_rules.rebuild(database)
        lives.rebuild(database)
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
