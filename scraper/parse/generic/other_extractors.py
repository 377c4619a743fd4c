"""Runs trafilatura and htmldate on a page on which the general rules found no text, or no date. Nothing is fetched.

Both were made for pages of many countries, but not of Vietnam, so they come last, and the rules of their values hold their
names. They are imported on first use, because most runs never need them.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime
from importlib import import_module
from typing import Any

from lxml.etree import LxmlError

from scraper.parse.fields.written_dates import EARLIEST, VIETNAM, Stamp, read_date
from scraper.parse.tree.page_tree import PageTree
from scraper.text import clean

# Their parsers are slow on very large input, which is not a real page.
_LARGEST = 1_000_000  # characters; a bound against hostile input
# The exceptions that they are known to raise on broken pages. They then count as "nothing found".
_FAILURES = (ValueError, TypeError, AttributeError, LookupError, RecursionError, LxmlError)


def text_by_trafilatura(tree: PageTree) -> list[str]:
    """Return the paragraphs of the main text; none if trafilatura finds no text or fails."""
    if len(tree.source) > _LARGEST:
        return []
    try:
        found = _load("trafilatura").bare_extraction(
            tree.source, url=tree.url, favor_precision=True, include_comments=False, with_metadata=False
        )
    except _FAILURES:
        return []
    text = (found.text if found is not None else None) or ""
    return [line for line in (clean(line) for line in re.split(r"\n+", text)) if line]


def date_by_htmldate(tree: PageTree, captured_at: datetime) -> tuple[str, Stamp] | None:
    """Return the day of publication as htmldate writes it, and as a stamp; None if it finds none.

    Only its reliable methods are used: the extensive search takes any date of the page.
    """
    if len(tree.source) > _LARGEST:
        return None
    try:
        found = _load("htmldate").find_date(
            tree.source,
            url=tree.url,
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
    # They would fill the log of the crawl with messages about every missing field.
    logging.getLogger(name).setLevel(logging.CRITICAL)
    return module
