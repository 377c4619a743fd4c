"""Runs Datasette on a free port, for benchmarks, tests in a browser and the pictures of the README."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

PROJECT = Path(__file__).resolve().parent.parent
_DATASETTE = (sys.executable, "-m", "datasette")
_ATTEMPTS = 600  # to reach the server, a tenth of a second apart


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
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait()


def _wait_for(url: str) -> None:
    for _ in range(_ATTEMPTS):
        try:
            urlopen(f"{url}/robots.txt").close()
        except HTTPError as answer:  # plain Datasette has no robots.txt
            answer.close()
            return
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{url}: Datasette does not answer")
