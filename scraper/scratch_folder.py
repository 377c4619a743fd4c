"""Folders for the temporary files of a process. What a process left that was killed, the next one removes.

Such files can be large: the parts of a WACZ file, and all that a worker of a cluster received of a site. Most systems remove them only when
they start.
"""

from __future__ import annotations

import fcntl
import glob
import os
import shutil
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path
from typing import IO

_LOCK = ".in-use"  # a file in the folder that its process has locked


class ScratchFolder:
    """A new folder, until it is closed or forgotten. `name`: the beginning of its name, which other processes use for the same purpose.
    `beside`: a file that will get its content; without it, the folder is where the system has temporary files.
    """

    def __init__(self, name: str, beside: Path | None = None) -> None:
        parent = Path(tempfile.gettempdir()) if beside is None else beside.parent
        _remove_left(parent, name)
        self.path = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=parent))
        lock = (self.path / f"{_LOCK}.new").open("w")
        with suppress(OSError):  # not every network disk has locks
            fcntl.flock(lock, fcntl.LOCK_EX)
        (self.path / f"{_LOCK}.new").rename(self.path / _LOCK)  # nobody finds it before it is locked
        self._remove = weakref.finalize(self, _remove, self.path, lock)

    def close(self) -> None:
        """Removes the folder."""
        self._remove()

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.close()


def _remove(folder: Path, lock: IO[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lock.close()


def _remove_left(parent: Path, name: str) -> None:
    """Removes the folders of processes that have ended. A folder without a lock is new, or not ours."""
    for folder in parent.glob(f"{glob.escape(name)}-*"):
        with suppress(OSError), _opened(folder) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


def _opened(folder: Path) -> IO[str]:
    """Returns the lock of a folder, open. Raises: OSError if there is none, or if the folder is a link or belongs to somebody else: the
    folder of temporary files is that of all users."""
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise PermissionError(folder)
    return (folder / _LOCK).open()
