"""The page tree. Only this module depends on the selector engine (selectolax's Lexbor; see docs/decisions.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.parse.tree.depth_limit import without_depth
from scraper.parse.tree.entities import repair_entities
from scraper.parse.tree.selector_filter import VOCABULARY, SelectorWords, may_match
from scraper.platforms.kit import Pick
from scraper.post_urls import requested_url
from scraper.text import clean
from scraper.urls import absolute, as_requested, host_of, without_session
from scraper.web_archive_urls import unwrap

_BREAKS = frozenset(("br", "p", "div", "li", "td", "h1", "h2", "h3", "h4"))
SHOWN = 1500  # characters; a page that shows more is not only a message
_UNSEEN = frozenset(("script", "style", "noscript", "option"))
# A URL with its host, or with its whole path, in which nothing must be resolved or repaired: it only gets its host. Most are so.
_SEGMENT = r"/[\w~%@!$&'()*+,=:-][\w~%@!$&'()*+,=:.-]*"
_PLAIN = re.compile(rf"(?:https?://[a-zA-Z0-9.-]+(?::[0-9]+)?(?=/)|(?=/))(?:{_SEGMENT})*/?(?:\?[!-\"$-~]+)?(?:#[!-~]*)?", re.ASCII)
_SILENT = frozenset(("script", "style", "noscript", "template"))


class PageTree:
    """A page tree with its URL and its source. `encoded`: the source in UTF-8, if the caller has it already.

    `stored_url` is the URL under which the page is stored. For the answer to a POST request it has the fields in its query; `url` has not.
    """

    def __init__(self, url: str, source: str, encoded: bytes | None = None) -> None:
        self.stored_url = url
        self.url = requested_url(url)
        self.source = source
        self.encoded = encoded if encoded is not None else source.encode("utf-8", "surrogatepass")
        small = self.encoded.lower()
        self.words = SelectorWords(small, VOCABULARY)
        self._found: dict[str, list[LexborNode]] = {}  # the results of the selectors that were used already
        self._first: dict[str, LexborNode | None] = {}  # the same, only the first element
        shallow = without_depth(source, small)
        self.parsed = LexborHTMLParser(self.encoded if shallow is source else shallow)

    def mentions(self, word: str) -> bool:
        """Return True if a word is anywhere in the source, in any case. `word` must be in lower-case ASCII."""
        return self.words[word.encode()] is not None

    def css(self, css: str) -> list[LexborNode]:
        """Return all elements that match a selector, in the order of the page. The result is cached: do not change it."""
        found = self._found.get(css)
        if found is None:
            found = self._found[css] = self.parsed.css(css) if may_match(css, self.words) else []
        return found

    def first(self, css: str) -> LexborNode | None:
        """Return the first element that matches a selector, or None."""
        found = self._found.get(css)
        if found is not None:
            return found[0] if found else None
        if css not in self._first:
            self._first[css] = self.parsed.css_first(css) if may_match(css, self.words) else None
        return self._first[css]

    @cached_property
    def base(self) -> str:
        """The base of relative URLs: the `<base href>` of the page if it has a valid one, else the URL of the page."""
        written = self._written_base
        return (absolute(self.url, written) or self.url) if written else self.url

    @cached_property
    def bad_base(self) -> str | None:
        """The `<base href>` if it is not a URL, and therefore ignored; else None."""
        written = self._written_base
        return written if written and absolute(self.url, written) is None else None

    @cached_property
    def _written_base(self) -> str:
        node = self.first("base[href]") if self.mentions("<base") else None
        return (node.attrs.get("href") or "").strip() if node is not None else ""

    @cached_property
    def title(self) -> str:
        """The text of `<title>`, or ""."""
        node = self.parsed.css_first("title")
        return text_of(node) if node is not None else ""

    @cached_property
    def shown(self) -> str:
        """The beginning of the visible text: at least `SHOWN` characters, if the page has as many."""
        parts: list[str] = []
        size = 0
        body = self.parsed.body
        for node in body.traverse(include_text=True) if body is not None else ():
            if node.tag == "-text" and node.parent is not None and node.parent.tag not in _UNSEEN:
                text = clean(node.text_content or "")
                parts.append(text)
                size += len(text)
                if size > SHOWN:
                    break
        return " ".join(part for part in parts if part)

    @cached_property
    def shows_much(self) -> bool:
        """True if the page shows more than `SHOWN` characters. The paragraphs or the links are counted first, and mostly suffice."""
        for tag in ("p", "a"):
            size = 0
            for node in self.css(tag):
                size += len(node.text(strip=True))
                if size > SHOWN:
                    return True
        return len(self.shown) > SHOWN

    def matches(self, css: str) -> bool:
        """Return True if any element matches a selector."""
        return self.first(css) is not None

    def pick(self, pick: Pick) -> list[str]:
        """Return the texts that a pick finds: only the first, unless the pick wants all or the last. Empty if there are none."""
        found: list[str] = []
        for node in self._candidates(pick):
            value = clean(node.attrs.get(pick.attribute) or "") if pick.attribute else _text_without(node, pick.without)
            if pick.pattern is not None:
                match = pick.pattern.search(value)
                value = match[1].strip() if match else ""
            if value:
                found.append(repair_entities(value)[0])
                if not (pick.all_of or pick.last):
                    break
        return found[-1:] if pick.last else found

    def _candidates(self, pick: Pick) -> Iterator[LexborNode]:
        """Yield the elements of a pick's selector. The first is found by a faster query, and mostly suffices."""
        if pick.all_of or pick.last:
            yield from self.css(pick.css)
            return
        first = self.first(pick.css)
        if first is not None:
            yield first
            yield from self.css(pick.css)[1:]

    def link(self, node: LexborNode, attribute: str = "href") -> str | None:
        """Return the absolute URL in an attribute, without its fragment; None if it is not an http(s) URL."""
        value = (node.attrs.get(attribute) or "").strip()
        if not value or value.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
            return None
        return self.absolute(value)

    def absolute(self, written: str) -> str | None:
        """Return a URL of the page as an absolute URL, without its fragment; None if it is not an http(s) URL.

        A link that a web archive rewrote (`/web/20130301020000/http://mic.gov.vn/`) gives the URL inside it.
        """
        url = _absolute(self.origin if written.startswith(("/", "http://", "https://")) else self.base, written)
        if url is not None and "/http" in url and (self._is_replayed or host_of(url) == host_of(self.url)):
            inner = unwrap(url)
            return inner[0] if inner is not None else url
        return url

    @cached_property
    def _is_replayed(self) -> bool:
        """True if a web archive changed the page for its replay."""
        return any(mark in self.encoded for mark in (b"WAYBACK TOOLBAR", b"/_static/js/", b"archive.org/static/", b"wombat.js"))

    @cached_property
    def origin(self) -> str:
        """The base without its path. It suffices for most links, and is the same on all pages of a site, which helps the cache."""
        try:
            parts = urlsplit(self.base)
        except ValueError:
            return self.base
        return f"{parts.scheme}://{parts.netloc}/"


