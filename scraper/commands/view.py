"""`scrapy view URL`: Scrapy's own command, by the rules of this project. It shows a page in a browser and stores nothing."""

from __future__ import annotations

from scrapy.commands import view

from scraper.crawl.single_page_command import FetchCommand
from scraper.report_language import described, help_text
from scraper.two_languages import Message

_SUMMARY = Message(
    "Show one page in a browser as the crawl receives it; nothing is stored",
    "Mở bằng trình duyệt một trang đúng như lượt thu thập nhận được; không lưu gì",
)


class Command(FetchCommand, view.Command):
    def short_desc(self) -> str:
        return help_text(_SUMMARY.en, _SUMMARY.vi)

    def long_desc(self) -> str:
        return described(_SUMMARY, "scrapy view https://sotttt.nghean.gov.vn/")
