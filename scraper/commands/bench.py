"""`scrapy bench`: refused; it would measure the pause between two requests."""

from __future__ import annotations

from scraper.base_command import RefusedCommand


class Command(RefusedCommand):
    summary = "Not used here: see benchmarks/"
    example = "python -m benchmarks.timing"
    reason = "`scrapy bench` would measure the pause between two requests (DOWNLOAD_DELAY); benchmarks/ measures parsing and citing"
