"""NukeViet 3 to 5: many provincial departments, communes and schools.

The rules come from two NukeViet sites that were set up and recorded in November 2026 (4.5 desktop, 4.4 mobile theme). The selectors for 3.4
come from its published templates. The number before `.html` is the article's key; the slug may be anything.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit, urlunsplit

from scraper.platforms.base import DatePick, Layout, Marker, Pick, Platform, Trust, tidy

_ARTICLE = re.compile(r"-(\d+)(?:\.html|/)$")
# URLs of articles end with a slash in version 3, as those of sections do ("iso-9001-2008/"), but the article slug has capitals. A slug
# without capitals must be as long as a headline.
_VERSION_3 = re.compile(r"/(?:[^/]*[A-Z][^/]*|(?:[^/-]+-){8,}[^/-]+)/$")
_PAGE = re.compile(r"/page-(\d+)/?$")
# Modules without news that every NukeViet has, and copies of articles for printing or mailing.
_MODULES = [
    "about",
    "admin",
    "assets",
    "banners",
    "comment",
    "contact",
    "data",
    "download",
    "feeds",
    "freecontent",
    "inform",
    "includes",
    "install",
    "laws",
    "menu",
    "modules",
    "organs",
    "page",
    "photos",
    "print",
    "rss",
    "savefile",
    "search",
    "seek",
    "sendmail",
    "siteterms",
    "statistics",
    "tag",
    "themes",
    "uploads",
    "users",
    "videoclips",
    "voting",
    "weblinks",
]
_TRAP_PATH = re.compile(rf"^/(?:[a-z]{{2}}/)?(?:news/)?(?:{'|'.join(_MODULES)})(?:/|$)")
_TRAP_QUERY = re.compile(r"(?:^|&)(?:nvvithemever|nv_redirect|second|pdf|download)=|(?:^|&)nv=(?:users|search|seek|comment|contact)\b")
_SECTION = re.compile(r"^/(?:[a-z]{2}/)?(?:news/)?[A-Za-z0-9-]+/(?:page-\d+/)?$")


@lru_cache(maxsize=1024)  # the same URL is looked at several times while a page is read
def article_key(url: str) -> str | None:
    """Returns the number before `.html`: in the path, or in the parameter `op` if the site does not rewrite its URLs."""
    parts = urlsplit(url)
    if _TRAP_QUERY.search(parts.query) or _TRAP_PATH.match(parts.path):
        return None
    path = parts.path
    if path.endswith("/index.php"):
        path = "/" + parse_qs(parts.query).get("op", [""])[0]
    match = _ARTICLE.search(path)
    if match is None or _PAGE.search(path) or (path.endswith("/") and (path.count("/") < 4 or not _VERSION_3.search(path))):
        return None
    return match[1]


def is_trap(url: str) -> bool:
    """Returns whether a URL is a theme switch, log-in, search, a print or mail copy, a file or a tag page."""
    parts = urlsplit(url)
    return bool(_TRAP_QUERY.search(parts.query) or _TRAP_PATH.match(parts.path)) and not parts.path.startswith("/sitemap")


def is_section(url: str) -> bool:
    """Returns whether a URL is a category or the home page."""
    parts = urlsplit(url)
    if parts.query or _TRAP_PATH.match(parts.path) or article_key(url):
        return False
    return parts.path in ("", "/", "/vi/", "/vi/news/") or bool(_SECTION.match(parts.path))


def _is_next(page: str, target: str) -> bool:
    """Returns whether a link leads to a later page of the same category. The URL of page 1 has no number."""
    here, there = urlsplit(page).path, urlsplit(target).path
    match = _PAGE.search(there)
    if match is None or _PAGE.sub("/", there) != _PAGE.sub("/", here):
        return False
    number = _PAGE.search(here)
    return int(match[1]) > (int(number[1]) if number else 1)


def _canonical(url: str) -> str:
    parts = urlsplit(tidy(url))
    return urlunsplit(parts if parts.path.endswith("/index.php") else parts._replace(query=""))


_AUTHOR = re.compile(r"^Tác giả(?: bài viết)?\s*:\s*(.+)$", re.DOTALL)
# The offset in datePublished is that of the time zone in which the page was rendered; the time is that of the last edit.
_ZONE = DatePick(Pick("[itemprop=datePublished]"), Trust.ZONE)
_META_PUBLISHED = DatePick(Pick('meta[property="article:published_time"]', "content"))
_META_MODIFIED = (DatePick(Pick('meta[property="article:modified_time"]', "content")), DatePick(Pick("[itemprop=dateModified]")))
_SECTION_PICKS = (
    Pick('meta[property="article:section"]', "content"),
    Pick(".breadcrumb li:last-child [itemprop=title]"),
    Pick("h3.breakcolumn a", last=True),
    Pick("h3.brcl a", last=True),
)
_TAGS = (
    Pick('meta[property="article:tag"]', "content", all_of=True),
    Pick('div.hr ~ a[href*="/search/"]', all_of=True),
    Pick('.keywords a[href*="/tag/"], .keywords a[href*="/search/"], .keywords a', all_of=True),
    Pick('a[href*="/tag/"]', all_of=True),
)
_FILES = (".news-download-file a[href*='download=']", ".news-download-file a[href*='/uploads/']")
_CUT = (".news-download-file", ".other-news", "ul.related", ".socialicon", ".nv-social-share", "[itemprop=author]", "#stringrating")

PLATFORM = Platform(
    id="nukeviet",
    name="NukeViet",
    markers=(
        Marker(5, css="meta[name=generator][content^=NukeViet]"),
        Marker(3, source="nv_base_siteurl"),
        Marker(2, source="nv_module_name"),
        Marker(1, css="#news-bodyhtml, .bodytext, .hometext"),
        Marker(1, source="/assets/js/language/"),
    ),
    layouts=(
        Layout(
            name="nukeviet/4-desktop",
            when=".news_column h1[itemprop=headline]",
            title=(Pick("h1[itemprop=headline]"),),
            summary=(Pick(".hometext[itemprop=description]"), Pick(".hometext"), Pick("div.h2[itemprop=description]")),
            author=(Pick("p.text-right", pattern=_AUTHOR),),
            section=_SECTION_PICKS,
            tags=_TAGS,
            published=(DatePick(Pick(".news_column span.h5")), _META_PUBLISHED, _ZONE),
            modified=(*_META_MODIFIED, _ZONE),
            body=("#news-bodyhtml", ".bodytext"),
            attachments=_FILES,
            cut=_CUT,
            numbers_items=False,  # the truth of the recorded site lists the items without them
        ),
        Layout(
            name="nukeviet/4-mobile",
            when="h1[itemprop=headline], h2[itemprop=headline]",
            title=(Pick("[itemprop=headline]"),),
            summary=(Pick("#hometext .h2"), Pick("#hometext"), Pick(".hometext"), Pick("[itemprop=description]:not(.hidden)")),
            author=(Pick("p.text-right", pattern=_AUTHOR), Pick("p", pattern=_AUTHOR)),
            section=_SECTION_PICKS,
            tags=_TAGS,
            published=(DatePick(Pick("em.time")), DatePick(Pick("span.time, .time")), _META_PUBLISHED, _ZONE),
            modified=_META_MODIFIED,
            body=("#news-bodyhtml", ".bodytext"),
            attachments=_FILES,
            cut=_CUT,
            numbers_items=False,  # the truth of the recorded site lists the items without them
        ),
        Layout(
            name="nukeviet/3",
            when=".bodytext, #bodytext, .news-body, #news_detail, .fiximg",
            title=(Pick("#news_detail h1"), Pick(".detail-title h1"), Pick(".news_column h1"), Pick("h1.title"), Pick("h1")),
            # The mobile theme shows the summary as loose text; the meta description has the same words.
            summary=(
                Pick("#hometext"),
                Pick(".hometext"),
                Pick("head:has(link[href*='mobile_nukeviet']) meta[name=description]", "content"),
            ),
            author=(Pick("p.author", pattern=_AUTHOR), Pick("#news_detail p", pattern=_AUTHOR), Pick("p", pattern=_AUTHOR)),
            section=_SECTION_PICKS,
            tags=_TAGS,
            published=(
                DatePick(Pick("#news_detail span.time")),
                DatePick(Pick("span.time")),
                DatePick(Pick("h1 ~ span.smll, span.smll")),
                DatePick(Pick(".date, .news-date")),
                _META_PUBLISHED,
                _ZONE,
            ),
            modified=_META_MODIFIED,
            body=("div.bodytext", "#bodytext", ".news-body", ".fiximg"),
            attachments=_FILES,
            cut=_CUT,
            numbers_items=False,  # the truth of the recorded site lists the items without them
        ),
    ),
    article_key=article_key,
    listing=is_section,
    next_pages=("ul.pagination a[href]", ".generate_page a[href]", ".pages a[href]"),
    is_next=_is_next,
    items=("a[href]",),
    item_box=".panel-body, .news_list, .news-content",
    item_day="li em.fa-clock-o",
    sections=(
        "nav a[href]",
        ".navbar a[href]",
        ".breadcrumb a[href]",
        "#menu-site-default a[href]",
        ".panel-heading a[href]",
        ".list-inline a[href]",
    ),
    is_trap=is_trap,
    canonical_url=_canonical,
    sitemaps=("/sitemap.xml",),
    sitemap_dates_are_publication=True,
    not_found=(re.compile(r"^(Lỗi truy cập|Thông báo lỗi|Error) ?404"),),
)
