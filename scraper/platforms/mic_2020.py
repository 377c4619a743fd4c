"""The ministry of information's SharePoint site of 2020 to 2023.

The selectors are those of a public crawler of 2021; no saved page was found, so the first live run must confirm them.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from scraper.platforms.base import DatePick, Layout, Marker, Pick, Platform, tidy

_ARTICLE = re.compile(r"/Pages/TinTuc/(\d{3,7})/[^/]+\.html$", re.IGNORECASE)
_LISTING = re.compile(r"/Pages/ChuyenMuc/PhanTrang/(\d+)/(\d+)/[^/]+\.html$", re.IGNORECASE)
_SECTION = re.compile(r"/Pages/(?:ChuyenMuc|TrangChu)/", re.IGNORECASE)
_TRAP = re.compile(r"/_layouts/|/_login/|/Pages/(?:TimKiem|Print|InTin|VanBan)/|[?&](?:print|isprint)=", re.IGNORECASE)


def article_key(url: str) -> str | None:
    """The number in the path."""
    match = _ARTICLE.search(urlsplit(url).path)
    return match[1] if match else None


def is_section(url: str) -> bool:
    """A section's page: `/PhanTrang/<section>/<page>/<name>.html`."""
    path = urlsplit(url).path
    return bool(_LISTING.search(path) or _SECTION.search(path)) or path in ("", "/")


def _is_next(page: str, target: str) -> bool:
    here, there = _LISTING.search(urlsplit(page).path), _LISTING.search(urlsplit(target).path)
    return here is not None and there is not None and here[1] == there[1] and int(there[2]) > int(here[2])


PLATFORM = Platform(
    id="mic-2020",
    name="SharePoint, Ministry of Information and Communications 2020",
    markers=(
        Marker(3, source="/mic_2020/"),
        Marker(3, css="#divArticleContent, #divArticleDescription"),
        Marker(2, source="_spPageContextInfo"),
        Marker(1, css="#s4-bodyContainer, #s4-workspace"),
        Marker(1, css="meta[name=GENERATOR][content*=SharePoint]"),
    ),
    layouts=(
        Layout(
            name="mic-2020/news",
            when="#news_content #divArticleContent, #news_content h1",
            title=(Pick("#news_content h1"),),
            summary=(Pick("#divArticleDescription"),),
            author=(Pick("#news_content > div:first-of-type > p:first-of-type > strong"),),
            section=(Pick(".breadcrumb li:last-child"), Pick("#sitemap a:last-of-type"), Pick(".title-cate a")),
            published=(
                DatePick(Pick("#news_content > div:first-of-type > div:first-of-type > div:first-of-type > div")),
                DatePick(Pick("#news_content .date, #news_content .time")),
            ),
            body=("#divArticleContent",),
            attachments=("#divAttach a[href]", ".attachments a[href]"),
            cut=("#divArticleDescription", ".tinlienquan", ".share"),
        ),
    ),
    article_key=article_key,
    listing=is_section,
    next_pages=("a[href*='/PhanTrang/']",),
    is_next=_is_next,
    sections=("a[href*='/ChuyenMuc/']",),
    is_trap=lambda url: bool(_TRAP.search(url)),
    canonical_url=lambda url: urlunsplit(urlsplit(tidy(url))._replace(query="")),
)
