"""Limits the depth of a page tree. Elements that are nested without end would make every query slow."""

from __future__ import annotations

import re

# Only elements that need an end tag can nest deeply. Paragraphs, items and cells need none; they nest only inside these.
# The limit is that of browsers: Blink's parser flattens deeper elements (maximumHTMLParserDOMTreeDepth).
DEEPEST = 512
_FEW = 2500  # tags; a page with fewer is fast at any depth
_NAMES = r"<(/?)(?:div|span|table|font|center|blockquote|section|article|main|ul|ol|dl|a|b|i|u|em|strong|small|big|sub|sup|label)\b"
_NESTED = re.compile(_NAMES + "[^<>]*>?", re.IGNORECASE)
_BEGINNING = re.compile(_NAMES.encode())


def without_depth(html: str, small: bytes) -> str:
    """Return the page without the tags that are nested deeper than 512 levels. No text is lost.

    `small`: the page in UTF-8 and lower case, which is faster to search.
    """
    if small.count(b"<") <= _FEW:
        return html
    depth = deepest = 0
    for closes in _BEGINNING.findall(small):
        if not closes:
            depth += 1
            if depth > deepest:
                deepest = depth
        elif depth:
            depth -= 1
    return html if deepest <= DEEPEST else _cut(html)


def _cut(html: str) -> str:
    depth = excess = at = 0
    parts = []
    for tag in _NESTED.finditer(html):
        if tag[1] and not excess:
            depth = max(0, depth - 1)
        elif tag[1] or depth >= DEEPEST:
            excess += -1 if tag[1] else 1
            parts.append(html[at : tag.start()])
            at = tag.end()
        else:
            depth += 1
    return "".join([*parts, html[at:]])
