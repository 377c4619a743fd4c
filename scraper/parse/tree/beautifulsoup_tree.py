"""Converts the body of an article from the page tree to a BeautifulSoup tree, without parsing it a second time."""

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
# Tags that do not change the lines of a text. They are a third of all tags in a body, and each would take as long as any other.
INLINE = frozenset(("span", "strong", "b", "em", "i", "u", "font", "small", "big", "sub", "ins", "s", "strike", "mark", "img"))
# The attributes that the text depends on.
ATTRIBUTES = {"a": ("href",), "ol": ("start", "type", "reversed", "style"), "li": ("value",)}


def beautifulsoup_of(
    root: LexborNode, cut: Collection[int] = (), instead: Mapping[int, str] | None = None, names: Mapping[int, str] | None = None
) -> Tag:
    """Return an element and its content as a BeautifulSoup tree, without silent elements and inline tags.

    `cut`: the `mem_id` of elements to leave out. `instead`: the texts that replace elements, `names`: the tags of elements that a style
    makes others than they are, both by `mem_id`.
    The source tree is already well-formed, so its elements are only linked. The checks of a parser for each element (which open
    element it closes, which kind of text it is) would take most of the time.
    """
    top = Tag(name="[document]")
    current = top  # the parent of the next element
    last: Tag | NavigableString = top  # the previous element in the order of the page
    text: list[str] = []
    blank = True  # True if the text is only white space

    def put(element: Tag | NavigableString) -> None:
        nonlocal last
        element.setup(current, last)
        current.contents.append(element)
        last = element

    def end_text(neighbour: str) -> None:
        """End the current text before an element with this name. White space beside a block is dropped."""
        nonlocal blank
        if text and not (blank and (neighbour in BLOCKS or neighbour == "br")):
            put(NavigableString("".join(text)))
        text.clear()
        blank = True

    stack: list[LexborNode | Tag] = [root]  # a Tag marks the end of its element
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
                if name in BLOCKS:  # the texts before and after it stay on separate lines
                    end_text(name)
                    put(Tag(name="br"))
                continue
            if instead and (shown := instead.get(node.mem_id)) is not None:
                text.append(shown)
                blank = False
                continue
            if names and node.mem_id in names:
                name = names[node.mem_id]
            if name not in INLINE:
                end_text(name)
                tag = Tag(name=name, attrs=_attributes(node, name) if name in ATTRIBUTES else None)
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
    """Return the attributes of an element that the text depends on. An attribute without a value is an empty string."""
    attributes = node.attributes
    return {key: attributes[key] or "" for key in ATTRIBUTES[name] if key in attributes}
