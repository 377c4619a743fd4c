"""VHV: the Hà Nam group, Đắk Nông, schools of many provinces. Rules from real pages of 2020 to 2024 and a public crawler.

`datePublished` is the time of creation, often the same minute as `dateCreated`. The date shown on the page is that of publication.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit, urlunsplit

from scraper.platforms.base import DatePick, Layout, Marker, Pick, Platform, tidy

_TRAP = re.compile(
    r"^/(?:upload|3rdparty|api|admin|cms|login|dang-nhap|tim-kiem|search|rss|lien-he|so-do-site|thu-vien-(?:anh|video))\b|\.(?:rss|xml|pdf|docx?|xlsx?|jpe?g|png|gif|zip|rar)$",
    re.IGNORECASE,
)
_PRINT = re.compile(r"page=[\w.]*(?:[Pp]rint|Login|Search)")
_ARTICLE = re.compile(r"^/(?:[a-z0-9-]+/)+[a-z0-9.-]*-[a-z0-9-]{8,}\.html?$|^/[a-z0-9-]*-\d+\.html?$")
# A section: /tin-tuc-su-kien.html or /tin-tuc-su-kien/thong-bao.html, with fewer words than a headline.
_LISTING = re.compile(r"^/(?:[a-z0-9-]+/?){1,3}$|^/(?:[a-z0-9-]+/)?[a-z0-9]+(?:-[a-z0-9]+){0,6}\.html?$")
_LABELLED = re.compile(r"((?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}).{0,20})")


def maybe_article(url: str) -> bool:
    """Returns whether a URL has a name of several words after a section. VHV's URLs contain no number, and its static pages look
    the same."""
    parts = urlsplit(url)
    return not (_TRAP.search(parts.path) or _PRINT.search(parts.query)) and bool(_ARTICLE.match(parts.path))


def _page(query: str) -> int:
    value = (parse_qs(query).get("pageNo") or parse_qs(query).get("page") or ["1"])[0]
    return int(value) if value.isdigit() else 1


_AUTHOR = re.compile(r"^Tác giả(?: bài viết)?\s*:\s*(.+)$")
_CUT = (".article-tags", "[itemprop=author]", ".network-share", ".block_share", ".star-rating", "[id^=stringrating]", ".brief")

PLATFORM = Platform(
    id="vhv",
    name="VHV",
    markers=(
        Marker(3, source="ModuleWrapper"),
        Marker(3, source="news-detail-layout-type-2"),
        Marker(2, source="VHV."),
        Marker(2, source="Article-Detail-"),
        Marker(1, source="content-detail"),
        Marker(1, source="moduleRootId"),
        Marker(1, source="moduleParentId"),
    ),
    layouts=(
        Layout(
            name="vhv/type-2",
            when="article[class*=news-detail-layout-type]",
            decisive=True,
            title=(Pick("article[class*=news-detail-layout-type] h1.title-detail"), Pick("h1.title-detail"), Pick("article h1")),
            summary=(Pick("article[class*=news-detail-layout-type] .brief"),),
            author=(
                Pick("article p, article div.author, article .news-author", pattern=_AUTHOR),
                Pick("article[class*=news-detail-layout-type] .author"),
            ),
            section=(Pick(".breadcrumb li.last-item"), Pick(".breadcrumb li a", last=True)),
            tags=(Pick(".article-tags a", all_of=True), Pick(".tags a", all_of=True)),
            published=(
                DatePick(Pick("article[class*=news-detail-layout-type] .post-date")),
                DatePick(Pick("article[class*=news-detail-layout-type] header")),
            ),
            body=("article[class*=news-detail-layout-type] .content-detail",),
            attachments=(
                "article[class*=news-detail-layout-type] a[href*='/upload/']",
                ".attach-file a[href]",
                "article[class*=news-detail-layout-type] iframe[src*='viewer.html']",
            ),
            cut=_CUT,
        ),
        Layout(
            name="vhv/default",
            when="section.news-detail-default > article, .news-detail-default .content-detail",
            decisive=True,
            title=(Pick("section.news-detail-default > article h1"), Pick(".news-detail-default h1")),
            summary=(Pick("section.news-detail-default > article .brief"),),
            author=(Pick("section.news-detail-default > article p", pattern=_AUTHOR),),
            section=(Pick(".breadcrumb li.last-item"), Pick(".breadcrumb li a", last=True)),
            tags=(Pick(".article-tags a", all_of=True),),
            published=(
                DatePick(Pick("section.news-detail-default .news-date", pattern=_LABELLED)),
                DatePick(Pick("section.news-detail-default .news-date")),
                DatePick(Pick("section.news-detail-default > article .post-date")),
                DatePick(Pick("section.news-detail-default .social", pattern=_LABELLED)),
            ),
            body=("section.news-detail-default > article .content-detail", ".news-detail-default .content-detail"),
            attachments=(
                "section.news-detail-default > article a[href*='/upload/']",
                "section.news-detail-default > article iframe[src*='viewer.html']",
            ),
            cut=_CUT,
        ),
    ),
    article_key=lambda url: None,
    maybe_article=maybe_article,
    listing=lambda url: bool(_LISTING.match(urlsplit(url).path)) or urlsplit(url).path in ("", "/"),
    next_pages=("a.next[href]", ".pagination a[href]", "a[href*='pageNo=']", "a[href*='page=']"),
    is_next=lambda page, target: (
        urlsplit(page).path == urlsplit(target).path and _page(urlsplit(target).query) > _page(urlsplit(page).query)
    ),
    item_box="article, .item-block, .news-item, .post-item",
    item_day="time.post-date, .time-news, .post-date",
    sections=("nav a[href]", ".navbar a[href]", ".breadcrumb a[href]"),
    is_trap=lambda url: bool(_TRAP.search(urlsplit(url).path) or _PRINT.search(urlsplit(url).query)),
    canonical_url=lambda url: urlunsplit(urlsplit(tidy(url))._replace(query="")) if maybe_article(url) else tidy(url),
)
