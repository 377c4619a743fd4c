"""The body of an article for BeautifulSoup, straight out of the tree that the page was parsed into: no second parser, no second opinion."""

from __future__ import annotations

from collections.abc import Collection

from bs4 import NavigableString, Tag
from selectolax.lexbor import LexborNode

SILENT = frozenset(
    [
        "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "button", "select", "option", "input", "textarea",
        "head", "title", "meta", "link", "rt", "rp",
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


def soup_of(root: LexborNode, cut: Collection[int] = ()) -> Tag:
    """An element with what it holds, but for what is silent, inline tags, and the elements `cut`, by their `mem_id`.

    The tree that is walked is closed and in order already, so that its elements are only linked: what a parser asks of each
    (which open element it closes, which kind of text it is) would take most of the time.
    """
    top = Tag(name="[document]")
    current = top  # where the next element goes
    last: Tag | NavigableString = top  # the one before it in the order of the page
    text: list[str] = []
    blank = True  # whether that is white space alone

    def put(element: Tag | NavigableString) -> None:
        nonlocal last
        element.setup(current, last)
        current.contents.append(element)
        last = element

    def end_text(neighbour: str) -> None:
        """Text ends beside an element of this name. White space beside a block is no text."""
        nonlocal blank
        if text and not (blank and (neighbour in BLOCKS or neighbour == "br")):
            put(NavigableString("".join(text)))
        text.clear()
        blank = True

    stack: list[LexborNode | Tag] = [root]  # a Tag is one that ends there
    while stack:
        node = stack.pop()
        if isinstance(node, Tag):
            end_text(node.name)
            current = node.parent or top
            continue
        name = node.tag or "-"
        if name == "-text":
            part = node.text_content or ""
            text.append(part)
            blank = blank and part.isspace()
        elif name[0] not in "-_!" and name not in SILENT and not (cut and node.mem_id in cut):
            if name not in _INLINE:
                end_text(name)
                tag = Tag(name=name, attrs={"href": node.attrs.get("href") or ""} if name == "a" else None)
                put(tag)
                current = tag
                stack.append(tag)
            child = node.last_child
            while child is not None:
                stack.append(child)
                child = child.prev
    end_text("[document]")
    return top
