"""`scrapy runspider FILE`: Scrapy's own command. A spider in a file has no source, and writes nothing to the archive."""

from __future__ import annotations

from scrapy.commands import runspider

from scraper.base_command import LogLevelCheck


class Command(LogLevelCheck, runspider.Command):
    def long_desc(self) -> str:
        return "Run the spider in a Python file with the settings of this project. Example: scrapy runspider my_spider.py"
