"""Pages that stand in the place of an article: bot challenges, log-in pages, "not found" with status 200."""

from __future__ import annotations

import re

from scraper.parse.document import Document
from scraper.text import clean, fold

# What interstitial pages of protection services carry, in any language. Each was seen on such a page and on no clean one.
_CHALLENGE = re.compile(
    r"document\.cookie\s*=\s*[\"']?D1N=|\bD1N=[0-9a-f]{16,}|_cf_chl_opt|cf-browser-verification|"
    r"_Incapsula_Resource|<title>\s*Just a moment|sucuri_cloudproxy_js|__jsl_clearance|/_guard/auto\.js",
    re.IGNORECASE,
)
_RELOADS = re.compile(r"location\.(?:reload|replace|href)|http-equiv=[\"']?refresh|window\.location", re.IGNORECASE)
_SETS_COOKIE = re.compile(r"document\.cookie\s*=", re.IGNORECASE)
_NOT_FOUND = re.compile(
    r"^(?:loi )?(?:truy cap )?404\b|\b404\b.{0,30}(?:not found|khong tim thay|khong ton tai)|^(?:page|trang) (?:not found|khong ton tai)|khong tim thay trang"
    r"|^error 404|trang ban (?:yeu cau|tim kiem|truy cap).{0,30}khong (?:ton tai|tim thay)|^thong bao loi"
)


# What a page asks of its reader before it shows anything, folded. It may be of any size: its scripts are.
_ASKS = re.compile(
    r"(?:nhap|go) (?:ma (?:bao ve|xac nhan|xac thuc|captcha)|captcha)|ma bao ve khong (?:dung|hop le)|xac (?:nhan|minh|thuc).{0,40}(?:khong phai|con nguoi|robot|may tinh)"
    r"|verify (?:that )?you are (?:a )?human|i'?m not a robot|toi khong phai (?:la )?(?:robot|nguoi may)|checking your browser|unusual traffic|truy cap (?:bat thuong|qua nhieu)"
    r"|attention required|access denied|ddos protection|security check"
)
_SHORT = 1200  # characters that a page of a challenge shows at most


def is_challenge(document: Document) -> bool:
    """A page that only sets a cookie and reloads itself, that asks for a captcha, or that a protection service put there."""
    source = document.source
    if _CHALLENGE.search(source):
        return True
    if len(source) < 4000 and _SETS_COOKIE.search(source) and _RELOADS.search(source):
        return True
    if "captcha" not in source.lower() and len(source) > 20_000:
        return False
    shown = _shown(document)
    return len(shown) < _SHORT and _ASKS.search(fold(shown)) is not None


def asks_captcha(document: Document) -> bool:
    """A page, whatever else it shows, on which a box of a captcha asks its reader to prove to be human."""
    if "captcha" not in document.source.lower():
        return False
    boxes = document.tree.css("[class*=captcha], [id*=captcha], [class*=challenge], [id*=challenge]")[:20]
    return any(_ASKS.search(fold(clean(box.text() or "")[:600])) for box in boxes)


def _shown(document: Document) -> str:
    """The beginning of what a page shows."""
    parts: list[str] = []
    size = 0
    body = document.tree.body
    for node in body.traverse(include_text=True) if body is not None else ():
        if node.tag == "-text" and node.parent is not None and node.parent.tag not in ("script", "style", "noscript", "option"):
            text = clean(node.text_content or "")
            parts.append(text)
            size += len(text)
            if size > 2 * _SHORT:
                break
    return " ".join(part for part in parts if part)


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
    return bool(re.match(r"(dang nhap|login|sign in|user log ?in)\b", fold(document.title))) or len(_shown(document)) < 1500
