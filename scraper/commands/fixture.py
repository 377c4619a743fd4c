"""`scrapy fixture URL|FILE`: saves a page and its parsed fields as a test, which fails until a person has checked it."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.commands._page_options import add_page_options


class Command(ArchiveCommand):
    summary = "Save a page and its parsed fields as a test, which a person must check"
    example = "scrapy fixture page.html --url https://sotttt.nghean.gov.vn/tin/bai-12.html --name nghe-an-2019"

    def syntax(self) -> str:
        return "[options] URL|FILE"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_page_options(parser)
        parser.add_argument("--name", help="name of the fixture; else made from platform and title")
        parser.add_argument("--into", default="tests/pages", metavar="FOLDER", help="where to write it (tests/pages)")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import fixture

        return fixture.execute(self.settings, args, opts)
