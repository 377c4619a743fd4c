"""What Scrapy's commands `fetch`, `shell` and `view` have in common here: they fetch pages by the rules of a crawl, but store nothing."""

from __future__ import annotations

import argparse
from abc import abstractmethod
from collections.abc import AsyncIterator
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.commands import fetch
from scrapy.utils.datatypes import SequenceExclude
from scrapy.utils.spider import DefaultSpider, spidercls_for_request
from twisted.python.failure import Failure as TwistedFailure
from w3lib.url import is_url

from scraper.base_command import BAD_INPUT, DEFAULT_SETTINGS, FAILED, LogLevelCheck, is_own_project, print_error, silence_failed_requests
from scraper.crawl.user_agent import user_agent
from scraper.model import UserError
from scraper.two_languages import Message, same
from scraper.urls import host_of


def said_of(error: BaseException, unknown: str | None = None) -> Message | None:
    """Returns the reason for which a page was not received, with its explanation, or None if the exception is not one of the downloader.
    `unknown`: the reason for such an exception.
    """
    # Here, because Scrapy imports this module for every command.
    from scraper.crawl.exception_reasons import reason_of_exception
    from scraper.crawl.exception_texts import detail_of_exception
    from scraper.failures import meaning

    reason = reason_of_exception(error) or unknown
    if reason is None:
        return None
    return same(f"{reason}: ") + meaning(reason) + same(f" ({detail_of_exception(error)})")


def is_readable(url: str) -> bool:
    """Returns whether a text is a URL that can be requested, or none of the web: "http://[x/" and a port of 99999 end in a traceback."""
    return not url.startswith(("http:", "https:")) or host_of(url) is not None


class SinglePageCommand(LogLevelCheck):
    """Base class. If the URL is on a host of a source, only hosts of that source are requested. robots.txt, Crawl-delay and Retry-After are
    obeyed, and names that lead to private addresses are rejected. Without a source, a redirect must not leave the host.
    """

    default_settings: ClassVar[dict[str, Any]] = DEFAULT_SETTINGS

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        if is_own_project(self.settings):
            own = {
                "SPIDER_LOADER_CLASS": "scraper.crawl.spider_loader.PageSpiderLoader",
                "COMPRESSION_ENABLED": True,  # there is no CaptureMiddleware to decode the body
                "USER_AGENT": user_agent(self.settings),
            }
            self.settings.setdict(own, priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        silence_failed_requests()
        try:
            self.fetch(args, opts)
        except UserError as error:
            print_error(error)
            self.exitcode = BAD_INPUT

    @abstractmethod
    def fetch(self, args: list[str], opts: argparse.Namespace) -> None:
        """Fetches the page and shows it. Raises UserError for bad input."""

    def fail(self, message: Message, code: int) -> None:
        """Prints one line on standard error, in both languages, and sets the exit code."""
        print_error(UserError(message))
        self.exitcode = code


class FetchCommand(SinglePageCommand, fetch.Command):
    """Base class of `fetch` and `view`. Scrapy's own say nothing if robots.txt or a rule of ours forbids the request."""

    def fetch(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.crawler_process is not None
        if len(args) != 1 or not is_url(args[0]) or not is_readable(args[0]):
            raise UserError(
                Message("give one URL, like https://sotttt.nghean.gov.vn/", "hãy ghi một URL, ví dụ https://sotttt.nghean.gov.vn/")
            )
        request = Request(args[0], callback=self._print_response, errback=self._print_failure, cb_kwargs={"opts": opts}, dont_filter=True)
        if opts.no_redirect:
            request.meta["handle_httpstatus_all"] = True
        else:
            request.meta["handle_httpstatus_list"] = SequenceExclude(range(300, 400))

        async def start(spider: Spider) -> AsyncIterator[Request]:
            yield request

        loader = self.crawler_process.spider_loader
        spider_class = loader.load(opts.spider) if opts.spider else spidercls_for_request(loader, request, DefaultSpider)
        self.crawler_process.crawl(type("OnePage", (spider_class,), {"start": start}))
        self.crawler_process.start()
        if self.crawler_process.bootstrap_failed:
            self.exitcode = FAILED

    def _print_failure(self, failure: TwistedFailure) -> None:
        error = failure.value
        assert error is not None
        self.fail(said_of(error, unknown="fetch-fault") or same(f"{error}"), FAILED)
