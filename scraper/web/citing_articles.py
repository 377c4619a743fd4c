"""The newest articles that cite a document, found without reading all of them: the most cited document has a hundred thousand."""

from __future__ import annotations

from collections.abc import Sequence

from scraper.store.published_days import published_day
from scraper.web.archive_rows import ArchiveRows, Row

_BY_DOCUMENT = (
    "select id from (select distinct article_id from citations where document_id = ?1) join articles on articles.id = article_id"
    " order by published_at desc, id limit ?2"
)
_BY_DAY = (
    "select id from articles indexed by articles_newest_first where published_at >= ?3 and exists (select 1 from citations where"
    " document_id = ?1 and article_id = articles.id) order by published_at desc, id limit ?2"
)
_DETAILS = (
    f"select articles.id, articles.title, articles.language, {published_day()} as day, sources.name as source, field,"
    ' start, "end", citations.text,'
    " relation, case field when 'body' then body when 'summary' then articles.summary else articles.title end as whole"
    " from citations join articles on articles.id = citations.article_id join sources on sources.id = source_id"
    " left join article_text on article_text.article_id = articles.id"
    " where citations.id in (select min(id) from citations where document_id = ? and article_id in ({}) group by article_id)"
    " order by published_at desc, articles.id"
)


async def newest(archive: ArchiveRows, document_id: int, years: Sequence[Row], most: int = 50) -> list[Row]:
    """Returns the newest articles that cite a document, each with its first citation of it and the text in which that is.

    `years`: the rows of `citations_by_year` of the document.
    """
    since = await _look_back(archive, years, most)
    sql, values = (_BY_DOCUMENT, [document_id, most]) if since is None else (_BY_DAY, [document_id, most, since])
    found = [row["id"] for row in await archive.rows(sql, values)]
    return await archive.rows(_DETAILS.format(", ".join("?" * len(found))), [document_id, *found])


async def _look_back(archive: ArchiveRows, years: Sequence[Row], most: int) -> str | None:
    """Returns the day since which to look at articles, the newest first, until enough of them cite the document; None if it is quicker to
    look at all articles that cite it.
    """
    citing = 0
    for row in sorted(years, key=lambda row: -int(row["year"])):
        citing += row["articles"]
        if citing >= most:
            [published] = await archive.rows("select sum(articles) as articles from articles_by_month where month >= ?", [str(row["year"])])
            looked_at = (published["articles"] or 0) * most / citing
            return str(row["year"]) if looked_at < sum(one["articles"] for one in years) else None
    return None
