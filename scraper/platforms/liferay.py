"""Liferay 5 to 7: the Hà Nội department (6.2), the Ministry of Health, Đà Nẵng, Thái Nguyên and others.

Rules from real pages: half of the Hà Nội department's site (27 August 2022), ncov.moh.gov.vn (May 2021, 7.3),
danang.gov.vn (2017 home pages and an excerpt of 2026). The instance ids of portlets change and are never used.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit, urlunsplit

from scraper.platforms.base import DatePick, Layout, Marker, Pick, Platform, tidy

_VIEW_CONTENT = re.compile(r"/-/view_content/(\d+)-[^/]*$")
_EXT_ARTICLE = re.compile(r"/-/ext/articleview/article/(\d+)/")
_ASSET = re.compile(r"/-/asset_publisher/[^/]+/content/(?:id/)?([^/?]+)$")
_MOIT = re.compile(r"/-/chi-tiet/[^/]+?-(\d+)-\d+\.html$")
_VNPT = re.compile(r"^/chi-tiet-tin[\w-]*$")
_VNPT_ID = re.compile(r"^/[^/]+/(\d+)$")
_FRIENDLY = re.compile(r"/(?:-|w)/([a-z0-9][a-z0-9-]*)$")
_CUR = re.compile(r"(?:^|&)(_[^=&]*_?cur)=(\d+)")
_LANGUAGE = re.compile(r"^/(?:vi|en)(?=/|$)")
# The Hà Nội department serves its list endlessly under URLs like .../x.html/en/en/vi/...
_ENDLESS = re.compile(r"\.html/|(?:/(?:vi|en)){2,}(?:/|$)")
_TRAP = re.compile(
    r"/-/view_content/pop_up/|p_p_state=(?:pop_up|exclusive|maximized.*login)|p_p_lifecycle=[12]|/c/portal/|/login|/search|_keywords=[^&]|"
    r"/-/asset_publisher/[^/]+/rss|p_p_id=58&|p_p_id=86|/documents/|/image/|/poller/",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)  # the same URL is looked at several times while a page is read
def article_key(url: str) -> str | None:
    """Returns the id of the content if the URL contains it, else the slug of the asset."""
    path = urlsplit(url).path
    if "/pop_up/" in path or _ENDLESS.search(path):
        return None
    if _VNPT.match(path) and (match := _VNPT_ID.match(urlsplit(url).query)):
        return match[1]
    for pattern in (_VIEW_CONTENT, _EXT_ARTICLE, _MOIT, _ASSET, _FRIENDLY):
        if match := pattern.search(path):
            return match[1].removesuffix(".html")
    return None


def is_trap(url: str) -> bool:
    """Returns whether a URL is a print copy, an action, log-in, search, a file, or repeats itself endlessly."""
    parts = urlsplit(url)
    return bool(_TRAP.search(f"{parts.path}?{parts.query}") or _ENDLESS.search(parts.path))


def _later_page(query: str) -> bool:
    """Returns whether a query names the second or a later page of a list. The first page has the URL of the list itself."""
    match = _CUR.search(query)
    return match is not None and int(match[2]) > 1


def is_section(url: str) -> bool:
    """Returns whether a URL is a page of the site: one or two segments, not a file, and no query except for a page of a list."""
    parts = urlsplit(url)
    if article_key(url) or is_trap(url) or (parts.query and not _later_page(parts.query)):
        return False
    path = _LANGUAGE.sub("", parts.path).removeprefix("/web/guest").rstrip("/")
    return bool(re.fullmatch(r"(?:/[a-zA-Z0-9-]+){0,2}(?:\.html)?", path))


def _is_next(page: str, target: str) -> bool:
    """Returns whether a link of the drop-down or of the "next" button leads to the same page with a `..._cur` other than 1."""
    here, there = urlsplit(page), urlsplit(target)
    match = _CUR.search(there.query)
    if match is None or there.path.rstrip("/") != here.path.rstrip("/"):
        return False
    now = _CUR.search(here.query)
    return int(match[2]) != (int(now[2]) if now else 1) and int(match[2]) > 1


def _canonical(url: str) -> str:
    parts = urlsplit(tidy(url))
    if _VNPT.match(parts.path) and article_key(url):
        return urlunsplit(parts)
    if article_key(url) or (parts.query and not _CUR.search(parts.query) and "p_p_id" not in parse_qs(parts.query)):
        parts = parts._replace(query="")
    return urlunsplit(parts)


_BY = re.compile(r"^(?:Bởi|By|Tác giả:?)\s+(.+)$", re.IGNORECASE)
# A date of any form in a box of its own: 15:42 24/03/2014, 2025-07-17 15:10:00.0.
_ANY_DATE = re.compile(
    r"((?:\d{1,2}[:h]\d{2}\s{0,3},?\s{0,3})?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?:[\s,|-]{1,4}\d{1,2}[:h]\d{2})?|\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})"
)

PLATFORM = Platform(
    id="liferay",
    name="Liferay",
    markers=(
        Marker(3, source="Liferay."),
        Marker(2, css="[id^=portlet_], [id^=p_p_id_], .portlet-boundary"),
        Marker(2, source="p_p_id="),
        Marker(1, source="/combo/?"),
        Marker(1, css=".journal-content-article"),
        Marker(1, source="data-senna-track"),
        Marker(1, css=".portlet-body, .portlet-content"),
    ),
    layouts=(
        Layout(
            name="liferay/ext",
            when="td.article-title, .article-view .article-body",
            title=(Pick("td.article-title .title"), Pick("td.article-title"), Pick(".article-title")),
            summary=(Pick(".article-abstract"),),
            section=(Pick("[id*=EXT_ARTICLE_VIEW] .portlet-title"),),
            published=(
                DatePick(Pick(".article-view .article-date")),
                DatePick(Pick("td.article-title", pattern=_ANY_DATE)),
                DatePick(Pick(".article-view", pattern=_ANY_DATE)),
            ),
            body=(".article-view .article-body", "td.article-body"),
            cut=(".article-abstract", ".article-other"),
        ),
        Layout(
            name="liferay/moit",
            when="#contentnews",
            title=(Pick("article h1"),),
            summary=(Pick("p#change_font_size"), Pick("article > p.sapo")),
            author=(Pick("article .body-news > div:not(#contentnews)"), Pick("article .author")),
            section=(Pick(".breadcrumb-news a", last=True),),
            published=(DatePick(Pick("article > p:first-of-type")), DatePick(Pick("article header p")), DatePick(Pick("article p"))),
            body=("#contentnews",),
        ),
        Layout(
            name="liferay/vnpt-school",
            when="[class*=UI_Tinbai_chitiet], .CTTDivTittleBaiViet",
            decisive=True,
            title=(Pick("div.CTTDivTittleBaiViet"), Pick("[class*=UI_Tinbai_chitiet_tieude]"), Pick("[class*=UI_tinbai_chitiet_tieude]")),
            summary=(Pick("[class*=UI_Tinbai_chitiet_noidungngan]"),),
            published=(DatePick(Pick("[class*=UI_Tinbai_chitiet_startdate]")), DatePick(Pick("[class*=chitiet_startdate]"))),
            body=("[class*=UI_Tinbai_chitiet_noidung]:not([class*=noidungngan])", "div.UI_Tinbai_chitiet", "[class*=UI_tinbai_chitiet]"),
            cut=("[class*=startdate]", "[class*=noidungngan]", "[class*=tieude]", ".CTTDivTittleBaiViet", "audio"),
        ),
        Layout(
            name="liferay/view-content",
            when=".asset-full-content-title",
            title=(Pick("div.asset-full-content-title"),),
            summary=(Pick("p.sapo"),),
            author=(Pick(".view-content-author"),),
            # Other portlets of the page also have titles.
            section=(
                Pick(".dd_chuyenmuc .tintuc"),
                Pick(".breadcrumb li:last-child"),
                Pick("#portlet_101 .portlet-title-text, .portlet-asset-publisher .portlet-title-text"),
            ),
            tags=(Pick(".taglib-asset-tags-summary a", all_of=True),),
            published=(DatePick(Pick(".assetPublishDate"), midnight_is_no_time=True),),
            body=(".asset-full-content .asset-content .journal-content-article", ".asset-content .journal-content-article"),
            cut=(".view-content-author", ".related_asset", ".asset-control-detail", ".taglib-social-bookmarks", ".asset-ratings"),
        ),
        Layout(
            name="liferay/asset",
            when=".asset-full-content, .asset-content",
            title=(
                Pick("#title-detail .title-divvv"),
                Pick(".asset-full-content .asset-title"),
                Pick(".taglib-header .header-title span"),
                Pick(".asset-title"),
                Pick("#title-detail .title-divvv"),
                Pick(".contentDetail h3"),
            ),
            summary=(
                Pick("b.text-summary"),
                Pick(".asset-content .sapo strong"),
                Pick(".asset-content .sapo"),
                Pick(".sapo strong"),
                Pick(".sapo"),
            ),
            author=(Pick(".metadata-entry.metadata-author", pattern=_BY), Pick(".asset-full-content .metadata-author .metadata-entry")),
            section=(Pick(".asset-full-content .taglib-asset-categories-summary a.asset-category"),),
            published=(
                DatePick(Pick(".text-ngayxam-page")),
                DatePick(Pick("span.sp-dislaydate")),
                DatePick(Pick(".contentDetail > div:nth-of-type(2) p")),
                DatePick(Pick(".asset-full-content .metadata-publish-date")),
                DatePick(Pick(".asset-full-content .metadata-author", pattern=_ANY_DATE)),
                DatePick(Pick(".asset-full-content", pattern=_ANY_DATE)),
            ),
            body=("#contentText", ".asset-content .journal-content-article", ".contentDetail .journal-content-article"),
            attachments=(".asset-content a[href*='/documents/']", ".asset-full-content a[href*='/documents/']"),
            cut=(
                ".text-ngayxam-page",
                ".asset-title",
                ".hide-accessible",
                ".taglib-social-bookmarks",
                ".asset-ratings",
                ".asset-more",
                ".text-summary",
                ".sapo",
            ),
            tags=(Pick(".taglib-asset-tags-summary a", all_of=True),),
        ),
    ),
    article_key=article_key,
    listing=is_section,
    next_pages=("a[href*='_cur=']",),
    is_next=_is_next,
    items=(".asset-abstract a[href]", ".portlet-body a[href]", "a[href]"),
    item_box=".asset-abstract",
    item_day=".assetPublishDate",
    is_trap=is_trap,
    canonical_url=_canonical,
    not_found=(re.compile(r"(Không tìm thấy|Not Found|Page not found)", re.IGNORECASE),),
)
