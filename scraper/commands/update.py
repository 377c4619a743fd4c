"""`scrapy update`: crawls all sources that are due, side by side in one process."""

from __future__ import annotations

import argparse
import math

from scraper.base_command import BUSY, ArchiveCommand, print_failure
from scraper.commands._spider_arguments import add_spider_arguments
from scraper.paths import project_path
from scraper.report_language import help_text
from scraper.two_languages import Message, message_of


class Command(ArchiveCommand):
    summary = Message("Crawl all sources that are due, side by side", "Thu thập song song mọi nguồn đã đến hạn")
    example = "scrapy update --group ministries"

    def syntax(self) -> str:
        return "[options] [SOURCE ...]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        from scraper.sources.groups import GROUPS

        super().add_options(parser)
        parser.add_argument(
            "--group",
            metavar="GROUP",
            help=help_text(f"only the sources of a group: {', '.join(GROUPS)}", f"chỉ các nguồn của một nhóm: {', '.join(GROUPS)}"),
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help=help_text("list what would be crawled, and why; write nothing", "liệt kê những gì sẽ thu thập, và vì sao; không ghi gì"),
        )
        parser.add_argument(
            "--replay",
            metavar="FILE",
            help=help_text(
                "recordings that answer instead of the sites, separated by commas",
                "các bản ghi trả lời thay cho trang, cách nhau bằng dấu phẩy",
            ),
        )
        parser.add_argument(
            "--full",
            action="store_true",
            help=help_text("request every list page and every article again", "yêu cầu lại mọi trang danh sách và mọi bài"),
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help=help_text(
                "also sources that are not due, and named ones that ended", "cả nguồn chưa đến hạn, và nguồn được ghi tên đã kết thúc"
            ),
        )
        parser.add_argument(
            "--max-minutes",
            metavar="N",
            type=_minutes,
            help=help_text(
                "begin nothing after N minutes and stop; the rest is due next time",
                "sau N phút không bắt đầu gì nữa và dừng; phần còn lại đến hạn lần sau",
            ),
        )
        parser.add_argument(
            "--cluster",
            metavar="ADDRESS",
            help=help_text(
                "crawl on the workers of a Dask scheduler: tcp://HOST:8786 (docs/scale.md)",
                "thu thập trên các máy của bộ điều phối Dask: tcp://HOST:8786 (docs/scale.md)",
            ),
        )
        parser.add_argument(
            "--log-dir",
            metavar="DIR",
            help=help_text(
                "also write a log into DIR/update.log, which is rotated", "ghi thêm nhật ký vào DIR/update.log, tệp này được xoay vòng"
            ),
        )
        parser.add_argument(
            "--json",
            action="store_true",
            help=help_text("print one line of JSON per source, then one with the sums", "mỗi nguồn một dòng JSON, rồi một dòng tổng"),
        )
        parser.add_argument(
            "--verbose",
            action="store_true",
            help=help_text(
                "print a line per source and the log, even without a terminal", "mỗi nguồn một dòng, và nhật ký, dù không có cửa sổ lệnh"
            ),
        )
        add_spider_arguments(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        if opts.replay:
            self.settings.set("REPLAY", opts.replay, priority="cmdline")
        # Without --verbose, every message is part of the report of its source: cron mails whatever else is printed.
        if not (opts.verbose or opts.logfile or opts.loglevel):
            self.settings.set("LOG_ENABLED", False, priority="cmdline")
        self.settings["EXTENSIONS"].set("scraper.crawl.progress_bar.ProgressBar", None, priority="cmdline")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.crawl.spider.arguments import SpiderArguments, pairs
        from scraper.crawl.update_lock import UpdateActive, check_update

        arguments = pairs(opts.spider_arguments)
        if opts.full:
            arguments["again"] = "yes"
        SpiderArguments.of(arguments)  # rejects wrong ones before anything is done
        try:
            if not opts.dry_run:
                check_update(project_path(self.settings["ARCHIVE"]))  # before the import, which takes longer than all of this
            from scraper.actions import update

            return update.execute(self.settings, args, opts, arguments)
        except UpdateActive as active:
            print_failure(message_of(active))
            return BUSY


def _minutes(written: str) -> float:
    """Returns the value of --max-minutes.
    Raises: ArgumentTypeError if it is not a number above zero; then argparse ends the program with exit code 2.
    """
    try:
        minutes = float(written)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes < math.inf:
        raise argparse.ArgumentTypeError(
            help_text(f"{written}: must be a number of minutes above 0, like 50", f"{written}: phải là số phút lớn hơn 0, ví dụ 50")
        )
    return minutes
