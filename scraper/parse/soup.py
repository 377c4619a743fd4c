"""The body of an article for BeautifulSoup, straight out of the tree that the page was parsed into: no second parser, no second opinion."""

from __future__ import annotations

from collections.abc import Collection, Mapping

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
# Tags that change nothing in the lines of a text. A third of the tags that editors leave are such, and each costs as much as any other.
_INLINE = frozenset(("span", "strong", "b", "em", "i", "u", "font", "small", "big", "sub", "ins", "s", "strike", "mark", "img"))
# The attributes that the text depends on.
_ATTRIBUTES = {"a": ("href",), "ol": ("start", "type", "reversed", "style"), "li": ("value",)}


def soup_of(root: LexborNode, cut: Collection[int] = (), instead: Mapping[int, str] | None = None) -> Tag:
    """Returns an element and its content as a BeautifulSoup tree, without silent elements and inline tags.

    `cut`: elements to leave out, by their `mem_id`. `instead`: elements to replace by a text, by their `mem_id`.
    The walked tree is already closed and in order, so its elements are only linked. What a parser checks for each of them
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
        elif name[0] not in "-_!" and name not in SILENT:
            if cut and node.mem_id in cut:
                if name in BLOCKS:  # what is before and after it stays apart
                    end_text(name)
                    put(Tag(name="br"))
                continue
            if instead and (shown := instead.get(node.mem_id)) is not None:
                text.append(shown)
                blank = False
                continue
            if name not in _INLINE:
                end_text(name)
                tag = Tag(name=name, attrs=_attributes(node, name) if name in _ATTRIBUTES else None)
                put(tag)
                current = tag
                stack.append(tag)
            child = node.last_child
            while child is not None:
                stack.append(child)
                child = child.prev
    end_text("[document]")
    return top


def _attributes(node: LexborNode, name: str) -> dict[str, str]:
    """The attributes of an element that the text depends on, if it has them. An attribute without a value is an empty string."""
    attributes = node.attributes
    return {key: attributes[key] or "" for key in _ATTRIBUTES[name] if key in attributes}
