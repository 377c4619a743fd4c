"""A process that runs a module of this project, answers through a pipe, and can be ended at any moment.

It is a new interpreter that loads only what its module imports. A copy of this process would have its open database and its threads, and
the processes of `multiprocessing` first load the command that is running: Scrapy takes as long for that as the parser.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection


class WorkerProcess:
    """A process that runs a module, which gets the number of its end of the pipe as its first argument, and `arguments` after it.
    `prints`: whether what it prints is shown. Only one thread may use `pipe`; any may call `end`.
    """

    def __init__(self, module: str, *arguments: str, prints: bool = True) -> None:
        ours, theirs = Pipe()
        command = [sys.executable, "-m", module, str(theirs.fileno()), *arguments]
        output = None if prints else subprocess.DEVNULL
        with theirs:
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=output)
        self.pipe: Connection = ours

    def kill(self) -> None:
        """Ends the process at once. Who waits for its answer gets EOFError."""
        self._process.kill()

    def end(self) -> None:
        """Ends the process at once, and waits until it has ended. Nobody may wait for its answer."""
        self.kill()
        with suppress(OSError):
            self.pipe.close()
        self._process.wait()

    def exit_code(self, patience: float) -> int | None:
        """Returns the exit code, or minus the number of the signal that ended it; None if it goes on for `patience` seconds."""
        try:
            return self._process.wait(patience)
        except subprocess.TimeoutExpired:
            return None
