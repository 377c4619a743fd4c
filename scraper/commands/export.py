"""`scrapy export`: writes a table, a named query or SQL into a file, without a server."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand


class Command(ArchiveCommand):
    summary = "Write all rows of a table, of a named query or of SQL into a CSV, Excel, JSON lines or Parquet file, with a manifest"
    example = "scrapy export articles --filters 'source_id=mic' --format xlsx"

    def syntax(self) -> str:
        return "[options] [TABLE]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--query", metavar="NAME", help="a named query instead of a table")
        parser.add_argument("--sql", metavar="SQL", help="a select statement instead of a table")
        parser.add_argument("-p", dest="parameters", metavar="NAME=VALUE", action="append", default=[], help="a parameter of the query")
        parser.add_argument(
            "--filters", metavar="TEXT", default="", help="filters of the table's page: the part of its URL after the question mark"
        )
        parser.add_argument("--format", metavar="FORMAT", help="csv, xlsx, jsonl or parquet; default: the ending of --out, or csv")
        parser.add_argument("--out", metavar="FILE", help="the file; default: the name of the table or query, in this folder")
        parser.add_argument("--plain", action="store_true", help="CSV without a byte order mark, and with formulas as they are")
        parser.add_argument("--language", choices=("vi", "en"), default="vi", help="the language of names in named queries")
        parser.add_argument("--json", action="store_true", help="print the manifest")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import export

        return export.execute(self.settings, args, opts)
