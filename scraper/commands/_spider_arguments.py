"""The option -a of the commands that crawl."""

from __future__ import annotations

import argparse

from scraper.report_language import help_text


def add_spider_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the option -a, whose values are in `spider_arguments`."""
    parser.add_argument(
        "-a",
        dest="spider_arguments",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=help_text(
            "start=, end=: only articles published on these days (YYYY-MM-DD); again=yes: request known articles again, too;"
            " again=no: also of a recording only what is new",
            "start=, end=: chỉ bài đăng trong những ngày này (YYYY-MM-DD); again=yes: yêu cầu lại cả bài đã biết;"
            " again=no: với bản ghi cũng chỉ lấy cái mới",
        ),
    )
