"""Parses sitemaps, sitemap indexes and feeds into links. Pure."""

from __future__ import annotations

import html
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

import feedparser
from lxml import etree

from scraper.model import Failure, Link, LinkRole
from scraper.parse.discover.page_links import meaning
from scraper.parse.fields.written_dates import localise, read_date
from scraper.platforms import PLAIN
from scraper.platforms.kit import Platform, tidy
from scraper.urls import absolute, host_of, without_session

_TAG = re.compile(r"\{[^}]*\}")
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,31};)")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_FEED_HEAD = re.compile(
    rb"^[^<]{0,99}(?:<(?:\?|!--|!DOCTYPE)[^>\[]*(?:\[[^\]]{0,2000}\])?[^>]*>\s*){0,9}<(?:\w+:)?(?:rss|feed|RDF)\b", re.IGNORECASE
)
_BARE_NAME = re.compile(r"[^/?.]+")
_LARGEST_FEED = 2 * 1024 * 1024  # bytes; a feed of 100 entries with their texts has 0.5 MB. feedparser takes 0.3 ms for an entry
_MOST_DEEP = 2000  # open tags in one entry; feedparser takes minutes for a million. Tags of HTML that nobody closes count, too
_MOST_ENTRIES = 10_000
_MOST_LOCATIONS = 50_000  # of a sitemap; the limit of the protocol (sitemaps.org)
_MOST_UNDECIDED = 200  # static pages of a sitemap that may be articles; a site of 20 years has a few dozen
_TAG_OF_FEED = re.compile(rb"<(/?)[A-Za-z][^<>]{0,2000}?(/?)>")
_HOSTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Named:
    """The links of a sitemap or feed. `kind`: "sitemap" or "feed". `faults`: one failure for each reason why entries are unusable."""

    kind: str
    links: tuple[Link, ...]
    faults: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry: its URLs, the best first, each with its base URL, and the text of its date."""

    written: Sequence[tuple[str, str]]
    stamp: str = ""


def read_text_sitemap(body: bytes, url: str, platform: Platform | None, hosts: Sequence[str]) -> Named | None:
    """Return the links of a sitemap in plain text, one URL per line (sitemaps.org). None if a line is not a URL."""
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    if not lines or not all(line.startswith(("http://", "https://")) and " " not in line for line in lines):
        return None
    chosen, faults = _usable((_Entry([(line, url)]) for line in lines), url, hosts)
    return Named("sitemap", _links(chosen, platform, sections=True), faults)


def read_feed(body: bytes, url: str, platform: Platform | None, hosts: Sequence[str]) -> Named | None:
    """Return the links of the sitemap or feed at `url`. None if the XML is neither.

    Relative URLs are relative to `url`, or to an xml:base. A link has a day only if the platform is known to write the day of
    publication as <lastmod>.
    """
    if _FEED_HEAD.search(as_utf8(body[:4096])):
        return _named_feed(body, url, platform, hosts)
    root = _tree(body, url)
    if root is None:
        return None
    name = _name(root)
    if name == "sitemapindex":
        chosen, faults = _usable((_sitemap_entry(entry, url) for entry in root), url, hosts)
        return Named("sitemap", tuple(Link(link, LinkRole.SITEMAP) for link, _ in dict(chosen).items()), faults)
    if name == "urlset":
        chosen, faults = _usable((_sitemap_entry(entry, url) for entry in root), url, hosts)
        return Named("sitemap", _links(chosen, platform, sections=True), faults)
    return None


def _named_feed(body: bytes, url: str, platform: Platform | None, hosts: Sequence[str]) -> Named:
    """Return the links of a feed. Of a feed that is too long or too deep, only the entries in its beginning are read."""
    size = _usable_size(body)
    chosen, faults = _usable(_feed_entries(body[:size], url), url, hosts)
    if size < len(body):
        faults = (*faults, Failure("discover", "too-large", url, f"only the first {size} bytes of the feed were read"))
    return Named("feed", _links(chosen, platform, sections=False), faults)


def _usable_size(body: bytes) -> int:
    """Return the number of bytes that can be parsed in a few seconds: up to a limit of bytes and of tags inside each other."""
    depth = entries = 0
    for tag in _TAG_OF_FEED.finditer(body, 0, _LARGEST_FEED):
        if tag[0].startswith((b"<item", b"<entry")):
            depth, entries = 0, entries + 1
        depth += -1 if tag[1] else 0 if tag[2] else 1
        if depth > _MOST_DEEP or entries > _MOST_ENTRIES:
            return tag.start()
    return min(len(body), _LARGEST_FEED)


def read_json_feed(body: bytes, url: str, platform: Platform | None, hosts: Sequence[str]) -> Named | None:
    """Return the links of a JSON Feed (jsonfeed.org). None if the body is not one."""
    if len(body) > _LARGEST_FEED or b"jsonfeed.org/version/" not in body[:2000]:
        return None
    try:
        items = json.loads(body.decode("utf-8-sig", "replace")).get("items")
    except (ValueError, RecursionError, AttributeError):
        return None
    entries = [
        _Entry([(written, url) for name in ("url", "external_url", "id") if isinstance(written := item.get(name), str) and "/" in written])
        for item in (items if isinstance(items, list) else ())
        if isinstance(item, dict)
    ]
    chosen, faults = _usable(entries, url, hosts)
    return Named("feed", _links(chosen, platform, sections=False), faults)


def as_utf8(body: bytes) -> bytes:
    """Return XML in UTF-16 (found by its byte order mark) as UTF-8 without its declaration. Other bytes are returned unchanged."""
    if not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body
    return _DECLARATION.sub("", body.decode("utf-16", "replace"), count=1).encode()


def _tree(body: bytes, url: str) -> etree._Element | None:
    """Return the root of the XML, or None. An unescaped ampersand would end the text of its element, so it is escaped first."""
    body = as_utf8(body).lstrip(b"\xef\xbb\xbf\r\n\t ")
    if b"&" in body:
        first, *sections = body.split(b"<![CDATA[")
        escaped = [_BARE_AMPERSAND.sub(b"&amp;", first)]
        for section in sections:
            inside, end, after = section.partition(b"]]>")
            escaped.append(inside + end + _BARE_AMPERSAND.sub(b"&amp;", after))
        body = b"<![CDATA[".join(escaped)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(body, parser, base_url=url)
    except (etree.XMLSyntaxError, ValueError):
        return None


# --- entries --------------------------------------------------------------------------------------


def _sitemap_entry(entry: etree._Element, url: str) -> _Entry:
    return _Entry([(loc, url)] if (loc := _child(entry, "loc")) else [], _child(entry, "lastmod"))


def _feed_entries(body: bytes, url: str) -> Iterator[_Entry]:
    """Yield the entries of a feed, each with its URLs: alternate links, HTML first; the link before a feed service; its id if it is one.

    feedparser requests nothing here, and removes the declarations of entities. It gets a file, because it opens bytes as the name of one.
    """
    # Nothing in the text of an entry is used, so neither its HTML is cleaned nor its links are resolved: half of the time.
    found = {"content-location": url}
    parsed = feedparser.parse(io.BytesIO(body), response_headers=found, sanitize_html=False, resolve_relative_uris=False)
    folder = url.rpartition("/")[0] + "/"
    for entry in parsed.entries:
        links = [link for link in entry.get("links", ()) if link.get("rel", "alternate") == "alternate" and link.get("href")]
        links.sort(key=lambda link: "html" not in link.get("type", "text/html"))
        identity = entry.get("id") or ""
        # "news_123" is an id, although a guid is a permalink if nothing else is said. feedparser makes it a URL beside the feed.
        is_url = identity.startswith(("http://", "https://")) and not _BARE_NAME.fullmatch(identity.removeprefix(folder))
        written = [(link["href"], url) for link in links] + [(entry.get("feedburner_origlink", ""), url)]
        written += [(part.get("src", ""), part.get("base") or url) for part in entry.get("content", ())]  # feedparser leaves it relative
        written.append((identity if is_url else "", url))
        yield _Entry([(text.strip(), base) for text, base in written if text.strip()])


def _usable(entries: Iterable[_Entry], url: str, hosts: Sequence[str]) -> tuple[list[tuple[str, str]], tuple[Failure, ...]]:
    """Return the URLs on the hosts of the source, each with the text of its date; and failures for the entries without such a URL."""
    chosen: list[tuple[str, str]] = []
    bad: list[str] = []
    others: Counter[str] = Counter()
    entries = iter(entries)
    for entry in islice(entries, _MOST_LOCATIONS):
        whole = [found for written, base in entry.written if (found := absolute(base, html.unescape(written)))]
        ours = next((one for one in whole if host_of(one) in hosts), None)
        if ours is not None:
            chosen.append((without_session(ours), entry.stamp))
        elif whole:
            others[host_of(whole[0]) or ""] += 1
        elif entry.written:
            bad.append(entry.written[0][0])
    faults = _faults(url, bad, others)
    if next(entries, None) is not None:
        detail = f"only the first {_MOST_LOCATIONS} entries were read"
        faults = chain(faults, [Failure("discover", "too-many-links", url, detail)])
    return chosen, tuple(faults)


def _faults(url: str, bad: Sequence[str], others: Counter[str]) -> Iterator[Failure]:
    if bad:
        yield Failure("discover", "bad-url", url, f"{len(bad)} entries name something that is not a URL, first {bad[0][:200]!r}")
    if others:
        yield other_hosts(url, others)


def other_hosts(url: str, hosts: Counter[str]) -> Failure:
    """Return the failure for a page, feed or sitemap at `url` with links to hosts that the source does not list.

    `hosts`: the number of links by host. It must not be empty.
    """
    named = ", ".join(f"{number} to {host}" for host, number in hosts.most_common(_HOSTS_SHOWN))
    return Failure("discover", "other-host", url, f"links lead to hosts that the source does not list: {named}", hosts.most_common(1)[0][0])


# --- links ----------------------------------------------------------------------------------------


def _links(chosen: Sequence[tuple[str, str]], platform: Platform | None, *, sections: bool) -> tuple[Link, ...]:
    """Return the links of a feed or a sitemap, each once. `sections`: it holds section pages too, as a sitemap does.

    Every entry of a feed counts as an article, because no URL of a WordPress or VHV site proves that it is one. The same holds for a
    sitemap of an unknown system: `/tin/bai-12.html` may be anything, and a page that turns out to be a list is followed. Of a sitemap's
    URLs that a platform does not know and that do not have the form of an article's URL, the first 200 are kept: the page decides.
    """
    links: dict[tuple[LinkRole, str], Link] = {}
    dated = sections and platform is not None and platform.sitemap_dates_are_publication
    undecided = 0
    for url, stamp_text in chosen:
        link = Link(tidy(url), LinkRole.ARTICLE, tidy(url)) if platform is None else _link(url, platform, sections=sections)
        if link is None and platform is not None and undecided < _MOST_UNDECIDED and not meaning(platform.id, url).is_trap:
            undecided += 1
            link = Link(tidy(url), LinkRole.ARTICLE, tidy(url))
        if link is not None:
            stamp = read_date(stamp_text) if stamp_text and dated else None
            links.setdefault((link.role, link.key or link.url), replace(link, day=localise(stamp).date() if stamp else None))
    return tuple(links.values())


def _link(url: str, platform: Platform, *, sections: bool) -> Link | None:
    meant = meaning(platform.id, url)
    if meant.is_trap:
        return None
    if meant.key is not None or meant.maybe_article or not sections or platform is PLAIN:
        return Link(meant.canonical, LinkRole.ARTICLE, meant.key or meant.canonical)
    if meant.is_section:
        return Link(meant.canonical, LinkRole.LISTING)
    return Link(meant.canonical, LinkRole.ARTICLE, meant.canonical) if PLAIN.maybe_article(url) else None


# --- XML ------------------------------------------------------------------------------------------


def _name(element: etree._Element) -> str:
    """Return the name of an element without its namespace, in lower case; "" for a comment."""
    return _TAG.sub("", element.tag).lower() if isinstance(element.tag, str) else ""


def _child(element: etree._Element, name: str) -> str:
    """Return the text of the first child with this name, or ""."""
    return next(((child.text or "").strip() for child in element if _name(child) == name), "")
