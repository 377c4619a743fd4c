"""The options of the commands that examine one page."""

from __future__ import annotations

import argparse

from scraper.report_language import help_text


def add_page_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options that say where a saved page came from, and how to parse it."""
    parser.add_argument("--url", metavar="URL", help=help_text("the URL of a saved file", "URL của tệp đã lưu"))
    parser.add_argument(
        "--captured",
        metavar="TIME",
        help=help_text(
            "when it was saved (YYYY-MM-DD or ISO 8601); default: the time of the file",
            "lưu khi nào (YYYY-MM-DD hoặc ISO 8601); mặc định: thời điểm của tệp",
        ),
    )
    parser.add_argument(
        "--generic",
        action="store_true",
        help=help_text("use only the general rules, as if no layout fitted", "chỉ dùng quy tắc chung, như khi không bố cục nào khớp"),
    )
