"""`scrapy restore`: checks a copy that `scrapy publish` made, and makes it the archive again."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand


class Command(ArchiveCommand):
    summary = "Check a published copy, and make it the archive again"
    example = "scrapy restore copies/2026-11-29"

    def syntax(self) -> str:
        return "[options] COPY"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--check", action="store_true", help="only check the copy: exit code 1 if it is damaged")
        parser.add_argument("--force", action="store_true", help="replace the archive that is there; it is kept under another name")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import restore

        return restore.execute(self.settings, args, opts)
