"""VHV: the Hà Nam group, Đắk Nông, schools of many provinces. Rules from real pages of 2020 to 2024 and public crawlers.

The newest layout (article-content) is known from the selectors of a crawler of about January 2026 only.

`datePublished` is the time of creation, often the same minute as `dateCreated`. The date shown on the page is that of publication.
"""

from __future__ import annotations

import re

from scraper.platforms.kit import AnyPager, DatePick, Examples, Layout, Marker, PathPager, Pick, Platform, QueryPager, UrlRule, after_label

# URLs contain no number, and those of static pages look the same. An article has a name of several words after a section.
# A list ends in the number of the category and that of the page: /chuyen-muc-tin-cac-so-c216-1.html (Hưng Yên).
_NUMBERED_LIST = r"-c(?P<list>\d+)-(?P<page>\d+)\.html$"
_ARTICLE = UrlRule(
    r"^/(?:[a-z0-9-]+/)+[a-z0-9.-]*-[a-z0-9-]{8,}\.html?$|^/[a-z0-9-]*-\d+\.html?$|^/[a-z0-9.]+(?:-[a-z0-9.]+){7,}\.html?$",
    unless=UrlRule(_NUMBERED_LIST),
)
_TRAP = UrlRule(
    path_and_query=(
        r"(?i)^/(?:upload|3rdparty|api|admin|cms|login|dang-nhap|tim-kiem|search|rss|lien-he|so-do-site|thu-vien-(?:anh|video))\b"
        r"|^[^?]*\.(?:rss|xml|pdf|docx?|xlsx?|jpe?g|png|gif|zip|rar)\?"
        r"|\?.*page=[\w.]*(?:print|login|search)"
    )
)
_LABELLED = re.compile(r"((?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}).{0,20})")
_AUTHOR = after_label("Tác giả", "Tác giả bài viết")
_CUT = (
    ".article-tags",
    "[itemprop=author]",
    ".network-share",
    ".block_share",
    ".star-rating",
    "[id^=stringrating]",
    ".content-detail .brief",
)

PLATFORM = Platform(
    id="vhv",
    name="VHV",
    markers=(
        Marker(3, source="ModuleWrapper"),
        Marker(3, source="news-detail-layout-type-2"),
        Marker(2, source="VHV."),
        Marker(2, source="Article-Detail-"),
        Marker(2, source="common-title"),
        Marker(1, source="wrapper-pagination"),
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
            summary=(Pick("article[class*=news-detail-layout-type]:has(.content-detail) .brief"),),
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
            # On some sites the whole text is in the element of the summary, and there is nothing below it.
            body=("article[class*=news-detail-layout-type] .content-detail", "article[class*=news-detail-layout-type] .brief"),
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
        Layout(
            name="vhv/article-content",
            # A list has a pager, or several texts; the class names are as common as those of a list.
            when="body:not(:has(.wrapper-pagination)):has(a.article-title.common-title) :is(.article-content, .common-content)",
            decisive=True,
            title=(Pick("a.article-title.common-title"),),
            summary=(Pick(".article-brief"),),
            author=(Pick(".article-content p, .common-content p", pattern=_AUTHOR),),
            section=(Pick(".breadcrumb li.last-item"), Pick(".breadcrumb li a", last=True)),
            tags=(Pick(".article-tags a", all_of=True),),
            published=(DatePick(Pick(".post-date")),),
            body=(".article-content", ".common-content"),
            attachments=(".article-content a[href*='/upload/']", ".attach-file a[href]"),
            cut=("a.article-title", ".article-brief", ".brief", ".post-date", *_CUT),
        ),
    ),
    maybe_articles=_ARTICLE,
    # A section: /tin-tuc-su-kien.html or /tin-tuc-su-kien/thong-bao.html, with fewer words than a headline.
    sections=UrlRule(
        r"^/?$|^/(?:[a-z0-9-]+/){0,2}[a-z0-9-]+/?$|^/(?:[a-z0-9-]+/)?[a-z0-9]+(?:-[a-z0-9]+){0,6}\.html?$" rf"|{_NUMBERED_LIST}"
    ),
    traps=_TRAP,
    keeps_query=UrlRule(unless=_ARTICLE),
    pager_links=(
        "a.next[href]",
        ".wrapper-pagination a[href]",
        ".pagination a[href]",
        "a[href*='pageNo=']",
        "a[href*='page=']",
        "a[href*='-c'][href$='.html']",
    ),
    pager=AnyPager((QueryPager("pageNo|page"), PathPager(_NUMBERED_LIST))),
    section_links=("nav a[href]", ".navbar a[href]", ".breadcrumb a[href]"),
    item_box="article, .item-block, .news-item, .post-item",
    item_day="time.post-date, .time-news, .post-date",
    examples=Examples(
        maybe_articles=("/tin-tuc-su-kien/khai-truong-diem-phuc-vu-buu-chinh.html", "/tin-tuc-1234.html"),
        headlines=(
            "/phuong/tin-tuc/khai-truong-diem-phuc-vu-buu-chinh-o-ben-pha.html",
            "/khai-truong-diem-phuc-vu-buu-chinh-o-ben-pha.html",
        ),
        sections=("/", "/tin-tuc-su-kien.html", "/tin-tuc/thong-bao", "/chuyen-muc-tin-cac-so-nganh-dia-phuong-c216-1.html"),
        traps=("/tim-kiem.html", "/upload/1000/20211011/ke-hoach.pdf", "/?page=Article.printVersion&id=1"),
        others=("/Tin-tuc.aspx",),
        later_pages={
            "/tin-tuc-su-kien.html?pageNo=2": "/tin-tuc-su-kien.html",
            "/tin-tuc.html?page=3": "/tin-tuc.html?pageNo=2",
            "/chuyen-muc-tin-cac-so-c216-2.html": "/chuyen-muc-tin-cac-so-c216-1.html",
        },
        not_later_pages={"/tin-tuc-su-kien.html?pageNo=1": "/tin-tuc-su-kien.html", "/thong-bao.html?pageNo=2": "/tin-tuc.html"},
        canonical={
            "/tin-tuc/khai-truong-diem-phuc-vu.html?x=1": "/tin-tuc/khai-truong-diem-phuc-vu.html",
            "/tin-tuc.html?pageNo=2": "/tin-tuc.html?pageNo=2",
        },
    ),
)
