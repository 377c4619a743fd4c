"""Finds the row with the files of an article below its text, `<tr><td>Tập tin đính kèm: <a>...</a></td></tr>`, and the tab with its files."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from scraper.parse.body.boilerplate import begins_other_news
from scraper.parse.tree.link_targets import is_file
from scraper.text import clean, fold

_NODES_BELOW = 12  # nodes after the text that are searched for the row; a bound against hostile input
_LONGEST = 600  # characters of such a row, and of such a heading, with the white space between their tags
_MOST_FILES = 10  # of an article without a label
_BESIDE_FILES = re.compile(r"(?>(?:[\W\d_]|\b(?:[kmg]i?b|bytes?|tai lieu|van ban|tap tin|tep|file|tin)\b)*)")
_LABEL = re.compile(r"dinh kem|kem theo|tai (?:ve|file|tep|xuong)|download|attach")


_TAB = re.compile(
    r"(?:^|[\s_-])tab(?:-?(?:pane|panel|content)s?|s-panel)(?:$|[\s_-])", re.IGNORECASE
)  # the class of the content of one tab
_STEPS_OUT = 8  # elements around a text in which its tab is searched for
_MOST_TABS = 8  # of an article, the first ones are read; a bound against hostile input


def other_tabs(text: LexborNode) -> list[LexborNode]:
    """Return the other tabs of an article that is in a tab itself: "Nội dung | Tệp đính kèm | Ý kiến"."""
    node: LexborNode | None = text
    for _ in range(_STEPS_OUT):
        if node is None or node.tag == "body":
            return []
        if _TAB.search(node.attributes.get("class") or "") is not None and node.parent is not None:
            tabs = [
                one
                for one in node.parent.iter()
                if one.mem_id != node.mem_id and _TAB.search(one.attributes.get("class") or "") is not None
            ]
            if tabs:
                return tabs[:_MOST_TABS]
        node = node.parent
    return []


def _holds_only_files(node: LexborNode, shown: str) -> bool:
    """Return True if an element shows only links to files, and their sizes: "cv12.pdf [ ] 120 kB", "Tài liệu: cv14.pdf"."""
    first = node if node.tag == "a" else node.css_first("a[href]")
    if first is None or not is_file(first.attributes.get("href") or ""):
        return False
    links = [node] if node.tag == "a" else node.css("a[href]")
    if len(links) > _MOST_FILES or not all(is_file(link.attributes.get("href") or "") for link in links):
        return False
    for link in links:
        shown = shown.replace(clean(link.text() or ""), "", 1)
    return _BESIDE_FILES.fullmatch(fold(shown)) is not None


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
            if _LABEL.search(fold(shown)) is not None or _holds_only_files(node, shown):
                found.append(node)
        node = node.next
    return found
