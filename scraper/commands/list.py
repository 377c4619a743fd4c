"""`scrapy list`: prints the sources that can be crawled, all or those of a group, kind or unit."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.report_language import help_text
from scraper.two_languages import Message


class Command(ArchiveCommand):
    summary = Message("List the sources that can be crawled", "Liệt kê các nguồn thu thập được")
    example = "scrapy list --long --group ministries --in-force"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        from scraper.sources.groups import GROUPS, KINDS

        super().add_options(parser)
        parser.add_argument(
            "--long",
            action="store_true",
            help=help_text("with period, kind, platform, unit, site and name", "kèm thời kỳ, loại, nền tảng, đơn vị, trang và tên"),
        )
        parser.add_argument(
            "--json",
            action="store_true",
            help=help_text("as JSON lines, with everything that is known of a source", "mỗi nguồn một dòng JSON, với mọi điều đã biết"),
        )
        parser.add_argument(
            "--group", metavar="GROUP", help=help_text(f"only of this group: {', '.join(GROUPS)}", f"chỉ nhóm này: {', '.join(GROUPS)}")
        )
        parser.add_argument(
            "--kind", metavar="KIND", help=help_text(f"only of this kind: {', '.join(KINDS)}", f"chỉ loại này: {', '.join(KINDS)}")
        )
        parser.add_argument(
            "--unit", metavar="UNIT", help=help_text("only of this unit, like ca-mau-2025", "chỉ đơn vị này, ví dụ ca-mau-2025")
        )
        parser.add_argument(
            "--in-force",
            action="store_true",
            help=help_text("only those that have begun and have not ended", "chỉ những nguồn đã bắt đầu và chưa kết thúc"),
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import list

        return list.execute(self.settings, args, opts)
