"""Joomla 1.5 to 5. Rules from the core templates of com_content. If a page has its own heading, the first h1 is not the title."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit, urlunsplit

from scraper.platforms.base import DatePick, Layout, Marker, Pick, Platform, tidy

_ID = re.compile(r"/(\d+)-[a-z0-9-]+(?:\.html)?$", re.IGNORECASE)
_TRAP = re.compile(
    r"(?:tmpl=component|print=1|option=com_(?:mailto|users?|search|finder|contact|weblinks)|format=(?:feed|pdf)|task=)|/(?:component/(?:search|users?|mailto)|administrator)\b"
)
_SLUG = re.compile(r"^/(?:index\.php/)?(?:[a-z0-9-]+/)+[a-z0-9]+(?:-[a-z0-9]+){2,}(?:\.html)?$", re.IGNORECASE)
_LISTING = re.compile(r"^/(?:index\.php/?)?(?:[a-z0-9-]+/?){0,3}(?:\.html)?$", re.IGNORECASE)


def article_key(url: str) -> str | None:
    """Returns the number of the article: before its name in the path, or in `id=` of the query."""
    parts = urlsplit(url)
    if _TRAP.search(f"{parts.path}?{parts.query}"):
        return None
    query = parse_qs(parts.query)
    if query.get("view") == ["article"] and "id" in query:
        return query["id"][0].split(":")[0] or None
    match = _ID.search(parts.path)
    return match[1] if match and "start" not in query else None


def _start(query: str) -> int:
    value = (parse_qs(query).get("start") or parse_qs(query).get("limitstart") or ["0"])[0]
    return int(value) if value.isdigit() else 0


def _canonical(url: str) -> str:
    parts = urlsplit(tidy(url))
    return urlunsplit(parts if "option=" in parts.query or "start=" in parts.query else parts._replace(query=""))


_INFO = r"^(?:[^:]{2,30}:\s*)?(.+)$"
_LABELLED = re.compile(_INFO)
_AUTHOR = re.compile(r"^(?:Viết bởi|Được viết bởi|Tác giả|Người viết|Written by|Author)?\s*:?\s*(.+)$", re.IGNORECASE)
_CUT = (
    "h1", "h1 + h2", "h2:first-child", ".page-header", "dl.article-info", ".actions", ".icons", "ul.pagenav", ".pager", ".tags", ".article-info", ".content_rating", ".contentheading",
    ".buttonheading", ".createdate", ".modifydate", ".small", ".pagination", ".jcomments-links", ".addthis_toolbox",
)  # fmt: skip

PLATFORM = Platform(
    id="joomla",
    name="Joomla",
    markers=(
        Marker(4, source='content="Joomla!'),
        Marker(2, source="option=com_content"),
        Marker(2, source="/media/system/js/"),
        Marker(1, source="/components/com_"),
        Marker(1, source="item-page"),
        Marker(1, source="/media/vendor/joomla"),
        Marker(1, source="joomla-script-options"),
    ),
    layouts=(
        Layout(
            name="joomla/4",
            when=".com-content-article__body",
            decisive=True,
            title=(
                Pick(".com-content-article .page-header h2"),
                Pick(".com-content-article h2"),
                Pick(".com-content-article .page-header h1"),
                Pick(".com-content-article h1"),
            ),
            author=(Pick(".com-content-article dd.createdby span"), Pick(".com-content-article dd.createdby", pattern=_AUTHOR)),
            section=(Pick(".com-content-article dd.category-name a"), Pick(".com-content-article dd.category-name span")),
            tags=(Pick(".com-content-article .tags a", all_of=True),),
            published=(
                DatePick(Pick(".com-content-article dd.published time")),
                DatePick(Pick(".com-content-article dd.published time", "datetime")),
                DatePick(Pick(".com-content-article dd.create time")),
                DatePick(Pick(".com-content-article dd.create time", "datetime")),
            ),
            modified=(
                DatePick(Pick(".com-content-article dd.modified time", "datetime")),
                DatePick(Pick(".com-content-article dd.modified time")),
            ),
            body=(".com-content-article__body",),
        ),
        Layout(
            name="joomla/3",
            when=".item-page [itemprop=articleBody]",
            decisive=True,
            title=(
                Pick(".item-page [itemprop=headline]"),
                Pick(".item-page .page-header h2"),
                Pick(".item-page h2"),
                Pick(".item-page h1"),
            ),
            author=(Pick(".item-page dd.createdby [itemprop=name]"), Pick(".item-page dd.createdby", pattern=_AUTHOR)),
            section=(Pick(".item-page dd.category-name a"), Pick(".item-page dd.category-name [itemprop=genre]")),
            tags=(Pick(".item-page .tags a", all_of=True),),
            published=(
                DatePick(Pick(".item-page dd.published time")),
                DatePick(Pick(".item-page dd.published")),
                DatePick(Pick(".item-page dd.create time")),
                DatePick(Pick(".item-page time[itemprop=datePublished]", "datetime")),
                DatePick(Pick(".item-page dd.create")),
            ),
            modified=(DatePick(Pick(".item-page dd.modified")), DatePick(Pick(".item-page time[itemprop=dateModified]", "datetime"))),
            body=(".item-page [itemprop=articleBody]",),
        ),
        Layout(
            name="joomla/2",
            when="div.item-page dl.article-info, div.item-page > h2",
            decisive=True,
            title=(Pick("div.item-page > h2"), Pick("div.item-page h2"), Pick("div.item-page > h1")),
            author=(Pick("div.item-page dd.createdby a"), Pick("div.item-page dd.createdby", pattern=_AUTHOR)),
            section=(Pick("div.item-page dd.category-name a"), Pick("div.item-page dd.category-name", pattern=_LABELLED)),
            published=(DatePick(Pick("div.item-page dd.published")), DatePick(Pick("div.item-page dd.create"))),
            modified=(DatePick(Pick("div.item-page dd.modified")),),
            body=("div.item-page",),
            cut=_CUT,
        ),
        Layout(
            name="joomla/1.5",
            when="td.contentheading, .contentpaneopen .contentheading",
            decisive=True,
            title=(Pick("td.contentheading"), Pick(".contentheading")),
            author=(Pick(".contentpaneopen span.small", pattern=_AUTHOR),),
            section=(Pick("div.componentheading"), Pick(".breadcrumbs a", last=True)),
            published=(DatePick(Pick("td.createdate")), DatePick(Pick(".createdate"))),
            modified=(DatePick(Pick("td.modifydate")), DatePick(Pick(".modifydate"))),
            body=("table.contentpaneopen ~ table.contentpaneopen", "table.contentpaneopen", ".article-content"),
            cut=_CUT,
        ),
    ),
    article_key=article_key,
    maybe_article=lambda url: bool(_SLUG.match(urlsplit(url).path)) and not urlsplit(url).query and not _TRAP.search(url),
    listing=lambda url: not _TRAP.search(url) and bool(_LISTING.match(urlsplit(url).path)),
    next_pages=(".pagination a[href]", ".pagenav[href]", "a[href*='start=']", "a[rel=next][href]"),
    is_next=lambda page, target: (
        urlsplit(page).path == urlsplit(target).path and _start(urlsplit(target).query) > _start(urlsplit(page).query)
    ),
    items=(
        ".blog a[href]",
        ".blog-featured a[href]",
        ".com-content-category-blog a[href]",
        ".category-list a[href]",
        ".items-leading a[href]",
        "h2 a[href]",
        "a[href]",
    ),
    item_box=".item, .blog-item, [class*=leading]",
    item_day=".published, .create, time",
    sections=("nav a[href]", ".menu a[href]"),
    is_trap=lambda url: bool(_TRAP.search(url)),
    canonical_url=_canonical,
    not_found=(re.compile(r"^(?:404|Không tìm thấy)", re.IGNORECASE),),
)
