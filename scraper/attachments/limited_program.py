"""Runs a program with limits: `python -m scraper.attachments.limited_program SECONDS MEMORY FILE_SIZE PROGRAM ...`.

The limits hold for the program and all that it starts. On Linux the program is killed when the process that started it has ended.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


class Failed(Exception):
    """A program did not end well; the message says how."""


def run(command: Sequence[str], folder: Path, *, data: bytes = b"", seconds: float, memory: int, file_size: int) -> bytes:
    """Runs a program in a folder of its own, and returns what it printed. `memory`, `file_size`: bytes at most. All that it started is
    killed at the end. Raises: Failed.
    """
    limits = [str(int(seconds) + 1), str(memory), str(file_size)]
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "TESSDATA_PREFIX", "PYTHONPATH") if name in os.environ}
    environment |= {"HOME": str(folder), "TMPDIR": str(folder), "OMP_THREAD_LIMIT": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "scraper.attachments.limited_program", *limits, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=True,
    )
    try:
        printed, _ = process.communicate(data, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise Failed(f"{Path(command[0]).name} did not end within {seconds:g} seconds") from None
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    if process.returncode != 0:
        raise Failed(f"{Path(command[0]).name} failed with exit code {process.returncode}")
    return printed


def _main(arguments: Sequence[str]) -> None:
    seconds, memory, file_size = map(int, arguments[:3])
    for limit, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    os.execvp(arguments[3], list(arguments[3:]))


if __name__ == "__main__":
    _main(sys.argv[1:])
