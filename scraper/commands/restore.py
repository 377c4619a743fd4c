"""`scrapy restore`: checks a copy that `scrapy publish` made, and makes it the archive again."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.report_language import help_text
from scraper.two_languages import Message


class Command(ArchiveCommand):
    summary = Message(
        "Check a published copy, and make it the archive again", "Kiểm tra một bản sao đã công bố, và đưa nó trở lại thành kho"
    )
    example = "scrapy restore copies/2026-11-29"

    def syntax(self) -> str:
        return "[options] COPY"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--check",
            action="store_true",
            help=help_text("only check the copy: exit code 1 if it is damaged", "chỉ kiểm tra bản sao: mã thoát 1 nếu bị hỏng"),
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help=help_text(
                "replace the archive that is there; it is kept under another name", "thay kho đang có; kho ấy được giữ dưới tên khác"
            ),
        )
        parser.add_argument("--json", action="store_true", help=help_text("print the result as JSON", "in kết quả bằng JSON"))

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import restore

        return restore.execute(self.settings, args, opts)
