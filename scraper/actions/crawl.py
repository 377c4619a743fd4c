"""`scrapy crawl SOURCE`: requests what is new on the site of a source, or everything from its recording, and stores what it receives."""

from __future__ import annotations

import argparse
from datetime import date

from scrapy.settings import Settings

from scraper import clock, report_language
from scraper.actions.health_messages import health_channels, report_health
from scraper.base_command import BUSY, FAILED, WELL, note_lines, print_failure
from scraper.crawl.crawler_process import crawler_process
from scraper.crawl.run import Run
from scraper.crawl.run_report import LOCKED, NOT_STARTED
from scraper.crawl.side_by_side import SideBySide
from scraper.crawl.source_lock import SourceLocked
from scraper.crawl.spider.arguments import SpiderArguments, pairs
from scraper.model import Source, UserError
from scraper.paths import project_paths
from scraper.sources import Standing, doubts, find, load, recordings, standing
from scraper.two_languages import Message, message_of


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    if opts.feed is not None:
        raise UserError(
            Message(
                f"-o {opts.feed}: a crawl writes to archive.db; `make serve` offers every table and query of it as CSV and JSON",
                f"-o {opts.feed}: lượt thu thập ghi vào archive.db; `make serve` cho tải mọi bảng và câu hỏi của kho bằng CSV và JSON",
            )
        )
    if len(args) != 1:
        raise UserError(
            Message(
                "give one source, like: scrapy crawl mst (`scrapy list` shows all)",
                "hãy ghi một nguồn, ví dụ: scrapy crawl mst (`scrapy list` liệt kê tất cả)",
            )
        )
    source = find(load(project_paths(settings.get("SOURCES_EXTRA")), live=not settings.get("REPLAY")), args[0])
    if not opts.force and not recordings(source, settings.get("REPLAY")):
        _check_in_force(source, clock.now().astimezone(clock.VIETNAM).date())
    for doubt in doubts([source]):
        print(note_lines(doubt))
    arguments = pairs(opts.spider_arguments)
    if opts.full:
        arguments["again"] = "yes"
    SpiderArguments.of(arguments)  # rejects wrong ones before anything is done
    channels = health_channels(settings)
    process = crawler_process(settings)
    rejected: list[Exception] = []

    def open_run(source: Source) -> Run:
        # Within `crawl`, which handles signals: a signal must not end the process between the row of the run and its first request.
        try:
            run = Run(settings, source, arguments=arguments, report=lambda line: print(report_language.report([line])))
        except SourceLocked:
            raise
        except Exception as error:
            rejected.append(error)
            raise UserError(message_of(error)) from error
        if run.recording is None and not settings.get("CRAWLER_CONTACT"):
            print(report_language.report([_no_contact(source)]))
        return run

    crawls = SideBySide(process, open_run, at_once=1)
    [result] = crawls.crawl([source])
    if rejected:
        raise rejected[0]
    if result.state == LOCKED:
        print_failure(result.attention)
        return BUSY
    if result.state == NOT_STARTED:
        print_failure(crawls.problem)
        return FAILED
    print(report_language.report(result.lines))
    problems = report_health(settings, channels)
    for problem in problems:
        print(report_language.report([problem]))
    return WELL if result.is_well and not (crawls.problem or problems) else FAILED


def _no_contact(source: Source) -> Message:
    command = f"CRAWLER_CONTACT=you@example.org scrapy crawl {source.id}"
    return Message(
        f"{source.id}: give your e-mail address to {source.site}: {command}",
        f"{source.id}: hãy cho {source.site} biết e-mail của bạn: {command}",
    )


def _check_in_force(source: Source, day: date) -> None:
    """Raises UserError if the site is not that of the source on a day: its pages would be those of another period."""
    match standing(source, day):
        case Standing.ENDED:
            after = Message("it has no successor", "nguồn này không có nguồn kế tiếp")
            if source.successor:
                command = f"scrapy crawl {source.successor}"
                after = Message(f"crawl its successor: {command}", f"hãy thu thập nguồn kế tiếp: {command}")
            raise UserError(
                Message(
                    f"{source.id}: ended on {source.valid_to}; {after.en}. A recording of it can be crawled: -s REPLAY=site.warc.gz; to"
                    " request the site as it is today, add --force",
                    f"{source.id}: đã kết thúc ngày {source.valid_to}; {after.vi}. Có thể thu thập từ bản ghi: -s REPLAY=site.warc.gz; muốn"
                    " gửi yêu cầu tới trang hiện nay thì thêm --force",
                )
            )
        case Standing.NOT_YET:
            raise UserError(
                Message(
                    f"{source.id}: begins on {source.valid_from}, which is after {day}; correct `valid`, or add --force",
                    f"{source.id}: bắt đầu ngày {source.valid_from}, sau ngày {day}; hãy sửa `valid`, hoặc thêm --force",
                )
            )
