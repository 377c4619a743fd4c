"""Measures how much slower ordinary pages are during a flood: 50 clients that request a heavy query again and again, without any pause.

    python -m benchmarks.floods ARCHIVE [--clients 50] [--seconds 10]

Publishes the archive and serves it as deploy/ describes. Prints a Markdown table: pages through nginx and of one Datasette without it,
both idle and during the flood, and how many requests of the flood were answered, refused, and passed on to Datasette. The flood runs in a
process of its own, on the same cores.
"""

from __future__ import annotations

import argparse
import multiprocessing
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import quote

from benchmarks.attacks import ATTACKS, PAGES, counted, p95, said
from benchmarks.proxied import PROJECT, Proxied, get, was_passed_on

_PATH = f"/archive?sql={quote(ATTACKS['recursion'])}"
_PAUSE = 0.1  # seconds between two pages of one reader, which is below the rate that nginx allows


def request_on(port: int, path: str, number: int, end: threading.Event, found: Counter[int]) -> None:
    """Requests a path again and again as the client of a number, without any pause, until `end` is set. A parameter makes each request
    another one. Counts the answers by status in `found`.
    """
    for place in count():
        if end.is_set():
            return
        found[get(port, f"{path}&n={number}-{place}", client=f"127.0.1.{number + 1}").status] += 1


def _flood(port: int, clients: int, pipe: Connection) -> None:
    """Requests until something comes by the pipe, and sends the numbers of answers by status."""
    end, found = threading.Event(), Counter[int]()
    for number in range(clients):
        threading.Thread(target=request_on, args=(port, _PATH, number, end, found), daemon=True).start()
    pipe.recv()
    end.set()
    pipe.send(dict(found))


def _times(port: int, seconds: float, numbers: Iterator[int]) -> tuple[list[float], list[float]]:
    """Returns how long pages took that nginx has, and pages that nobody requested before, in milliseconds. Raises: RuntimeError if a page
    was not given.
    """
    kept: list[float] = []
    new: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for found, path in ((kept, PAGES[len(kept) % len(PAGES)]), (new, f"/en/archive/documents/{next(numbers)}")):
            began = time.perf_counter()
            status = get(port, path, client="127.0.2.1").status
            found.append(1000 * (time.perf_counter() - began))
            if status != 200:
                raise RuntimeError(f"{path}: status {status}")
            time.sleep(_PAUSE)
    return kept, new


def main() -> None:
    """Prints a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        publish = [sys.executable, "-m", "scrapy", "publish", str(folder / "copies"), "--without-digests"]
        subprocess.run([*publish, "-s", f"ARCHIVE={arguments.archive.absolute()}"], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
        with Proxied(folder, folder / "copies") as proxied:
            print("| | kept pages, idle p50, p95 | flood | ratio | new pages, idle | flood | ratio | the flood |")
            print("|---|---:|---:|---:|---:|---:|---:|---|")
            for title, port in (("one Datasette", proxied.ports[0]), ("nginx and two", proxied.port)):
                print(f"| {title} | {_measured(proxied, port, arguments.clients, arguments.seconds)} |", flush=True)


def _measured(proxied: Proxied, port: int, clients: int, seconds: float) -> str:
    numbers = count(1)
    _times(port, 3, numbers)
    idle = _times(port, seconds, numbers)
    before = len(proxied.log())
    ours, theirs = multiprocessing.Pipe()
    flood = multiprocessing.get_context("spawn").Process(target=_flood, args=(port, clients, theirs), daemon=True)
    flood.start()
    time.sleep(3)
    flooded = _times(port, seconds, numbers)
    ours.send("end")
    answers: dict[int, int] = ours.recv()
    flood.kill()
    flood.join()
    passed = sum(1 for line in proxied.log()[before:] if '"/archive"' in line and was_passed_on(line))
    figures = [f"{said(calm)} | {said(busy)} | {p95(busy) / p95(calm):.1f}" for calm, busy in zip(idle, flooded, strict=True)]
    return f"{' | '.join(figures)} | {counted(answers)}; {passed} passed on by nginx"


if __name__ == "__main__":
    main()
