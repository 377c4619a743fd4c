"""`scrapy health [SOURCE ...]`: how the sources are after their last run, and since when."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.report_language import help_text
from scraper.two_languages import Message


class Command(ArchiveCommand):
    summary = Message(
        "Say how the sources are: ok, quiet, degraded, broken, blocked or ended",
        "Cho biết tình trạng các nguồn: ok, quiet, degraded, broken, blocked hoặc ended",
    )
    example = "scrapy health --html status.html"

    def syntax(self) -> str:
        return "[options] [SOURCE ...]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help=help_text("print one object of JSON", "in một đối tượng JSON"))
        parser.add_argument(
            "--html",
            metavar="FILE",
            help=help_text(
                "write a status page in Vietnamese and English that needs no other file",
                "ghi trang tình trạng bằng tiếng Việt và tiếng Anh, không cần tệp nào khác",
            ),
        )
        parser.add_argument(
            "--feed",
            metavar="FILE",
            help=help_text("write an Atom feed of the changes of states", "ghi feed Atom về những lần đổi tình trạng"),
        )
        parser.add_argument(
            "--all", action="store_true", help=help_text("print also the sources that are well", "in cả những nguồn đang tốt")
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import health

        return health.execute(self.settings, args, opts)
