"""`scrapy fetch URL`: Scrapy's own command, by the rules of this project. It prints a page and stores nothing."""

from __future__ import annotations

from scraper.crawl.single_page_command import FetchCommand


class Command(FetchCommand):
    def short_desc(self) -> str:
        return "Print one page as the crawl receives it; nothing is stored"

    def long_desc(self) -> str:
        return f"{self.short_desc()}. Example: scrapy fetch https://sotttt.nghean.gov.vn/ > page.html"
