"""A process that answers through a pipe, and can be ended at any moment: one that runs a module of this project, or a copy of this process.

The first is a new interpreter that loads only what its module imports. The processes of `multiprocessing` first load the command that is
running: Scrapy takes as long for that as the parser. A copy loads nothing, but may only be made before a database is opened and before a
thread is started: SQLite and locks do not work in a copy.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import signal
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection


class Worker(ABC):
    """A process that answers through a pipe. Only one thread may use `pipe`; any may call the methods."""

    pipe: Connection

    @abstractmethod
    def kill(self) -> None:
        """Ends the process at once. Who waits for its answer gets EOFError."""

    @abstractmethod
    def exit_code(self, patience: float | None) -> int | None:
        """Returns the exit code, or minus the number of the signal that ended it; None if it goes on for `patience` seconds. Without
        `patience`, it waits until the process has ended.
        """

    def end(self) -> None:
        """Ends the process at once, and waits until it has ended. Nobody may wait for its answer."""
        self.kill()
        with suppress(OSError):
            self.pipe.close()
        self.exit_code(None)


class WorkerProcess(Worker):
    """A process that runs a module, which gets the number of its end of the pipe as its first argument, and `arguments` after it.
    `prints`: whether what it prints is shown.
    """

    def __init__(self, module: str, *arguments: str, prints: bool = True) -> None:
        self.pipe, theirs = Pipe()
        command = [sys.executable, "-m", module, str(theirs.fileno()), *arguments]
        output = None if prints else subprocess.DEVNULL
        with theirs:
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=output)

    def kill(self) -> None:
        self._process.kill()

    def exit_code(self, patience: float | None) -> int | None:
        try:
            return self._process.wait(patience)
        except subprocess.TimeoutExpired:
            return None


class CopiedProcess(Worker):
    """A copy of this process that runs a function, which gets its end of the pipe and `arguments`. It may be made only before a database is
    opened and before a thread is started.
    """

    def __init__(self, function: Callable[..., None], *arguments: object) -> None:
        self.pipe, theirs = Pipe()
        gc.freeze()  # what is there stays: a search for garbage in the copy would write to each object, and so copy all memory
        with theirs:
            # As a daemon, it is ended with this process. Otherwise that would wait at its end for a copy that waits for a message.
            self._process = multiprocessing.get_context("fork").Process(
                target=_run, args=(function, self.pipe, theirs, *arguments), daemon=True
            )
            self._process.start()

    def kill(self) -> None:
        self._process.kill()

    def exit_code(self, patience: float | None) -> int | None:
        self._process.join(patience)
        return self._process.exitcode


def _run(function: Callable[..., None], others: Connection, pipe: Connection, *arguments: object) -> None:
    others.close()  # so that the pipe ends when the first process does
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    logging.disable()  # the handlers are those of the first process
    function(pipe, *arguments)
