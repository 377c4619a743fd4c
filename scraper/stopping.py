"""Whether this process must end, because of SIGTERM or Ctrl-C. Long work checks it, and ends early if a later run can repeat it."""

from __future__ import annotations

import faulthandler
import os
import threading
import time
from multiprocessing import parent_process
from multiprocessing.connection import wait

LONGEST_END = 9.0  # seconds from the first signal to the end of the process, whatever it is doing; service managers kill after 10 or more

_requested_at: list[float] = []  # monotonic time of the first signal


class Stopped(Exception):
    """Work was ended early because the process must end. A later run repeats it."""


def request() -> None:
    """Notes that the process must end, and makes sure that it does: LONGEST_END later it exits with code 1, even in the middle of a
    computation. That loses no more than a crash does. Further calls do nothing.
    """
    if not _requested_at:
        _requested_at.append(time.monotonic())
        # Its thread needs no interpreter, so it works while a long regular expression or a long query runs.
        faulthandler.dump_traceback_later(LONGEST_END, exit=True, file=os.open(os.devnull, os.O_WRONLY))


def is_requested() -> bool:
    """Returns whether the process must end."""
    return bool(_requested_at)


def seconds_since() -> float:
    """Returns how many seconds ago the first signal came; 0 if none came."""
    return time.monotonic() - _requested_at[0] if _requested_at else 0.0


def check() -> None:
    """Raises: Stopped if the process must end."""
    if _requested_at:
        raise Stopped("the process must end")


def end_with_parent(number: int) -> None:
    """Sends this process a signal when the process that started it has ended, whatever ended it: nobody would take its results."""
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os.kill(os.getpid(), number)

    threading.Thread(target=watch, daemon=True).start()
