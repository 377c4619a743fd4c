"""`scrapy genspider`: refused; a source is a block of TOML."""

from __future__ import annotations

from scraper.base_command import RefusedCommand
from scraper.two_languages import Message


class Command(RefusedCommand):
    summary = Message(
        "Not used here: a source is a block of TOML, see docs/adding-a-source.md",
        "Không dùng ở đây: nguồn là một khối TOML, xem docs/vi/adding-a-source.md",
    )
    example = "scrapy list -s SOURCES_EXTRA=mine.toml"
    reason = Message(
        "`scrapy genspider` writes code, but a source is data: write a [[source]] block into mine.toml (docs/adding-a-source.md shows how),"
        " then crawl it with -s SOURCES_EXTRA=mine.toml",
        "`scrapy genspider` viết mã, còn nguồn là dữ liệu: hãy viết một khối [[source]] vào mine.toml (cách viết:"
        " docs/vi/adding-a-source.md), rồi thu thập với -s SOURCES_EXTRA=mine.toml",
    )
