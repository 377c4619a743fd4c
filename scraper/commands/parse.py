"""`scrapy parse`: refused; `scrapy probe` shows what is parsed."""

from __future__ import annotations

from scraper.base_command import RefusedCommand


class Command(RefusedCommand):
    summary = "Not used here: see `scrapy probe`"
    example = "scrapy probe https://sotttt.nghean.gov.vn/tin/bai-12.html"
    reason = "`scrapy parse` needs a callback that yields items; use `scrapy probe URL`, which shows every field and link of a page"
