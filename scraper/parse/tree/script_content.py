"""Puts the text that a page only keeps for its script where the script puts it: that of a `<textarea>`, a hidden field, a `<template>`, an
attribute, or `<iframe srcdoc>`. Pure.

    <div id="noi-dung"></div><textarea id="hd" style="display:none">&lt;p&gt;Sáng nay ...&lt;/p&gt;</textarea>
    <script>$('#noi-dung').html($('#hd').val());</script>
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.parse.tree.page_tree import PageTree

_MAY_HOLD = re.compile(
    rb"srcdoc\s*=|<template[\s>]|(?:&lt;|&#60;|&#x3c;|=\s*[\"']\s*<)/?(?:p|div|br|span|table|h\d|ul|strong|b|img)\b", re.IGNORECASE
)
_HOLDERS = "iframe[srcdoc], textarea, input[type=hidden i][value], template, [data-content], [data-html], [data-body]"
_ATTRIBUTES = ("srcdoc", "value", "data-content", "data-html", "data-body")
_IS_TEXT = re.compile(r"<(?:p|div|br|span|table|h\d|ul|strong|b|img|a)\b[^<>]{0,2000}>", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{\{|<%|\$\{|\[\[")  # of a template for the entries of a list
_TAGS = re.compile(r"<[^<>]{0,2000}>")
_ID = re.compile(r"""(?:#|getElementById\(\s*["'])([A-Za-z][\w:.-]{0,80})""")
_FEWEST = 10  # characters of a text ("Xem file.")
_MOST_HOLDERS = 200  # bounds against hostile input
_MOST_SCRIPT = 400_000  # characters of scripts


def with_script_content(tree: PageTree) -> PageTree | None:
    """Return the page with the longest text that it keeps for its script in its place; None if it keeps none.

    The place is the element that a statement of the script names beside the holder, else that of the holder.
    """
    if _MAY_HOLD.search(tree.encoded) is None:
        return None
    parsed = LexborHTMLParser(tree.encoded)
    held = [(content, node) for node in parsed.css(_HOLDERS)[:_MOST_HOLDERS] if (content := _content(node))]
    if not held:
        return None
    content, holder = max(held, key=lambda one: len(one[0]))
    inside = LexborHTMLParser(f"<html><body><div>{content}</div></body></html>").css_first("body > div")
    if inside is None:
        return None
    place = _place(parsed, holder)
    if place is not None:
        place.insert_child(inside)
        holder.decompose()
    else:
        holder.replace_with(inside)
    return PageTree(tree.stored_url, parsed.html or "")


def _content(node: LexborNode) -> str:
    """Return the HTML that an element keeps; "" if it keeps none, or only a template for entries of a list."""
    attributes = node.attributes
    if node.tag == "template":
        content = (node.html or "").partition(">")[2].rpartition("</template")[0]
    elif node.tag == "textarea":
        content = node.text() or ""
    else:
        content = max((attributes.get(name) or "" for name in _ATTRIBUTES), key=len)
    if _IS_TEXT.search(content) is None or _PLACEHOLDER.search(content) or len(_TAGS.sub("", content).strip()) < _FEWEST:
        return ""
    return content


def _place(parsed: LexborHTMLParser, holder: LexborNode) -> LexborNode | None:
    """Return the element that a statement of a script names beside the holder; None if there is none."""
    own = holder.attributes.get("id") or ""
    if not own or holder.tag == "iframe":
        return None
    size = 0
    for node in parsed.css("script:not([src])"):
        text = node.text() or ""
        size += len(text)
        if size > _MOST_SCRIPT:
            return None
        if own not in text:
            continue
        for statement in re.split(r"[;\n]", text):
            names = _ID.findall(statement)
            other = next((name for name in names if name != own), None) if own in names else None
            found = parsed.css_first(f'[id="{other}"]') if other is not None else None
            if found is not None:
                return found
    return None
