"""Code that all commands share: the settings, one-line messages for bad input, and the exit codes 0, 1 and 2."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand

from scraper import settings
from scraper.model import UserError

WELL, FAILED, BAD_INPUT = 0, 1, 2

# Scrapy reads the settings of a project only if it finds a scrapy.cfg. An installed command brings them along; those of a project, of
# the environment and of the command line are stronger.
DEFAULT_SETTINGS: dict[str, Any] = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}


class ArchiveCommand(ScrapyCommand):
    """Base class of the project's commands. A subclass writes `execute`, which returns an exit code or raises UserError.

    Exit codes: 0 if all is well; 1 if something failed, which the command names; 2 for bad input, with nothing done.
    """

    default_settings = DEFAULT_SETTINGS
    requires_project = False  # it works in any folder
    requires_crawler_process = False
    summary: ClassVar[str]  # one line
    example: ClassVar[str]  # a command line that works

    def short_desc(self) -> str:
        return self.summary

    def long_desc(self) -> str:
        return f"{self.summary}. Example: {self.example}"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            self._check_settings()
            self.exitcode = self.execute(args, opts)
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader of the output has ended, as in `scrapy cite article.txt | head`. Python must not write to it again at its exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = FAILED
        except UserError as error:
            print(f"error: {error}", file=sys.stderr)
            self.exitcode = BAD_INPUT

    def _check_settings(self) -> None:
        """Raises UserError in the folder of another Scrapy project, whose settings are stronger than ours."""
        if self.settings is not None and self.settings["BOT_NAME"] != settings.BOT_NAME:
            raise UserError(
                f'these are the settings of another Scrapy project, "{self.settings["BOT_NAME"]}"; run the command in another folder. This'
                " package replaces commands of Scrapy, so install it in an environment of its own"
            )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Does the work and returns the exit code. Raises UserError for bad input, before anything is written."""
        raise NotImplementedError(f"{type(self).__name__} has no execute()")
