"""WordPress: small departments, districts, schools. Rules from the core themes and real pages of 2016 to 2021.

The offset of `datetime` is that of the blog, which many leave at UTC. The visible time is what the readers saw.
"""

from __future__ import annotations

import re

from scraper.platforms.kit import AnyPager, DatePick, Examples, Layout, Marker, PathPager, Pick, Platform, QueryPager, UrlRule

_CATEGORY = r"^/(?:category|chuyen-muc|danh-muc|topics?)/(?:[^/]+/)+(?:page/\d+/?)?$"
_CUT = (
    ".wp-block-file__button",  # "Tải xuống", beside the name of the file
    ".sharedaddy", ".jp-relatedposts", ".yarpp-related", ".related-posts", ".post-views", ".addtoany_share_save_container", ".heateor_sss_sharing_container",
    ".fb-like", ".ez-toc-container", "#toc_container", ".post-tags", ".wp-block-embed", ".blog-share", ".entry-meta", ".post-bottom-meta", ".post-ratings", ".wpulike", ".wp_ulike_general_class", ".wp_rp_wrap", ".tptn_counter", ".kk-star-ratings",
)  # fmt: skip

_NO_LIST = "body:not(.home):not(.blog):not(.archive):not(.search):not(.paged)"
_ONE_POST = f"{_NO_LIST} article.type-post:only-of-type .entry-content, {_NO_LIST} div.type-post:first-child:last-child .entry-content"

