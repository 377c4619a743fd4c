"""A page as a tree: the one place that knows which selector engine is used (selectolax's Lexbor; see docs/decisions.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.parse.body import repair_entities
from scraper.parse.depth import without_depth
from scraper.platforms.base import Pick
from scraper.text import clean

_BREAKS = frozenset(("br", "p", "div", "li", "td", "h1", "h2", "h3", "h4"))
_SILENT = frozenset(("script", "style", "noscript", "template"))


class Document:
    """A parsed page with its address and its source."""

    def __init__(self, url: str, source: str) -> None:
        self.url = url
        self.source = source
        self.tree = LexborHTMLParser(without_depth(source))

    @cached_property
    def base(self) -> str:
        """What relative addresses are relative to: the page's `<base href>` where it has one."""
        node = self.tree.css_first("base[href]")
        return urljoin(self.url, (node.attributes.get("href") or "").strip()) if node is not None else self.url

    @cached_property
    def title(self) -> str:
        """The text of `<title>`."""
        node = self.tree.css_first("title")
        return text_of(node) if node is not None else ""

    def matches(self, css: str) -> bool:
        """Whether any element fits a selector."""
        return self.tree.css_first(css) is not None

    def pick(self, pick: Pick) -> list[str]:
        """The texts that a pick gives; only the first unless it wants all."""
        found: list[str] = []
        for node in self.tree.css(pick.css):
            value = clean(node.attributes.get(pick.attribute) or "") if pick.attribute else text_of(node)
            if pick.pattern is not None:
                match = pick.pattern.search(value)
                value = match[1].strip() if match else ""
            if value:
                found.append(repair_entities(value)[0])
                if not (pick.all_of or pick.last):
                    break
        return found[-1:] if pick.last else found

    def link(self, node: LexborNode, attribute: str = "href") -> str | None:
        """The absolute address in an attribute, without its fragment; None where it is no web address."""
        value = (node.attributes.get(attribute) or "").strip()
        if not value or value.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
            return None
        try:
            address = urljoin(self.base, re.sub(r"\s+", "%20", value))
            parts = urlsplit(address)
        except ValueError:
            return None
        return address.partition("#")[0] if parts.scheme in ("http", "https") and parts.netloc else None


def text_of(node: LexborNode) -> str:
    """The text of an element on one line: inline tags joined without blanks, a blank at breaks and blocks."""
    return clean("".join(_texts(node)))


def _texts(root: LexborNode) -> Iterator[str]:
    for node in root.traverse(include_text=True):
        if node.tag == "-text":
            if node.parent is None or node.parent.tag not in _SILENT:
                yield node.text_content or ""
        elif node.tag in _BREAKS:
            yield " "
