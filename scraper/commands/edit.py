"""`scrapy edit SOURCE`: opens the TOML file that holds the block of a source."""

from __future__ import annotations

import argparse
import shlex
import subprocess

from scraper.base_command import FAILED, WELL, ArchiveCommand
from scraper.model import UserError
from scraper.paths import project_paths
from scraper.sources import find, load


class Command(ArchiveCommand):
    summary = "Open the file that describes a source in an editor (EDITOR)"
    example = "scrapy edit nghe-an-ict"

    def syntax(self) -> str:
        return "[options] SOURCE"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        if len(args) != 1:
            raise UserError("give one source, like: scrapy edit nghe-an-ict (`scrapy list` shows all)")
        source = find(load(project_paths(self.settings.get("SOURCES_EXTRA")), live=False), args[0])
        editor = shlex.split(self.settings["EDITOR"])
        try:
            return FAILED if subprocess.call([*editor, source.file]) else WELL
        except OSError as error:
            raise UserError(f"EDITOR={self.settings['EDITOR']}: cannot be started ({error.strerror}); name another editor") from error
