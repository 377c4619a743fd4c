"""The versions of a page in an index: captures in a row with the same bytes are one version, and any of them can stand for it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from scraper.urls import without_session
from scraper.warc.versions import url_key
from scraper.webarchives.answers import IndexedCapture

PAGE_TYPES = ("text/html", "application/xhtml+xml", "warc/revisit", "unk", "-", "")  # a revisit is a record without a body of its own
_REDIRECTS = (301, 302, 303, 307, 308)
_RESOURCES = (
    *(".css", ".js", ".json", ".png", ".jpg", ".jpeg", ".gif", ".ico", ".svg", ".webp", ".bmp", ".swf", ".flv", ".mp3", ".mp4"),
    *(".woff", ".ttf", ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".zip", ".rar"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(IndexedCapture):
    """A capture that an index lists, as the archive knows it. `number`: its row. `tried`: when it could not be played, and `reason` why."""

    number: int
    state: str = "listed"
    reason: str | None = None
    tried: datetime | None = None

    @property
    def is_good(self) -> bool:
        """Whether its page answered as it should: status 200, or a revisit, which states none."""
        return self.status in (0, 200)

    @property
    def is_redirect(self) -> bool:
        """Whether it leads to another URL."""
        return self.status in _REDIRECTS


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a page. `captures`: those that have its bytes, from the earliest."""

    captures: tuple[Listed, ...]

    @property
    def at(self) -> datetime:
        """When it was captured first."""
        return self.captures[0].at


def page_key(url: str) -> str:
    """Returns a key that all spellings of a URL in an index have in common: with or without session, `www.`, `:80` or `:443`.

    >>> page_key("http://www.mic.gov.vn:80/a.asp?b=2&a=1"), page_key("https://mic.gov.vn/a.asp;jsessionid=0A1B?a=1&b=2")
    ('mic.gov.vn/a.asp?a=1&b=2', 'mic.gov.vn/a.asp?a=1&b=2')
    """
    host, slash, path = url_key(without_session(url)).partition("/")
    return f"{bare_host(host)}{slash}{path}"


def bare_host(host: str) -> str:
    """Returns a host without `www.` and without the port 80 or 443: web archives list both spellings under one key."""
    return host.lower().removesuffix(":80").removesuffix(":443").removeprefix("www.")


def left_out(status: int, url: str) -> str | None:
    """Returns why a capture is never requested, or None if it may be: `not-a-page` or `error-status`."""
    if urlsplit(url).path.lower().endswith(_RESOURCES):
        return "not-a-page"
    return None if status in (0, 200, *_REDIRECTS) else "error-status"


def versions_of(captures: Iterable[Listed]) -> list[Version]:
    """Returns the versions of a page, from the earliest.

    They are its good captures. If it has none, they are those that lead to another URL: a redirect may say where an article went.
    """
    ordered = sorted(captures, key=lambda one: (one.at, one.number))
    chosen = [one for one in ordered if one.is_good] or [one for one in ordered if one.is_redirect]
    found: list[list[Listed]] = []
    for one in chosen:
        if found and one.digest and found[-1][0].digest == one.digest:
            found[-1].append(one)
        else:
            found.append([one])
    return [Version(tuple(group)) for group in found]


def wanted(versions: Sequence[Version], first: datetime, last: datetime) -> list[Version]:
    """Returns the versions that a back-fill of a time requests. A version of which an earlier capture was kept by another back-fill is not
    one; if it kept a later capture, the earlier one is still wanted, because it says since when the page was so.
    """
    found = []
    for version in versions:
        inside = tuple(one for one in version.captures if first <= one.at <= last)
        if inside and not any(one.state == "kept" and one.at < first for one in version.captures):
            found.append(Version(inside))
    return found
