"""The options of the commands that examine one page."""

from __future__ import annotations

import argparse


def add_page_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options that say where a saved page came from, and how to parse it."""
    parser.add_argument("--url", metavar="URL", help="the URL of a saved file")
    parser.add_argument("--captured", metavar="TIME", help="when it was saved (YYYY-MM-DD or ISO 8601); default: the time of the file")
    parser.add_argument("--generic", action="store_true", help="use only the general rules, as if no layout fitted")
