"""Turns a JSON answer that holds a list of articles into HTML: its parts of HTML, and a link for each entry with a URL. Pure.

`{"d": "<div>...</div>"}` of an ASP.NET page, `{"html": "...", "more": true}` of a "Xem thêm" button, and
`{"data": [{"title": "...", "url": "/tin/a-12.html", "date": "14/05/2012"}]}` of a portal's own service.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from scraper.parse.fields.written_dates import VIETNAM

_URL_KEY = re.compile(
    r"(?:\w*_)?(?:url|link|href|permalink|detail_?url|news_?url|url_?detail|full_?url|link_?detail|alias_?url|canonical|path|slug_?url|duong_?dan|file_?ref|encoded_?abs_?url)",
    re.IGNORECASE,
)
_TITLE_KEY = re.compile(r"(?:\w*_)?(?:title|tieu_?de|headline|subject|name|ten|ten_?(?:tin|bai)|caption)", re.IGNORECASE)
_DATE_KEY = re.compile(r"\w*(?:date|ngay|time|published?_?(?:at|on)?|created?_?(?:at|on)?)\w*", re.IGNORECASE)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|svg|webp|pdf|docx?|xlsx?|mp[34]|css|js)(?:\?|$)", re.IGNORECASE)
_IS_HTML = re.compile(r"<a\s[^<>]*href|<(?:div|li|article|h\d)\b", re.IGNORECASE)
_MOST_VALUES = 200_000
_LARGEST = 10 * 1024 * 1024  # bytes
_LONGEST_TEXT = 5_000  # characters of a URL, a title or a date; the longest title of 2,000 real articles has 410
# Unix times, in seconds: of 1997, before which no site is, of 2100, and the least that must be milliseconds.
_FIRST_DAY, _LAST_DAY, _MILLISECONDS = 852_076_800, 4_102_444_800, 100_000_000_000
_DEEPEST_TEXT = 2  # JSON inside a string of JSON: ASP.NET services send {"d": "[{...}]"}


def is_json(body: bytes, content_type: str) -> bool:
    """Return True if a body can be JSON with a list: it says so, or begins like it."""
    head = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head[:1] in (b"{", b"[") and ("json" in content_type or "text" in content_type or not content_type)


def html_of_json(body: bytes) -> str | None:
    """Return the HTML for a JSON answer; None if it is not JSON, or names no URL and holds no HTML."""
    return html_of_values([_loaded(body.decode("utf-8-sig", "replace")) if len(body) <= _LARGEST else None])


def is_end_of_list(body: bytes) -> bool:
    """Return True if a JSON answer is an empty list, or holds one and no entry: what a "Xem thêm" button gets after the last article.

    >>> [is_end_of_list(body) for body in (b"[]", b'{"ok": 1, "data": {"items": []}}', b'{"html": "", "more": false}')]
    [True, True, True]
    >>> [is_end_of_list(body) for body in (b"{}", b'{"message": "Unauthorized"}', b'{"tags": [], "items": [{"id": 7}]}')]
    [False, False, False]
    """
    waiting, is_empty = [_loaded(body.decode("utf-8-sig", "replace")) if len(body) <= _LARGEST else None], False
    for value in waiting:  # grows
        if isinstance(value, list) and value:
            return False
        is_empty |= value in ([], "")
        waiting += list(value.values()) if isinstance(value, Mapping) else []
    return is_empty


def html_of_values(values: Iterable[object]) -> str | None:
    """Return the HTML for values of JSON; None if they name no URL and hold no HTML."""
    parts, left = list[str](), _LARGEST
    for part in (part for value in values if isinstance(value, dict | list) for part in _parts(value)):
        left -= len(part)
        if left < 0:  # the data of a script may refer to one long text many times
            break
        parts.append(part)
    return f"<div class='json'>{''.join(parts)}</div>" if parts else None


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _parts(root: object) -> Iterator[str]:
    """Yield the HTML of each value, in the order of the answer."""
    waiting: list[tuple[object, int]] = [(root, 0)]
    long: set[str] = set()  # those that were looked at
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        value, depth = waiting.pop()
        if isinstance(value, Mapping):
            entry = _entry(value)
            if entry is not None:
                yield entry
            else:
                waiting += [(one, depth) for one in reversed(list(value.values())) if isinstance(one, str | dict | list)]
        elif isinstance(value, list):
            waiting += [(one, depth) for one in reversed(value) if isinstance(one, str | dict | list)]
        elif isinstance(value, str):
            if len(value) > _LONGEST_TEXT:
                if value in long:
                    continue
                long.add(value)
            if _IS_HTML.search(value):
                yield value
            elif depth < _DEEPEST_TEXT and value.lstrip()[:1] in ("{", "["):
                waiting.append((_loaded(value), depth + 1))


def _entry(value: Mapping[str, object]) -> str | None:
    """Return the link of an entry with a URL and a title, and its date; None if an object is not an entry."""
    url = next((text for key, one in value.items() if _URL_KEY.fullmatch(key) and (text := _text(one)) and _is_url(text)), None)
    titles = [text for key, one in value.items() if _TITLE_KEY.fullmatch(key) and (text := _text(one))]
    if url is None or not titles:
        return None
    title = max(titles, key=len)
    day = next((text for key, one in value.items() if _DATE_KEY.fullmatch(key) and (text := _day(one)) and any(map(str.isdigit, text))), "")
    return f"<li><a href='{html.escape(url)}'>{html.escape(title)}</a> <span class='date'>{html.escape(day[:40])}</span></li>"


def _text(value: object) -> str:
    """Return a text, also the one that WordPress wraps: {"rendered": "..."}."""
    if isinstance(value, Mapping):
        value = value.get("rendered")
    return html.unescape(value).strip() if isinstance(value, str) and len(value) <= _LONGEST_TEXT else ""


def _day(value: object) -> str:
    """Return a date as it is written. A Unix time, in seconds or milliseconds, becomes a day in Vietnam."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return _text(value)
    if not 0 < value < _LAST_DAY * 1000:
        return ""
    seconds = value / 1000 if value >= _MILLISECONDS else value
    return f"{datetime.fromtimestamp(seconds, VIETNAM):%d/%m/%Y}" if _FIRST_DAY <= seconds < _LAST_DAY else ""


def _is_url(text: str) -> bool:
    if len(text) > 2000 or re.search(r"\s", text) or _FILE.search(text):
        return False
    return text.startswith(("/", "http://", "https://", "?")) or re.search(r"/|\.(?:html?|aspx?|php|jsp)\b", text) is not None
