"""`scrapy check`: Scrapy's own command. Our spiders have no contracts, so it checks none; `make test` runs the tests."""

from __future__ import annotations

from typing import Any, ClassVar

from scrapy.commands import check

from scraper.base_command import DEFAULT_SETTINGS, LogLevelCheck
from scraper.report_language import described, help_text
from scraper.two_languages import Message

_SUMMARY = Message(
    "Check the contracts of the spiders; ours have none",
    "Kiểm tra cam kết của các spider; ở đây không có cam kết nào",
)


class Command(LogLevelCheck, check.Command):
    default_settings: ClassVar[dict[str, Any]] = DEFAULT_SETTINGS | check.Command.default_settings

    def short_desc(self) -> str:
        return help_text(_SUMMARY.en, _SUMMARY.vi)

    def long_desc(self) -> str:
        return described(_SUMMARY, "scrapy check nghe-an-ict")
