"""`scrapy genspider`: refused; a source is a block of TOML."""

from __future__ import annotations

from scraper.base_command import RefusedCommand


class Command(RefusedCommand):
    summary = "Not used here: a source is a block of TOML, see docs/adding-a-source.md"
    example = "scrapy list -s SOURCES_EXTRA=mine.toml"
    reason = (
        "`scrapy genspider` writes code, but a source is data: write a [[source]] block into mine.toml (docs/adding-a-source.md shows how),"
        " then crawl it with -s SOURCES_EXTRA=mine.toml"
    )
