"""How much faster `scrapy reparse` is with several processes, and whether its memory grows with the number of captures.

    python -m benchmarks.reparsing --archive archive.db --captures captures

Compares without writing. The times of one and of several processes are taken in turn, so that other work on the machine slows both. Prints
ratios and the largest memory of all processes together, for all captures and for a part of them. The ratio of the processor times says what
is to be expected of cores that do nothing else: the time of one process, against that of several divided by their number.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import pipeline
from benchmarks.forked_commands import PROJECT, as_options, own_environment
from benchmarks.page_parts import Part, Row
from benchmarks.process_memory import memory_of
from benchmarks.timing import Spread

_SOURCES = 4  # of the page of the benchmarks: the longer it takes, the less the start of the processes counts


@dataclass(frozen=True)
class Measured:
    """One call. `captures`: how many were parsed. `seconds`: from start to end. `memory`: the largest sum over its processes, in bytes."""

    captures: int
    seconds: float
    processor: float  # seconds of all processes together
    memory: int


def measure(command: Sequence[str]) -> Measured:
    """Runs `scrapy reparse`, which prints "N captures"."""
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


def beside_one(recording: Path, site: str, rounds: int) -> Part:
    """Crawls a recording as that of several sources, and parses all captures again with one and with two processes, in turn. The limit
    is the time of two commands at once, each with half of the sources and one process: they share only the machine.
    """
    with tempfile.TemporaryDirectory() as name:
        folder, sources = Path(name), [f"measured-{number}" for number in range(_SOURCES)]
        pipeline.write_source(folder, site, sources)
        settings: dict[str, object] = {"ARCHIVE": folder / "archive.db", "CAPTURES": folder / "captures", "NOW": pipeline.NOW}
        settings["SOURCES_EXTRA"] = folder / "sources.toml"
        for source in sources:
            crawl = [sys.executable, "-m", "scrapy", "crawl", source, *as_options(settings | {"REPLAY": recording})]
            pipeline.run(crawl, PROJECT)
        command = [sys.executable, "-m", "scrapy", "reparse", "--restart", *as_options(settings)]
        half = len(sources) // 2
        apart = [[*command, "--processes", "1", *some] for some in (sources[:half], sources[half:])]
        found = [[*(measure([*command, "--processes", str(number)]) for number in (1, 2)), _at_once(apart, folder)] for _ in range(rounds)]
    captures = found[0][0].captures
    rows = []
    for name, measured in zip(
        ("one process", "2 processes", "limit: two commands at once, half each"), zip(*found, strict=True), strict=True
    ):
        seconds = Spread.of([one.seconds for one in measured])
        ratio = Spread.of([one.seconds / all_ways[0].seconds for one, all_ways in zip(measured, found, strict=True)])
        shown = f"{seconds.middle:.1f} s, {captures / seconds.middle:.0f} captures/s, {_mb(measured)} MB"
        rows.append(Row(name, shown, ratio, is_ours=not name.startswith("limit")))
    return Part(f"Parsing again, start included: {captures:,} captures", "wall time, with that of one process as 1", rows)


def _at_once(commands: Sequence[Sequence[str]], folder: Path) -> Measured:
    """Runs several commands at the same time. Each has a copy of the archive, because a command keeps how far it came beside it."""
    copies = [folder / f"archive-{number}.db" for number in range(len(commands))]
    for copy in copies:
        shutil.copy(folder / "archive.db", copy)
    own = [
        [part.replace(f"{folder / 'archive.db'}", f"{copy}") for part in command] for command, copy in zip(commands, copies, strict=True)
    ]
    with ThreadPoolExecutor(len(own)) as threads:
        began = time.perf_counter()
        measured = list(threads.map(measure, own))
        seconds = time.perf_counter() - began
    return Measured(sum(one.captures for one in measured), seconds, 0.0, sum(one.memory for one in measured))


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
