"""`scrapy view URL`: Scrapy's own command, by the rules of this project. It shows a page in a browser and stores nothing."""

from __future__ import annotations

from scrapy.commands import view

from scraper.crawl.single_page_command import FetchCommand


class Command(FetchCommand, view.Command):
    def short_desc(self) -> str:
        return "Show one page in a browser as the crawl receives it; nothing is stored"

    def long_desc(self) -> str:
        return f"{self.short_desc()}. Example: scrapy view https://sotttt.nghean.gov.vn/"
