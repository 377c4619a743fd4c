"""Collects the elements of a text that need special treatment: hidden elements, boxes, and letters that are bullets."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from selectolax.lexbor import LexborNode

from scraper.parse.body.article_cards import cards_in
from scraper.parse.body.paragraphs import Treatment, symbol
from scraper.parse.tree.beautifulsoup_tree import INLINE
from scraper.parse.tree.hidden_elements import Attributes, hidden_in
from scraper.parse.tree.page_tree import PageTree
from scraper.parse.tree.selector_filter import FONTS, STYLES

# Fonts that show pictures instead of letters. In "Symbol" most letters are Greek, and the dot is the bullet of a list.
_PICTURES = '[style*="dings" i], [face*="dings" i]'
_GREEK = '[style*="symbol" i], [face*="symbol" i]'
# The mark of a list item that Word wrote as text.
_WORD = '[style*="mso-list:ignore" i]'
_LETTERS = frozenset("ovqnØü§¨·à")
_DOTS = frozenset("\u00b7\u2022\u00a7\uf0b7\uf0a7")
# Elements with an attribute or tag that may hide them or make them a box. One query serves both checks.
_NAMED = "[class], [style], [hidden], article, aside, marquee"
_MOST = 2000  # elements in such a font
_KEEPS_LINES = re.compile(r"white-space\s*:\s*(?:pre(?:-wrap|-line)?|break-spaces)(?![\w-])", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*super(?![\w-])", re.IGNORECASE)
_BOXES = ("p", "div", "blockquote")


def treatment_of(tree: PageTree, element: LexborNode, cut: Collection[int] = (), *, numbers: bool = True) -> Treatment:
    """Return how the content of an element is treated: which elements are left out, and which are replaced by a bullet.

    `cut`: the `mem_id` of more elements to leave out. `numbers`: if True, items of ordered lists keep their numbers.
    """
    named = [(node, node.attributes) for node in element.css(_NAMED)]
    left_out = {*cut, *hidden_in(tree, element, named), *cards_in(element, named)}
    bullets = _bullets(element) if any(map(tree.mentions, FONTS)) else {}
    return Treatment(left_out, bullets, _styled(named) if any(map(tree.mentions, STYLES)) else {}, numbers)


def _styled(named: Sequence[tuple[LexborNode, Attributes]]) -> dict[int, str]:
    """Return the `mem_id` of the elements that a style makes a `<pre>` or a `<sup>`, with that name. Only a box of text is a `<pre>`:
    Google Docs writes its style on each span.
    """
    found: dict[int, str] = {}
    for node, attributes in named:
        style = attributes.get("style")
        if style and node.tag in _BOXES and _KEEPS_LINES.search(style):
            found[node.mem_id] = "pre"
        elif style and node.tag in INLINE and _RAISED.search(style):
            found[node.mem_id] = "sup"
    return found


def _bullets(element: LexborNode) -> dict[int, str]:
    """Return the `mem_id` of the elements that hold a bullet in a font of pictures, with the text to write instead."""
    found: dict[int, str] = {}
    for css, letters in ((_PICTURES, None), (_GREEK, _DOTS), (_WORD, _LETTERS)):
        for node in element.css(css)[:_MOST]:
            text = (node.text() or "").strip()
            if 0 < len(text) <= 2 and (letters is None or text in letters):
                found[node.mem_id] = f"{symbol(text[0])} "
    return found
