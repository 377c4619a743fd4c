"""vnPortal on ASP.NET: Thanh Hóa, Nam Định, communes of Hà Tĩnh. Known only from URLs and excerpts. The path contains the date."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit, urlunsplit

from scraper.platforms.base import DatePick, Layout, Marker, Pick, Platform, tidy

_ARTICLE = re.compile(r"/portal/pages/(\d{4}-\d{2}-\d{2})/([^/]+?)\.aspx$", re.IGNORECASE)
_ID = re.compile(r"-([0-9a-z]+)$", re.IGNORECASE)
_LISTING = re.compile(r"/portal/KenhTin/[^/]+\.aspx$", re.IGNORECASE)
_TRAP = re.compile(r"/portal/(?:login|tim-?kiem|search|VanBan|Photos|rss)|/WebResource\.axd|/ScriptResource\.axd", re.IGNORECASE)


def article_key(url: str) -> str | None:
    """Returns the day, and the id at the end of the name."""
    match = _ARTICLE.search(urlsplit(url).path)
    if match is None:
        return None
    found = _ID.search(match[2])
    return f"{match[1]}/{(found[1] if found else match[2]).lower()}"


def _page(query: str) -> int:
    values = parse_qs(query).get("page") or parse_qs(query).get("Page") or ["1"]
    return int(values[0]) if values[0].isdigit() else 1


def _is_next(page: str, target: str) -> bool:
    here, there = urlsplit(page), urlsplit(target)
    return here.path.lower() == there.path.lower() and _page(there.query) > _page(here.query)


PLATFORM = Platform(
    id="vnportal",
    name="vnPortal",
    markers=(
        Marker(3, source="/portal/KenhTin/"),
        Marker(2, source="/portal/Pages/"),
        Marker(2, source="/portal/pages/"),
        Marker(2, source="/portal/Photos/"),
    ),
    layouts=(
        Layout(
            name="vnportal/article",
            when=".article-content",
            title=(Pick("h1.article-title"), Pick(".article h1"), Pick("h1")),
            summary=(Pick(".article-summary"), Pick(".article-brief"), Pick(".article-sapo"), Pick(".sapo")),
            author=(Pick(".article-author"),),
            section=(Pick(".breadcrumb li a", last=True), Pick(".breadcrumb li:last-child")),
            published=(DatePick(Pick(".article-date")), DatePick(Pick(".article-time")), DatePick(Pick(".article .date"))),
            body=(".article-content",),
            attachments=(".article-attach a[href]", ".article-files a[href]", "[class*=attach] a[href]"),
            cut=(".article-related", ".tin-lien-quan", ".share"),
        ),
    ),
    article_key=article_key,
    listing=lambda url: bool(_LISTING.search(urlsplit(url).path)) or urlsplit(url).path in ("", "/"),
    next_pages=("a[href*='age=']",),
    is_next=_is_next,
    sections=("a[href*='/KenhTin/']",),
    is_trap=lambda url: bool(_TRAP.search(urlsplit(url).path)),
    canonical_url=lambda url: urlunsplit(urlsplit(tidy(url))._replace(query="")) if article_key(url) else tidy(url),
)
