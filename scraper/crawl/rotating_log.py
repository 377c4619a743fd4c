"""The log of `scrapy update --log-dir`: a file that is rotated by the program itself, so that no other one is needed for it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from scraper.model import UserError
from scraper.two_languages import Message

_MOST_BYTES = 5 * 1024 * 1024  # of a file; a year of nights with 100 sources, one line for each, fills one
_FILES = 9  # older files that are kept


@contextmanager
def logging_to(folder: str | None) -> Iterator[None]:
    """Writes what is logged in the block to `update.log` in a folder, too: a line for each source, warnings and errors. None: does nothing.
    Raises: UserError if the file cannot be written.
    """
    if folder is None:
        yield
        return
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(Path(folder) / "update.log", maxBytes=_MOST_BYTES, backupCount=_FILES, encoding="utf-8")
    except OSError as error:
        raise UserError(
            Message(
                f"--log-dir {folder}: cannot be written ({error.strerror}); name a folder that can",
                f"--log-dir {folder}: không ghi được ({error.strerror}); hãy ghi thư mục khác",
            )
        ) from error
    handler.setLevel(logging.INFO)
    # Scrapy reports about forty lines of statistics for each crawl at the level INFO.
    handler.addFilter(lambda record: record.levelno >= logging.WARNING or not record.name.startswith("scrapy"))
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.root.addHandler(handler)
    try:
        yield
    finally:
        logging.root.removeHandler(handler)
        handler.close()
