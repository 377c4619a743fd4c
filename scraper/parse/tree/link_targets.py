"""Classifies the links of a text: to another page, or to a file or an anchor that belongs to the text."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|odt|ods|zip|rar|7z|jpe?g|png|gif|mp[34])(?:$|[?#])", re.IGNORECASE)
_FEW = 3


def leads_elsewhere(href: str) -> bool:
    """Return True if a link leads to another page: not to a file, an anchor of this page, or an e-mail address."""
    href = href.strip()
    return bool(href) and not href.startswith(("#", "mailto:", "tel:", "javascript:")) and _FILE.search(href) is None


def leads_to_file(node: LexborNode) -> bool:
    """Return True if one of the first three links in an element leads to a file."""
    own = [node] if node.tag == "a" else node.css("a[href]")[:_FEW]
    return any(_FILE.search((link.attributes.get("href") or "").strip()) for link in own)
