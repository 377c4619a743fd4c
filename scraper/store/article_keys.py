"""The keys of stored articles when the rule of a platform changes, or another platform is found on a page: a URL has one article."""

from __future__ import annotations

from sqlite_utils import Database

from scraper.model import Article
from scraper.urls import other_scheme


def adopt(database: Database, source_id: str, article: Article) -> bool:
    """Gives the stored article of a URL the key that its page has now, which no article may have. Returns False if the URL has none, or
    several. Without it, a new version of a key would store every article a second time. Part of the caller's transaction.
    """
    urls = (article.url, other_scheme(article.url))
    # With the plus, SQLite uses the index of the URLs, and does not read all articles of the source.
    found = database.execute("select id from articles where +source_id = ? and url in (?, ?) limit 2", [source_id, *urls]).fetchall()
    if len(found) != 1:
        return False
    database.conn.execute("update articles set key = ? where id = ?", [article.key, found[0][0]])
    return True
