"""`scrapy health [SOURCE ...]`: how the sources are after their last run, and since when."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand


class Command(ArchiveCommand):
    summary = "Say how the sources are: ok, quiet, degraded, broken, blocked or ended"
    example = "scrapy health --html status.html"

    def syntax(self) -> str:
        return "[options] [SOURCE ...]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print one object of JSON")
        parser.add_argument("--html", metavar="FILE", help="write a status page in Vietnamese and English that needs no other file")
        parser.add_argument("--feed", metavar="FILE", help="write an Atom feed of the changes of states")
        parser.add_argument("--all", action="store_true", help="print also the sources that are well")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import health

        return health.execute(self.settings, args, opts)