# The menus of a site are on all of its pages.
@lru_cache(maxsize=16384)
def _absolute(base: str, value: str) -> str | None:
    is_plain, root = _PLAIN.fullmatch(value) is not None, base.removesuffix("/")
    url: str | None
    if is_plain and value[0] != "/":
        url = value
    elif is_plain and root.count("/") == len("//"):  # the base has no path
        url = root + value
    else:
        url = _joined(base, value)
    return without_session(url.partition("#")[0]) if url is not None else None


def _joined(base: str, value: str) -> str | None:
    """Return a URL that a page at `base` has, as an absolute URL; None if it is not an http(s) URL."""
    try:
        url = urljoin(base, as_requested(value))
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def text_of(node: LexborNode) -> str:
    """Return the text of an element on one line: inline tags are joined without spaces, breaks and blocks give a space."""
    only = node.child
    if only is not None and only.tag == "-text" and only.next is None and node.tag not in _SILENT:
        return clean(only.text_content or "")
    return clean("".join(_texts(node)))


def _text_without(node: LexborNode, css: str | None) -> str:
    """Return the text of an element as `text_of`, without the elements inside that match a selector."""
    if css is None or node.css_first(css) is None:
        return text_of(node)
    copied = LexborHTMLParser(node.html or "").body
    if copied is None:
        return ""
    for unwanted in copied.css(css):
        unwanted.decompose()
    return text_of(copied)


def _texts(root: LexborNode) -> Iterator[str]:
    for node in root.traverse(include_text=True):
        if node.tag == "-text":
            if node.parent is None or node.parent.tag not in _SILENT:
                yield node.text_content or ""
        elif node.tag in _BREAKS:
            yield " "
