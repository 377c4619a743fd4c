"""Code that all commands share: one-line messages for bad input, and the exit codes 0, 1 and 2."""

from __future__ import annotations

import argparse
import os
import sys
from typing import ClassVar

from scrapy.commands import ScrapyCommand

from scraper.model import UserError

WELL, FAILED, BAD_INPUT = 0, 1, 2


class ArchiveCommand(ScrapyCommand):
    """Base class of the project's commands. A subclass writes `execute`, which returns an exit code or raises UserError.

    Exit codes: 0 if all is well; 1 if something failed, which the command names; 2 for bad input, with nothing done.
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
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader of the output has ended, as in `scrapy cite article.txt | head`. Python must not write to it again at its exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = FAILED
        except UserError as error:
            print(f"error: {error}", file=sys.stderr)
            self.exitcode = BAD_INPUT

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Does the work and returns the exit code. Raises UserError for bad input, before anything is written."""
        raise NotImplementedError(f"{type(self).__name__} has no execute()")
