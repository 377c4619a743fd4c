"""The option -a of the commands that crawl."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from scraper.model import UserError


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


def pairs(arguments: Iterable[str]) -> dict[str, str]:
    """Returns the values of -a by name. Raises: UserError for one without "="."""
    found = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals:
            raise UserError(f"-a {argument}: write NAME=VALUE, like -a start=2009-01-01")
        found[name] = value
    return found
