"""`scrapy probe SOURCE --write`: writes what was found into the block of the source, or prints the lines if that is impossible."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from scraper import clock
from scraper.actions.source_facts import Facts, values_to_write
from scraper.sources.block_writing import lines, with_values, write
from scraper.sources.errors import SourceError


def write_into_block(facts: Facts, *, overwrite: bool = False) -> bool:
    """Writes platform, sitemaps, feeds and listings into the block, and says what was written. Keys of the block stay as they are, unless
    `overwrite` is given. Returns whether all is well: if the file cannot be written, the lines are printed instead.
    """
    source, path = facts.source, Path(facts.source.file)
    values = values_to_write(facts)
    comment = f"found by scrapy probe on {clock.now().astimezone(clock.VIETNAM).date()}"
    if not values:
        print(f"{source.id}: nothing was found that could be written", file=sys.stderr)
        return False
    problem = _problem(path)
    if problem is None:
        try:
            written = with_values(path.read_bytes().decode("utf-8"), source, values, comment, overwrite=overwrite)
            if written.added:
                write(path, written.text)
        except (SourceError, OSError, UnicodeDecodeError) as error:
            problem = f"{error}"
        else:
            kept = f"; kept as they are: {', '.join(written.kept)} (--overwrite replaces them)" if written.kept else ""
            print(f"{path}: block {source.block} ({source.id}): wrote {', '.join(written.added) or 'nothing'}{kept}", file=sys.stderr)
            return True
    print(f"error: {problem}. Write these lines into a block of a file of your own:\n{lines(values, comment)}", file=sys.stderr)
    return False


def _problem(path: Path) -> str | None:
    """Returns why a file must not be written, or None. The files of an installed package would be replaced by its next version."""
    if {"site-packages", "dist-packages"}.intersection(path.parts):
        return f"{path} belongs to the installed package"
    return None if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK) else f"{path} cannot be written"
