"""Recognises pages that only send their reader to another page: `<meta http-equiv=refresh>`, a script that sets `location`, a frameset. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.parse.tree.page_tree import PageTree

_LONGEST_WAIT = 10  # seconds; a page that waits longer is read first, and one that reloads itself every few minutes does not redirect
_BARE = 300  # the most visible characters of a page that only redirects by a script ("Đang chuyển đến trang chủ ...")
_FEW_LINKS = 10  # the most links of such a page
_LONGEST_SCRIPT = 4000  # characters of a script that is searched; a bound against hostile input
_MOST_FRAMES = 12  # a bound against hostile input
_REFRESH = re.compile(r"\s*(\d+)(?:\.\d*)?\s*[;,]?\s*(?:url\s*=\s*)?['\"]?\s*([^'\"\s]*)", re.IGNORECASE)
_SETS_LOCATION = re.compile(
    r"(?:^|[\s;{(.=\"'])location(?:\.href)?\s*=\s*['\"]([^'\"\s]{1,500})['\"]|location\.(?:replace|assign)\s*\(\s*['\"]([^'\"\s]{1,500})['\"]"
)
# "var url = '/portal'; location = url" and "setTimeout('location.href=\\'/portal\\'', 2000)".
_SETS_BY_NAME = re.compile(
    r"(?:^|[\s;{(.])location(?:\.href)?\s*=\s*([A-Za-z_$][\w$]{0,30})\s*(?:;|$|\})|location\.(?:replace|assign)\s*\(\s*([A-Za-z_$][\w$]{0,30})\s*\)"
)
_CONDITION = re.compile(r"\bif\s*\(")  # "if (screen.width < 700) location = ..." sends only some readers elsewhere


def redirect_target(tree: PageTree) -> str | None:
    """Return the absolute URL to which a page sends its reader at once, on any host; None for any other page."""
    for url in (*_refreshes(tree), *_scripts(tree)):
        if url is not None and _page_of(url) != _page_of(tree.url):
            return url
    return None


def frames(tree: PageTree, *, is_home: bool) -> list[str]:
    """Return the URLs of the frames of a page without a text of its own: a frameset, or a home page that is only an `<iframe>`."""
    css = "frame[src]" if tree.mentions("<frameset") else "iframe[src]" if is_home and tree.mentions("<iframe") and _is_bare(tree) else ""
    urls = [tree.link(node, "src") for node in tree.css(css)[:_MOST_FRAMES]] if css else []
    return [url for url in dict.fromkeys(urls) if url is not None and _page_of(url) != _page_of(tree.url)]


def _refreshes(tree: PageTree) -> Iterator[str | None]:
    if not tree.mentions("refresh"):
        return
    for node in tree.css("meta[http-equiv=refresh i][content]"):
        match = _REFRESH.match(node.attributes.get("content") or "")
        if match is not None and match[2] and int(match[1][:4]) <= _LONGEST_WAIT and not _is_for_readers_without_script(node):
            yield tree.absolute(match[2])


def _is_for_readers_without_script(node: LexborNode) -> bool:
    return node.parent is not None and node.parent.tag == "noscript"


def _scripts(tree: PageTree) -> Iterator[str | None]:
    if not tree.mentions("location") or not _is_bare(tree):
        return
    body = tree.parsed.body
    onload = (body.attributes.get("onload") or "") if body is not None else ""
    for script in (onload, *(node.text() or "" for node in tree.css("script:not([src])"))):
        script = script[:_LONGEST_SCRIPT].replace("\\'", "'").replace('\\"', '"')
        match = _SETS_LOCATION.search(script)
        if match is not None and not _CONDITION.search(script[: match.start()]):
            yield tree.absolute(match[1] or match[2])
        elif (named := _SETS_BY_NAME.search(script)) is not None and not _CONDITION.search(script[: named.start()]):
            yield _of_variable(tree, script[: named.start()], named[1] or named[2])


def _of_variable(tree: PageTree, script: str, name: str) -> str | None:
    """Return the absolute URL that a script puts into a variable: `var url = "/portal/home";`; None if it puts something else there."""
    match = re.search(rf"(?<![\w$.]){re.escape(name)}\s*=\s*['\"]([^'\"\s]{{1,500}})['\"]\s*(?:;|,|$)", script)
    return tree.absolute(match[1]) if match is not None and re.match(r"https?://|/|\?|[\w-]+(?:/|\.\w)", match[1]) else None


def _is_bare(tree: PageTree) -> bool:
    at = -1
    for _ in range(_FEW_LINKS + 1):  # most pages have more, so not all are counted
        at = tree.encoded.find(b"<a ", at + 1)
        if at < 0:
            return len(tree.shown) <= _BARE
    return False


def _page_of(url: str) -> tuple[str, str, str]:
    """Return host, path and query, which are equal for a page and a link to itself."""
    parts = urlsplit(url)
    return parts.netloc.lower(), parts.path or "/", parts.query
