"""`scrapy shell [URL|FILE]`: Scrapy's own command, by the rules of this project. It stores nothing."""

from __future__ import annotations

import argparse
import sys
from typing import Any, ClassVar

from scrapy.commands import shell

from scraper.base_command import DEFAULT_SETTINGS, FAILED
from scraper.crawl.single_page_command import SinglePageCommand, is_readable, said_of
from scraper.model import UserError

_NO_RESPONSE = "no response: robots.txt, the hosts of the source or the recording do not allow this URL"


class Command(SinglePageCommand, shell.Command):
    default_settings: ClassVar[dict[str, Any]] = DEFAULT_SETTINGS | shell.Command.default_settings
    _code_given = False

    def short_desc(self) -> str:
        return "Python console with one page as the crawl receives it; nothing is stored"

    def long_desc(self) -> str:
        return f"{self.short_desc()}. Example: scrapy shell https://sotttt.nghean.gov.vn/ -c 'response.css(\"h1::text\").getall()'"

    def fetch(self, args: list[str], opts: argparse.Namespace) -> None:
        self._code_given = opts.code is not None
        if args and not is_readable(args[0]):
            raise UserError(f"{args[0]}: is not a web URL; write it like https://sotttt.nghean.gov.vn/")
        try:
            shell.Command.run(self, args, opts)
        except _NoResponse:
            self.fail(_NO_RESPONSE, FAILED)
        except Exception as error:
            said = said_of(error)
            if said is None:
                raise  # of the code in the shell
            self.fail(said, FAILED)

    def update_vars(self, vars: dict[str, Any]) -> None:
        """Says why `response` is empty. Scrapy calls it after each page."""
        if vars["request"] is not None and vars["response"] is None:
            if self._code_given:
                raise _NoResponse
            print(_NO_RESPONSE, file=sys.stderr)


class _NoResponse(Exception):
    """The page was not requested, so the code of `-c` cannot be evaluated."""
