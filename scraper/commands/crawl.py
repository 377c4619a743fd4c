"""`scrapy crawl SOURCE`: ask a source, or its recording, for everything, and store what comes."""

from __future__ import annotations

import argparse

from scraper.commands.base import FAILED, WELL, ArchiveCommand
from scraper.fetch.session import Session
from scraper.model import UserError
from scraper.sources import find, load
from scraper.paths import project_paths
from scraper.spiders.news import Range


class Command(ArchiveCommand):
    requires_crawler_process = True
    summary = "Crawl one source into archive.db"
    example = "scrapy crawl nghe-an-ict -a start=2009-01-01 -a end=2009-12-31"

    def syntax(self) -> str:
        return "[options] SOURCE"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-a",
            dest="spider_arguments",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="start=, end=: ask only for articles of these days (YYYY-MM-DD); again=no: pass over articles that the archive has",
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None and self.crawler_process is not None
        if len(args) != 1:
            raise UserError("give one source, like: scrapy crawl nghe-an-ict (`scrapy list` shows all)")
        source = find(load(project_paths(self.settings.get("SOURCES_EXTRA"))), args[0])
        arguments = _pairs(opts.spider_arguments)
        span = Range.of(arguments)
        session = Session(self.settings, source, arguments=arguments)
        crawler = self.crawler_process.create_crawler(source.id)
        self.crawler_process.crawl(crawler, session=session, span=span)
        self.crawler_process.start()
        return WELL if session.outcome == "finished" else FAILED


def _pairs(arguments: list[str]) -> dict[str, str]:
    pairs = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals:
            raise UserError(f'-a {argument}: write NAME=VALUE, like -a start=2009-01-01')
        pairs[name] = value
    return pairs
