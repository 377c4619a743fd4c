"""Runs Datasette on a free port, for benchmarks, tests in a browser and the pictures of the README."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

PROJECT = Path(__file__).resolve().parent.parent
_DATASETTE = (sys.executable, "-m", "datasette")
_ATTEMPTS = 600  # to reach the server, a tenth of a second apart
_LONGEST_MESSAGE = 2000  # characters of what Datasette printed


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serves the archive of a folder as `datasette .` does, with the settings of the project. Yields its URL."""
    for name in ("metadata.yml", "settings.json"):
        shutil.copy(PROJECT / name, folder / name)
    with running([*_DATASETTE, str(folder)]) as url:
        yield url


@contextmanager
def running(datasette: Sequence[str]) -> Iterator[str]:
    """Runs a command of Datasette on a free port, and yields its URL as soon as it answers. Raises RuntimeError if it does not."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*datasette, "--host", "127.0.0.1", "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile("w+") as messages:
        process = subprocess.Popen(command, stdout=messages, stderr=messages)
        try:
            if not _answers(url, process):
                messages.seek(0)
                raise RuntimeError(f"{url}: Datasette does not answer: {messages.read()[-_LONGEST_MESSAGE:]}")
            yield url
        finally:
            process.terminate()
            process.wait()


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Waits until the server answers. Returns False if it has ended, or is too late."""
    for _ in range(_ATTEMPTS):
        if process.poll() is not None:
            return False
        try:
            urlopen(f"{url}/robots.txt").close()
        except HTTPError as answer:  # plain Datasette has no robots.txt
            answer.close()
            return True
        except URLError:
            time.sleep(0.1)
        else:
            return True
    return False
