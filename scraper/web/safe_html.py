"""HTML of strangers without anything that runs, loads or leads away. Pure.

lxml_html_clean does the work. What it returns is shown in a sandboxed frame only, which would not run or load anything either.
"""

from __future__ import annotations

import re

from lxml import html
from lxml_html_clean import Cleaner

# Removed with what is in them; of the others only the tags, because a page may have left them open.
_KILLED = ("script", "noscript", "template", "iframe", "noframes", "svg", "math", "audio", "video")
_REMOVED = ("object", "embed", "applet", "param", "portal", "frame", "frameset", "source", "track", "base", "link", "meta", "dialog")
# Attributes that load something or lead somewhere. What a link led to stays visible as its title.
_LEADING = frozenset(
    (
        *("src", "srcset", "sizes", "href", "action", "formaction", "background", "data", "poster", "cite", "longdesc", "ping"),
        *("profile", "usemap", "manifest", "icon", "lowsrc", "dynsrc"),
    )
)
# What a style can load. An escaped form of it passes, and meets the policy of the frame.
_LOADING = re.compile(r"@import[^;]{0,2000};?|(?:url|image|image-set|src)\s*\([^)]{0,100000}\)", re.IGNORECASE)
_MOST_ELEMENTS = 100_000

_CLEANER = Cleaner(
    scripts=True,
    javascript=True,
    comments=True,
    style=False,
    inline_style=False,
    links=False,
    meta=False,
    page_structure=False,
    processing_instructions=True,
    embedded=False,
    frames=False,
    forms=True,
    annoying_tags=True,
    kill_tags=_KILLED,
    remove_tags=_REMOVED,
    remove_unknown_tags=False,
    safe_attrs_only=False,
    host_whitelist=(),
)


def without_active_content(text: str) -> str:
    """Returns a page without scripts, forms, frames and media, and without every URL: pictures in the page itself stay.

    A link keeps its words, and its URL becomes its title.
    """
    data = text.encode("utf-8", errors="replace")
    if not data.strip():
        return "<!DOCTYPE html><html><body></body></html>"
    tree = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
    for number, element in enumerate(tree.iter(html.etree.Element)):
        if number > _MOST_ELEMENTS:
            element.clear()
            continue
        _disarm(element)
    _CLEANER(tree)
    return f"<!DOCTYPE html>\n{html.tostring(tree, encoding='unicode')}"


def _disarm(element: html.HtmlElement) -> None:
    for name in list(element.attrib):
        value, plain = element.attrib[name], name.lower().rpartition("}")[2].rpartition(":")[2]
        if plain in _LEADING:
            del element.attrib[name]
            if plain == "href" and value.strip().lower().startswith(("http://", "https://", "/")):
                element.attrib["title"] = value.strip()[:2000]
            elif plain == "src" and element.tag == "img" and value.strip().lower().startswith("data:image/"):
                element.attrib["src"] = value.strip()
        elif plain.startswith("on"):
            del element.attrib[name]
        elif plain == "style":
            element.attrib[name] = _LOADING.sub("none", value)
    if element.tag == "style" and element.text:
        element.text = _LOADING.sub("none", element.text)
