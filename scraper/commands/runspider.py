"""`scrapy runspider FILE`: Scrapy's own command. A spider in a file has no source, and writes nothing to the archive."""

from __future__ import annotations

from scrapy.commands import runspider

from scraper.base_command import LogLevelCheck
from scraper.report_language import described, help_text
from scraper.two_languages import Message

_SUMMARY = Message(
    "Run the spider in a Python file with the settings of this project",
    "Chạy spider trong một tệp Python với thiết lập của dự án này",
)


class Command(LogLevelCheck, runspider.Command):
    def short_desc(self) -> str:
        return help_text(_SUMMARY.en, _SUMMARY.vi)

    def long_desc(self) -> str:
        return described(_SUMMARY, "scrapy runspider my_spider.py")
