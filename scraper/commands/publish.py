"""`scrapy publish`: makes a dated copy of the archive for others, and for a backup. A crawl may go on meanwhile."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand


class Command(ArchiveCommand):
    summary = "Make a dated, compacted copy of the archive that never changes, with a manifest and a description of every column"
    example = "scrapy publish copies --mask-personal"

    def syntax(self) -> str:
        return "[options] DIR"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--without-text", action="store_true", help="leave out the full texts of the articles")
        parser.add_argument("--mask-personal", action="store_true", help="mask telephone and identity numbers in every text")
        parser.add_argument("--without-digests", action="store_true", help="do not read the WARC files to list their digests")
        parser.add_argument("--json", action="store_true", help="print the manifest")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import publish

        return publish.execute(self.settings, args, opts)
