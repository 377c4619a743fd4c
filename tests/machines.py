"""Machines for the tests: network namespaces with IP addresses of their own, and processes in them that are started again when they end."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import PROJECT

HOME = "10.77.9.1"  # of the servers, the scheduler and the writer
_BRIDGE = "vgncluster"


@dataclass
class Machine:
    """A network namespace, or this machine if `name` is empty."""

    name: str
    address: str
    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Starts a command in a group of its own. What it prints goes to a file."""
        inside = ["ip", "netns", "exec", self.name, *command] if self.name else [*command]
        with (self.folder / f"{self.name or 'home'}.log").open("ab") as log:
            process = subprocess.Popen(
                inside, cwd=PROJECT, env={**os.environ, **environment}, stdout=log, stderr=log, start_new_session=True
            )
        self.running.append(process)
        return process

    def kill(self) -> None:
        """Kills everything that was started here, as a power failure would."""
        for process in self.running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running.clear()

    def signal(self, number: int, part: str = "") -> None:
        """Sends a signal to everything that was started here: SIGSTOP pauses the machine. `part`: only to commands that have it."""
        for process in self.running:
            if not part:
                os.killpg(process.pid, number)
                continue
            for folder in Path("/proc").glob("[0-9]*"):
                with suppress(OSError):  # it has ended meanwhile
                    if part.encode() in (folder / "cmdline").read_bytes() and os.getpgid(int(folder.name)) == process.pid:
                        os.kill(int(folder.name), number)


@contextmanager
def machines(folder: Path, number: int) -> Iterator[list[Machine]]:
    """Makes machines that reach each other and this one by a bridge. Skips the test if that is not possible here."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need root and the command ip (package iproute2)")
    names = [f"{_BRIDGE}{place}" for place in range(1, number + 1)]
    here = [Machine(name, f"10.77.9.{place}", folder) for place, name in enumerate(names, 2)]
    with (Path(tempfile.gettempdir()) / f"{_BRIDGE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the names are the same for every test on this machine
        yield from _made(names, here)


def _made(names: Sequence[str], here: list[Machine]) -> Iterator[list[Machine]]:
    _remove(names)
    try:
        made = [
            _ip("link", "add", _BRIDGE, "type", "bridge"),
            _ip("addr", "add", f"{HOME}/24", "dev", _BRIDGE),
            _ip("link", "set", _BRIDGE, "up"),
        ]
        for place, name in enumerate(names, 2):
            made += [
                _ip("netns", "add", name),
                _ip("link", "add", f"vgnc{place}", "type", "veth", "peer", "name", "eth0", "netns", name),
                _ip("link", "set", f"vgnc{place}", "master", _BRIDGE, "up"),
                _ip("-n", name, "addr", "add", f"10.77.9.{place}/24", "dev", "eth0"),
                _ip("-n", name, "link", "set", "eth0", "up"),
                _ip("-n", name, "link", "set", "lo", "up"),
            ]
        if any(made):
            pytest.skip(f"this system makes no network namespaces: {' '.join(filter(None, made))[:200]}")
        yield here
    finally:
        for machine in here:
            machine.kill()
        _remove(names)


def _ip(*arguments: str) -> str:
    """Returns what went wrong."""
    return subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False).stderr


def _remove(names: Sequence[str]) -> None:
    for place, name in enumerate(names, 2):
        _ip("link", "delete", f"vgnc{place}")  # also if processes of an interrupted test keep their machine
        _ip("netns", "delete", name)
    _ip("link", "delete", _BRIDGE)


def dask_worker(scheduler: str, threads: int) -> list[str]:
    """Returns the command of a worker that is started again when it ends, as systemd would (deploy/archive-worker.service)."""
    command = f"{sys.executable} -m distributed.cli.dask_worker {scheduler} --nthreads {threads} --no-dashboard --death-timeout 20"
    return ["sh", "-c", f"while :; do {command}; sleep 1; done"]


def dask_scheduler(address: str, port: int) -> list[str]:
    """Returns the command of a scheduler."""
    return [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", address, "--port", str(port), "--no-dashboard"]
