"""`scrapy shell [URL|FILE]`: Scrapy's own command, by the rules of this project. It stores nothing."""

from __future__ import annotations

import argparse
from typing import Any, ClassVar

from scrapy.commands import shell

from scraper import report_language
from scraper.base_command import DEFAULT_SETTINGS, FAILED
from scraper.crawl.single_page_command import SinglePageCommand, is_readable, said_of
from scraper.model import UserError
from scraper.report_language import described, help_text
from scraper.two_languages import Message

_NO_RESPONSE = Message(
    "no response: robots.txt, the hosts of the source or the recording do not allow this URL",
    "không có phản hồi: robots.txt, danh sách máy chủ của nguồn hoặc bản ghi không cho phép URL này",
)


_SUMMARY = Message(
    "Python console with one page as the crawl receives it; nothing is stored",
    "Cửa sổ lệnh Python với một trang đúng như lượt thu thập nhận được; không lưu gì",
)


class Command(SinglePageCommand, shell.Command):
    default_settings: ClassVar[dict[str, Any]] = DEFAULT_SETTINGS | shell.Command.default_settings
    _code_given = False

    def short_desc(self) -> str:
        return help_text(_SUMMARY.en, _SUMMARY.vi)

    def long_desc(self) -> str:
        return described(_SUMMARY, "scrapy shell https://sotttt.nghean.gov.vn/ -c 'response.css(\"h1::text\").getall()'")

    def fetch(self, args: list[str], opts: argparse.Namespace) -> None:
        self._code_given = opts.code is not None
        if args and not is_readable(args[0]):
            raise UserError(
                Message(
                    f"{args[0]}: is not a web URL; write it like https://sotttt.nghean.gov.vn/",
                    f"{args[0]}: không phải URL; hãy viết như https://sotttt.nghean.gov.vn/",
                )
            )
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
            report_language.say(_NO_RESPONSE, as_error=True)


class _NoResponse(Exception):
    """The page was not requested, so the code of `-c` cannot be evaluated."""
