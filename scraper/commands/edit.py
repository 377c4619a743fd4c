"""`scrapy edit SOURCE`: opens the TOML file that holds the block of a source."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.two_languages import Message


class Command(ArchiveCommand):
    summary = Message("Open the file that describes a source in an editor (EDITOR)", "Mở tệp mô tả một nguồn bằng trình soạn thảo (EDITOR)")
    example = "scrapy edit nghe-an-ict"

    def syntax(self) -> str:
        return "[options] SOURCE"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import edit

        return edit.execute(self.settings, args, opts)
