"""`scrapy list`: prints the sources that can be crawled, all or those of a group, kind or unit."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand


class Command(ArchiveCommand):
    summary = "List the sources that can be crawled"
    example = "scrapy list --long --group ministries --in-force"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        from scraper.sources.groups import GROUPS, KINDS

        super().add_options(parser)
        parser.add_argument("--long", action="store_true", help="with period, kind, platform, unit, site and name")
        parser.add_argument("--json", action="store_true", help="as JSON lines, with everything that is known of a source")
        parser.add_argument("--group", metavar="GROUP", help=f"only of this group: {', '.join(GROUPS)}")
        parser.add_argument("--kind", metavar="KIND", help=f"only of this kind: {', '.join(KINDS)}")
        parser.add_argument("--unit", metavar="UNIT", help="only of this unit, like ca-mau-2025")
        parser.add_argument("--in-force", action="store_true", help="only those that have begun and have not ended")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import list

        return list.execute(self.settings, args, opts)
