"""`scrapy fixture URL|FILE`: saves a page and its parsed fields as a test, which fails until a person has checked it."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.commands._page_options import add_page_options
from scraper.report_language import help_text
from scraper.two_languages import Message


class Command(ArchiveCommand):
    summary = Message(
        "Save a page and its parsed fields as a test, which a person must check",
        "Lưu một trang và các trường đã đọc thành bài kiểm thử để người kiểm tra",
    )
    example = "scrapy fixture page.html --url https://sotttt.nghean.gov.vn/tin/bai-12.html --name nghe-an-2019"

    def syntax(self) -> str:
        return "[options] URL|FILE"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_page_options(parser)
        parser.add_argument(
            "--name",
            help=help_text(
                "name of the fixture; else made from platform and title", "tên của mẫu; nếu không ghi thì lấy từ nền tảng và tiêu đề"
            ),
        )
        parser.add_argument(
            "--into",
            default="tests/pages",
            metavar="FOLDER",
            help=help_text("where to write it (tests/pages)", "ghi vào đâu (tests/pages)"),
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import fixture

        return fixture.execute(self.settings, args, opts)
