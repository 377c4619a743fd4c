"""`scrapy probe URL|FILE`: shows how one page is classified and why, and what is parsed from it. Stores nothing in the archive.

`scrapy probe SOURCE` shows the facts about a source, from the archive or from a small look at its site; `--write` writes that into its
block.

`scrapy probe --platform PLATFORM RECORDING` checks a platform against all pages of a recorded site.
"""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.commands._page_options import add_page_options
from scraper.report_language import help_text
from scraper.two_languages import Message


class Command(ArchiveCommand):
    summary = Message(
        "Show how one page is classified, and every field with the rule that filled it",
        "Cho thấy một trang được xếp loại ra sao, và từng trường do quy tắc nào điền",
    )
    example = "scrapy probe page.html --url https://sotttt.nghean.gov.vn/tin/bai-12.html"

    def syntax(self) -> str:
        return (
            "[options] URL|FILE\n  scrapy probe [--look] [--write [--overwrite]] [options] SOURCE"
            "\n  scrapy probe --platform PLATFORM [options] RECORDING"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_page_options(parser)
        parser.add_argument(
            "--platform",
            metavar="PLATFORM",
            help=help_text(
                "check a platform against a recorded site: a folder of WARC, WACZ or HTML files, or one file; --url chooses one site",
                "kiểm tra một nền tảng với một trang đã ghi: thư mục chứa tệp WARC, WACZ hoặc HTML, hoặc một tệp; --url chọn một trang",
            ),
        )
        parser.add_argument(
            "--look",
            action="store_true",
            help=help_text("look at the site of the source, even if the archive knows it", "xem trang của nguồn, dù kho đã biết trang đó"),
        )
        parser.add_argument(
            "--write",
            action="store_true",
            help=help_text("write what was found into the block of the source", "ghi những gì tìm được vào khối của nguồn"),
        )
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help=help_text("with --write: also over keys that the block has", "đi với --write: ghi đè cả những khóa khối đã có"),
        )
        parser.add_argument(
            "--json",
            action="store_true",
            help=help_text("print everything as JSON, for programs", "in mọi thứ bằng JSON, cho chương trình"),
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import probe

        return probe.execute(self.settings, args, opts)
