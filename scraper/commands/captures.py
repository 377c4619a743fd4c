"""`scrapy captures ACTION`: checks, imports, exports and lists the captures."""

from __future__ import annotations

import argparse
from datetime import date

from scraper.base_command import ArchiveCommand

_ACTIONS = "verify | import FILE ... | export --wacz FILE --source ID | digests"


class Command(ArchiveCommand):
    summary = "Import, check, export or list the captures: the WARC files and their rows"
    example = "scrapy captures import old-site.warc.gz mirror/"

    def syntax(self) -> str:
        return f"[options] {_ACTIONS}"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--source", metavar="ID", help="import, export, verify: only this source")
        parser.add_argument("--wacz", metavar="FILE", help="export: the WACZ package to write")
        parser.add_argument(
            "--from", dest="since", metavar="DAY", type=date.fromisoformat, help="export: captures of this day and later (UTC)"
        )
        parser.add_argument("--to", dest="until", metavar="DAY", type=date.fromisoformat, help="export: up to this day (UTC)")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import captures

        return captures.execute(self.settings, args, opts)
