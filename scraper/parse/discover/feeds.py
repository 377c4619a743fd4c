"""Parses sitemaps, sitemap indexes and feeds into links. Pure."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

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
_RSS_LINK = re.compile(rb"<link>\s*(?:<!\[CDATA\[)?([^<\]]{1,2000})")
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
    if name in ("rss", "rdf"):
        chosen, faults = _usable(_rss_entries(root, body, url), url, hosts)
        return Named("feed", _links(chosen, platform, sections=False), faults)
    if name == "feed":
        chosen, faults = _usable((_atom_entry(entry, url) for entry in root if _name(entry) == "entry"), url, hosts)
        return Named("feed", _links(chosen, platform, sections=False), faults)
    return None


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


def _rss_entries(root: etree._Element, body: bytes, url: str) -> Iterator[_Entry]:
    """Yield the items of an RSS feed. If unclosed HTML in a title hides the links from the XML tree, they are read from the bytes."""
    found = 0
    for item in root.iter():
        if _name(item) == "item":
            entry = _rss_entry(item, url)
            found += bool(entry.written)
            yield entry
    items = body.split(b"<item>")[1:]
    if found < len(items):
        links = (_RSS_LINK.search(item) for item in items)
        yield from (_Entry([(link[1].decode("utf-8", "replace").strip(), url)]) for link in links if link is not None)


def _rss_entry(item: etree._Element, url: str) -> _Entry:
    """Return the URLs of an RSS item: its link, its original link before a feed service, its guid if a permalink, `rdf:about`."""
    base = item.base or url
    guid = next((child for child in item if _name(child) == "guid"), None)
    permalink = (guid.text or "").strip() if guid is not None else ""
    if guid is not None and guid.get("isPermaLink", "true").strip().lower() == "false":
        permalink = permalink if permalink.startswith(("http://", "https://")) else ""
    elif not permalink.startswith(("http://", "https://", "/")):
        permalink = ""  # "news_123" is an id, although the default of isPermaLink is true
    about = next((str(value) for name, value in item.items() if _TAG.sub("", str(name)) == "about"), "")
    links = [str(link.text or link.get("href", "")) for link in item if _is_alternate(link)]
    return _Entry([(written, base) for one in (*links, _child(item, "origlink"), permalink, about) if (written := one.strip())])


def _is_alternate(element: etree._Element) -> bool:
    """Return True if an element is a link to the entry itself, and not to a picture, a comment feed or the feed."""
    return _name(element) == "link" and element.get("rel", "alternate") == "alternate"


def _atom_entry(entry: etree._Element, url: str) -> _Entry:
    """Return the URLs of an Atom entry (RFC 4287): alternate links, HTML first; the source of its content; its id if it is a URL."""
    links = [child for child in entry if _is_alternate(child)]
    links.sort(key=lambda link: "html" not in link.get("type", "text/html"))
    written = [((link.get("href") or link.text or "").strip(), link.base or url) for link in links]
    written += [(child.get("src", "").strip(), child.base or url) for child in entry if _name(child) == "content"]
    identity = _child(entry, "id")
    if identity.startswith(("http://", "https://")):
        written.append((identity, url))
    return _Entry([(one, base) for one, base in written if one])


def _usable(entries: Iterable[_Entry], url: str, hosts: Sequence[str]) -> tuple[list[tuple[str, str]], tuple[Failure, ...]]:
    """Return the URLs on the hosts of the source, each with the text of its date; and failures for the entries without such a URL."""
    chosen: list[tuple[str, str]] = []
    bad: list[str] = []
    others: Counter[str] = Counter()
    for entry in entries:
        whole = [found for written, base in entry.written if (found := absolute(base, html.unescape(written)))]
        ours = next((one for one in whole if host_of(one) in hosts), None)
        if ours is not None:
            chosen.append((without_session(ours), entry.stamp))
        elif whole:
            others[host_of(whole[0]) or ""] += 1
        elif entry.written:
            bad.append(entry.written[0][0])
    return chosen, tuple(_faults(url, bad, others))


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

    Every entry of a feed counts as an article, because no URL of a WordPress or VHV site proves that it is one. From a sitemap,
    a URL that the platform does not know is only kept if it has the form of an article's URL.
    """
    links: dict[tuple[LinkRole, str], Link] = {}
    dated = sections and platform is not None and platform.sitemap_dates_are_publication
    for url, stamp_text in chosen:
        link = Link(tidy(url), LinkRole.ARTICLE, tidy(url)) if platform is None else _link(url, platform, sections=sections)
        if link is not None:
            stamp = read_date(stamp_text) if stamp_text and dated else None
            links.setdefault((link.role, link.key or link.url), replace(link, day=localise(stamp).date() if stamp else None))
    return tuple(links.values())


def _link(url: str, platform: Platform, *, sections: bool) -> Link | None:
    meant = meaning(platform.id, url)
    if meant.is_trap:
        return None
    if meant.key is not None or meant.maybe_article or not sections:
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
