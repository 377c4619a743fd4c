"""The process of Scrapy in which the crawls of a command run."""

from __future__ import annotations

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from scraper.base_command import silence_failed_requests
from scraper.model import UserError
from scraper.two_languages import Message

_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


def crawler_process(settings: Settings) -> AsyncCrawlerProcess:
    """Returns a new process, and configures logging. A command makes it when it begins to crawl: Scrapy would make it before the command
    has checked anything.

    Raises: UserError if the settings want another reactor than that of asyncio.
    """
    if settings["TWISTED_REACTOR"] != _REACTOR or settings.getbool("FORCE_CRAWLER_PROCESS"):
        raise UserError(
            Message(
                "TWISTED_REACTOR must be Scrapy's default, the reactor of asyncio, and FORCE_CRAWLER_PROCESS off",
                "TWISTED_REACTOR phải là mặc định của Scrapy, tức reactor của asyncio, và FORCE_CRAWLER_PROCESS phải tắt",
            )
        )
    process = AsyncCrawlerProcess(settings)
    silence_failed_requests()
    return process
