"""`scrapy fetch URL`: Scrapy's own command, by the rules of this project. It prints a page and stores nothing."""

from __future__ import annotations

from scraper.crawl.single_page_command import FetchCommand
from scraper.report_language import described, help_text
from scraper.two_languages import Message

_SUMMARY = Message(
    "Print one page as the crawl receives it; nothing is stored",
    "In một trang đúng như lượt thu thập nhận được; không lưu gì",
)


class Command(FetchCommand):
    def short_desc(self) -> str:
        return help_text(_SUMMARY.en, _SUMMARY.vi)

    def long_desc(self) -> str:
        return described(_SUMMARY, "scrapy fetch https://sotttt.nghean.gov.vn/ > page.html")
