"""3CMS: the portal and departments of Ninh Bình, wards of Hải Phòng, Quảng Bình. Rules of a public crawler.

Later pages of a list are asked for by POST, with values in the page's inline script; only what GET gives is followed here.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit, urlunsplit

from scraper.platforms.base import DatePick, Layout, Marker, Pick, Platform, tidy

_ARTICLE = re.compile(r"^/[a-z0-9-]+/[a-z0-9-]*?-?(\d{3,8})(?:\.htm[l]?)?$")
_OLD = re.compile(r"^/3cms/([a-z0-9-]+)\.htm$")
_LISTING = re.compile(r"^/[a-z0-9-]+$")
_TRAP = re.compile(r"^/(?:DesktopModule|Css|Js|3cms/upload|dang-nhap|login|tim-kiem|search|rss)\b", re.IGNORECASE)


def article_key(url: str) -> str | None:
    """The number at the end of the path; of the old form the name."""
    path = urlsplit(url).path
    match = _ARTICLE.match(path) or _OLD.match(path)
    return match[1] if match and not _TRAP.match(path) else None


def _page(query: str) -> int:
    value = (parse_qs(query).get("page") or parse_qs(query).get("pageindex") or ["1"])[0]
    return int(value) if value.isdigit() else 1


PLATFORM = Platform(
    id="3cms",
    name="3CMS",
    markers=(
        Marker(3, source="ArticleDetailControl"),
        Marker(3, source="UIArticleInMenu"),
        Marker(2, source="/3cms/"),
        Marker(1, source="/DesktopModule/"),
        Marker(1, source="UIListNews_Default"),
    ),
    layouts=(
        Layout(
            name="3cms/article",
            when=".ArticleDetailControl, .ArticleHeader",
            title=(Pick(".ArticleDetailControl .ArticleHeader"), Pick(".ArticleHeader")),
            summary=(Pick(".ArticleSummary"),),
            author=(Pick(".ArticleDetailControl .author"),),
            section=(Pick(".UIBreadcrumb a", last=True), Pick(".breadcrumb a", last=True)),
            published=(DatePick(Pick(".ArticleDetailControl .PostDate")), DatePick(Pick(".PostDate"))),
            body=(".ArticleDetailControl .ArticleContent", ".ArticleContent"),
            attachments=(
                ".ArticleAttach a[href]",
                ".ArticleFile a[href]",
                ".ArticleDetailControl [class*=ttach] a[href]",
                ".ArticleDetailControl [class*=File] a[href]",
            ),
            cut=(".tool", ".UISocialShare", ".author"),
        ),
    ),
    article_key=article_key,
    listing=lambda url: bool(_LISTING.match(urlsplit(url).path)) or urlsplit(url).path in ("", "/"),
    next_pages=("ul.pagination a[href]", "a[href*='page=']"),
    is_next=lambda page, target: (
        urlsplit(page).path == urlsplit(target).path and _page(urlsplit(target).query) > _page(urlsplit(page).query)
    ),
    items=(".UIArticleInMenu_Default a[href]", ".UIListNews_Default a[href]", "a[href]"),
    item_box="li.row, .item",
    item_day=".Ngaydang, .date",
    sections=("nav a[href]", ".navbar a[href]", ".UIMenu_Default a[href]"),
    is_trap=lambda url: bool(_TRAP.match(urlsplit(url).path)),
    canonical_url=lambda url: urlunsplit(urlsplit(tidy(url))._replace(query="")) if article_key(url) else tidy(url),
)
