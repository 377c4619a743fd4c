"""The lock of a source: only one run at a time crawls it."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import TextIO

from scraper.model import UserError
from scraper.store.errors import ArchiveError
from scraper.two_languages import Message


class SourceLocked(UserError):
    """Another run is crawling the source."""


def lock_source(captures: Path, source_id: str) -> TextIO:
    """Returns the open lock file of a source, in its folder of captures.
    The operating system releases the lock when the file is closed or the process ends, even after a crash.
    Raises: ArchiveError if the folder cannot be written; SourceLocked if another run holds the lock.
    """
    folder = captures / source_id
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / ".lock").open("w")
    except OSError as error:
        raise ArchiveError(
            Message(
                f"{folder}: cannot be written ({error.strerror}); choose another folder with -s CAPTURES=",
                f"{folder}: không ghi được ({error.strerror}); hãy chọn thư mục khác bằng -s CAPTURES=",
            )
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise SourceLocked(
            Message(
                f"another run is crawling {source_id} now; wait until it has ended",
                f"lượt khác đang thu thập {source_id}; hãy chờ nó kết thúc",
            )
        ) from None
    return file


def is_locked(captures: Path, source_id: str) -> bool:
    """Returns whether another process is crawling a source. Writes nothing."""
    try:
        with (captures / source_id / ".lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # there is no such file, or it cannot be read: the crawl itself says what is wrong
        return False
    return False
