"""`scrapy edit SOURCE`: opens the TOML file that holds the block of a source."""

from __future__ import annotations

import argparse
import shlex
import subprocess

from scrapy.settings import Settings

from scraper.base_command import FAILED, WELL
from scraper.model import UserError
from scraper.paths import project_paths
from scraper.sources import find, load
from scraper.two_languages import Message


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    if len(args) != 1:
        raise UserError(
            Message(
                "give one source, like: scrapy edit nghe-an-ict (`scrapy list` shows all)",
                "hãy ghi một nguồn, ví dụ: scrapy edit nghe-an-ict (`scrapy list` liệt kê tất cả)",
            )
        )
    source = find(load(project_paths(settings.get("SOURCES_EXTRA")), live=False), args[0])
    editor = shlex.split(settings["EDITOR"])
    try:
        return FAILED if subprocess.call([*editor, source.file]) else WELL
    except OSError as error:
        raise UserError(
            Message(
                f"EDITOR={settings['EDITOR']}: cannot be started ({error.strerror}); name another editor",
                f"EDITOR={settings['EDITOR']}: không chạy được ({error.strerror}); hãy ghi trình soạn thảo khác",
            )
        ) from error
