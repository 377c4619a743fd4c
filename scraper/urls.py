"""Functions on URLs that need no request. Pure. A URL that a site writes may be malformed; no function here raises for it."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

# Names of session ids. `sid` and `s` are also names of ordinary numbers, so their value must look like a token.
_SESSION_NAME = r"(?:phpsessid|jsessionid|aspsessionid\w*|sessionid|session_id|sessid|oscsid|zenid|cfid|cftoken)"
_SHORT_TOKEN = r"(?=[0-9a-z]*\d)(?=[0-9a-z]*[a-z])[0-9a-z]{8,128}"
_TOKEN = r"(?=[0-9a-z]*\d)(?=[0-9a-z]*[a-z])[0-9a-z]{16,128}"
_SESSION = rf"(?:{_SESSION_NAME}=[^&;#]*|(?:sid={_SHORT_TOKEN}|s={_TOKEN})(?=[&;#]|$))"
_LATER_IN_QUERY = re.compile(rf"[&;]{_SESSION}", re.IGNORECASE)
_FIRST_IN_QUERY = re.compile(rf"^{_SESSION}[&;]?", re.IGNORECASE)
_IN_PATH = re.compile(rf";(?:{_SESSION_NAME}|sid)=[^/?#;]*", re.IGNORECASE)
# ASP.NET without cookies writes the session into the path: /(S(lit3py55t21z5v55vlm25s55))/tin.aspx
_ASP_SESSION = re.compile(r"(?<=/)\([SAF]\([0-9a-z]{20,32}\)\)/", re.IGNORECASE)
# Parameters by which Google, Facebook, Instagram, Zalo, Microsoft and Mailchimp see where a link was shared.
TRACKING = r"utm_\w+|fbclid|gclid|gbraid|wbraid|zarsrc|_ga|_gl|mc_[ce]id|msclkid|igshid"
_BREAKS = re.compile(r"[\t\n\r]")
_LONGEST = 8192  # characters; no server takes a longer line of a request (RFC 9112 recommends 8,000)
_USUAL_PORTS = {"http": ":80", "https": ":443"}
# Every session id above contains one of these, in small letters; most URLs contain none.
_SESSION_SIGNS = ("sess", "sid=", "zenid", "cfid", "cftoken", "s=", "/(")
# Page numbers in the URLs of a list or a long article. Names that may also be names of ids are left out: `?p=12` may be an article.
_PAGE = (
    re.compile(r"(?<=[?&])(?:page|trang|pageno|pageindex)=(\d{1,3})(?:&|$)", re.IGNORECASE),
    re.compile(r"[/_.-](?:page|trang)[/_.-](\d{1,3})(?=/?$|\.\w{2,5}$|/?\?)", re.IGNORECASE),
)


@lru_cache(maxsize=16384)
def host_of(url: str) -> str | None:
    """Returns the host of a URL with its port, in lower case. The usual port of the scheme is left out. Returns None if the URL is
    malformed, longer than any server takes, or not http(s).

    >>> host_of("https://SoTTTT.nghean.gov.vn:8080/tin.html"), host_of("http://[bad/"), host_of("mailto:a@example.vn")
    ('sotttt.nghean.gov.vn:8080', None, None)
    >>> host_of("http://sotttt.nghean.gov.vn:80/"), host_of("https://sotttt.nghean.gov.vn:80/")
    ('sotttt.nghean.gov.vn', 'sotttt.nghean.gov.vn:80')
    """
    if len(url) > _LONGEST:
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises if the port is not a number
    except ValueError:
        return None
    if parts.scheme not in _USUAL_PORTS:
        return None
    return parts.netloc.lower().removesuffix(_USUAL_PORTS[parts.scheme]) or None


@lru_cache(maxsize=16384)
def at_listed_host(url: str, hosts: tuple[str, ...]) -> str | None:
    """Returns the URL as it is requested if it belongs to one of the listed hosts, else None.

    `www.so.gov.vn` and `so.gov.vn` are one site nearly everywhere, and its pages link to both. If only one of them is listed, the page is
    requested there, so that no request goes to a host that is not listed.

    >>> at_listed_host("http://www.so.gov.vn:80/tin", ("so.gov.vn",)), at_listed_host("http://khac.gov.vn/tin", ("so.gov.vn",))
    ('http://so.gov.vn/tin', None)
    """
    host = host_of(url)
    if host is None:
        return None
    listed = host
    if host not in hosts:
        listed = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
        if listed not in hosts:
            return None
    parts = urlsplit(url)
    return url if parts.netloc == listed else urlunsplit(parts._replace(netloc=listed))


def is_home(url: str) -> bool:
    """Returns whether a URL is that of a home page: it has no path."""
    return urlsplit(url).path in ("", "/")


def is_under(url: str, path: str) -> bool:
    """Returns whether the path of a URL is under `path`, which begins and ends with a slash. "/" includes every URL.

    Case does not count: SharePoint and other sites on Windows serve both spellings. "." and ".." are resolved as a server does it.

    >>> is_under("https://lamdong.gov.vn/sites/STTTT/Pages/tin.aspx", "/sites/stttt/"), is_under("https://a.vn/stttt/../skhcn/", "/stttt/")
    (True, False)
    """
    if path == "/":
        return True
    try:
        written = unquote(urlsplit(without_session(url)).path)
    except ValueError:
        return False
    return f"{posixpath.normpath(written)}/".lower().startswith(path.lower())


def as_requested(written: str) -> str:
    """Returns a URL that is written on a page with its spaces as browsers request them (WHATWG URL, 4.4): each one as %20. Tabs and breaks
    are left out. A file name may have two spaces, or one that does not break.

    >>> as_requested("QD  12.pdf"), as_requested("/tin-tuc/\\n12.html")
    ('QD%20%2012.pdf', '/tin-tuc/12.html')
    """
    return _BREAKS.sub("", written).replace(" ", "%20")


def absolute(base: str, written: str) -> str | None:
    """Returns the absolute form of a URL written on a page or in a feed at `base`, without its fragment.
    Returns None if it is not a web URL.

    >>> absolute("https://mic.gov.vn/tin/a.html", "../van ban.doc#top"), absolute("https://mic.gov.vn/", "javascript:void(0)")
    ('https://mic.gov.vn/van%20ban.doc', None)
    """
    try:
        url = urljoin(base, as_requested(written.strip()))
    except ValueError:
        return None
    return url.partition("#")[0] if host_of(url) else None


def without_session(url: str) -> str:
    """Returns the URL without session ids. All else stays unchanged.

    >>> without_session("http://mic.gov.vn/(S(lit3py55t21z5v55vlm25s55))/tin.aspx;jsessionid=0A1B?id=5&sid=abc12345")
    'http://mic.gov.vn/tin.aspx?id=5'
    """
    small = url.lower()
    if not any(map(small.__contains__, _SESSION_SIGNS)):
        return url
    path, _, query = url.partition("?")
    path = _ASP_SESSION.sub("", _IN_PATH.sub("", path))
    query = _FIRST_IN_QUERY.sub("", _LATER_IN_QUERY.sub("", query))
    return f"{path}?{query}" if query else path


def asp_session(url: str) -> str | None:
    """Returns the part of a URL up to the session in its path; None if it has none there.

    >>> asp_session("http://mic.gov.vn/(S(lit3py55t21z5v55vlm25s55))/tin.aspx")
    'http://mic.gov.vn/(S(lit3py55t21z5v55vlm25s55))/'
    """
    match = _ASP_SESSION.search(url.partition("?")[0])
    return url[: match.end()] if match is not None else None


def with_asp_session(url: str, session: str) -> str:
    """Returns the URL with a session that `asp_session` returned; unchanged if it is on another host or outside the program's folder.

    >>> with_asp_session("http://mic.gov.vn/tin.aspx?id=5", "http://mic.gov.vn/(S(lit3py55t21z5v55vlm25s55))/")
    'http://mic.gov.vn/(S(lit3py55t21z5v55vlm25s55))/tin.aspx?id=5'
    """
    folder = without_session(session)
    return session + url[len(folder) :] if url.startswith(folder) else url


def other_scheme(url: str) -> str:
    """Returns the URL with https instead of http, or http instead of https: a site that moves to https keeps its articles. Other texts do
    not change."""
    if url.startswith("https://"):
        return f"http://{url[8:]}"
    return f"https://{url[7:]}" if url.startswith("http://") else url


def without_scheme(url: str) -> str:
    """Returns the URL without `http://` or `https://`. Other texts do not change."""
    return url.partition("://")[2] if url.startswith(("http://", "https://")) else url


def first_page(url: str) -> str | None:
    """Returns the URL of the first page of a list or a long article for that of a later page, else None.

    >>> first_page("https://mic.gov.vn/tin-12.html?trang=2"), first_page("https://mic.gov.vn/tin-12-trang-2.html")
    ('https://mic.gov.vn/tin-12.html', 'https://mic.gov.vn/tin-12.html')
    >>> first_page("https://mic.gov.vn/tin-12.html?trang=1")
    """
    for pattern in _PAGE:
        match = pattern.search(url)
        if match is not None and int(match[1]) > 1:
            return (url[: match.start()] + url[match.end() :]).rstrip("/?&")
    return None
