"""How long each command takes before it begins its own work, compared with Scrapy without this project.

    python -m benchmarks.start [--rounds 7]

Prints a Markdown table: the median of the processor time of each command, and its ratio to `scrapy list` of a project with one spider and
without our commands. The commands are run in turn, so that other work on the machine slows all of them. `list`, `health`, `cite` and the
second `update` also do their work, on little data: an archive with one source of the sample, a text of one line, and a lock that is held.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.forked_commands import PROJECT, as_options, own_environment

TEXT = "Thực hiện Quyết định số 749/QĐ-TTg ngày 03/6/2020 của Thủ tướng Chính phủ\n"
BARE = "list of a project with one spider, without our commands"
# Scrapy offers the commands of an installed package in every folder; without our entry points it is as if the package were not there.
WITHOUT_OURS = """
import sys
from scrapy import cmdline
found = cmdline.entry_points
cmdline.entry_points = lambda group: [one for one in found(group=group) if not one.value.startswith("scraper.")]
cmdline.execute(["scrapy", *sys.argv[1:]])
"""
SPIDER = "import scrapy\n\n\nclass One(scrapy.Spider):\n    name = 'one'\n"


def processor_time(command: Sequence[str], folder: Path, *, given: str = "", code: int = 0) -> float:
    """Returns the seconds of processor time of a command. Raises RuntimeError if its exit code is not `code`."""
    environment = own_environment()
    with tempfile.TemporaryFile() as text, tempfile.TemporaryFile() as output:
        text.write(given.encode())
        text.seek(0)
        process = subprocess.Popen(command, cwd=folder, env=environment, stdin=text, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != code:
            output.seek(0)
            raise RuntimeError(f"{' '.join(command)}: exit code {process.returncode}\n{output.read().decode()}")
    return usage.ru_utime + usage.ru_stime


def bare_project(folder: Path) -> list[str]:
    """Makes a project of Scrapy with one spider, and returns the command that lists it without ours."""
    bare = [sys.executable, "-c", WITHOUT_OURS]
    processor_time([*bare, "startproject", "one", "."], folder)
    (folder / "one" / "spiders" / "one.py").write_text(SPIDER, encoding="utf-8")
    return [*bare, "list"]


def measure(rounds: int) -> Mapping[str, float]:
    """Returns the median of the processor time of each command."""
    scrapy = [sys.executable, "-m", "scrapy"]
    names = sorted(path.stem for path in (PROJECT / "scraper/commands").glob("*.py") if not path.stem.startswith("_"))
    times: defaultdict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bare").mkdir()
        bare = bare_project(folder / "bare")
        settings = as_options({"ARCHIVE": folder / "archive.db", "CAPTURES": folder / "captures"})
        processor_time([*scrapy, "crawl", "sample-mst", *settings], PROJECT)
        locked = folder / "locked.db.lock"
        with locked.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for _ in range(rounds):
                times[BARE].append(processor_time(bare, folder / "bare"))
                times["list"].append(processor_time([*scrapy, "list"], PROJECT))
                times["health"].append(processor_time([*scrapy, "health", *settings], PROJECT))
                second = [*scrapy, "update", "-s", f"ARCHIVE={locked.with_suffix('')}"]
                times["update, while another one is active"].append(processor_time(second, PROJECT, code=3))
                times["cite -, one line"].append(processor_time([*scrapy, "cite", "-"], PROJECT, given=TEXT))
                for name in names:
                    times[f"{name} --help"].append(processor_time([*scrapy, name, "--help"], PROJECT))
    return {name: median(found) for name, found in times.items()}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=7, help="how often each command is run (default: %(default)s)")
    found = measure(parser.parse_args().rounds)
    print("| scrapy | processor time | ratio |\n|---|---:|---:|")
    for name, seconds in found.items():
        print(f"| {name} | {seconds:.2f} s | {seconds / found[BARE]:.2f} |")


if __name__ == "__main__":
    main()
