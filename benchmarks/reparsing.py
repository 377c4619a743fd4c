"""How much faster `scrapy reparse` is with several processes, and whether its memory grows with the number of captures.

    python -m benchmarks.reparsing --archive archive.db --captures captures

Compares without writing. The times of one and of several processes are taken in turn, so that other work on the machine slows both. Prints
ratios and the largest memory of all processes together, for all captures and for a part of them. The ratio of the processor times says what
is to be expected of cores that do nothing else: the time of one process, against that of several divided by their number.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.forked_commands import own_environment
from benchmarks.process_memory import memory_of


@dataclass(frozen=True)
class Measured:
    """One call. `captures`: how many were parsed. `seconds`: from start to end. `memory`: the largest sum over its processes, in bytes."""

    captures: int
    seconds: float
    processor: float  # seconds of all processes together
    memory: int


def measure(command: Sequence[str]) -> Measured:
    """Runs a command that prints "N captures" first."""
    began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = own_environment()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    seen = [0]

    def watch() -> None:
        while process.poll() is None:
            seen[0] = max(seen[0], memory_of(process.pid))
            time.sleep(0.1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    printed, _ = process.communicate()
    seconds = time.perf_counter() - began
    watcher.join()
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return Measured(next(int(line.split()[0]) for line in printed.splitlines() if " captures" in line), seconds, processor, seen[0])


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", required=True)
    parser.add_argument("--captures", required=True)
    parser.add_argument("--sources-extra", default="")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--part", default="", help="a layout that only a part of the captures has, to compare the memory")
    given = parser.parse_args()
    command = [sys.executable, "-m", "scrapy", "reparse", "--restart"]
    for name, value in (("ARCHIVE", given.archive), ("CAPTURES", given.captures), ("SOURCES_EXTRA", given.sources_extra)):
        command += ["-s", f"{name}={value}"]
    one, several = list[Measured](), list[Measured]()
    for _ in range(given.rounds):
        one.append(measure([*command, "--processes", "1"]))
        several.append(measure([*command, "--processes", str(given.processes)]))
    ratio = median(first.seconds / second.seconds for first, second in zip(one, several, strict=True))
    free = median(first.processor / second.processor for first, second in zip(one, several, strict=True)) * given.processes
    print(f"{one[0].captures} captures; {given.processes} processes are {ratio:.2f} times as fast as one, {free:.2f} times on free cores")
    print(f"memory: {_mb(one)} MB with one process, {_mb(several)} MB with {given.processes} and the one that compares")
    if given.part:
        part = measure([*command, "--processes", str(given.processes), "--layout", given.part])
        print(f"memory for {part.captures} captures: {_mb([part])} MB with {given.processes}")


def _mb(measured: Sequence[Measured]) -> int:
    return round(max(each.memory for each in measured) / 1e6)


if __name__ == "__main__":
    main()
