"""What a later process must know of a host: its last request, the requests of the day, and until when it must be left alone.

Each host has one small file, which is its lock, too: the process that holds it may send one request. The operating system releases it when
the file is closed or the process ends, even after a crash.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

from scraper.model import UserError
from scraper.two_languages import Message

_MOST_BYTES = 4096  # a state has about 300
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(slots=True)
class HostState:
    """The state of a host between two requests. Times are in seconds since 1970, UTC; 0 means never."""

    last: float = 0.0  # start of the last request, or end of its response, by the real clock
    day: str = ""  # in Viet Nam, by the clock that NOW can move, as the times below
    sent: int = 0  # requests on that day
    robots_delay: float = 0.0  # the delay that robots.txt required when it was last received
    not_before: float = 0.0  # the host wants no request before this time
    noted: float = 0.0  # when it did so; a clock that was set back since then makes the request void


_NAMES = tuple(one.name for one in fields(HostState))


class HostFile:
    """The file of a host. `folder`: created if it is missing."""

    def __init__(self, folder: Path, host: str) -> None:
        # A host has letters, digits, hyphens, dots and a port; anything else cannot become part of another path.
        self.path = folder / (re.sub(r"[^a-z0-9.-]", "_", host)[:200] + ".json")

    @contextmanager
    def attempt(self) -> Iterator[LockedState | None]:
        """Yields the locked state, or None if another process holds it now. It is released at the end, unless `keep` was called.
        Raises: UserError if the file cannot be written.
        """
        try:
            try:
                file = os.open(self.path, _FLAGS, 0o644)
            except FileNotFoundError:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                file = os.open(self.path, _FLAGS, 0o644)
        except OSError as error:
            raise UserError(
                Message(
                    f"{self.path}: cannot be written ({error.strerror}); choose another folder with -s CAPTURES=",
                    f"{self.path}: không ghi được ({error.strerror}); hãy chọn thư mục khác bằng -s CAPTURES=",
                )
            ) from error
        locked: LockedState | None = None
        try:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                locked = LockedState(file)
            yield locked
        finally:
            if locked is None:
                os.close(file)
            elif not locked.kept:
                locked.release()


def known_state(folder: Path, host: str) -> HostState | None:
    """Returns the state of a host as it was written last, or None if there is none. The lock is not needed, and nothing is created."""
    path = HostFile(folder, host).path
    try:
        return _parsed(path.read_bytes()[:_MOST_BYTES])
    except OSError:
        return None


def put_state(folder: Path, host: str, state: HostState) -> None:
    """Writes what another machine knows of a host. Nothing that was known before becomes less strict.
    Raises: UserError if the file cannot be written.
    """
    with HostFile(folder, host).attempt() as locked:
        if locked is None:  # a process is requesting it just now, so it knows more
            return
        before = locked.state
        if before.last > state.last:
            return
        if before.day == state.day:
            state = replace(state, sent=max(before.sent, state.sent))
        if before.not_before > state.not_before:
            state = replace(state, not_before=before.not_before, noted=before.noted)
        locked.state = state
        locked.write()


class LockedState:
    """The state of a host while this process holds its lock."""

    def __init__(self, file: int) -> None:
        self._file = file
        self.kept = False
        self.state = _parsed(os.pread(file, _MOST_BYTES, 0))

    def keep(self) -> LockedState:
        """Returns itself. The lock is then held until `release` is called."""
        self.kept = True
        return self

    def write(self) -> None:
        """Writes the state."""
        written = json.dumps({name: getattr(self.state, name) for name in _NAMES}).encode()
        os.pwrite(self._file, written, 0)
        os.ftruncate(self._file, len(written))

    def release(self) -> None:
        """Releases the lock."""
        os.close(self._file)


def _parsed(written: bytes) -> HostState:
    """Returns a state. One that a crash or a full disk left damaged counts as empty."""
    state = HostState()
    try:
        found = json.loads(written)
        for name in _NAMES:
            setattr(state, name, type(getattr(state, name))(found[name]))
    except (ValueError, TypeError, KeyError):
        return HostState()
    return state
