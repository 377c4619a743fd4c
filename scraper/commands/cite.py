"""`scrapy cite FILE|-`: finds the citations of any text, without a crawl and without an archive."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.report_language import help_text
from scraper.two_languages import Message


class Command(ArchiveCommand):
    summary = Message("Print the citations of a text", "In các viện dẫn trong một văn bản thuần")
    example = "scrapy cite article.txt --published 2009-07-17 --province 'Nghệ An'"

    def syntax(self) -> str:
        return "[options] FILE|-"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--json",
            action="store_true",
            help=help_text(
                "print one JSON object per citation and line; the default if the output is not a terminal",
                "mỗi viện dẫn một dòng JSON; mặc định khi đầu ra không phải là cửa sổ lệnh",
            ),
        )
        how.add_argument(
            "--table",
            action="store_true",
            help=help_text("print a table; the default on a terminal", "in một bảng; mặc định trên cửa sổ lệnh"),
        )
        how.add_argument(
            "--jsonl",
            action="store_true",
            help=help_text(
                "FILE has one passage {id, text, source_context} per line; print one {id, citations} per line",
                "mỗi dòng của FILE là một đoạn {id, text, source_context}; in mỗi dòng một {id, citations}",
            ),
        )
        parser.add_argument(
            "--published",
            metavar="DAY",
            help=help_text(
                "day of publication (YYYY-MM-DD); completes days without a year", "ngày đăng (YYYY-MM-DD); bổ sung cho những ngày thiếu năm"
            ),
        )
        parser.add_argument(
            "--province",
            metavar="NAME",
            help=help_text(
                'province of the site that published the text: its UBND is meant by "UBND tỉnh"',
                'tỉnh của trang đã đăng: "UBND tỉnh" là UBND của tỉnh này',
            ),
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import cite

        return cite.execute(self.settings, args, opts)
