"""`scrapy backfill SOURCE`: brings back what web archives have of a source."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.report_language import help_text
from scraper.two_languages import Message


class Command(ArchiveCommand):
    summary = Message("Bring back pages of a source that web archives have", "Bổ sung những trang của một nguồn mà kho lưu trữ web có")
    example = "scrapy backfill mic-2005 --from 2008 --to 2012 --dry-run"

    def syntax(self) -> str:
        return "[options] SOURCE"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--from",
            dest="since",
            metavar="DATE",
            help=help_text(
                "captures of this year, month or day and later: 2008, 2008-03", "bản chụp từ năm, tháng hoặc ngày này trở đi: 2008, 2008-03"
            ),
        )
        parser.add_argument(
            "--to",
            dest="until",
            metavar="DATE",
            help=help_text("captures up to this year, month or day", "bản chụp đến năm, tháng hoặc ngày này"),
        )
        parser.add_argument(
            "--archive",
            metavar="NAME",
            default="wayback",
            help=help_text(
                "wayback (the default), commoncrawl, or the URL of a collection, like http://127.0.0.1:8080/gov",
                "wayback (mặc định), commoncrawl, hoặc URL của một bộ sưu tập, ví dụ http://127.0.0.1:8080/gov",
            ),
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help=help_text(
                "query only the index: how many captures there are, and how long it takes",
                "chỉ hỏi chỉ mục: có bao nhiêu bản chụp, và mất bao lâu",
            ),
        )
        parser.add_argument("--json", action="store_true", help=help_text("print the result as JSON", "in kết quả bằng JSON"))

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import backfill

        return backfill.execute(self.settings, args, opts)
