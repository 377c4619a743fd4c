"""CKAN with ckanext-pages: the open-data portals of provinces (Cần Thơ), whose blog reports on datasets. Rules from real pages of 2026.

In the page source, a side bar with other posts and their dates precedes the article.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from scraper.platforms.base import DatePick, Layout, Marker, Pick, Platform, tidy

_ARTICLE = re.compile(r"^/(?:[a-z]{2}/)?(?:blog|news|pages)/([^/]+?)(?:\.html)?$")
_LISTING = re.compile(r"^/(?:[a-z]{2}/)?(?:blog|news)(?:\.html)?/?$")


def article_key(url: str) -> str | None:
    """Returns the name of the post."""
    match = _ARTICLE.match(urlsplit(url).path)
    return match[1] if match else None


PLATFORM = Platform(
    id="ckan",
    name="CKAN pages",
    markers=(
        Marker(4, source='content="ckan'),
        Marker(2, source="ckanext-"),
        Marker(1, source="dataset-heading"),
        Marker(1, source="/webassets/"),
    ),
    layouts=(
        Layout(
            name="ckan/post",
            when="h1.page-heading + span.date, h1.page-heading ~ span.muted.date, .primary h1.page-heading",
            title=(Pick(".primary h1.page-heading"), Pick("h1.page-heading")),
            published=(DatePick(Pick("h1.page-heading ~ span.date")), DatePick(Pick(".primary span.muted.date"))),
            body=(".primary h1.page-heading ~ div", "h1.page-heading ~ div"),
            cut=(".page_primary_action", ".actions"),
        ),
    ),
    article_key=article_key,
    listing=lambda url: bool(_LISTING.match(urlsplit(url).path)),
    next_pages=(".pagination a[href]",),
    is_next=lambda page, target: urlsplit(page).path == urlsplit(target).path and target != page,
    items=(".primary .page-list-item a[href]", ".page-list-item a[href]", ".blog-title a[href]", "a[href*='/blog/']", "a[href^='blog/']"),
    item_box=".page-list-item",
    item_day="small.date, .date",
    sections=("a[href$='/blog']", "a[href$='blog.html']"),
    canonical_url=lambda url: urlunsplit(urlsplit(tidy(url))._replace(query="")) if article_key(url) else tidy(url),
)
