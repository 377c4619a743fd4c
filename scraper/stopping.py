"""Whether this process was asked to end, by SIGTERM or Ctrl-C. Long work asks this, and ends early if a later run can repeat it."""

from __future__ import annotations

import faulthandler
import os
import time
from pathlib import Path

LONGEST_END = 9.0  # seconds from the first signal to the end of the process, whatever it is doing; service managers kill after 10 or more

_NOWHERE = Path(os.devnull).open("w")  # noqa: SIM115 (stays open until the end)
_asked_at: list[float] = []  # monotonic time of the first signal


class Stopped(Exception):
    """Work was ended early because the process was asked to end. A later run repeats it."""


def ask() -> None:
    """Notes that the process was asked to end, and makes sure that it does: LONGEST_END later it exits with code 1, even in the middle of a
    computation. That loses no more than a crash does. Further calls do nothing.
    """
    if not _asked_at:
        _asked_at.append(time.monotonic())
        # Its thread needs no interpreter, so it works while a long regular expression or a long query runs.
        faulthandler.dump_traceback_later(LONGEST_END, exit=True, file=_NOWHERE)


def is_asked() -> bool:
    """Returns whether the process was asked to end."""
    return bool(_asked_at)


def seconds_since() -> float:
    """Returns how many seconds ago the process was asked to end; 0 if it was not."""
    return time.monotonic() - _asked_at[0] if _asked_at else 0.0


def check() -> None:
    """Raises: Stopped if the process was asked to end."""
    if _asked_at:
        raise Stopped("the process was asked to end")
