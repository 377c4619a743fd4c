"""Serves the newest published copy instead of the one before, without a request that fails.

    python deploy/exchange_copy.py FOLDER [--link served] [--ports 8001 8002] [--keep 2] ...

FOLDER has the copies that `scrapy publish FOLDER` made. One Datasette after the other gets no new request, is restarted with the new copy
when its last response has ended, and is used again when it answers. nginx never uses processes of two copies at a time. If the new copy
cannot be served, the one before stays, and the exit code is 1. Older copies are removed at the end. Only the standard library is used.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

_MANIFEST = "manifest.json"
_LOOK = 0.2  # seconds between two looks
_QUIET = 5  # looks in a row without a connection, after which a process has none
_ESTABLISHED = "01"  # in /proc/net/tcp
_STATE = """\
# Written by deploy/exchange_copy.py.
upstream archive {{
    zone archive 64k;
    least_conn;
{servers}
    keepalive 16;
}}
map $server_name $archive_copy {{
    default "{copy}";
}}
map $server_name $archive_state {{
    default "{state}";
}}
"""


class NotServedError(Exception):
    """A step did not succeed in time."""


@dataclass(frozen=True, slots=True)
class Server:
    """nginx and its Datasettes. `restart`: has {port} for the place of the port. `patience`: seconds for each step."""

    state_file: Path
    state_url: str
    ports: Sequence[int]
    restart: str
    reload: str
    patience: float

    def use(self, copy: str, without: int | None) -> None:
        """Makes nginx serve a copy with all ports but one. Returns when it does. Raises: NotServedError."""
        state = f"{copy} without {without} {time.time_ns()}"
        servers = "\n".join(
            f"    server 127.0.0.1:{port} {'down' if port == without else 'max_fails=1 fail_timeout=2s'};" for port in self.ports
        )
        part = self.state_file.with_name(f".{self.state_file.name}.part")
        part.write_text(_STATE.format(servers=servers, copy=copy, state=state), encoding="utf-8")
        part.replace(self.state_file)
        _run(self.reload)
        _wait(
            lambda: _said(self.state_url) == state,
            self.patience,
            f"{self.state_url} does not say that nginx was reloaded; nginx -t may say why",
        )

    def renew(self, port: int) -> None:
        """Restarts a process when it has no connection any more, at the latest when the patience is over. Raises: NotServedError."""
        quiet, until = 0, time.monotonic() + self.patience
        while quiet < _QUIET and time.monotonic() < until:
            time.sleep(_LOOK)
            quiet = 0 if _connections(port) else quiet + 1
        _run(self.restart.format(port=port))
        url = f"http://127.0.0.1:{port}/robots.txt"
        _wait(lambda: _said(url) is not None, self.patience, f"{url} does not answer")


def exchange(server: Server, copies: Path, link: Path, keep: int) -> str:
    """Serves the newest copy, and removes the older ones but `keep`. Returns its name. Raises: NotServedError; OSError."""
    found = sorted((path.parent for path in copies.resolve().glob(f"[!.]*/{_MANIFEST}")), key=_made_at)
    if not found:
        raise NotServedError(f"{copies}: has no copy; make one: scrapy publish {copies}")
    new, before = found[-1], link.resolve() if link.is_symlink() else None
    first, *others = server.ports
    server.use(before.name if before is not None else new.name, without=first)
    _point(link, new)
    try:
        server.renew(first)
    except NotServedError:
        if before is not None:
            _point(link, before)
            server.renew(first)
            server.use(before.name, without=None)
        raise
    for port in others:
        server.use(new.name, without=port)
        server.renew(port)
    server.use(new.name, without=None)
    for old in [path for path in found if path not in (new, before)][: max(0, len(found) - keep)]:
        old.chmod(0o755)
        shutil.rmtree(old)
    return new.name


def _made_at(folder: Path) -> int:
    return (folder / _MANIFEST).stat().st_mtime_ns


def _point(link: Path, folder: Path) -> None:
    part = link.with_name(f".{link.name}.part")
    part.unlink(missing_ok=True)
    part.symlink_to(folder.resolve())
    part.replace(link)


def _connections(port: int) -> int:
    """Returns the number of connections to a port of this machine."""
    lines = [line.split() for name in ("tcp", "tcp6") if (path := Path("/proc/net", name)).exists() for line in path.open()]
    return sum(1 for line in lines if line[3] == _ESTABLISHED and int(line[1].rpartition(":")[2], 16) == port)


def _said(url: str) -> str | None:
    try:
        with urlopen(url, timeout=10) as answer:
            return str(answer.read().decode().strip())
    except OSError:
        return None


def _wait(condition: Callable[[], bool], patience: float, problem: str) -> None:
    until = time.monotonic() + patience
    while not condition():
        if time.monotonic() > until:
            raise NotServedError(f"{problem} ({patience:.0f} s)")
        time.sleep(_LOOK)


def _run(command: str) -> None:
    done = subprocess.run(shlex.split(command), capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotServedError(f"{command}: exit code {done.returncode}: {done.stderr.strip()[:300]}")


def main() -> int:
    """Exchanges the copy and returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("copies", type=Path, metavar="FOLDER")
    parser.add_argument("--link", type=Path, help="the link to the copy that is served; `served` beside FOLDER by default")
    parser.add_argument("--state-file", type=Path, default=Path("/etc/nginx/archive-copy.conf"))
    parser.add_argument("--state-url", default="http://127.0.0.1:8000/state")
    parser.add_argument("--ports", type=int, nargs="+", default=[8001, 8002])
    parser.add_argument("--restart", default="systemctl restart archive-serve@{port}")
    parser.add_argument("--reload", default="systemctl reload-or-restart nginx")
    parser.add_argument("--patience", type=float, default=900.0, help="seconds for each step, such as the end of a download")
    parser.add_argument("--keep", type=int, default=2, help="copies that stay; the one that is served and the one before always do")
    options = parser.parse_args()
    server = Server(options.state_file, options.state_url, options.ports, options.restart, options.reload, options.patience)
    link = options.link or options.copies.absolute().with_name("served")
    os.umask(0o022)
    try:
        print(exchange(server, options.copies, link, options.keep))
    except (NotServedError, OSError) as error:
        print(f"the copy was not exchanged: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
