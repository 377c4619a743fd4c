"""The option -a of the commands that crawl."""

from __future__ import annotations

import argparse


def add_spider_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the option -a, whose values are in `spider_arguments`."""
    parser.add_argument(
        "-a",
        dest="spider_arguments",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="start=, end=: only articles published on these days (YYYY-MM-DD); again=yes: request known articles again, too;"
        " again=no: also of a recording only what is new",
    )
