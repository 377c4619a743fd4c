"""WordPress: small departments, districts, schools. Rules from the core themes and real pages of 2016 to 2021.

The offset of `datetime` is that of the blog, which many leave at UTC. The visible time is what the readers saw.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit, urlunsplit

from scraper.platforms.base import DatePick, Layout, Marker, Pick, Platform, tidy

_TRAP = re.compile(
    r"/wp-(?:admin|login|content|includes|json)|/(?:feed|comments|trackback|embed|attachment)(?:/|$)|/(?:author|tag)/|\?(?:s|replytocom|share|add-to-cart|feed)=",
    re.IGNORECASE,
)
_SECTION = re.compile(r"^/(?:category|chuyen-muc|danh-muc|topics?)/(?:[^/]+/)+(?:page/\d+/?)?$|^/(?:[a-z0-9-]+/){0,2}page/\d+/?$|^/$")
_SLUG = re.compile(r"^/(?:\d{4}/\d{2}/(?:\d{2}/)?)?(?:[a-z0-9-]+/){0,2}[a-z0-9%]+(?:-[a-z0-9%]+){2,}(?:\.html|/index\.html)?/?$")
_PAGED = re.compile(r"/page/(\d+)/?$")


def _maybe(url: str) -> bool:
    """Returns whether a URL may be a post: a name of several words, or `?p=`."""
    parts = urlsplit(url)
    if _TRAP.search(f"{parts.path}?{parts.query}") or _SECTION.match(parts.path):
        return parts.path == "/" and parse_qs(parts.query).get("p", [""])[0].isdigit()
    return bool(_SLUG.match(parts.path)) and not parts.query


def _is_next(page: str, target: str) -> bool:
    here, there = urlsplit(page).path, urlsplit(target).path
    match = _PAGED.search(there)
    if match is None or _PAGED.sub("/", there) != _PAGED.sub("/", here.rstrip("/") + "/"):
        return False
    number = _PAGED.search(here)
    return int(match[1]) > (int(number[1]) if number else 1)


def _canonical(url: str) -> str:
    parts = urlsplit(tidy(url))
    return urlunsplit(parts if "p=" in parts.query else parts._replace(query=""))


_CUT = (
    ".sharedaddy", ".jp-relatedposts", ".yarpp-related", ".related-posts", ".post-views", ".addtoany_share_save_container", ".heateor_sss_sharing_container",
    ".fb-like", ".ez-toc-container", "#toc_container", ".post-tags", ".wp-block-embed", ".blog-share", ".entry-meta", ".post-ratings", ".wpulike", ".wp_ulike_general_class", ".wp_rp_wrap", ".tptn_counter", ".kk-star-ratings",
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
                Pick("h1.entry-title"),
                Pick("article .entry-title"),
                Pick("h1.post-title"),
                Pick("article h1"),
                Pick("h1.page-title"),
                Pick("h1"),
            ),
            summary=(Pick(".entry-excerpt"), Pick(".entry-summary"), Pick(".post-excerpt")),
            author=(Pick("article .byline .author .fn"), Pick("article .author.vcard .fn"), Pick(".entry-author .author-name")),
            section=(
                Pick('meta[property="article:section"]', "content"),
                Pick("article .entry-category a"),
                Pick("article .cat-links a"),
                Pick("article [rel~=category]"),
            ),
            tags=(
                Pick("article [rel=tag]:not([rel~=category])", all_of=True),
                Pick(".tags-links a", all_of=True),
                Pick('meta[property="article:tag"]', "content", all_of=True),
            ),
            published=(
                DatePick(Pick("article time.entry-date.published")),
                DatePick(Pick("article time.entry-date.published", "datetime")),
                DatePick(Pick("article time.entry-date, article time.published")),
                DatePick(Pick("article .posted-on time")),
                DatePick(Pick("article .entry-meta .entry-date, article .post-date, .entry-meta .date")),
                DatePick(Pick("article time.entry-date, time.published", "datetime")),
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
    article_key=lambda url: None,
    maybe_article=_maybe,
    listing=lambda url: bool(_SECTION.match(urlsplit(url).path)),
    next_pages=(
        "a.next[href]",
        ".nav-links a[href]",
        ".pagination a[href]",
        ".page-numbers a[href]",
        "a.page-numbers[href]",
        "a[href*='/page/']",
    ),
    is_next=_is_next,
    items=(
        "article a[href]",
        ".post-item a[href]",
        "h2 a[href]",
        "h3 a[href]",
        ".entry-title a[href]",
        ".post-title a[href]",
        "h5 a[href]",
    ),
    item_box="article, .post-item, .post",
    item_day="time, .entry-date, .post-date",
    sections=(".cat-item a[href]", "nav a[href*='category']", ".menu-item-object-category a[href]", "a[href*='/category/']"),
    is_trap=lambda url: bool(_TRAP.search(f"{urlsplit(url).path}?{urlsplit(url).query}")),
    canonical_url=_canonical,
    sitemaps=("/wp-sitemap.xml",),
    feeds=("/feed/",),
    not_found=(re.compile(r"(?:Page not found|Không tìm thấy trang|Không tìm thấy)", re.IGNORECASE),),
)
