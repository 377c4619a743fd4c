"""`scrapy backfill SOURCE`: brings back what web archives have of a source."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand


class Command(ArchiveCommand):
    summary = "Bring back pages of a source that web archives have"
    example = "scrapy backfill mic-2005 --from 2008 --to 2012 --dry-run"

    def syntax(self) -> str:
        return "[options] SOURCE"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--from", dest="since", metavar="DATE", help="captures of this year, month or day and later: 2008, 2008-03")
        parser.add_argument("--to", dest="until", metavar="DATE", help="captures up to this year, month or day")
        parser.add_argument(
            "--archive",
            metavar="NAME",
            default="wayback",
            help="wayback (the default), commoncrawl, or the URL of a collection, like http://127.0.0.1:8080/gov",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="query only the index: how many captures there are, and how long it takes"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import backfill

        return backfill.execute(self.settings, args, opts)
