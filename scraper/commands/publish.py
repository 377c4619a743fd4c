"""`scrapy publish`: makes a dated copy of the archive for others, and for a backup. A crawl may go on meanwhile."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.report_language import help_text
from scraper.two_languages import Message


class Command(ArchiveCommand):
    summary = Message(
        "Make a dated, compacted copy of the archive that never changes, with a manifest and a description of every column",
        "Làm một bản sao có ghi ngày, thu gọn và không bao giờ đổi của kho, kèm bản kê và mô tả từng cột",
    )
    example = "scrapy publish copies --mask-personal"

    def syntax(self) -> str:
        return "[options] DIR"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--without-text", action="store_true", help=help_text("leave out the full texts of the articles", "bỏ nội dung các bài viết")
        )
        parser.add_argument(
            "--mask-personal",
            action="store_true",
            help=help_text("mask telephone and identity numbers in every text", "che số điện thoại và số giấy tờ trong mọi nội dung"),
        )
        parser.add_argument(
            "--without-digests",
            action="store_true",
            help=help_text("do not read the WARC files to list their digests", "không đọc tệp WARC để ghi mã băm của chúng"),
        )
        parser.add_argument("--json", action="store_true", help=help_text("print the manifest", "in bản kê"))

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import publish

        return publish.execute(self.settings, args, opts)
