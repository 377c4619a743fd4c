"""Joins the URLs of one article under several menu paths: /tin-tuc/hop-dan-1043.html and /su-kien/hop-dan-1043.html. And under two hosts
of its source: a site that moves to a new host, or to `www.`, keeps its articles.

Only articles without an id in their URL need it. A wrong join loses an article, and a missed one stores it twice, so much must be equal:
the name in the URL, the title, the time of publication, and the text. The text may differ (another box beside it) if the name ends in a
number and the time has a minute. Of an article without a time, the whole path, the title, the text and the files must be equal, and
only its host is another one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlsplit

from sqlite_utils import Database

from scraper.content_changes import comparable
from scraper.model import Article, Precision
from scraper.urls import host_of, other_scheme

# Parameters that say from which menu a reader came. They may differ for one article.
_MENU = re.compile(
    r"(?i)_?c|cn|cat\w*|id_?cat\w*|cate\w*|menu\w*|id_?menu|chuyenmuc\w*|chude\w*|zone(?:id)?|parent(?:id)?|lang|language|itemid"
)
_NUMBER = re.compile(r"(?:^|[^0-9])(?!(?:19|20)\d{2}(?!\d))\d{3,}$")  # at the end of a name; a year identifies nothing
_EXTENSION = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)


def as_stored(database: Database, source_id: str, article: Article) -> Article:
    """Returns the article with the key and the URL under which it is stored, if that is another URL of the same article; else unchanged. If
    only the host differs, the URL is the one that answered now.
    """
    if host_of(article.key) is None or not article.title.value:
        return article
    if article.published.value is None:
        is_known = "select 1 from articles where source_id = ? and key in (?, ?)"
        known = database.execute(is_known, [source_id, article.key, other_scheme(article.key)]).fetchone() is not None
        return article if known else _undated_of_other_host(database, source_id, article)
    alike = database.execute(
        "select key, url, body from articles left join article_text on article_id = id"
        " where source_id = ? and published_at = ? and title = ? order by id",
        [source_id, article.published.value.isoformat(timespec="seconds"), article.title.value],
    ).fetchall()
    return _same_of(article, alike) if alike else _undated_of_other_host(database, source_id, article)


def _same_of(article: Article, alike: Sequence[tuple[str, str, str | None]]) -> Article:
    """Returns the article with the key and the URL of the one that it is. `alike`: key, URL and text of those of its title and time."""
    if any(key in (article.key, other_scheme(article.key)) for key, _, _ in alike):
        return article
    for key, url, body in alike:
        is_exact = article.published.precision is Precision.MINUTE or (body or "") == (article.body.value or "")
        if is_exact and _differ_in_host(key, article.key):
            return replace(article, key=key)
        name = common_name(key, article.key)
        numbered = name is not None and article.published.precision is Precision.MINUTE and _NUMBER.search(name) is not None
        if name is not None and (numbered or (body or "") == (article.body.value or "")):
            return replace(article, key=key, url=url)
    return article


def _undated_of_other_host(database: Database, source_id: str, article: Article) -> Article:
    """Returns the article with the key under which it is stored without a time, from another host; else unchanged. Agencies give the same
    title to many articles, so the text and the files must say that it is the same one.
    """
    found = database.execute(
        # The condition and the expression are those of an index.
        "select id, key, body from articles left join article_text on article_id = id where source_id = ? and published_at is null"
        " and substr(key, instr(substr(key, 9), '/') + 8) = ? and title = ? order by id",
        [source_id, article.key[article.key.find("/", 8) :], article.title.value],
    ).fetchall()
    files = {_page_of(one.url) for one in article.attachments}
    for article_id, key, body in found:
        if not _differ_in_host(key, article.key) or comparable(body or "") != comparable(article.body.value or ""):
            continue
        stored = database.execute("select url from attachments where article_id = ?", [article_id]).fetchall()
        if {_page_of(url) for (url,) in stored} == files and (body or files):
            return replace(article, key=key)
    return article


def _differ_in_host(one: str, other: str) -> bool:
    """Returns whether two URLs differ only in the host, and perhaps in the scheme."""
    hosts = host_of(one), host_of(other)
    return None not in hosts and hosts[0] != hosts[1] and _page_of(one) == _page_of(other) != ("", "")


def _page_of(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.path.rstrip("/"), parts.query


def common_name(one: str, other: str) -> str | None:
    """Returns what two URLs of one host call their page, if they differ only in the menu: in the path before the last segment, in the order
    of the parameters, or in parameters of the menu. Returns None if they may be different pages.

    >>> common_name("http://so.tinh.gov.vn/tin-tuc/hop-dan-1043.html", "http://so.tinh.gov.vn/su-kien/hop-dan-1043.html")
    'hop-dan-1043'
    >>> common_name("http://so.tinh.gov.vn/tin.aspx?cat=3&id=7", "http://so.tinh.gov.vn/tin.aspx?id=7&cat=5")
    'tin id=7'
    >>> common_name("http://so.tinh.gov.vn/tin.aspx?id=7", "http://so.tinh.gov.vn/tin.aspx?id=8")
    """
    if host_of(one) is None or host_of(one) != host_of(other):
        return None
    names = {_name(url) for url in (one, other)}
    return names.pop() or None if len(names) == 1 else None


def _name(url: str) -> str:
    parts = urlsplit(url)
    segments = [segment for segment in unquote(parts.path).split("/") if segment]
    if not segments:
        return ""
    # A number is a name together with the segment before it: /tin/hop-dan/1043
    last = "/".join(segments[-2:]) if segments[-1].isdigit() else segments[-1]
    kept = sorted((name.lower(), value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _MENU.fullmatch(name))
    language = segments[0] + "/" if len(segments[0]) == 2 and segments[0] != "vi" else ""  # an article and its translation are two
    return " ".join((language + _EXTENSION.sub("", last).lower(), *(f"{name}={value}" for name, value in kept)))
