"""`scrapy resolve`: resolves the stored citations again after documents were added. It parses no page."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand


class Command(ArchiveCommand):
    summary = "Resolve the stored citations again, after adding documents to the known ones"
    example = "scrapy resolve --import vbpl.csv --dry-run"

    def syntax(self) -> str:
        return "[options] [SOURCE ...]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--add",
            metavar="FILE",
            action="append",
            default=[],
            help="a CSV file of documents (its columns: docs/citations.md); if one line is wrong, nothing is added",
        )
        parser.add_argument(
            "--import",
            dest="lists",
            metavar="FILE",
            action="append",
            default=[],
            help="a list of documents by others: CSV, JSON lines or Parquet with columns like so_hieu; bad rows are counted and reported",
        )
        parser.add_argument("--mapping", metavar="FILE", help="a TOML file that maps the columns of the list to ours")
        parser.add_argument("--dry-run", action="store_true", help="print what --import would change, and change nothing")
        parser.add_argument(
            "--report", metavar="FILE", help="file for rejected rows (default: LIST.rejected.csv in the folder of the archive)"
        )
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import resolve

        return resolve.execute(self.settings, args, opts)
