"""What a worker runs: the function that Dask, or a thread of this machine, calls for each unit of crawling."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from scraper.cluster.engines import check_version

_PARTS = 4  # in which the units of a process are divided after it has ended before its time
ENDED, LOST, SUPERSEDED = "ended", "lost", "superseded"  # how a unit ended


@dataclass(frozen=True, slots=True)
class Order:
    """A unit to crawl. `unit`: as JSON. `update`: the id of the update. `store`: its URL. `ahead`: seconds by which its clock is ahead of
    that of the writer. `share`: crawls of one update with the same share use one process on a machine.
    """

    update: str
    unit: dict[str, Any]
    store: str
    patience: float
    ahead: float
    share: str = ""

    @property
    def name(self) -> str:
        """The name of the unit."""
        return str(self.unit["id"])


def share_of(source_id: str, attempt: int) -> str:
    """Returns the share of a unit, by its first source and its attempt (from 1). A page that ends its process, for lack of memory perhaps,
    costs all units in it an attempt. So all units share one process at first, then four of them, then sixteen: then hardly any other unit
    is with that page.
    """
    return f"{attempt}-{crc32(source_id.encode()) % _PARTS ** (attempt - 1)}"


class _Crawls:
    """A process in which crawls of one update run, on the side of the worker."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "scraper.cluster.crawler_process"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self._ends: dict[str, Future[dict[str, str]]] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def is_idle(self) -> bool:
        return not self._ends

    def begin(self, order: Order) -> Future[dict[str, str]]:
        """Begins to crawl a unit, and returns how it ends. If it is being crawled here, because a scheduler was lost, it goes on."""
        line = json.dumps({"unit": order.unit, "store": order.store, "patience": order.patience, "ahead": order.ahead})
        with self._lock:
            if (going_on := self._ends.get(order.name)) is not None:
                return going_on
            end = self._ends[order.name] = Future()
            try:
                assert self._process.stdin is not None
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()
            except OSError as error:
                self._ends.pop(order.name, None)
                end.set_result({"state": LOST, "why": f"the process of the crawls has ended ({error})"})
        return end

    def end(self) -> None:
        """Ends the process. Every answer that it received is in the store."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.kill()
        self._process.wait()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        last = ""  # what it said last: if nothing killed it, that is why it ends
        with self._process.stdout as lines:
            for line in lines:
                said = json.loads(line)
                last = said["why"]
                with self._lock:
                    end = self._ends.pop(said["unit"], None)
                if end is not None:
                    end.set_result({"state": said["state"], "why": said["why"]})
        code = self._process.wait()
        why = last if code == 0 and last else f"the process of the crawls ended with code {code}"
        if code == -signal.SIGKILL:
            why += " (killed; the system does that if there is no memory left)"
        with self._lock:
            for end in self._ends.values():
                end.set_result({"state": LOST, "why": why})
            self._ends.clear()


_processes: dict[tuple[str, str], _Crawls] = {}  # by update and share
_lock = threading.Lock()


def crawl_unit(order: Order) -> dict[str, str]:
    """Crawls a unit in a process of its update, and returns how it ended (`state`: ENDED, LOST or SUPERSEDED) and why.
    Raises: Unfit if this worker has another version of the project than the update.
    """
    with _lock:
        crawls = _processes.get((order.update, order.share))
        if crawls is None or not crawls.is_alive:
            check_version(order.unit["version"])
            for key, other in [*_processes.items()]:
                # A process that has nothing to do. One that crawls may be of another archive; it ends when its units are taken over.
                if other.is_idle or not other.is_alive:
                    _processes.pop(key).end()
            crawls = _processes[order.update, order.share] = _Crawls()
        end = crawls.begin(order)
    return end.result()


def end_crawls(update: str) -> None:
    """Ends the processes of an update on this machine."""
    with _lock:
        ended = [_processes.pop(key) for key in [*_processes] if key[0] == update]
    for crawls in ended:
        crawls.end()
