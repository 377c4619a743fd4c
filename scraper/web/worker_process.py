"""A process that the server starts, talks to over a pipe, and can end at any moment."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection


class WorkerProcess:
    """A process that runs a module, which gets the number of its end of the pipe as its argument. Only one thread may use `pipe`; any may
    call `end`.
    """

    def __init__(self, module: str) -> None:
        ours, theirs = Pipe()
        command = [sys.executable, "-m", module, str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
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
