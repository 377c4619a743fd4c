"""Pages whose elements are nested without end, which would make every look at the tree slow."""

from __future__ import annotations

import re

# Elements that nest only where each is closed. Paragraphs, items and cells need no end, so a long page of them is not deep;
# they nest inside these alone. As deep as browsers go: Blink's parser puts what is nested deeper beside it (maximumHTMLParserDOMTreeDepth).
DEEPEST = 512
_FEW = 2500  # tags; however they are nested, looking through so few takes no time that anyone notices
_NAMES = r"<(/?)(?:div|span|table|font|center|blockquote|section|article|main|ul|ol|dl|a|b|i|u|em|strong|small|big|sub|sup|label)\b"
_NESTED = re.compile(_NAMES + "[^<>]*>?", re.IGNORECASE)
_BEGINNING = re.compile(_NAMES.encode())


def without_depth(html: str, small: bytes) -> str:
    """The page without the tags that open below the deepest level, and those that close them. No text is lost.

    `small`: the same in UTF-8 and small letters, which is quicker to look through.
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
