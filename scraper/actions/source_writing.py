"""`scrapy probe SOURCE --write`: writes what was found into the block of the source, or prints the lines if that is impossible."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from scraper import clock
from scraper.actions.source_facts import Facts, values_to_write
from scraper.base_command import print_failure
from scraper.report_language import say
from scraper.sources.block_writing import lines, with_values, write
from scraper.sources.errors import SourceError
from scraper.two_languages import Message, message_of


def write_into_block(facts: Facts, *, overwrite: bool = False) -> bool:
    """Writes platform, sitemaps, feeds and listings into the block, and says what was written. Keys of the block stay as they are, unless
    `overwrite` is given. Returns whether all is well: if the file cannot be written, the lines are printed instead.
    """
    source, path = facts.source, Path(facts.source.file)
    values = values_to_write(facts)
    comment = f"found by scrapy probe on {clock.now().astimezone(clock.VIETNAM).date()}"
    if not values:
        say(Message(f"{source.id}: nothing was found that could be written", f"{source.id}: không tìm được gì để ghi"), as_error=True)
        return False
    problem = _problem(path)
    if problem is None:
        try:
            written = with_values(path.read_bytes().decode("utf-8"), source, values, comment, overwrite=overwrite)
            if written.added:
                write(path, written.text)
        except (SourceError, OSError, UnicodeDecodeError) as error:
            problem = message_of(error)
        else:
            names = ", ".join(written.kept)
            kept = Message(
                f"; kept as they are: {names} (--overwrite replaces them)", f"; giữ nguyên: {names} (--overwrite thay các khóa này)"
            )
            added = ", ".join(written.added)
            wrote = Message(
                f"{path}: block {source.block} ({source.id}): wrote {added or 'nothing'}",
                f"{path}: khối {source.block} ({source.id}): đã ghi {added or 'không có gì'}",
            )
            say(wrote + kept if written.kept else wrote, as_error=True)
            return True
    own = Message(". Write these lines into a block of a file of your own:", ". Hãy ghi các dòng này vào một khối trong tệp của bạn:")
    print_failure(problem + own)
    print(lines(values, comment), file=sys.stderr)
    return False


def _problem(path: Path) -> Message | None:
    """Returns why a file must not be written, or None. The files of an installed package would be replaced by its next version."""
    if {"site-packages", "dist-packages"}.intersection(path.parts):
        return Message(f"{path} belongs to the installed package", f"{path} thuộc gói đã cài")
    may = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    return None if may else Message(f"{path} cannot be written", f"không ghi được {path}")
