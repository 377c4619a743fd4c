"""Measures how much slower ordinary pages are while somebody attacks the server: 50 requests at once that need minutes or gigabytes each.

    python -m benchmarks.attacks ARCHIVE [--clients 50] [--seconds 8] [--gate]

Prints, for each attack, the middle and the 95th percentile of the time of the pages, beside those of the same server a moment before, and
the most memory that the server and its processes have used. With --gate the exit code is 1 if pages take more than 5 times as long in
the middle, or the memory is over 500 MB.
"""

from __future__ import annotations

import argparse
import resource
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

from benchmarks.serving import served

PAGES = ("/", "/archive/articles/1", "/en/archive/documents/1", "/-/health")
ATTACKS = {
    "long value": "select printf('%.*c', 900000000, 'x')",
    "one long step": "select instr(printf('%.*c', 15000000, 'a'), printf('%.*c', 7000000, 'a') || 'b')",
    "cross join": "select count(*) from citations a, citations b, citations c, citations d, citations e",
    "recursion": "with recursive n(x) as (select 1 union all select x + 1 from n) select sum(x) from n",
    "large rows": "with recursive n(x) as (select 1 union all select x + 1 from n limit 900) select hex(zeroblob(1000000)) from n",
    "large sort": "with recursive n(x) as (select 1 union all select x + 1 from n) select x, hex(randomblob(500)) as y from n order by y",
    "our functions": "select snippet_vi('', replace(hex(zeroblob(500000)), '0', 'từ '), 'không có') from citations a, citations b",
}
MEGABYTE = 1024 * 1024
_BYTES_OF_A_PAGE = resource.getpagesize()
MOST_SLOWER, MOST_MEMORY = 5.0, 500


class Attack:
    """Clients that request the same URL again and again, with a parameter that makes each request another one. A client that is refused
    waits as long as the server says: what requests without a pause must be stopped before it reaches the server.
    """

    def __init__(self, url: str, path: str, clients: int) -> None:
        self._host, self._path, self._end = urlsplit(url).netloc, path, threading.Event()
        self._threads = [threading.Thread(target=self._go, args=(number,), daemon=True) for number in range(clients)]
        self.answers: dict[int, int] = {}

    def _go(self, number: int) -> None:
        count = 0
        while not self._end.is_set():
            count += 1
            status, pause = 0, 0
            with suppress(OSError, HTTPException):  # the server has stopped, or has ended a file that took too long
                address = (f"127.0.1.{number + 1}", 0)  # a client of its own, of which the server knows nothing yet
                with closing(HTTPConnection(self._host, timeout=120, source_address=address)) as connection:
                    connection.request("GET", f"{self._path}&n={number}-{count}")
                    answer = connection.getresponse()
                    status, pause = answer.status, int(answer.getheader("Retry-After") or 0)
                    answer.read()
            self.answers[status] = self.answers.get(status, 0) + 1
            self._end.wait(pause)

    def __enter__(self) -> Attack:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()


def times(url: str, seconds: float) -> list[float]:
    """Returns how long each request of an ordinary page took, in milliseconds, one after the other for some seconds."""
    found: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for path in PAGES:
            began = time.perf_counter()
            urlopen(url + path).read()
            found.append(1000 * (time.perf_counter() - began))
    return found


def family(process: int | None = None) -> list[int]:
    """Returns the processes that a process has started, and those that they have started; of this process by default."""
    found = []
    for task in Path(f"/proc/{process or 'self'}/task").iterdir():
        with suppress(OSError):
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *family(child)]
    return found


def memory() -> float:
    """Returns the memory of the processes that this one has started, in megabytes."""
    total = 0
    for process in family():
        with suppress(OSError):
            total += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _BYTES_OF_A_PAGE
    return total / MEGABYTE


class MostMemory:
    """Looks at the memory ten times a second during a `with` block. `megabytes`: the most that was seen."""

    def __init__(self) -> None:
        self.megabytes = memory()
        self._end = threading.Event()
        self._watcher = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        while not self._end.wait(0.1):
            self.megabytes = max(self.megabytes, memory())

    def __enter__(self) -> MostMemory:
        self._watcher.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._watcher.join()


def main() -> None:
    """Prints a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--gate", action="store_true")
    arguments = parser.parse_args()
    missed: list[str] = []
    print("| attack | file | idle p50, p95 | attacked p50, p95 | ratio of p50 | memory | answers |\n|---|---|---:|---:|---:|---:|---|")
    for name, sql in ATTACKS.items():
        for ending in ("", ".csv"):
            path = f"/archive{ending}?sql={quote(sql)}"
            with served(arguments.archive, "archive", plain=False) as url:
                times(url, 1)
                idle = times(url, arguments.seconds / 2)
                with MostMemory() as most, Attack(url, path, arguments.clients) as attack:
                    time.sleep(0.5)
                    attacked = times(url, arguments.seconds)
            ratio = median(attacked) / median(idle)
            if ratio > MOST_SLOWER or most.megabytes > MOST_MEMORY:
                missed.append(f"{name}{ending}")
            figures = f"{said(idle)} | {said(attacked)} | {ratio:.1f} | {most.megabytes:.0f} MB | {counted(attack.answers)}"
            print(f"| {name} | {ending or 'page'} | {figures} |", flush=True)
    if missed:
        print(f"over the goal: {', '.join(missed)}")
    sys.exit(bool(missed) and arguments.gate)


def p95(found: Sequence[float]) -> float:
    """Returns the 95th percentile of times."""
    return quantiles(found, n=20)[18]


def said(found: Sequence[float]) -> str:
    """Returns the middle and the 95th percentile of times in milliseconds, as the tables show them."""
    return f"{median(found):.0f}, {p95(found):.0f} ms"


def counted(answers: Mapping[int, int]) -> str:
    """Returns how many answers had each status, as the tables show them."""
    return ", ".join(f"{number} × {status or 'no answer'}" for status, number in sorted(answers.items()))


if __name__ == "__main__":
    main()
