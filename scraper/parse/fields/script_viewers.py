"""Finds the files that scripts of a page show in a viewer: PDFObject, pdf.js, FlowPaper, dFlip, and viewers of sites' own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from scraper.parse.tree.page_tree import PageTree

_ENDING = ".pdf"  # these viewers show no other files
_END = re.compile(r"\.pdf(?=['\"?#])", re.IGNORECASE)
# What is before the URL of the file: PDFObject.embed("..., getDocument({url: "..., PDFFile: '..., <div class="_df_book" source="...
_BEFORE = re.compile(
    r"(?:PDFObject\.embed\(\s*|getDocument\(\s*(?:\{\s*url\s*:\s*)?|(?<!\w)(?:(?:pdf|doc)_?(?:file|url|path|src|link)|(?:file_?|default_?)url)\s*[:=]\s*"
    r"|\s(?:source|data-(?:pdf|file|source|pdf-?(?:url|src|file)))\s*=\s*)$",
    re.IGNORECASE,
)
_REACH = 60  # characters before a URL that are checked
_LONGEST = 300  # characters of a URL
_MOST = 50  # mentions of such a file in a page that are checked; a bound against hostile input


def shown_by_scripts(tree: PageTree) -> Iterator[str]:
    """Yield the files that viewers of a page show by a script, or by an attribute that a script reads, as the page writes their URLs."""
    if not tree.mentions(_ENDING):
        return
    source = tree.source
    for match in islice(_END.finditer(source), _MOST):
        at = match.end()
        start = max(source.rfind(mark, max(0, at - _LONGEST), at) for mark in "'\"")
        if start >= 0 and _BEFORE.search(source, max(0, start - _REACH), start):
            yield source[start + 1 : at]
