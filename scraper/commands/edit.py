"""`scrapy edit SOURCE`: opens the TOML file that holds the block of a source."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand


class Command(ArchiveCommand):
    summary = "Open the file that describes a source in an editor (EDITOR)"
    example = "scrapy edit nghe-an-ict"

    def syntax(self) -> str:
        return "[options] SOURCE"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import edit

        return edit.execute(self.settings, args, opts)
