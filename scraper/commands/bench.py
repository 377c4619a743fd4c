"""`scrapy bench`: refused; it would measure the pause between two requests."""

from __future__ import annotations

from scraper.base_command import RefusedCommand
from scraper.two_languages import Message


class Command(RefusedCommand):
    summary = Message("Not used here: see benchmarks/", "Không dùng ở đây: xem benchmarks/")
    example = "python -m benchmarks.timing"
    reason = Message(
        "`scrapy bench` would measure the pause between two requests (DOWNLOAD_DELAY); benchmarks/ measures parsing and citing",
        "`scrapy bench` chỉ đo được khoảng nghỉ giữa hai yêu cầu (DOWNLOAD_DELAY); benchmarks/ đo việc đọc trang và tìm viện dẫn",
    )
