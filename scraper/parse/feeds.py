"""What a sitemap, a sitemap index or a feed names. Pure."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from scraper.model import Failure, Link, LinkRole
from scraper.parse.dates import localise, read_date
from scraper.parse.links import meaning
from scraper.platforms import PLAIN
from scraper.platforms.base import Platform, tidy
from scraper.urls import absolute, host_of, without_session

_TAG = re.compile(r"\{[^}]*\}")
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,31};)")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_RSS_LINK = re.compile(rb"<link>\s*(?:<!\[CDATA\[)?([^<\]]{1,2000})")
_HOSTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Named:
    """What an XML file names. `kind`: sitemap or feed. `faults`: entries that cannot be requested, one failure for each reason."""

    kind: str
    links: tuple[Link, ...]
    faults: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry: the URLs that it writes, the best first, the base that each is relative to, and the text of its date."""

    written: Sequence[tuple[str, str]]
    stamp: str = ""


def read_text_sitemap(body: bytes, url: str, platform: Platform | None, hosts: Sequence[str]) -> Named | None:
    """What a sitemap of plain text names, one URL in each line (sitemaps.org). None if any line is something else."""
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    if not lines or not all(line.startswith(("http://", "https://")) and " " not in line for line in lines):
        return None
    chosen, faults = _usable((_Entry([(line, url)]) for line in lines), url, hosts)
    return Named("sitemap", _links(chosen, platform, sections=True), faults)


def read_feed(body: bytes, url: str, platform: Platform | None, hosts: Sequence[str]) -> Named | None:
    """What the sitemap or feed at `url` names. None if the XML is neither.

    Relative URLs are relative to `url`, or to an xml:base. A day is given only if the platform is known to mean the day of
    publication by it.
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
    """XML in UTF-16, which starts with a byte order mark, as UTF-8 without its declaration. Other bytes as they are."""
    if not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body
    return _DECLARATION.sub("", body.decode("utf-16", "replace"), count=1).encode()


def _tree(body: bytes, url: str) -> etree._Element | None:
    """The XML as a tree. An ampersand that a CMS forgot to escape would end the text of its element, so it is escaped here."""
    body = as_utf8(body).lstrip(b"\xef\xbb\xbf\r\n\t ")
    if b"&" in body:
        first, *sections = body.split(b"<![CDATA[")
        mended = [_BARE_AMPERSAND.sub(b"&amp;", first)]
        for section in sections:
            inside, end, after = section.partition(b"]]>")
            mended.append(inside + end + _BARE_AMPERSAND.sub(b"&amp;", after))
        body = b"<![CDATA[".join(mended)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(body, parser, base_url=url)
    except (etree.XMLSyntaxError, ValueError):
        return None


# --- entries --------------------------------------------------------------------------------------


def _sitemap_entry(entry: etree._Element, url: str) -> _Entry:
    return _Entry([(loc, url)] if (loc := _child(entry, "loc")) else [], _child(entry, "lastmod"))


def _rss_entries(root: etree._Element, body: bytes, url: str) -> Iterator[_Entry]:
    """The items of an RSS feed. HTML that a CMS left open in a title hides the links of an item from the tree, not from the text."""
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
    """An RSS item: its link, the link before a feed service counted clicks, its guid if that is a permalink, `rdf:about`."""
    base = item.base or url
    guid = next((child for child in item if _name(child) == "guid"), None)
    permalink = (guid.text or "").strip() if guid is not None else ""
    if guid is not None and guid.get("isPermaLink", "true").strip().lower() == "false":
        permalink = permalink if permalink.startswith(("http://", "https://")) else ""
    elif not permalink.startswith(("http://", "https://", "/")):
        permalink = ""  # "news_123" is an id, whatever the attribute's default says
    about = next((str(value) for name, value in item.items() if _TAG.sub("", str(name)) == "about"), "")
    links = [str(link.text or link.get("href", "")) for link in item if _is_alternate(link)]
    return _Entry([(written, base) for one in (*links, _child(item, "origlink"), permalink, about) if (written := one.strip())])


def _is_alternate(element: etree._Element) -> bool:
    """Whether an element is a link to the entry itself, not to a picture, a comment feed or the feed."""
    return _name(element) == "link" and element.get("rel", "alternate") == "alternate"


def _atom_entry(entry: etree._Element, url: str) -> _Entry:
    """An Atom entry (RFC 4287): its alternate links, pages first, else the source of its content, else its id if that is a URL."""
    links = [child for child in entry if _is_alternate(child)]
    links.sort(key=lambda link: "html" not in link.get("type", "text/html"))
    written = [((link.get("href") or link.text or "").strip(), link.base or url) for link in links]
    written += [(child.get("src", "").strip(), child.base or url) for child in entry if _name(child) == "content"]
    identity = _child(entry, "id")
    if identity.startswith(("http://", "https://")):
        written.append((identity, url))
    return _Entry([(one, base) for one, base in written if one])


def _usable(entries: Iterable[_Entry], url: str, hosts: Sequence[str]) -> tuple[list[tuple[str, str]], tuple[Failure, ...]]:
    """The entries' URLs on the hosts of the source, with the texts of their dates; and failures for the entries without one."""
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
        yield Failure("discover", "bad-url", url, f"{len(bad)} entries name something that is no URL, first {bad[0][:200]!r}")
    if others:
        yield other_hosts(url, others)


def other_hosts(url: str, hosts: Counter[str]) -> Failure:
    """The failure of a page, feed or sitemap at `url` whose links lead to hosts that the source does not list."""
    named = ", ".join(f"{number} to {host}" for host, number in hosts.most_common(_HOSTS_SHOWN))
    return Failure("discover", "other-host", url, f"links lead to hosts that the source does not list: {named}", hosts.most_common(1)[0][0])


# --- links ----------------------------------------------------------------------------------------


def _links(chosen: Sequence[tuple[str, str]], platform: Platform | None, *, sections: bool) -> tuple[Link, ...]:
    """The links of a feed or a sitemap, each once. `sections`: it names section pages too, as a sitemap does.

    Everything that a feed names is taken for an article, whatever its URL; on a WordPress or VHV site no URL says for certain that
    it is one. Of a sitemap, URLs that the platform does not know are left out unless they have the form of an article's.
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
    if meant.is_listing:
        return Link(meant.canonical, LinkRole.LISTING)
    return Link(meant.canonical, LinkRole.ARTICLE, meant.canonical) if PLAIN.maybe_article(url) else None


# --- XML ------------------------------------------------------------------------------------------


def _name(element: etree._Element) -> str:
    """The name of an element without its namespace, in lower case; "" for a comment."""
    return _TAG.sub("", element.tag).lower() if isinstance(element.tag, str) else ""


def _child(element: etree._Element, name: str) -> str:
    """The text of the first child of that name, or ""."""
    return next(((child.text or "").strip() for child in element if _name(child) == name), "")
