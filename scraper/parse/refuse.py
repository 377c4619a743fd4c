"""Pages that stand in the place of an article: bot challenges, log-in pages, "not found" with status 200."""

from __future__ import annotations

import re

from scraper.parse.document import Document
from scraper.text import clean, fold

# What interstitial pages of protection services carry, in any language. Each was seen on such a page and on no clean one.
_CHALLENGE = re.compile(
    r"document\.cookie\s*=\s*[\"']?D1N=|\bD1N=[0-9a-f]{16,}|/cdn-cgi/challenge-platform/|cf-browser-verification|"
    r"_Incapsula_Resource|<title>\s*Just a moment|sucuri_cloudproxy_js|__jsl_clearance|/_guard/auto\.js",
    re.IGNORECASE,
)
_RELOADS = re.compile(r"location\.(?:reload|replace|href)|http-equiv=[\"']?refresh|window\.location", re.IGNORECASE)
_SETS_COOKIE = re.compile(r"document\.cookie\s*=", re.IGNORECASE)
_NOT_FOUND = re.compile(
    r"^(?:loi )?(?:truy cap )?404\b|\b404\b.{0,30}(?:not found|khong tim thay|khong ton tai)|^(?:page|trang) (?:not found|khong ton tai)|khong tim thay trang"
    r"|trang ban (?:yeu cau|tim kiem|truy cap).{0,30}khong (?:ton tai|tim thay)|^thong bao loi"
)


def is_challenge(source: str) -> bool:
    """A page that only sets a cookie and reloads itself, or that a protection service put there."""
    if _CHALLENGE.search(source):
        return True
    return len(source) < 4000 and bool(_SETS_COOKIE.search(source) and _RELOADS.search(source))


def is_not_found(document: Document, patterns: tuple[re.Pattern[str], ...]) -> bool:
    """A page whose title, or whose first heading, says that there is nothing here."""
    if any(pattern.search(document.title) for pattern in patterns):
        return True
    if _NOT_FOUND.search(fold(document.title)):
        return True
    heading = document.tree.css_first("h1, h2, .alert-error, .portlet-msg-error, .alert-danger")
    return heading is not None and bool(_NOT_FOUND.search(fold(clean(heading.text())[:200])))


def is_login(document: Document) -> bool:
    """A page whose main content is a form that asks for a password."""
    if document.tree.css_first("input[type=password]") is None:
        return False
    text = document.tree.body.text(separator=" ") if document.tree.body is not None else ""
    return bool(re.match(r"(dang nhap|login|sign in)\b", fold(document.title))) or len(clean(text)) < 1500
