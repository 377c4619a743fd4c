"""Atom feeds of articles (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote
from xml.etree import ElementTree

from scraper.export.texts import for_xml

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_ATOM = "http://www.w3.org/2005/Atom"
_URN = "urn:vietnam-government-news-archive"
_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article. `source_id` and `key` name it for ever; `page` is its page in the archive, `original` its URL on its site. `seen`: when
    the archive first saw it, and `published`: when it was published, as RFC 3339.
    """

    source_id: str
    key: str
    title: str
    page: str
    original: str
    source: str
    seen: str
    published: str | None
    summary: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed. `name`: what identifies it for ever, like "documents:12". `url`: its own URL. `page`: the page with the same articles."""

    name: str
    title: str
    url: str
    page: str
    notice: str
    updated: str


def atom(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """Returns a feed. Texts are plain text, also if they look like HTML; only http and https URLs become links."""
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed")
    _add(root, "title", feed.title)
    if feed.notice:
        _add(root, "subtitle", feed.notice)
    _add(root, "id", f"{_URN}:{quote(feed.name, safe=':')}")
    _add(root, "updated", max((entry.seen for entry in entries), default=feed.updated))
    _link(root, "self", feed.url)
    _link(root, "alternate", feed.page)
    _add(ElementTree.SubElement(root, f"{{{_ATOM}}}author"), "name", "vietnam-government-news-archive")
    for entry in entries:
        _add_entry(root, entry)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_entry(root: ElementTree.Element, entry: Entry) -> None:
    element = ElementTree.SubElement(root, f"{{{_ATOM}}}entry")
    _add(element, "title", entry.title)
    _add(element, "id", f"{_URN}:articles:{quote(entry.source_id)}:{quote(entry.key, safe='')}")
    _add(element, "updated", entry.seen)
    if entry.published:
        _add(element, "published", entry.published)
    _add(ElementTree.SubElement(element, f"{{{_ATOM}}}author"), "name", entry.source)
    _link(element, "alternate", entry.page)
    _link(element, "via", entry.original)
    if entry.summary:
        _add(element, "summary", entry.summary)


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}").text = for_xml(text)


def _link(parent: ElementTree.Element, relation: str, url: str) -> None:
    if url.startswith(_WEB):
        ElementTree.SubElement(parent, f"{{{_ATOM}}}link", rel=relation, href=for_xml(url))
