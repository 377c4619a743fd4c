"""Finds the feeds and sitemaps that a list page announces, and the reasons why some of its articles cannot be reached. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.model import Failure, Link, LinkRole
from scraper.parse.discover.feeds import other_hosts
from scraper.parse.discover.pager_widgets import is_ignored
from scraper.parse.discover.pagers import LATER, SYMBOLS
from scraper.parse.tree.page_tree import PageTree, text_of
from scraper.platforms import PLAIN
from scraper.platforms.kit import Platform
from scraper.post_urls import is_post_url
from scraper.text import fold
from scraper.urls import host_of

_FEED_TYPE = re.compile(r"\b(?:rss|atom|rdf)\b|feed\+json", re.IGNORECASE)
_PROGRAM = r"\.(?:aspx?|php|jsp)\?\S*="  # /rss.aspx?id=5, /Utilities/RSSDetail.aspx?CID=563, /rss/Pages/index.aspx?ItemID=54
_FEED_URL = re.compile(
    rf"\.rss$|(?:^|/)(?:rss|feed|atom)[^/?]*\.(?:xml|ashx)$|(?:^|/)(?:rss|feeds?)/[^?]*\.xml$|(?:^|/)rss(?:\w*|/[^?]*){_PROGRAM}",
    re.IGNORECASE,
)
_IN_FEED_URLS = ("rss", "feed", "atom")
_MOST_FEEDS = 40  # on one page; a portal has one for each section
_COMMENTS = re.compile(r"comment|binh-?luan|phan-?hoi", re.IGNORECASE)
_FEWEST_SLASHES = 2  # in the path of a link that has the form of an article: "/bai-viet.html" is a form of many sites
_FEWEST_LINKS = 3  # the fewest links to one other host that make a list page without articles of this site a list of that host
_MOST_NUMBERS = 20  # links of one pager; a calendar has 28 or more, and its days are postbacks too
_MORE_NEWS = frozenset(["xem them", "xem tiep", "tai them", "load more"])
_MARKS_OF_SCRIPTS = (b"javascript:", b"onclick", b"__VIEWSTATE")
_CLICKED = "a[href], a[onclick], button[onclick], input[type=submit i], input[type=button i][onclick]"
_POSTBACK = re.compile(r"DoPostBack", re.IGNORECASE)
_CALL = re.compile(r"\w\s*\(")
_NOWHERE = re.compile(r"#|\s*javascript\s*:", re.IGNORECASE)
_SCRIPT = re.compile(r"\s*javascript\s*:(?!\s*(?:void\b|;|//|$))", re.IGNORECASE)


def announced(tree: PageTree, hosts: Collection[str]) -> tuple[Link, ...]:
    """Return the feeds and sitemaps that a page announces, each once, without those of comments.

    A feed is announced in the head (`<link rel=alternate type=application/rss+xml>`), or by a link with the URL of a feed.
    """
    links: dict[str, Link] = {}
    for node in tree.css("link[rel][href]"):
        role = _role_in_head(node)
        url = tree.link(node) if role is not None else None
        if role is not None and url is not None and host_of(url) in hosts and not _COMMENTS.search(_named(node, url)):
            links.setdefault(url, Link(url, role))
    for node in tree.css("a[href]") if any(map(tree.mentions, _IN_FEED_URLS)) else ():
        url = tree.link(node) if _FEED_URL.search(node.attributes.get("href") or "") else None
        if url is not None and host_of(url) in hosts and not _COMMENTS.search(_named(node, url)) and len(links) < _MOST_FEEDS:
            links.setdefault(url, Link(url, LinkRole.FEED))
    return tuple(links.values())


def _role_in_head(node: LexborNode) -> LinkRole | None:
    """Return the role of the target of a `<link>`: a feed, a sitemap, or None. Old sites give a feed the type text/xml."""
    attributes = node.attributes
    relations = (attributes.get("rel") or "").lower().split()
    kind = (attributes.get("type") or "").strip().lower()
    if "alternate" in relations and (_FEED_TYPE.search(kind) or kind in ("text/xml", "application/xml")):
        return LinkRole.FEED
    return LinkRole.SITEMAP if "sitemap" in relations else None


def _named(node: LexborNode, url: str) -> str:
    return f"{url} {node.attributes.get('title') or ''}"


def faults(tree: PageTree, platform: Platform, hosts: Sequence[str], links: Sequence[Link]) -> tuple[Failure, ...]:
    """Return the reasons why a list page leads to fewer articles than it shows.

    Its `<base>` or its links belong to another host, or its pager is a script or a postback.
    """
    return (*_of_base(tree), *_of_hosts(tree, platform, hosts, links), *_of_pager(tree, links))


def _of_base(tree: PageTree) -> Iterator[Failure]:
    if tree.bad_base is not None:
        detail = f"<base href={tree.bad_base[:200]!r}> is not a URL; the links of the page are read as relative to the page"
        yield Failure("discover", "bad-url", tree.stored_url, detail)


def _of_hosts(tree: PageTree, platform: Platform, hosts: Sequence[str], links: Sequence[Link]) -> Iterator[Failure]:
    """Yield a failure for links to other hosts. A `<base>` of another host moves all relative links; without one, some are normal.

    If the page has articles of this site, only links of the same form count: the site has, or had, another name.
    """
    base = host_of(tree.base)
    moved = base is not None and base not in hosts
    own = set() if moved else {_form(link.url) for link in links if link.role is LinkRole.ARTICLE}
    found: Counter[str] = Counter()
    for url, host in _links_away(tree, hosts):
        form = _form(url)
        if own and (form not in own or form[2] < _FEWEST_SLASHES):
            continue
        if (moved and host == base) or platform.article_id(url) or platform.maybe_article(url) or PLAIN.maybe_article(url):
            found[host] += 1
    kept = Counter({host: number for host, number in found.items() if number >= _FEWEST_LINKS or host == base})
    if kept:
        yield other_hosts(tree.stored_url, kept)


def _links_away(tree: PageTree, hosts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yields the URL and the host of each link to a host that the source does not list."""
    for node in tree.css("a[href]"):
        url = tree.link(node)
        host = host_of(url) if url is not None else None
        if url is not None and host is not None and host not in hosts:
            yield url, host


