"""The lock of `scrapy update`: one at a time for an archive, however often cron starts it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TextIO

from scraper import clock
from scraper.model import UserError
from scraper.store.errors import ArchiveError
from scraper.two_languages import Message

_MOST_CHARACTERS = 200  # of what the file says; more is not ours


class UpdateActive(UserError):
    """Another update of the archive is active."""


def lock_update(archive: Path) -> TextIO:
    """Returns the open lock file of an archive, `archive.db.lock`. The operating system releases the lock when the file is closed or the
    process ends, even after a crash; the file stays and means nothing.
    Raises: UpdateActive if another process holds it; ArchiveError if the file cannot be written.
    """
    path = _path(archive)
    try:
        archive.parent.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644), "r+", encoding="utf-8", errors="replace")
    except OSError as error:
        raise ArchiveError(
            Message(
                f"{path}: cannot be written ({error.strerror}); make the folder writable",
                f"{path}: không ghi được ({error.strerror}); hãy cho quyền ghi vào thư mục",
            )
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        with file:
            raise UpdateActive(_message(archive, file)) from None
    file.truncate(0)
    file.write(f"process {os.getpid()}, since {clock.now().astimezone(clock.VIETNAM):%Y-%m-%d %H:%M} (Viet Nam)\n")
    file.flush()
    return file


def check_update(archive: Path) -> None:
    """Writes nothing.
    Raises: UpdateActive if another process is updating an archive now.
    """
    try:
        with _path(archive).open(encoding="utf-8", errors="replace") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UpdateActive(_message(archive, file)) from None
    except OSError:  # there is no such file, or it cannot be read: `lock_update` says what is wrong
        return


def _path(archive: Path) -> Path:
    return archive.with_name(archive.name + ".lock")


def _message(archive: Path, file: TextIO) -> Message:
    who = file.read(_MOST_CHARACTERS).strip()
    by = f" ({who})" if who else ""
    return Message(
        f"{archive}: another update is active{by}; this one ends, and did nothing",
        f"{archive}: một lần cập nhật khác đang chạy{by}; lần này kết thúc và không làm gì",
    )
