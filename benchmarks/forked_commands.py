"""Runs scrapy commands in forks of a process that has imported the project, so a command costs 0.15 s of processor time instead of 2 s.

    with ForkedCommands() as commands:
        done = commands.run(["crawl", "sample-mst", *as_options({"ARCHIVE": folder / "archive.db"})], folder)

The process that forks has no thread and no event loop. So a command in a fork does what it does in a process of its own, except that no
module is imported again: settings that are read from the environment at the import must be given with `-s`.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from benchmarks.fault_points import FaultPoint, install

# What may be in the environment and no command of a test or a benchmark has: settings, and what makes Python compile all modules again at
# each start, which installed ones are spared.
_OF_THE_USER = ("ARCHIVE", "CAPTURES", "REPLAY", "SOURCES_EXTRA", "PYTHONDONTWRITEBYTECODE", "LC_ALL", "REPORT_LANGUAGE")
# What a crawl imports of Scrapy besides the packages below. Nothing of it may import the reactor, which belongs to one process.
_OF_SCRAPY = (
    *("cmdline", "core.downloader.handlers.http11", "core.engine", "core.scraper", "dupefilters", "logformatter", "pqueues", "squeues"),
    *("statscollectors", "extensions.closespider", "extensions.corestats", "extensions.logcount", "extensions.logstats"),
    *("extensions.memdebug", "extensions.memusage", "extensions.spiderstate", "extensions.throttle"),
)
PROJECT = Path(__file__).resolve().parent.parent


def own_environment() -> dict[str, str]:
    """Returns the environment for a command of a test or a benchmark. Its reports are in English, in whatever place they run."""
    return {name: value for name, value in os.environ.items() if name not in _OF_THE_USER} | {"LC_MESSAGES": "en_US.UTF-8"}


def as_options(settings: Mapping[str, object]) -> list[str]:
    """Returns the options of a command that give it these settings."""
    return [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]


@dataclass(frozen=True)
class Done:
    """How a command ended. `code`: its exit code, or the number of the signal that ended it with a minus."""

    code: int
    stdout: str
    stderr: str
    seconds: float
    cpu: float  # seconds


class ForkedCommands:
    """Use it in a `with` block. One command runs at a time. `copies_archives`: a command that begins a new archive gets a copy of an empty
    one, unless it is interrupted somewhere; to make one takes half of the time of a short command.
    """

    def __init__(self, *, copies_archives: bool = False) -> None:
        self._options = ["--copy-archives"] if copies_archives else []

    def __enter__(self) -> ForkedCommands:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.forked_commands", *self._options],
            cwd=PROJECT,
            env=own_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._receive()
        return self

    def __exit__(self, *error: object) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def run(
        self,
        arguments: Sequence[str],
        folder: Path,
        *,
        environment: Mapping[str, str] | None = None,
        fault: FaultPoint | None = None,
        kill_after: float = 0.0,
    ) -> Done:
        """Runs `scrapy ARGUMENTS` and returns how it ended. `folder`: for its output. `environment`: variables that it has besides those of
        this process. `fault`: where it is interrupted. `kill_after`: seconds after which it is killed, if it has not ended; 0: it is not.
        """
        out, err = folder / "out.txt", folder / "err.txt"
        assert self._process.stdin is not None
        command = {
            "arguments": [*arguments],
            "out": str(out),
            "err": str(err),
            "environment": dict(environment or {}),
            "kill_after": kill_after,
        }
        self._process.stdin.write(json.dumps(command | {"fault": asdict(fault) if fault is not None else None}) + "\n")
        self._process.stdin.flush()
        began = time.monotonic()
        ended = self._receive()
        stdout, stderr = (path.read_text(encoding="utf-8", errors="replace") for path in (out, err))
        return Done(ended["code"], stdout, stderr, time.monotonic() - began, ended["cpu"])

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process that runs commands has ended; its message is above")
        received: dict[str, Any] = json.loads(line)
        return received


def import_project() -> bytes:
    """Imports what a command imports, and fills the caches of the parts that do not depend on an archive. Returns an empty archive."""
    for name in _OF_SCRAPY:
        importlib.import_module(f"scrapy.{name}")
    from scrapy import commands, downloadermiddlewares, spidermiddlewares

    import scraper
    from scraper.citations.finder import find
    from scraper.sources import load
    from scraper.store.archive import open_archive

    for package in (scraper, commands, downloadermiddlewares, spidermiddlewares):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    load()
    find("Căn cứ Quyết định số 12/QĐ-UBND ngày 17/5/2007 của UBND tỉnh Nghệ An; theo Luật Báo chí và Quyết định 12 nêu trên")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        open_archive(path).close()
        return path.read_bytes()


def _copy_new_archives(empty: bytes) -> None:
    """Makes each new archive of this process a copy of an empty one, which the command then opens as any other."""
    from scraper.store import archive

    connect = archive._connect

    def copied(path: Path) -> Database:
        if not path.exists():
            path.write_bytes(empty)
        return connect(path)

    archive._connect = copied


def run_here(command: Mapping[str, Any], empty: bytes | None = None) -> int:
    """Runs a command in this process, which should be a fork, and returns its exit code. `empty`: an archive for new ones."""
    from scrapy.cmdline import execute

    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # else a command that reads its input would read the next commands
    for name, number in (("out", 1), ("err", 2)):
        os.dup2(os.open(command[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), number)
    os.environ.update(command["environment"])
    if command.get("fault") is not None:
        install(FaultPoint(**command["fault"]))
    elif empty is not None:
        _copy_new_archives(empty)
    code = 0
    try:
        execute(["scrapy", *command["arguments"]])
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:  # noqa: BLE001 (printed and counted as Python does it)
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _kill_after(pid: int, seconds: float) -> None:
    """Kills a child some seconds from now, unless it ends before. It is not waited for, so no other process can have its id."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 0.01))
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return
    os.kill(pid, signal.SIGKILL)


def main() -> None:
    """Reads commands, one line of JSON each, and answers each with its exit code."""
    empty = import_project()
    copied = empty if "--copy-archives" in sys.argv else None
    print("{}", flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os._exit(run_here(command, copied))
        if command["kill_after"]:
            _kill_after(pid, command["kill_after"])
        _, status, usage = os.wait4(pid, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status), "cpu": usage.ru_utime + usage.ru_stime}), flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the program that uses it, which closes the pipe
    main()
