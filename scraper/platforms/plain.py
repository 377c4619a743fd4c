"""Pages of an unknown system: metadata (JSON-LD, microdata, OpenGraph) gives the fields, and general rules find the rest.

A URL may be an article if it contains a name of several words or a number. The page itself decides.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.platforms.base import Marker, Platform, tidy

_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|zip|rar|7z|jpe?g|png|gif|svg|webp|bmp|ico|mp[34]|wav|avi|wmv|flv|mov|css|js|json|xml|rss|txt|exe|apk)$",
    re.IGNORECASE,
)
_TRAP = re.compile(
    r"(?:^|/)(?:login|log-?in|dang-?nhap|dang-?ky|register|signin|signup|logout|account|user|users|admin|wp-admin|search|tim-?kiem|tag|tags|tu-khoa|rss|feed|feeds|print|in-bai|send-?mail|mailto|share|cart|gio-hang"
    r"|download|tai-ve|upload|uploads|images|static|assets|lien-he|contact|sitemap|so-do)(?:[./]|$)|\bprint=|\bpopup=|returnurl=",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"^(?:id|nid|newsid|new_id|itemid|tintucid|articleid|article_id|aid|idtin|tinid|tc|p|post|n|cn|gd|idnews|news|bv|baiviet|mabaiviet|contentid|distid|distribution_id|organization_id|newid)$",
    re.IGNORECASE,
)
_PAGE = re.compile(r"(?:^|[?&/_-])(?:page|trang|p|pageindex|pg|pageno|start|cur|currentpage)[=/_-]?(\d{1,5})(?:\D|$)", re.IGNORECASE)


def maybe_article(url: str) -> bool:
    """Returns whether a URL has a name of several words, a number of three or more digits after a name, or a number in the query."""
    parts = urlsplit(url)
    if parts.path in ("", "/") and not parts.query:
        return False
    if _FILE.search(parts.path) or _TRAP.search(f"{parts.path}?{parts.query}"):
        return False
    if any(_NUMBERED.match(name) and re.search(r"\d", value) for name, value in parse_qsl(parts.query)):
        return True
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    last = re.sub(r"\.(?:html?|aspx?|php|jsp|chn|vgp|vnp|epi|ldo)$", "", segments[-1], flags=re.IGNORECASE) if segments else ""
    words = [word for word in re.split(r"[-_+ ]", last) if word]
    if _PAGE.search(last) and len(words) <= 3:
        return False
    return (
        len(words) >= 5
        or (len(words) >= 3 and any(len(word) >= 3 and word.isdigit() for word in words))
        or bool(re.search(r"\d{5,}", last) or (len(segments) > 1 and re.fullmatch(r"[a-z]?\d{3,}", last)))
    )


def _listing(url: str) -> bool:
    parts = urlsplit(url)
    if maybe_article(url) or _FILE.search(parts.path) or _TRAP.search(f"{parts.path}?{parts.query}"):
        return False
    return len([segment for segment in parts.path.split("/") if segment]) <= 3


def _is_next(page: str, target: str) -> bool:
    here, there = _PAGE.search(page), _PAGE.search(target)
    if there is None or urlsplit(page).netloc != urlsplit(target).netloc:
        return False
    same = _PAGE.sub("", page).rstrip("/?&") == _PAGE.sub("", target).rstrip("/?&")
    return same and int(there[1]) > (int(here[1]) if here else 1)


PLATFORM = Platform(
    id="plain",
    name="plain HTML",
    markers=(
        Marker(1, source="application/ld+json"),
        Marker(1, source="schema.org/NewsArticle"),
        Marker(0.5, source="article:published_time"),
    ),
    layouts=(),
    article_key=lambda url: None,
    maybe_article=maybe_article,
    listing=_listing,
    next_pages=(
        "a[rel=next][href]",
        ".pagination a[href]",
        "[class*=paging] a[href]",
        "[class*=pager] a[href]",
        "a[href*='page']",
        "a[href*='trang']",
    ),
    is_next=_is_next,
    sections=("nav a[href]", "[class*=menu] a[href]", "[id*=menu] a[href]", "header a[href]"),
    is_trap=lambda url: bool(_TRAP.search(f"{urlsplit(url).path}?{urlsplit(url).query}") or _FILE.search(urlsplit(url).path)),
    canonical_url=tidy,
)
