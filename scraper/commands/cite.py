"""`scrapy cite FILE|-`: finds the citations of any text, without a crawl and without an archive."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand


class Command(ArchiveCommand):
    summary = "Print the citations of a text"
    example = "scrapy cite article.txt --published 2009-07-17 --province 'Nghệ An'"

    def syntax(self) -> str:
        return "[options] FILE|-"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--json", action="store_true", help="print one JSON object per citation and line; the default if the output is not a terminal"
        )
        how.add_argument("--table", action="store_true", help="print a table; the default on a terminal")
        how.add_argument(
            "--jsonl",
            action="store_true",
            help="FILE has one passage {id, text, source_context} per line; print one {id, citations} per line",
        )
        parser.add_argument("--published", metavar="DAY", help="day of publication (YYYY-MM-DD); completes days without a year")
        parser.add_argument(
            "--province", metavar="NAME", help='province of the site that published the text: its UBND is meant by "UBND tỉnh"'
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import cite

        return cite.execute(self.settings, args, opts)
