"""ePi CMS: Nhân Dân, Vietnamplus, Tiền Phong, Sài Gòn Giải Phóng, Giáo dục & Thời đại, Pháp luật TP.HCM.

Rules from an article and a list page of 2026, page designs of seven newspapers (2016 to 2021) and the selectors of public crawlers. The
class names that begin with "cms-" are those of the program; each site has others of its own. The digits after "-post" are the key. A
sitemap index has one sitemap for each month.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from scraper.platforms.kit import DatePick, Examples, IdInPath, Layout, Marker, Pick, Platform, UrlRule, never

_FRAGMENT = re.compile(r"^/api/morenews-zone-(\d{1,9})-(\d{1,6})\.html$")
_ZONE = re.compile(r"""data-source=["']zone-timeline-(\d{1,9})["']""")
_SERVICE = re.compile(r"""\bdomainApi:\s*["']https?://([^/"']{1,200})""")


def _next_fragment(page: str, source: str) -> str | None:
    """Returns the URL of the next part of a list, which is JSON: /api/morenews-zone-{zone}-{n}.html. The first page holds part 1.

    Returns None if the service is on another host: its answer names articles by their paths only, and they are not on that host.
    """
    parts = urlsplit(page)
    if match := _FRAGMENT.match(parts.path):
        return urlunsplit(parts._replace(path=f"/api/morenews-zone-{match[1]}-{int(match[2]) + 1}.html", query=""))
    service, zone = _SERVICE.search(source), _ZONE.search(source)
    if zone is None or (service is not None and service[1] != parts.netloc):
        return None
    return urlunsplit(parts._replace(path=f"/api/morenews-zone-{zone[1]}-2.html", query=""))


PLATFORM = Platform(
    id="epi",
    name="ePi CMS",
    markers=(
        Marker(3, source="var cmsConfig"),
        Marker(3, css=".cms-title, .cms-desc"),
        Marker(2, css=".cms-body"),
        Marker(2, css="a.cms-link"),
        Marker(1, source="CMS_BANNER"),
    ),
    layouts=(
        Layout(
            name="epi/article",
            when="h1.cms-title, h2.cms-title, .article__body.cms-body",
            decisive=True,
            title=(Pick("h1.cms-title"), Pick("h2.cms-title"), Pick("h1.article__title")),
            summary=(Pick(".cms-desc"), Pick(".article__sapo")),
            author=(Pick(".cms-author"), Pick(".article__author")),
            # The breadcrumb shows all sections beside the article's own; the metadata name this first: "Quy hoạch,Địa ốc".
            section=(
                Pick('meta[property="article:section"]', "content", pattern=re.compile(r"\s*([^,]+)")),
                Pick(".breadcrumbs .main-cate a"),
                Pick(".breadcrumb a", last=True),
            ),
            tags=(Pick(".article__tag a", all_of=True), Pick(".article-tag a", all_of=True)),
            published=(
                DatePick(Pick("meta.cms-date", "content")),
                DatePick(Pick("time.cms-date", "datetime")),
                DatePick(Pick(".cms-date")),
                DatePick(Pick('meta[property="article:published_time"]', "content")),
                DatePick(Pick(".article__meta time")),
                DatePick(Pick("time.time")),
            ),
            modified=(DatePick(Pick('meta[property="article:modified_time"]', "content")),),
            body=("[itemprop=articleBody].cms-body", ".content.cms-body", "div.cms-body:not(.article-avatar)", ".cms-body"),
            attachments=(".cms-body a.cms-file[href]", ".article__file a[href]"),
            cut=(
                ".cms-relate",
                ".article-relate",
                ".other-story",
                ".article-poll",
                ".article-tag",
                ".article__tag",
                ".article__social",
                "article.story",
                ".banner",
                ".ads_middle",
                ".tts-player",
            ),
        ),
    ),
    article_ids=(IdInPath(r"^/(?:[^/]+/)*[^/]*-post(\d{2,9})\.(?:html|tpo|vnp|vov)$"), IdInPath(r"^/post-(\d{2,9})\.html$")),
    sections=UrlRule(r"^/?$|^/(?:[a-z0-9-]+/){1,2}$|^/api/morenews-zone-\d{1,9}-\d{1,6}\.html$", query=""),
    traps=UrlRule(r"^/(?:tim-kiem|search|author-search|source-search|login|dang-nhap|print)(?:[./]|$)|\.amp$"),
    keeps_query=never,
    next_fragment=_next_fragment,
    article_links=("a.cms-link[href]", ".story__heading a[href]", "a[href]"),
    section_links=("header a[href]", "nav a[href]", ".menu a[href]", ".breadcrumbs a[href]"),
    item_box="article.story",
    item_day="time",
    sitemaps=("/sitemap.xml",),
    feeds=("/rss/home.rss",),
    examples=Examples(
        articles={
            "/khai-truong-diem-phuc-vu-post397051.html": "397051",
            "/xa-hoi/khai-truong-diem-phuc-vu-post397051.html": "397051",
            "/khai-truong-diem-phuc-vu-post397052.vnp": "397052",
            "/khai-truong-diem-phuc-vu-post397053.tpo": "397053",
            "/post-397051.html": "397051",
        },
        sections=("/", "/xa-hoi/", "/dia-phuong/ha-noi/", "/api/morenews-zone-12-2.html"),
        traps=("/tim-kiem/?q=mang", "/author-search.html?q=Le", "/khai-truong-diem-phuc-vu-post397051.amp"),
        others=("/lien-he.html",),
        canonical={"/khai-truong-diem-phuc-vu-post397051.html?utm_source=zalo": "/khai-truong-diem-phuc-vu-post397051.html"},
    ),
)
