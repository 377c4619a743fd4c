"""`scrapy crawl SOURCE`: requests everything from a source or its recording, and stores what it receives."""

from __future__ import annotations

import argparse

from scraper.base_command import FAILED, WELL, ArchiveCommand, silence_failed_requests
from scraper.crawl.politeness.host_closed import BY_RULE, LATER
from scraper.crawl.run import Run
from scraper.crawl.spider.arguments import SpiderArguments
from scraper.failures import REASONS
from scraper.model import UserError
from scraper.paths import project_paths
from scraper.sources import find, load


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
            help="start=, end=: only articles published on these days (YYYY-MM-DD); again=no: only articles that the archive does not have",
        )
        parser.add_argument("-o", "-O", dest="feed", metavar="FILE", help=argparse.SUPPRESS)  # Scrapy's option; `execute` says why not

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None and self.crawler_process is not None
        if opts.feed is not None:
            raise UserError(
                f"-o {opts.feed}: a crawl writes to archive.db; `make serve` offers every table and query of it as CSV and JSON"
            )
        if len(args) != 1:
            raise UserError("give one source, like: scrapy crawl nghe-an-ict (`scrapy list` shows all)")
        source = find(load(project_paths(self.settings.get("SOURCES_EXTRA"))), args[0])
        arguments = _pairs(opts.spider_arguments)
        spider_arguments = SpiderArguments.of(arguments)
        silence_failed_requests()
        run = Run(self.settings, source, arguments=arguments)
        if run.recording is None and not self.settings.get("CRAWLER_CONTACT"):
            print(f"{source.id}: give your e-mail address to {source.site}: CRAWLER_CONTACT=you@example.org scrapy crawl {source.id}")
        crawler = self.crawler_process.create_crawler(source.id)
        self.crawler_process.crawl(crawler, run=run, arguments=spider_arguments)
        self.crawler_process.start()
        print("\n".join(_report(run)))
        return WELL if run.outcome in ("finished", *BY_RULE) and run.counts.responses else FAILED


def _report(run: Run) -> list[str]:
    """Returns the report of a run for the person who started it: what was received, what failed, and what to do about it."""
    counts = run.counts
    lines = [
        f"{run.source.id}: {run.outcome or 'interrupted'}; {counts.responses} responses ({counts.captures} new), "
        f"{counts.articles} articles: {counts.new} new, {counts.changed} changed, {counts.same} unchanged"
    ]
    if run.problem:
        advice = "crawl again later" if run.outcome in LATER else "fix this and crawl again"
        lines.append(f"  stopped: {run.problem}. The stored pages stay in the archive; {advice}")
    lines += [f"  {number} × {reason}: {REASONS.get(reason, '')}" for reason, number in run.failed.items()]
    for host, _ in counts.other_hosts.most_common(5):
        lines.append(
            f'  links lead to {host}, which the source does not list; if it is part of the site, add to its block: hosts = ["{host}"]'
        )
    if run.failed:
        lines.append(f"  every URL is in the table failures, with source_id {run.source.id}")
    if run.outcome == "shutdown":
        lines.append("  stopped by Ctrl-C or a signal. The stored pages stay in the archive; crawl again to get the others")
    elif not counts.responses and run.recording is not None:
        lines.append(f"  the recording has no page of {run.source.site}; check REPLAY, or the key `replay` of the source's block")
    elif not counts.responses:
        lines.append(f"  no response at all. Check whether {run.source.site} still exists; `scrapy list --long` shows the sites")
    elif not counts.articles and not run.known_before:
        lines.append("  no article was found; name the pages that list the news in `listings` of the source's block")
    return lines


def _pairs(arguments: list[str]) -> dict[str, str]:
    pairs = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals:
            raise UserError(f"-a {argument}: write NAME=VALUE, like -a start=2009-01-01")
        pairs[name] = value
    return pairs
