"""`scrapy crawl SOURCE`: requests what is new on the site of a source, or everything from its recording, and stores what it receives."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from scraper import clock
from scraper.base_command import BUSY, FAILED, WELL, ArchiveCommand, silence_failed_requests
from scraper.commands._health_messages import health_channels, report_health
from scraper.commands._spider_arguments import add_spider_arguments, pairs
from scraper.crawl.run import Run
from scraper.crawl.side_by_side import SideBySide
from scraper.crawl.source_lock import SourceLocked
from scraper.crawl.spider.arguments import SpiderArguments
from scraper.model import Source, UserError
from scraper.paths import project_paths
from scraper.sources import Standing, find, load, recordings, standing


class Command(ArchiveCommand):
    requires_crawler_process = True
    summary = "Crawl one source into archive.db"
    example = "scrapy crawl mst -a start=2026-11-01 -a end=2026-11-30"

    def syntax(self) -> str:
        return "[options] SOURCE"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_spider_arguments(parser)
        parser.add_argument("--full", action="store_true", help="request every list page and every article again (like -a again=yes)")
        parser.add_argument("--force", action="store_true", help="also if the source has ended or has not begun")
        parser.add_argument("-o", "-O", dest="feed", metavar="FILE", help=argparse.SUPPRESS)  # Scrapy's option; `execute` says why not

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        if opts.feed is not None:
            raise UserError(
                f"-o {opts.feed}: a crawl writes to archive.db; `make serve` offers every table and query of it as CSV and JSON"
            )
        if len(args) != 1:
            raise UserError("give one source, like: scrapy crawl mst (`scrapy list` shows all)")
        source = find(load(project_paths(self.settings.get("SOURCES_EXTRA")), live=not self.settings.get("REPLAY")), args[0])
        if not opts.force and not recordings(source, self.settings.get("REPLAY")):
            _check_in_force(source, clock.now().astimezone(clock.VIETNAM).date())
        arguments = pairs(opts.spider_arguments)
        if opts.full:
            arguments["again"] = "yes"
        SpiderArguments.of(arguments)  # rejects wrong ones before anything is done
        channels = health_channels(self.settings)
        silence_failed_requests()
        try:
            run = Run(self.settings, source, arguments=arguments)
        except SourceLocked as error:
            print(f"error: {error}", file=sys.stderr)
            return BUSY
        if run.recording is None and not self.settings.get("CRAWLER_CONTACT"):
            print(f"{source.id}: give your e-mail address to {source.site}: CRAWLER_CONTACT=you@example.org scrapy crawl {source.id}")
        crawls = SideBySide(self.async_process, lambda _: run, at_once=1)
        [result] = crawls.crawl([source])
        print("\n".join(result.lines))
        problems = report_health(self.settings, channels)
        for line in problems:
            print(line)
        return WELL if result.is_well and not (crawls.problem or problems) else FAILED


def _check_in_force(source: Source, day: date) -> None:
    """Raises UserError if the site is not that of the source on a day: its pages would be those of another period."""
    match standing(source, day):
        case Standing.ENDED:
            after = f"crawl its successor: scrapy crawl {source.successor}" if source.successor else "it has no successor"
            raise UserError(
                f"{source.id}: ended on {source.valid_to}; {after}. A recording of it can be crawled: -s REPLAY=site.warc.gz; to request"
                " the site as it is today, add --force"
            )
        case Standing.NOT_YET:
            raise UserError(f"{source.id}: begins on {source.valid_from}, which is after {day}; correct `valid`, or add --force")
