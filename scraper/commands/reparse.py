"""`scrapy reparse`: parses the kept captures again with the current code. It sends no request."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand

# A broken layout loses a field on all its pages, an intended correction on a few odd ones: see docs/operations.md.
_ALLOWED = 2.0  # per cent of the values of a field of a source


class Command(ArchiveCommand):
    summary = "Parse the stored captures again, without a request to any site, and print what would change; --write stores it"
    example = "scrapy reparse nghe-an-ict --write"

    def syntax(self) -> str:
        return "[options] [SOURCE ...]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--source", action="append", default=[], metavar="SOURCE", help="the same as SOURCE; may be repeated")
        parser.add_argument("--since", metavar="DAY", help="only captures of this day (in Viet Nam) and later, like 2026-01-31")
        parser.add_argument("--layout", metavar="NAME", help="only articles of a layout (nukeviet/4-desktop) or of a platform (nukeviet)")
        parser.add_argument("--only-failed", action="store_true", help="only captures from which no page could be parsed")
        parser.add_argument("--write", action="store_true", help="store the result; nothing is stored if too much would be lost")
        parser.add_argument(
            "--allow-loss",
            metavar="SHARE",
            default=f"{_ALLOWED:g}%",
            help="the largest share of the values of a field of a source that may be lost (default: %(default)s); 100%% stores in any case",
        )
        parser.add_argument("--processes", type=int, metavar="N", help="processes that parse (default: one for each core, if it pays off)")
        parser.add_argument(
            "--cluster", metavar="ADDRESS", help="parse on the workers of a Dask scheduler: tcp://HOST:8786 (docs/scale.md)"
        )
        parser.add_argument("--restart", action="store_true", help="begin again, if an earlier call was interrupted")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import reparse

        return reparse.execute(self.settings, args, opts)
