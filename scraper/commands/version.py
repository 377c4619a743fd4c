"""`scrapy version`: prints Scrapy's version, the project's and that of the parsing code."""

from __future__ import annotations

import argparse

from scrapy.commands import version as scrapy_version

from scraper import __version__
from scraper.report_language import described, help_text
from scraper.two_languages import Message
from scraper.version import parser_version

_SUMMARY = Message(
    "Print the versions of Scrapy, of this project and of its parsing code",
    "In phiên bản của Scrapy, của dự án này và của mã đọc trang",
)


class Command(scrapy_version.Command):
    """Scrapy's own command, with two lines more."""

    def short_desc(self) -> str:
        return help_text(_SUMMARY.en, _SUMMARY.vi)

    def long_desc(self) -> str:
        return described(_SUMMARY, "scrapy version --verbose")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        super().run(args, opts)
        print(f"vietnam-government-news-archive {__version__}")
        print(f"Parsing code {parser_version()}")