PLATFORM = Platform(
    id="wordpress",
    name="WordPress",
    markers=(
        Marker(4, source='content="WordPress'),
        Marker(2, source="/wp-content/"),
        Marker(2, source="/wp-includes/"),
        Marker(1, source="wp-json"),
        Marker(1, source="entry-content"),
    ),
    layouts=(
        Layout(
            name="wordpress/post",
            # A list page has the same boxes, several of them, often with whole posts in them.
            when="body.single-post, body.single:not(.page), .single-post .entry-content, " + _ONE_POST,
            decisive=True,
            title=(
                Pick("article h1.entry-title"),
                Pick("h1.wp-block-post-title"),  # block themes, since 5.9; there the name of the site may be an h1, too
                Pick("h2.wp-block-post-title"),
                Pick("h1.entry-title"),
                Pick("article .entry-title"),
                Pick("h1.post-title"),
                Pick("article h1"),
                Pick("h1.page-title"),
                Pick("h1"),
            ),
            summary=(Pick(".entry-excerpt"), Pick(".entry-summary"), Pick(".post-excerpt")),
            author=(
                Pick("article .byline .author .fn"),
                Pick("article .author.vcard .fn"),
                Pick(".entry-author .author-name"),
                Pick(".wp-block-post-author__name"),
                Pick(".wp-block-post-author-name"),
            ),
            section=(
                Pick('meta[property="article:section"]', "content"),
                Pick("article .entry-category a"),
                Pick("article .cat-links a"),
                Pick("article [rel~=category]"),
                Pick(".taxonomy-category.wp-block-post-terms a"),
                Pick(".entry-crumbs a, .rank-math-breadcrumb a, #breadcrumbs a, #breadcrumb a, .breadcrumbs a, .breadcrumb a", last=True),
            ),
            tags=(
                Pick("article [rel=tag]:not([rel~=category])", all_of=True),
                Pick(".tags-links a", all_of=True),
                Pick(".td-tags a, .tags a[rel=tag], .post-tags a[rel=tag]", all_of=True),
                Pick('meta[property="article:tag"]', "content", all_of=True),
            ),
            published=(
                DatePick(Pick("article time.entry-date.published")),
                DatePick(Pick("article time.entry-date.published", "datetime")),
                DatePick(Pick("article time.entry-date, article time.published")),
                DatePick(Pick("article .posted-on time")),
                DatePick(Pick("article .entry-meta .entry-date, article .post-date, .entry-meta .date")),
                DatePick(Pick("article time.entry-date, time.published", "datetime")),
                DatePick(Pick(".wp-block-post-date time")),
                DatePick(Pick(".wp-block-post-date time", "datetime")),
            ),
            modified=(
                DatePick(Pick("article time.updated:not(.published)", "datetime")),
                DatePick(Pick('meta[property="article:modified_time"]', "content")),
            ),
            body=("article.type-post .entry-content", "article .entry-content", ".entry-content", ".post-content", ".single-content"),
            attachments=(".wp-block-file a[href]",),
            cut=_CUT,
        ),
    ),
    # A name of several words without a query, or `?p=12`.
    maybe_articles=UrlRule(
        path_and_query=(
            r"^/(?:\d{4}/\d{2}/(?:\d{2}/)?)?(?:[a-z0-9-]+/){0,2}[a-z0-9%]+(?:-[a-z0-9%]+){2,}(?:\.html|/index\.html)?/?\?$"
            r"|^/\?(?:.*&)?p=\d+(?:&|$)"
        ),
        unless=UrlRule(_CATEGORY),
    ),
    sections=UrlRule(rf"{_CATEGORY}|^/(?:[a-z0-9-]+/){{0,2}}page/\d+/?$|^/$"),
    traps=UrlRule(
        path_and_query=(
            r"(?i)/wp-(?:admin|login|content|includes|json)|/(?:feed|comments|trackback|embed|attachment)[/?]|/(?:author|tag)/"
            r"|\?(?:s|replytocom|share|add-to-cart|feed)="
        )
    ),
    keeps_query=UrlRule(path_and_query=r"[?&](?:p|cat|paged)="),  # a blog may leave its URLs as they come: /?cat=3&paged=2
    pager_links=(
        "a.next[href]",
        ".nav-links a[href]",
        ".pagination a[href]",
        ".page-numbers a[href]",
        "a.page-numbers[href]",
        "a[href*='/page/']",
        "a[href*='paged=']",
    ),
    pager=AnyPager((PathPager(r"/page/(?P<page>\d+)/?$"), QueryPager("paged"))),
    article_links=(
        "article a[href]",
        ".post-item a[href]",
        "h2 a[href]",
        "h3 a[href]",
        ".entry-title a[href]",
        ".post-title a[href]",
        "h5 a[href]",
    ),
    section_links=(".cat-item a[href]", "nav a[href*='category']", ".menu-item-object-category a[href]", "a[href*='/category/']"),
    item_box="article, .post-item, .post",
    item_day="time, .entry-date, .post-date",
    sitemaps=("/wp-sitemap.xml", "/sitemap_index.xml"),  # its own since 5.5, and that of the extensions Yoast and Rank Math
    feeds=("/feed/",),
    not_found=(re.compile(r"(?:Page not found|Không tìm thấy trang|Không tìm thấy)", re.IGNORECASE),),
    examples=Examples(
        maybe_articles=("/khai-truong-diem-phuc-vu/", "/2019/06/khai-truong-diem.html", "/?p=12"),
        sections=("/", "/category/tin-tuc/", "/chuyen-muc/tin-tuc-su-kien/page/2/", "/page/2/", "/?cat=3", "/?cat=3&paged=2"),
        traps=("/wp-admin/", "/khai-truong-diem-phuc-vu/feed/", "/khai-truong-diem-phuc-vu/feed", "/tag/chuyen-doi-so/", "/?s=mang"),
        others=("/lien-he/", "/khai-truong-diem-phuc-vu/?x=1"),
        later_pages={"/category/tin-tuc/page/2/": "/category/tin-tuc/", "/page/3/": "/page/2/"},
        not_later_pages={"/category/thong-bao/page/2/": "/category/tin-tuc/", "/page/2/": "/page/3/"},
        canonical={"/khai-truong-diem-phuc-vu/?x=1": "/khai-truong-diem-phuc-vu/", "/?p=12": "/?p=12"},
    ),
)
