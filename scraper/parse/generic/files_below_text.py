"""Finds the row with the files of an article below its text: `<tr><td>Tập tin đính kèm: <a>...</a></td></tr>`."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from scraper.parse.body.boilerplate import begins_other_news
from scraper.text import clean, fold

_NODES_BELOW = 12  # nodes after the text that are searched for the row; a bound against hostile input
_LONGEST = 600  # characters of such a row, and of such a heading, with the white space between their tags
_LABEL = re.compile(r"dinh kem|kem theo|tai (?:ve|file|tep|xuong)|download|attach")


def files_below(text: LexborNode) -> list[LexborNode]:
    """Return the elements after that of a text that are labelled as its files, up to the heading of other news."""
    found: list[LexborNode] = []
    node = text.next
    for _ in range(_NODES_BELOW):
        if node is None:
            break
        if (node.tag or "-")[0] != "-" and len(text_below := node.text() or "") <= _LONGEST and (shown := clean(text_below)):
            if begins_other_news(shown):
                break
            if _LABEL.search(fold(shown)) is not None:
                found.append(node)
        node = node.next
    return found
