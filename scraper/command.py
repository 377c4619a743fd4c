"""What all commands share: one-line messages for bad input and the exit codes 0, 1 and 2."""

from __future__ import annotations

import argparse
import sys
from typing import ClassVar

from scrapy.commands import ScrapyCommand

from scraper.model import UserError

WELL, FAILED, BAD_INPUT = 0, 1, 2


class ArchiveCommand(ScrapyCommand):
    """A command of the project. Subclasses write `execute`, which returns an exit code or raises UserError.

    Exit codes: 0 well; 1 something failed and was named; 2 bad input, nothing done.
    """

    requires_project = True
    requires_crawler_process = False
    summary: ClassVar[str]  # one line
    example: ClassVar[str]  # a command line that works

    def short_desc(self) -> str:
        return self.summary

    def long_desc(self) -> str:
        return f"{self.summary}. Example: {self.example}"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            self.exitcode = self.execute(args, opts)
        except UserError as error:
            print(f"error: {error}", file=sys.stderr)
            self.exitcode = BAD_INPUT

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Do the work and return the exit code. Raises UserError for bad input, before anything is written."""
        raise NotImplementedError(f"{type(self).__name__} has no execute()")
