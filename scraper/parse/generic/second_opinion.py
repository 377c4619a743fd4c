"""What trafilatura and htmldate read of a page on which the general rules found no text, or no date. Nothing is fetched.

Both know pages of many countries and none of ours, so they come last; what they read bears their names. They are loaded when
they are first asked, since most runs never ask them.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime
from importlib import import_module
from typing import Any

from lxml.etree import LxmlError

from scraper.parse.dates import EARLIEST, VIETNAM, Stamp, read_date
from scraper.parse.document import Document
from scraper.text import clean

# Parsers of theirs take long for what is no page of any site.
_LARGEST = 1_000_000  # characters
# What they are known to raise on broken pages; the page is then as if they had found nothing.
_FAILURES = (ValueError, TypeError, AttributeError, LookupError, RecursionError, LxmlError)


def text_by_trafilatura(document: Document) -> list[str]:
    """The paragraphs of the main text; none where it finds none."""
    if len(document.source) > _LARGEST:
        return []
    try:
        found = _load("trafilatura").bare_extraction(
            document.source, url=document.url, favor_precision=True, include_comments=False, with_metadata=False
        )
    except _FAILURES:
        return []
    text = (found.text if found is not None else None) or ""
    return [line for line in (clean(line) for line in re.split(r"\n+", text)) if line]


def date_by_htmldate(document: Document, captured_at: datetime) -> tuple[str, Stamp] | None:
    """The day of publication as it writes it, and as a stamp. Only its sure ways are asked for: the others take any date of the page."""
    if len(document.source) > _LARGEST:
        return None
    try:
        found = _load("htmldate").find_date(
            document.source,
            url=document.url,
            original_date=True,
            extensive_search=False,
            min_date=EARLIEST.isoformat(),
            max_date=captured_at.astimezone(VIETNAM).date().isoformat(),
        )
    except _FAILURES:
        return None
    stamp = read_date(found) if found else None
    return (found, stamp) if found and stamp is not None else None


def _load(name: str) -> Any:
    module = import_module(name)
    # They tell at length what they did not find, in the log of the crawl.
    logging.getLogger(name).setLevel(logging.CRITICAL)
    return module
