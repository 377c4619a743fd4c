"""A published copy with nginx before it, as deploy/ describes it, with other ports and folders.

For tests and benchmarks. nginx must be installed; everything runs on 127.0.0.1.
"""

from __future__ import annotations

import os
import re
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
HOST = "archive.example.org"  # server_name in deploy/nginx/archive.conf
_DEPLOY = PROJECT / "deploy"
_MAIN = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log notice;
user root;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/archive.conf;
}}
"""
# What systemd does, for deploy/exchange_copy.py: ends the process of a port, and starts it again.
_RESTART = """\
port=$1
if [ -f {folder}/$port.pid ]; then
    kill -TERM $(cat {folder}/$port.pid) 2>/dev/null
    while kill -0 $(cat {folder}/$port.pid) 2>/dev/null; do sleep 0.1; done
fi
cd {project}
export FORWARDED_ALLOW_IPS=127.0.0.1
setsid {command} >>{folder}/$port.log 2>&1 </dev/null &
echo $! >{folder}/$port.pid
"""
_LONGEST = 120.0  # seconds that anything may take on a busy machine


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, or what there was of it. `status`: 0 if the connection broke before its end."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def nginx() -> str | None:
    """Returns the program of nginx, or None if it is not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def free_ports(number: int) -> list[int]:
    """Returns ports that nobody uses at this moment."""
    sockets = [socket.socket() for _ in range(number)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def written_configuration(folder: Path, port: int, state_port: int) -> Path:
    """Writes nginx's configuration of deploy/ to a folder, with other ports and folders, and returns its main file."""
    text = (_DEPLOY / "nginx/archive.conf").read_text(encoding="utf-8")
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
    for old, new in (
        ("listen 80", f"listen 127.0.0.1:{port}"),
        ("127.0.0.1:8000", f"127.0.0.1:{state_port}"),
        ("/etc/nginx/", f"{folder}/"),
        ("/var/cache/nginx/", f"{folder}/cache-"),
        ("/var/log/nginx/", f"{folder}/"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    (folder / "archive.conf").write_text(text, encoding="utf-8")
    main = folder / "nginx.conf"
    main.write_text(_MAIN.format(folder=folder), encoding="utf-8")
    return main


def write_state(folder: Path, servers: str, copy: str = "") -> None:
    """Writes what the configuration in a folder includes, as deploy/exchange_copy.py does. `servers`: lines of the upstream."""
    state: str = runpy.run_path(str(_DEPLOY / "exchange_copy.py"))["_STATE"]
    (folder / "archive-copy.conf").write_text(state.format(servers=servers, copy=copy, state=copy), encoding="utf-8")


@contextmanager
def running_nginx(main: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Runs nginx, and yields its process as soon as it answers. Raises: RuntimeError if it does not."""
    program = nginx()
    assert program is not None
    process = subprocess.Popen([program, "-c", str(main), "-p", str(main.parent)], stderr=subprocess.PIPE)
    try:
        for _ in range(int(_LONGEST * 10)):
            with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), timeout=1)):
                break
            if process.poll() is not None:
                assert process.stderr is not None
                raise RuntimeError(process.stderr.read().decode())
            time.sleep(0.1)
        else:
            raise RuntimeError(f"nginx does not answer on port {port}")
        yield process
    finally:
        process.terminate()
        process.communicate()


class Proxied:
    """nginx and two Datasettes that serve the newest copy of a folder. Use it in a `with` block."""

    def __init__(self, folder: Path, copies: Path) -> None:
        self.folder, self._copies = folder, copies
        self.port, state_port, *self.ports = free_ports(4)
        self._main = written_configuration(folder, self.port, state_port)
        unit = (_DEPLOY / "archive-serve@.service").read_text(encoding="utf-8")
        line = next(line for line in unit.splitlines() if line.startswith("ExecStart=")).removeprefix("ExecStart=")
        line = line.replace("/srv/archive/.venv/bin/datasette", f"{sys.executable} -m datasette")
        line = line.replace("/srv/archive/served", str(folder / "served")).replace("%i", "'$port'").replace("$$", "$")
        (folder / "restart").write_text(_RESTART.format(folder=folder, project=PROJECT, command=line), encoding="utf-8")
        self._exchange = [sys.executable, str(_DEPLOY / "exchange_copy.py"), str(copies), "--link", str(folder / "served")]
        self._exchange += ["--state-file", str(folder / "archive-copy.conf"), "--state-url", f"http://127.0.0.1:{state_port}/state"]
        self._exchange += ["--ports", *map(str, self.ports), "--restart", f"sh {folder}/restart {{port}}"]

    def __enter__(self) -> Proxied:
        write_state(self.folder, "    server 127.0.0.1:1;")
        self._nginx = running_nginx(self._main, self.port)
        self.nginx_process = self._nginx.__enter__()
        try:
            self.exchange()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *error: object) -> None:
        for port in self.ports:
            self.kill(port)
        self._nginx.__exit__(None, None, None)

    def exchange(self, patience: float = _LONGEST) -> str:
        """Serves the newest copy, as an operator would. Returns what the program printed. Raises: subprocess.CalledProcessError."""
        command = [*self._exchange, "--reload", f"kill -HUP {self.nginx_process.pid}", "--patience", f"{patience}"]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def process_of(self, port: int) -> int:
        """Returns the number of the process that serves a port."""
        return int((self.folder / f"{port}.pid").read_text())

    def kill(self, port: int) -> None:
        """Kills the Datasette of a port with what it started."""
        with suppress(OSError):
            os.killpg(self.process_of(port), signal.SIGKILL)

    def restart(self, port: int) -> None:
        """Starts the Datasette of a port again, and returns when it answers."""
        subprocess.run(["sh", str(self.folder / "restart"), str(port)], check=True)
        for _ in range(int(_LONGEST * 10)):
            if get(port, "/robots.txt").status == 200:
                return
            time.sleep(0.1)
        raise RuntimeError(f"the process of port {port} does not answer")

    def log(self) -> list[str]:
        """Returns the lines of nginx's log."""
        return (self.folder / "archive.log").read_text(encoding="utf-8").splitlines()


def was_passed_on(line: str) -> bool:
    """Returns whether nginx passed on the request of a line of its log: the line ends with the server, or with "-" if there was none."""
    return not line.endswith(" -")


def get(port: int, path: str, *, client: str = "127.0.0.1", headers: Sequence[tuple[str, str]] = ()) -> Answer:
    """Requests a path of a server on this machine. `client`: the IP address from which, in 127.0.0.0/8."""
    named = headers if any(name == "Host" for name, _ in headers) else (("Host", HOST), *headers)
    connection = HTTPConnection("127.0.0.1", port, timeout=_LONGEST, source_address=(client, 0))
    with closing(connection), suppress(OSError, HTTPException):
        connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
        for name, value in named:
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    return Answer(0)
