"""The body of an article for BeautifulSoup, straight out of the tree that the page was parsed into: no second parser, no second opinion."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bs4 import BeautifulSoup
from bs4.builder import HTMLTreeBuilder
from selectolax.lexbor import LexborNode

SILENT = frozenset(
    [
        "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "button", "select", "option", "input", "textarea",
        "head", "title", "meta", "link",
    ]
)  # fmt: skip
# Elements that begin and end a line.
BLOCKS = frozenset(
    [
        "address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "menu",
        "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption",
    ]
)  # fmt: skip
# What does nothing to the lines of a text. A third of the tags that editors leave are such, and each costs as much as one that counts.
_INLINE = frozenset(("span", "strong", "b", "em", "i", "u", "font", "small", "big", "sub", "sup", "ins", "s", "strike", "mark", "img"))


def soup_of(root: LexborNode, cut: Collection[int] = ()) -> BeautifulSoup:
    """An element with what it holds, but for what is silent, inline tags, and the elements `cut`, by their `mem_id`."""
    return BeautifulSoup("", builder=_FromTree(root, cut))


class _FromTree(HTMLTreeBuilder):
    """Tells BeautifulSoup of the elements of a tree as a parser would."""

    NAME = "lexbor"
    is_xml = False

    def __init__(self, root: LexborNode, cut: Collection[int]) -> None:
        super().__init__(multi_valued_attributes=None)
        self._root = root
        self._cut = cut

    def prepare_markup(self, markup: Any, *_: Any, **__: Any) -> Any:
        """There is none: the tree is there."""
        return iter([(markup, None, None, False)])

    def feed(self, _: object) -> None:
        """Walk the tree, without recursion. A str on the stack is the name of an element that ends there."""
        soup = self.soup
        stack: list[LexborNode | str] = [self._root]
        blank = ""  # white space that was met last; beside a block it is none of the text
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                if blank and node not in BLOCKS:
                    soup.handle_data(blank)
                blank = ""
                soup.handle_endtag(node)
                continue
            tag = node.tag or "-"
            if tag == "-text":
                text = node.text_content or ""
                if text.isspace():
                    blank += text
                else:
                    soup.handle_data(blank + text)
                    blank = ""
            elif tag[0] not in "-_!" and tag not in SILENT and not (self._cut and node.mem_id in self._cut):
                if tag not in _INLINE:
                    if blank and tag not in BLOCKS and tag != "br":
                        soup.handle_data(blank)
                    blank = ""
                    soup.handle_starttag(tag, None, None, {"href": node.attrs.get("href") or ""} if tag == "a" else {})
                    stack.append(tag)
                children = list(node.iter(include_text=True))
                children.reverse()
                stack += children
