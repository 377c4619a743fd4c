"""Recognises pages that a site sends instead of an article: bot challenges, log-in pages, "not found" with status 200."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from scraper.parse.tree.page_tree import PageTree
from scraper.parse.tree.selector_filter import CHALLENGES
from scraper.text import clean, fold

_COOKIE = re.compile(r"document\.cookie\s*=\s*[\"']?D1N=|\bD1N=[0-9a-f]{16,}", re.IGNORECASE)
_RELOADS = re.compile(r"location\.(?:reload|replace|href)|http-equiv=[\"']?refresh|window\.location", re.IGNORECASE)
_SETS_COOKIE = re.compile(r"document\.cookie\s*=", re.IGNORECASE)
_NOT_FOUND = re.compile(
    r"^(?:loi )?(?:truy cap )?404\b|\b404\b.{0,30}(?:not found|khong tim thay|khong ton tai)|^(?:page|trang) (?:not found|khong ton tai)|khong tim thay trang"
    r"|^error 404|trang ban (?:yeu cau|tim kiem|truy cap).{0,30}khong (?:ton tai|tim thay)|^thong bao loi"
)
# A quick check: every text that `_NOT_FOUND` matches holds one of these, and few other texts do.
_NOT_FOUND_WORDS = ("404", "not found", "tồn tại", "ton tai", "tìm thấy", "tim thay", "báo lỗi", "bao loi")

# Demands of a page that shows nothing before the reader answers, folded. Its scripts may be of any size.
_BARE_DEMANDS = re.compile(
    r"(?:nhap|go) (?:ma (?:bao ve|xac nhan|xac thuc|captcha)|captcha)|ma bao ve khong (?:dung|hop le)|xac (?:nhan|minh|thuc).{0,40}(?:khong phai|con nguoi|robot|may tinh)"
    r"|verify (?:that )?you are (?:a )?human|i'?m not a robot|toi khong phai (?:la )?(?:robot|nguoi may)|checking your browser|unusual traffic|truy cap (?:bat thuong|qua nhieu)"
    r"|attention required|access denied|ddos protection|security check"
)
# Words of a firewall. An article with a day may quote them.
_FIREWALL = re.compile(
    r"requested url was rejected|you have been blocked|request (?:has been |was )?(?:rejected|blocked)|yeu cau (?:cua (?:ban|quy vi) )?(?:da )?bi (?:chan|tu choi)"
)
# The same on a page that still shows its frame. It must stop the reader; the captcha of a form does not count.
_FRAMED_DEMANDS = re.compile(
    r"toc do cua robot|(?:xac (?:nhan|minh|thuc)|nhap) .{0,60}de tiep tuc|verify (?:that )?you are (?:a )?human|checking your browser|unusual traffic"
    r"|(?:xac (?:nhan|minh|thuc)|chung (?:minh|to)).{0,40}(?:khong phai (?:la )?(?:robot|nguoi may|may)|la con nguoi)"
)
_HEADINGS = "h1, h2, h3, .alert-error, .portlet-msg-error, .alert-danger"
_BARE = 300  # the most visible characters of a page that is only a message
_SMALL = 20_000  # characters of source; a larger page with a captcha holds this word
_SHORT = 1200  # the most visible characters of a challenge page


def is_challenge(tree: PageTree) -> bool:
    """Return True if a page only sets a cookie and reloads itself, or comes from a protection service."""
    source = tree.source
    if any(tree.mentions(sign) for sign in CHALLENGES) or (tree.mentions("d1n=") and _COOKIE.search(source)):
        return True
    if tree.title.casefold().startswith("just a moment"):
        return True
    return len(source) < 4000 and _SETS_COOKIE.search(source) is not None and _RELOADS.search(source) is not None


def is_bare_captcha(tree: PageTree) -> bool:
    """Return True if a nearly empty page makes its reader prove to be human ("Nhập mã xác nhận")."""
    if (len(tree.source) > _SMALL and not tree.mentions("captcha")) or tree.shows_much:
        return False
    return len(tree.shown) < _SHORT and _BARE_DEMANDS.search(fold(tree.shown)) is not None


def is_firewall(tree: PageTree) -> bool:
    """Return True if a nearly empty page says that a firewall rejected the request."""
    return not tree.shows_much and len(tree.shown) < _SHORT and _FIREWALL.search(fold(tree.shown)) is not None


def is_framed_captcha(tree: PageTree) -> bool:
    """Return True if a page shows its frame, and instead of its content makes the reader prove to be human."""
    if not tree.mentions("captcha"):
        return False
    elements = tree.css("td, p, div, span, h1, h2, h3, label")
    return any(_FRAMED_DEMANDS.search(fold(clean(text))) for element in elements if 20 < len(text := element.text(deep=False) or "") < 300)


def is_not_found(tree: PageTree, patterns: tuple[re.Pattern[str], ...]) -> bool:
    """Return True if the title or the first heading of a page says "not found". `patterns`: those of the platform, for the title."""
    if any(pattern.search(tree.title) for pattern in patterns):
        return True
    if _says_not_found(tree.title):
        return True
    first = tree.first(_HEADINGS)
    return first is not None and _says_not_found(clean(first.text()))


def is_bare_not_found(tree: PageTree) -> bool:
    """Return True if one of the first headings of a nearly empty page says "not found" ("Không tìm thấy trang")."""
    headings = tree.css(_HEADINGS)[:4]
    return any(_says_not_found(clean(heading.text())) for heading in headings) and not (tree.shows_much or len(tree.shown) > _BARE)


_GONE = re.compile(
    r"\W*(?:(?:xin loi|rat tiec|thong bao)\W+)?(?:bai viet|bai|tin(?: tuc| bai)?|ban tin|noi dung|trang|thong tin)\b.{0,60}?"
    r"\b(?:khong (?:con )?ton tai|khong (?:duoc )?tim thay|(?:da )?bi (?:xoa|go bo))\b"
)
_GONE_WORDS = ("tồn tại", "tìm thấy", "bị xóa", "bị xoá", "bị gỡ")
_LONGEST_MESSAGE = 200  # characters; a longer line is a paragraph


# An article for members: "Bạn không có quyền xem tin này", "Vui lòng đăng nhập để xem nội dung".
_MEMBERS = re.compile(
    r".{0,40}\bkhong (?:co|du) quyen (?:xem|doc|truy cap)\b|.{0,40}\bdang nhap\b.{0,40}\b(?:de|moi co the|moi duoc) (?:xem|doc|truy cap)\b"
    r"|.{0,20}\bnot authori[sz]ed to (?:view|access)\b"
)
_MEMBERS_WORDS = ("quyền", "đăng nhập", "Đăng nhập", "authori")


def reason_without_article(tree: PageTree, *, is_named: bool) -> str | None:
    """Return the reason why a page shows no article, if one of its lines says it, else None.

    "soft-404": it is gone ("Bài viết không tồn tại hoặc đã bị xóa"). "login": it is for members, which only counts if the URL is that of an
    article (`is_named`), because a list may say it of its comments.
    """
    if _has_line(tree, _GONE_WORDS, _GONE):
        return "soft-404"
    return "login" if is_named and _has_line(tree, _MEMBERS_WORDS, _MEMBERS) else None


def _has_line(tree: PageTree, words: tuple[str, ...], pattern: re.Pattern[str]) -> bool:
    """Return True if a pattern matches a short line of a page. `words`: one of them is in every such line."""
    source = tree.source
    if not any(word in source for word in words):
        return False
    for element in tree.css("p, div, span, td, h1, h2, h3, h4, b, strong, font, center"):
        text = element.text(deep=False) or ""
        if len(text) <= _LONGEST_MESSAGE and any(word in text for word in words) and pattern.match(fold(clean(text))) is not None:
            return True
    return False


def _says_not_found(heading: str) -> bool:
    small = heading[:200].lower()
    return any(word in small for word in _NOT_FOUND_WORDS) and _NOT_FOUND.search(fold(small)) is not None


_LOGIN_URL = re.compile(r"(?:login|log-in|signin|sign-in|dang-?nhap)(?:\.\w+)?/?$", re.IGNORECASE)


def is_login(tree: PageTree) -> bool:
    """Return True if the main content of a page is a form with a password field."""
    if tree.first("input[type=password]") is None:
        return False
    return is_named_login(tree) or not tree.shows_much


def is_named_login(tree: PageTree) -> bool:
    """Return True if a page has a password field, and its URL or title says that it is a log-in page ("Đăng nhập")."""
    if tree.first("input[type=password]") is None:
        return False
    if _LOGIN_URL.search(urlsplit(tree.url).path):
        return True
    return re.match(r"(dang nhap|login|sign in|user log ?in)\b", fold(tree.title)) is not None
