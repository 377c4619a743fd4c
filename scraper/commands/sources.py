"""`scrapy sources remove ID`: removes sources from the archive, after showing what that means."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.report_language import help_text
from scraper.two_languages import Message


class Command(ArchiveCommand):
    summary = Message("Remove sources from the archive; their WARC files stay", "Bỏ nguồn khỏi kho; tệp WARC của chúng vẫn ở lại")
    example = "scrapy sources remove sample-mic"

    def syntax(self) -> str:
        return "[options] remove SOURCE ..."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--yes",
            action="store_true",
            help=help_text(
                "remove without a question; needed if there is no terminal to answer it",
                "bỏ mà không hỏi; cần có nếu không có cửa sổ lệnh để trả lời",
            ),
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import sources

        return sources.execute(self.settings, args, opts)
