"""`scrapy parse`: refused; `scrapy probe` shows what is parsed."""

from __future__ import annotations

from scraper.base_command import RefusedCommand
from scraper.two_languages import Message


class Command(RefusedCommand):
    summary = Message("Not used here: see `scrapy probe`", "Không dùng ở đây: xem `scrapy probe`")
    example = "scrapy probe https://sotttt.nghean.gov.vn/tin/bai-12.html"
    reason = Message(
        "`scrapy parse` needs a callback that yields items; use `scrapy probe URL`, which shows every field and link of a page",
        "`scrapy parse` cần một hàm trả về các mục; hãy dùng `scrapy probe URL`, lệnh này cho thấy mọi trường và liên kết của trang",
    )
