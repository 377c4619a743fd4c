"""`scrapy probe URL|FILE`: shows how one page is classified and why, and what is parsed from it. Stores nothing in the archive.

`scrapy probe SOURCE` shows the facts about a source, from the archive or from a small look at its site; `--write` writes that into its
block.

`scrapy probe --platform PLATFORM RECORDING` checks a platform against all pages of a recorded site.
"""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.commands._page_options import add_page_options


class Command(ArchiveCommand):
    summary = "Show how one page is classified, and every field with the rule that filled it"
    example = "scrapy probe page.html --url https://sotttt.nghean.gov.vn/tin/bai-12.html"

    def syntax(self) -> str:
        return (
            "[options] URL|FILE\n  scrapy probe [--look] [--write [--overwrite]] [options] SOURCE"
            "\n  scrapy probe --platform PLATFORM [options] RECORDING"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_page_options(parser)
        parser.add_argument(
            "--platform",
            metavar="PLATFORM",
            help="check a platform against a recorded site: a folder of WARC, WACZ or HTML files, or one file; --url chooses one site",
        )
        parser.add_argument("--look", action="store_true", help="look at the site of the source, even if the archive knows it")
        parser.add_argument("--write", action="store_true", help="write what was found into the block of the source")
        parser.add_argument("--overwrite", action="store_true", help="with --write: also over keys that the block has")
        parser.add_argument("--json", action="store_true", help="print everything as JSON, for programs")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import probe

        return probe.execute(self.settings, args, opts)
