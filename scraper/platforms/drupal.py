"""Drupal 7 to 11: An Giang, Lạng Sơn and others. Rules from the core templates; the title is outside the node element."""

from __future__ import annotations

import re

from scraper.platforms.kit import DatePick, Examples, IdInPath, IdInQuery, Layout, Marker, Pick, Platform, QueryPager, UrlRule

_SUBMITTED = re.compile(r"(?:Submitted by|Được gửi bởi|Gửi bởi|Đăng bởi|Được đăng bởi)\s+(.+?)\s+(?:on|vào|lúc|ngày)\s", re.IGNORECASE)
# The beginning of a path, and of the parameter that holds it if the server does not rewrite URLs: /?q=vi/node/12.
_ROOT = r"/(?:(?:index\.php)?\?(?:[^?]*&)?q=)?(?:[a-z]{2}/)?"
_BODY_CUT = (
    ".field-type-file",
    ".field--type-file",
    ".field-name-field-tags",
    ".links",
    ".comment-wrapper",
    "#comments",
    ".field--name-comment",
    ".field--type-comment",
)

PLATFORM = Platform(
    id="drupal",
    name="Drupal",
    markers=(
        Marker(4, source='content="Drupal'),
        Marker(3, source="Drupal.settings"),
        Marker(3, source="drupalSettings"),
        Marker(2, source="/sites/default/files/"),
        Marker(1, source="data-drupal-"),
        Marker(1, source="/core/misc/"),
        Marker(1, source="views-row"),
        Marker(1, source="field-name-body"),
        Marker(1, source="field--name-body"),
    ),
    layouts=(
        Layout(
            name="drupal/8",
            when="article.node--view-mode-full, body[class*=node--type] article.node:not(.node--view-mode-teaser)",
            decisive=True,
            title=(
                Pick("h1.page-title .field--name-title"),
                Pick("h1.page-title"),
                Pick("h1.title"),
                Pick(".block-page-title-block h1"),
                Pick("h1"),
            ),
            summary=(
                Pick("article.node .field--name-field-tom-tat"),
                Pick("article.node .field--name-field-summary"),
                Pick("article.node .field--name-field-lead"),
            ),
            author=(
                Pick("article.node .node__meta .field--name-uid"),
                Pick("article.node .field--name-field-author"),
                Pick("article.node .field--name-field-tac-gia"),
            ),
            section=(
                Pick("article.node .field--name-field-chuyen-muc a"),
                Pick("article.node .field--name-field-category a"),
                Pick("nav.breadcrumb li a", last=True),
            ),
            tags=(Pick("article.node .field--name-field-tags a", all_of=True),),
            published=(
                DatePick(Pick("article.node .field--name-created time", "datetime")),
                DatePick(Pick("article.node .node__meta time", "datetime")),
                DatePick(Pick("article.node .field--name-created")),
                DatePick(Pick("article.node .node__meta")),
                DatePick(Pick("article.node time", "datetime")),
            ),
            body=("article.node .field--name-body", "article.node .node__content"),
            attachments=("article.node .field--type-file a[href]", "article.node .file a[href]"),
            cut=_BODY_CUT,
        ),
        Layout(
            name="drupal/7",
            when="div.node-full, body.page-node div.node:not(.node-teaser) .field-name-body, body.page-node div[id^=node-].node:not(.node-teaser)",
            decisive=True,
            title=(
                Pick("h1#page-title"),
                Pick("h1.page-title"),
                Pick("#content h1.title"),
                Pick("h1.title"),
                Pick("div.node h2 a"),
                Pick("h1"),
            ),
            summary=(Pick("div.node .field-name-field-tom-tat .field-item"), Pick("div.node .field-name-field-summary .field-item")),
            author=(
                Pick("div.node .field-name-field-tac-gia .field-item"),
                Pick("div.node .submitted .username"),
                Pick("div.node .submitted", pattern=_SUBMITTED),
            ),
            section=(
                Pick("div.node .field-name-field-chuyen-muc a"),
                Pick("div.node .field-name-field-category a"),
                Pick(".breadcrumb a", last=True),
            ),
            tags=(Pick("div.node .field-name-field-tags a", all_of=True),),
            # Drupal's own format has the month first, in Vietnamese too. The attribute of its RDF module is ISO.
            published=(
                DatePick(Pick("div.node .submitted[content], div.node .submitted [content]", "content")),
                DatePick(Pick("div.node .submitted")),
                DatePick(Pick("div.node .meta")),
            ),
            body=("div.node-full .field-name-body", "div.node .field-name-body", "div.node .content"),
            attachments=("div.node .field-type-file a[href]", "div.node span.file a[href]"),
            cut=_BODY_CUT,
        ),
    ),
    article_ids=(
        IdInPath(r"^/(?:[a-z]{2}/)?node/(\d+)$"),
        IdInQuery("q", r"(?:[a-z]{2}/)?node/(\d+)", where=UrlRule(r"^/(?:index\.php)?$")),  # a server that does not rewrite URLs
        IdInPath(r"^/(?:[a-z0-9-]+/)*[a-z0-9]+(?:-[a-z0-9]+)+-(\d{5,9})(?:\.html)?$"),  # Lạng Sơn: an alias with the number of the node
    ),
    maybe_articles=UrlRule(r"^/(?:[a-z0-9-]+/)*[a-z0-9]+(?:-[a-z0-9]+){2,}(?:\.html)?$", query=""),
    sections=UrlRule(r"^/(?:(?:[a-z0-9-]+/){0,2}[a-z0-9-]+/?)?$"),
    traps=UrlRule(
        path_and_query=(
            rf"(?i)^{_ROOT}(?:user|admin|search|comment|filter|sites/default|rss\.xml|print|printpdf|printmail|contact|core|modules)(?:[/?&]|$)"
            rf"|^{_ROOT}taxonomy/(?!term/\d+/?(?:[?&]|$))"
            r"|^[^?]*/(?:print|printpdf|printmail)/\d+\?|^[^?]*\.(?:pdf|docx?|xlsx?|jpe?g|png|xml)\?"
        )
    ),
    pager_links=(".pager a[href]", ".pagination a[href]", "li.pager-next a[href]", "a[rel=next][href]"),
    pager=QueryPager("page", first=0),
    article_links=(
        ".view-content .views-row a[href]",
        "article.node--view-mode-teaser a[href]",
        "div.node-teaser a[href]",
        "a[href*='/node/']",
    ),
    section_links=("nav a[href]", "#main-menu a[href]", ".menu a[href]"),
    item_box=".views-row, article, div.node",
    item_day="time, .views-field-created, .submitted",
    sitemaps=("/sitemap.xml",),  # of the modules Simple XML Sitemap and XML Sitemap
    feeds=("/rss.xml",),
    not_found=(re.compile(r"^(?:Không tìm thấy|Page not found)", re.IGNORECASE),),
    examples=Examples(
        articles={"/node/1284": "1284", "/?q=node/1284": "1284", "/vi/node/17": "17", "/diem-den-du-lich/nui-to-thi-341490": "341490"},
        headlines=("/tin-tuc/van-hoa-xa-hoi/khai-truong-diem-phuc-vu-buu-chinh-o-ben-pha-con-en.html",),
        maybe_articles=("/tin-tuc/khai-truong-diem-phuc-vu-buu-chinh",),
        sections=("/", "/tin-tuc", "/taxonomy/term/3", "/vi/tin-tuc/thong-bao"),
        traps=(
            "/user/login",
            "/bm/print/14536",
            "/vi/taxonomy/term/3/feed",
            "/?q=user/login",
            "/taxonomy/autocomplete/mang",
            "/sites/default/files/ke-hoach.pdf",
        ),
        others=("/tin-tuc/Anh.html",),
        later_pages={"/tin-tuc?page=1": "/tin-tuc", "/tin-tuc?page=2,0": "/tin-tuc?page=1"},
        not_later_pages={"/tin-tuc?page=0": "/tin-tuc", "/thong-bao?page=1": "/tin-tuc"},
        canonical={"/tin-tuc?page=1&utm_source=zalo": "/tin-tuc?page=1"},
    ),
)
