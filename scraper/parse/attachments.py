"""The files of an article: offered beside it, linked in its text, or shown by a viewer inside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborNode

from scraper.model import Attachment
from scraper.parse.document import Document, text_of

_ENDING = r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|odt|ods|zip|rar|7z)"
_FILE = re.compile(rf"{_ENDING}$", re.IGNORECASE)
# Liferay's documents carry the name of the file before their id: /documents/10180/8123450/QD-318.pdf/0b7d1f4e-...
_FILE_IN_PATH = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|zip|rar)/[0-9a-f-]{20,}$", re.IGNORECASE)
# What every address of a file holds somewhere, in its path or for a viewer. Few links of a text do.
_MAYBE_FILE = re.compile(rf"{_ENDING}|%2e", re.IGNORECASE)
_LINKS = "a[href], iframe[src], embed[src], object[data]"
_VIEWERS = ("file", "src", "url")  # pdf.js, Office Online, Google
_NEAR = 3  # elements around a title that are looked into for files
_MOST_LINKS = 30  # in such an element; one with more is a good part of the page


def attachments(document: Document, beside: Sequence[str], bodies: Sequence[LexborNode], name: str) -> tuple[Attachment, ...]:
    """Each file once: those that the selectors `beside` give, then those of the bodies. `name` leads the rules."""
    found: dict[str, Attachment] = {}  # by address without escapes: a viewer's and a link's differ in those
    for css in beside:
        for node in document.css(css):
            url = document.link(node) if node.tag == "a" else _file(document, node)
            if url is not None and unquote(url) not in found and url.rstrip("/") != document.url.rstrip("/"):
                strong = node.css_first("strong")
                found[unquote(url)] = Attachment(url, text_of(strong or node) or None, f"{name}: {css}")
    for body in bodies:
        for node in body.css(_LINKS):
            shown = _file(document, node)
            if shown is not None and unquote(shown) not in found:
                label = text_of(node) if node.tag == "a" else ""
                rule = "a link to a file in the body" if node.tag == "a" else "a file shown by a viewer in the body"
                found[unquote(shown)] = Attachment(shown, label or unquote(urlsplit(shown).path.rpartition("/")[2]), rule)
    return tuple(found.values())


def with_files(document: Document, title: LexborNode) -> LexborNode | None:
    """The smallest element around a title that links to a file, or shows one; None where none near does."""
    node = title.parent
    for _ in range(_NEAR):
        if node is None or node.tag in ("body", "html"):
            return None
        links = node.css(_LINKS)
        if len(links) > _MOST_LINKS:
            return None
        if any(_file(document, link) is not None for link in links):
            return node
        node = node.parent
    return None


def _file(document: Document, node: LexborNode) -> str | None:
    attribute = {"a": "href", "object": "data"}.get(node.tag or "", "src")
    if _MAYBE_FILE.search(node.attrs.get(attribute) or "") is None:
        return None
    url = document.link(node, attribute)
    if url is None:
        return None
    path = urlsplit(url).path
    if _FILE.search(path) or _FILE_IN_PATH.search(path):
        return url
    query = parse_qs(urlsplit(url).query)
    for name in _VIEWERS:
        for value in query.get(name, [])[:1]:
            if _FILE.search(urlsplit(value).path):
                return document.absolute(value)
    return None
