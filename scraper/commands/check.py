"""`scrapy check`: Scrapy's own command. Our spiders have no contracts, so it checks none; `make test` runs the tests."""

from __future__ import annotations

from typing import Any, ClassVar

from scrapy.commands import check

from scraper.base_command import DEFAULT_SETTINGS, LogLevelCheck


class Command(LogLevelCheck, check.Command):
    default_settings: ClassVar[dict[str, Any]] = DEFAULT_SETTINGS | check.Command.default_settings

    def long_desc(self) -> str:
        return "Check the contracts of the spiders; ours have none. Example: scrapy check nghe-an-ict"
