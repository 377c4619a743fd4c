"""3CMS: the portal and departments of Ninh Bình, wards of Hải Phòng, Quảng Bình. Rules of a public crawler.

The sites of the department of education of Hà Giang, built by VNPT about 2017 to 2021, use the same program with numeric URLs:
/{site}/{sid}/{page}/{category}/{id}/{Category}/{Title}.aspx, or the same in the query of Default.aspx. Only the id is the key.

The site requests later pages of a list by POST, with values from the page's inline script. We only follow what GET returns.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from scraper.platforms.base import DatePick, Layout, Marker, Pick, Platform, tidy

_ARTICLE = re.compile(r"^/[a-z0-9-]+/[a-z0-9-]*?-?(\d{3,8})(?:\.htm[l]?)?$")
_OLD = re.compile(r"^/3cms/([a-z0-9-]+)\.htm$")
_BY_NUMBERS = re.compile(r"^/[\w-]+/\d+/\d+/\d+/(\d{3,9})/[^/]+/[^/]*\.aspx$", re.IGNORECASE)
_LISTING = re.compile(r"^/[a-z0-9-]+$|^/[\w-]+/\d+/\d+/\d+/[^/]*/?$")
# The parameters that Default.aspx needs. Names and titles in the query may be anything.
_NEEDED = ("sname", "sid", "pageid", "catid", "id")
_TRAP = re.compile(r"^/(?:DesktopModule|Css|Js|3cms/upload|dang-nhap|login|tim-kiem|search|rss)\b", re.IGNORECASE)


def article_key(url: str) -> str | None:
    """Returns the number at the end of the path, inside it, or in the query; for the old form, the name."""
    parts = urlsplit(url)
    if _TRAP.match(parts.path):
        return None
    if _is_program(parts.path):
        query = parse_qs(parts.query)
        number = query.get("id", [""])[0]
        return number if "catid" in query and number.isdigit() else None
    match = _BY_NUMBERS.match(parts.path) or _ARTICLE.match(parts.path) or _OLD.match(parts.path)
    return match[1] if match else None


def _is_program(path: str) -> bool:
    return path.lower() == "/default.aspx"


def _canonical(url: str) -> str:
    parts = urlsplit(tidy(url))
    if article_key(url) is None:
        return urlunsplit(parts)
    query = parse_qs(parts.query) if _is_program(parts.path) else {}
    return urlunsplit(parts._replace(query=urlencode([(name, query[name][0]) for name in _NEEDED if name in query])))


def _page(query: str) -> int:
    value = (parse_qs(query).get("page") or parse_qs(query).get("pageindex") or ["1"])[0]
    return int(value) if value.isdigit() else 1


_ARTICLE_LAYOUT = Layout(
    name="3cms/article",
    when=".ArticleHeader",
    title=(Pick(".ArticleDetailControl .ArticleHeader"), Pick(".ArticleHeader")),
    summary=(Pick(".ArticleSummary"),),
    author=(Pick(".ArticleDetailControl .author"),),
    section=(Pick(".UIBreadcrumb a", last=True), Pick(".breadcrumb a", last=True), Pick(".MenuNavigation .Item a", last=True)),
    published=(DatePick(Pick(".ArticleDetailControl .PostDate")), DatePick(Pick(".PostDate"))),
    body=(".ArticleDetailControl .ArticleContent", ".ArticleContent"),
    attachments=(
        ".ArticleAttach a[href]",
        ".ArticleFile a[href]",
        ".ArticleDetailControl [class*=ttach] a[href]",
        ".ArticleDetailControl [class*=File] a[href]",
    ),
    cut=(".tool", ".UISocialShare", ".author"),
)

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
    # Only an article is in such a box. The title element also occurs on other pages.
    layouts=(replace(_ARTICLE_LAYOUT, when=".ArticleDetailControl", decisive=True), _ARTICLE_LAYOUT),
    article_key=article_key,
    listing=lambda url: bool(_LISTING.match(urlsplit(url).path)) or urlsplit(url).path in ("", "/"),
    next_pages=("ul.pagination a[href]", "a[href*='page=']"),
    is_next=lambda page, target: (
        urlsplit(page).path == urlsplit(target).path and _page(urlsplit(target).query) > _page(urlsplit(page).query)
    ),
    items=(".UIArticleInMenu_Default a[href]", ".UIListNews_Default a[href]", "a[href]"),
    item_box="li.row, .item",
    item_day=".Ngaydang, .date",
    sections=("nav a[href]", ".navbar a[href]", ".UIMenu_Default a[href]", ".MenuList a[href]"),
    is_trap=lambda url: bool(_TRAP.match(urlsplit(url).path)),
    canonical_url=_canonical,
)