def _form(url: str) -> tuple[str, str, int]:
    """Returns the form of a URL: its folder, its suffix, and how many segments its path has."""
    path = urlsplit(url).path
    folder, _, name = path.rpartition("/")
    return folder, name.rpartition(".")[2] if "." in name else "", path.count("/")


def _of_pager(tree: PageTree, links: Sequence[Link]) -> Iterator[Failure]:
    """Yield a failure for a pager of scripts or buttons, if no other link leads to a later page. ASP.NET pagers send a form back."""
    if is_post_url(tree.stored_url):  # a pager was followed up to here, so this is its end
        return
    if any(link.role is LinkRole.NEXT for link in links):
        return
    if is_ignored(tree):
        detail = "the numbers of the pager have no URLs, and the parameter page, which most such sites have, shows the same page again"
        yield Failure("discover", "script-pager", tree.stored_url, detail)
    elif any(mark in tree.encoded for mark in _MARKS_OF_SCRIPTS):
        yield from _of_clicks(tree)


def _of_clicks(tree: PageTree) -> Iterator[Failure]:
    """Yield a failure for a pager whose links run a script or send a form that is not understood."""
    scripts = [(text_of(node) or node.attributes.get("value") or "", _script_of(node)) for node in tree.css(_CLICKED)]
    numbers = [words for words, script in scripts if script and words.strip("[]() .").isdecimal()]
    pager = [script for words, script in scripts if script and _names_later_page(words, script)]
    if len(numbers) > _MOST_NUMBERS or not pager:
        return
    script = pager[0][:120]
    if _POSTBACK.search(script) or not _CALL.search(script):
        form = "its form does not say what to send" if tree.first("form") is not None else "the page has no form to send"
        yield Failure("discover", "postback-pager", tree.stored_url, f"the pager needs a postback ({script}); {form}")
    else:
        yield Failure("discover", "script-pager", tree.stored_url, f"the pager needs a script ({script})")


def _script_of(node: LexborNode) -> str:
    """Return the script that a click on a link or button runs, or the name of the button; "" for a plain link."""
    attributes = node.attributes
    href = (attributes.get("href") or "").strip()
    if _SCRIPT.match(href):
        return href
    if node.tag == "a" and href and not _NOWHERE.match(href):
        return ""
    onclick = (attributes.get("onclick") or "").strip()
    if _CALL.search(onclick):
        return onclick
    return f"button {attributes.get('name') or ''}".strip() if node.tag == "input" else ""


def _names_later_page(words: str, script: str) -> bool:
    """Return True if the words of a link mean a later page: the number 2, or words such as "Trang sau".

    A script that is not a postback may also turn pictures or open a menu. Then the words must be "Trang sau" or "Xem thêm".
    """
    words = fold(words).strip("[]() .")
    plain = words.strip(SYMBOLS)
    if plain in ("2", "trang 2", "page 2") or ("trang" in plain.split() and plain in LATER):
        return True
    if _SCRIPT.match(script) or _POSTBACK.search(script):
        return words in LATER or plain in LATER
    return plain in _MORE_NEWS and _CALL.search(script) is not None
