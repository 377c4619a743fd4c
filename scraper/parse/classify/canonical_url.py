"""Uses the canonical URL of a page (`<link rel=canonical>`), if it can be trusted. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.model import Article
from scraper.parse.tree.page_tree import PageTree
from scraper.platforms.kit import Platform, tidy
from scraper.text import fold
from scraper.urls import host_of, without_session

_FEWEST_WORDS = 4  # of a title that a URL must repeat to be that article's
_SHARE = 0.7


def with_canonical(tree: PageTree, platform: Platform, article: Article, hosts: Collection[str]) -> Article:
    """Return the article with the canonical URL of its page, so that an article in two sections is one row.

    The article is returned unchanged if the platform finds an id in the URL, which is a better key, or if the canonical URL is
    not of this article: a template may name the home page, the section, or one page for all.
    """
    if not tree.mentions("canonical") or platform.article_id(tree.url) is not None:
        return article
    node = tree.first("link[rel=canonical][href]")
    url = tree.link(node) if node is not None else None
    if url is None or host_of(url) not in hosts or platform.is_trap(url) or not _is_of(url, tree.url, article.title.value or ""):
        return article
    url = platform.canonical_url(without_session(url))
    return replace(article, key=platform.article_key(url) or url, url=url)


def _is_of(named: str, own: str, title: str) -> bool:
    """Return True if a URL is of the article at `own`: it has the same ids, else the same name, else it spells the title.

    A query with another number is another article, even if the number is short: `chitiet.aspx` is not `chitiet.aspx?id=7`.
    """
    if _numbers_of_query(named) != _numbers_of_query(own):
        return _spells(named, title)
    ids, own_ids = _ids(named), _ids(own)
    if ids or own_ids:
        return ids == own_ids or (not own_ids and _spells(named, title)) or (not ids and _name(named) == _name(own))
    return bool(_name(named)) and (_name(named) == _name(own) or _spells(named, title))


def _ids(url: str) -> frozenset[str]:
    """Return the numbers that identify an article: those of three digits or more in the last segment or in the query."""
    parts = urlsplit(url)
    values = " ".join(value for _, value in parse_qsl(parts.query))
    last = parts.path.rstrip("/").rpartition("/")[2]
    return frozenset(re.findall(r"\d{3,}", f"{last} {values}"))


def _numbers_of_query(url: str) -> frozenset[str]:
    """Return the values in the query of a URL that contain a digit."""
    return frozenset(value for _, value in parse_qsl(urlsplit(tidy(url)).query) if any(map(str.isdigit, value)))


def _name(url: str) -> str:
    """Return the last segment of a URL's path without its extension: `/tin-tuc/hoi-nghi.html` gives "hoi-nghi"."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    return re.sub(r"\.\w{2,5}$", "", last).lower()


def _spells(url: str, title: str) -> bool:
    """Return True if the last segment of a URL consists of the words of a title. All numbers of the title must be in it."""
    words = re.findall(r"\w+", fold(title))
    spelled = set(re.split(r"[^0-9a-z]+", fold(_name(url))))
    if any(word.isdigit() and word not in spelled for word in words):
        return False
    return len(words) >= _FEWEST_WORDS and sum(word in spelled for word in words) >= _SHARE * len(words)
