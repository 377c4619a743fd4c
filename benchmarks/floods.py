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
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

from benchmarks.attacks import ATTACKS, PAGES
from benchmarks.proxied import PROJECT, Proxied, get

_PATH = f"/archive?sql={quote(ATTACKS['recursion'])}"
_PAUSE = 0.1  # seconds between two pages of one reader, which is below the rate that nginx allows


def _flood(port: int, clients: int, pipe: Connection) -> None:
    """Requests until something comes by the pipe, and sends the numbers of answers by status."""
    end, found = threading.Event(), Counter[int]()

    def go(number: int) -> None:
        count = 0
        while not end.is_set():
            count += 1
            found[get(port, f"{_PATH}&n={number}-{count}", client=f"127.0.1.{number + 1}").status] += 1

    for number in range(clients):
        threading.Thread(target=go, args=(number,), daemon=True).start()
    pipe.recv()
    end.set()
    pipe.send(dict(found))


def _times(port: int, seconds: float, number: int) -> tuple[list[float], Counter[int]]:
    """Returns how long pages took, in milliseconds, and their statuses. Half of the pages are new, so that nginx does not have them."""
    found: list[float] = []
    statuses = Counter[int]()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for path in PAGES:
            for one in (path, path.replace("/1", f"/{len(found) % 60 + 1}")):
                began = time.perf_counter()
                statuses[get(port, one, client=f"127.0.2.{number}").status] += 1
                found.append(1000 * (time.perf_counter() - began))
                time.sleep(_PAUSE)
    return found, statuses


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
            print("| | idle p50, p95 | flood p50, p95 | ratio of p95 | pages | flood |\n|---|---:|---:|---:|---|---|")
            for title, port in (("one Datasette", proxied.ports[0]), ("nginx and two", proxied.port)):
                print(f"| {title} | {_measured(proxied, port, arguments.clients, arguments.seconds)} |", flush=True)


def _measured(proxied: Proxied, port: int, clients: int, seconds: float) -> str:
    _times(port, 2, 1)
    idle, _ = _times(port, seconds, 1)
    before = len(proxied.log())
    ours, theirs = multiprocessing.Pipe()
    flood = multiprocessing.get_context("spawn").Process(target=_flood, args=(port, clients, theirs), daemon=True)
    flood.start()
    time.sleep(3)
    flooded, statuses = _times(port, seconds, 2)
    ours.send("end")
    answers: dict[int, int] = ours.recv()
    flood.kill()
    flood.join()
    passed = sum(1 for line in proxied.log()[before:] if '"/archive"' in line and not line.endswith(" -"))
    said = ", ".join(f"{count} × {status or 'none'}" for status, count in sorted(answers.items()))
    ratio = _p95(flooded) / _p95(idle)
    figures = f"{median(idle):.0f}, {_p95(idle):.0f} ms | {median(flooded):.0f}, {_p95(flooded):.0f} ms | {ratio:.1f}"
    return f"{figures} | {', '.join(f'{count} × {status}' for status, count in sorted(statuses.items()))} | {said}; {passed} passed on"


def _p95(found: list[float]) -> float:
    return quantiles(found, n=20)[18]


if __name__ == "__main__":
    main()
