"""`scrapy crawl SOURCE`: requests what is new on the site of a source, or everything from its recording, and stores what it receives."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.commands._spider_arguments import add_spider_arguments
from scraper.report_language import help_text
from scraper.two_languages import Message


class Command(ArchiveCommand):
    summary = Message("Crawl one source into archive.db", "Thu thập một nguồn vào archive.db")
    example = "scrapy crawl mst -a start=2026-11-01 -a end=2026-11-30"

    def syntax(self) -> str:
        return "[options] SOURCE"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_spider_arguments(parser)
        parser.add_argument(
            "--full",
            action="store_true",
            help=help_text(
                "request every list page and every article again (like -a again=yes)",
                "yêu cầu lại mọi trang danh sách và mọi bài (như -a again=yes)",
            ),
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help=help_text("also if the source has ended or has not begun", "cả khi nguồn đã kết thúc hoặc chưa bắt đầu"),
        )
        parser.add_argument("-o", "-O", dest="feed", metavar="FILE", help=argparse.SUPPRESS)  # Scrapy's option; `execute` says why not

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import crawl

        return crawl.execute(self.settings, args, opts)
