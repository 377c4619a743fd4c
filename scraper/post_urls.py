"""URLs of answers to POST requests: the URL of the request with its fields in the query, as pywb and cdxj-indexer write it. Pure.

The answer to `__doPostBack('ctl00$pager','2')` on `/tin.aspx` gets the URL
`/tin.aspx?__wb_method=POST&__EVENTTARGET=ctl00$pager&...`. So it differs from the page itself, and is the same every night, because
fields whose value changes with each response are left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, quote, urlencode

from scraper.model import Form, Link

_MARK = re.compile(r"[?&]__wb_method=(?:POST|GET)&?")
# Fields that the server makes new for each response: the state of ASP.NET pages, and tokens against forged requests.
_STATE = re.compile(
    r"__(?:VIEWSTATE\w*|EVENTVALIDATION|PREVIOUSPAGE|LASTFOCUS|SCROLLPOSITION[XY]|ASYNCPOST|REQUESTVERIFICATIONTOKEN|VSTATE|COMPRESSEDVIEWSTATE)"
    r"|.*(?:csrf|xsrf|nonce|authenticity).*|_?token|p_auth",
    re.IGNORECASE,
)
_PAGE = "__wb_page"  # the number of the page, if the fields do not state it
_LONGEST = 1000  # characters of the fields; longer ones are replaced by their digest
_MOST_FIELDS = 100
_LAST_NUMBER = re.compile(r"(\d{1,6})\D*$")


def post_url(url: str, fields: Sequence[tuple[str, str]], page: int | None = None) -> str:
    """Return the URL under which the answer to a POST request is stored.

    `fields`: what is sent. `page`: the number of the page that the request leads to; it is added unless `__EVENTARGUMENT` ends with it.

    >>> post_url("http://so.vn/tin.aspx?c=5", [("__EVENTTARGET", "ctl00$gv"), ("__EVENTARGUMENT", "Page$2"), ("__VIEWSTATE", "dDwtM")], 2)
    'http://so.vn/tin.aspx?c=5&__wb_method=POST&__EVENTTARGET=ctl00$gv&__EVENTARGUMENT=Page$2'
    """
    stable = [(name, value) for name, value in fields[:_MOST_FIELDS] if not is_state(name)]
    if page is not None and _number_in(stable) != page:
        stable.append((_PAGE, str(page)))
    query = urlencode(stable, safe="$", quote_via=quote)
    if len(query) > _LONGEST:
        query = f"__wb_digest={hashlib.sha1(query.encode(), usedforsecurity=False).hexdigest()}"
    return f"{url}{'&' if '?' in url else '?'}__wb_method=POST&{query}"


def exact_post_url(url: str, fields: Sequence[tuple[str, str]]) -> str:
    """Return a URL for a POST request with the digest of all its fields, also of those that `post_url` leaves out, in any order."""
    sent = urlencode(sorted(fields))
    return with_method_query(url, f"__wb_method=POST&__wb_digest={hashlib.sha1(sent.encode(), usedforsecurity=False).hexdigest()}")


def url_of(link: Link) -> str:
    """Return the URL under which the answer to a link is stored: its own, or for a link that is sent by POST, the one with its fields."""
    return link.url if link.form is None else post_url(link.url, link.form.fields, link.form.page)


def is_state(name: str) -> bool:
    """Return True if the value of a field changes with each response, so that it says nothing about what the answer is."""
    return _STATE.fullmatch(name) is not None


def is_post_url(url: str) -> bool:
    """Return True if a URL is one that `post_url` returned, or that of the page to which a form redirected."""
    return "__wb_method=" in url and _MARK.search(url) is not None


def requested_url(url: str) -> str:
    """Return the URL to which a POST request was sent. Other URLs are returned unchanged.

    >>> requested_url("http://so.vn/tin.aspx?c=5&__wb_method=POST&page=2"), requested_url("http://so.vn/?c=5")
    ('http://so.vn/tin.aspx?c=5', 'http://so.vn/?c=5')
    """
    match = _MARK.search(url) if "__wb_method" in url else None
    return url[: match.start()] if match is not None else url


def method_query(url: str) -> str | None:
    """Return the part of such a URL that states the method and the fields; None for another URL."""
    match = _MARK.search(url) if "__wb_method" in url else None
    return url[match.start() + 1 :] if match is not None else None


def with_method_query(url: str, query: str) -> str:
    """Return the URL of an answer from the URL of its request and the result of `method_query`."""
    return f"{url}{'&' if '?' in url else '?'}{query}"


def form_of(url: str) -> Form | None:
    """Return the fields of such a URL and the number of its page; None for another URL, or one with a digest instead of its fields."""
    match = _MARK.search(url) if "__wb_method" in url else None
    if match is None:
        return None
    fields = parse_qsl(url[match.end() :], keep_blank_values=True)
    if any(name == "__wb_digest" for name, _ in fields):
        return None
    page = next((int(value) for name, value in fields if name == _PAGE and value.isdecimal()), None)
    rest = tuple((name, value) for name, value in fields if name != _PAGE)
    return Form(rest, with_page=any(name == "__EVENTTARGET" for name, _ in rest), page=page if page is not None else _number_in(rest))


def _number_in(fields: Sequence[tuple[str, str]]) -> int | None:
    argument = next((value for name, value in fields if name == "__EVENTARGUMENT"), "")
    match = _LAST_NUMBER.search(argument)
    return int(match[1]) if match is not None else None
