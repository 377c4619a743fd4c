"""A whole crawl (capture, parse, cite, store, index) beside Scrapy without parsing, Scrapy with an upsert per item, and wget.

    python -m benchmarks.pipeline [--recording site.warc.gz --host HOST] [--articles 600] [--rounds 5]

One process serves the site on 127.0.0.1; what is measured are the processes that crawl it. Each round runs all of them one after the other,
so that other work on the machine slows all; a ratio is that of one round. Start-up is left out: the same command is also measured with a
small site, and subtracted. Without `--recording`, the site is made up (`benchmarks.nightly`), of no known platform, so that the general
rules parse it. With it, the pages of a recorded site are served, and requested at 127.0.0.1 instead of its own host.

"by replay" means that a recording answers instead of the server: for us a WARC file, for Scrapy a dictionary in memory.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from benchmarks.forked_commands import PROJECT, as_options, own_environment
from benchmarks.nightly import ServedSite, Servers, make_site
from benchmarks.process_memory import memory_of
from benchmarks.timing import Spread
from scraper.warc.recording import Recording
from scraper.warc.records import decode

LIMIT = 10 * 1024 * 1024  # bytes of a page
NOW = "2026-11-28T02:00:00+07:00"
_POLL = 0.05  # seconds between two looks at the memory
BARE, UPSERT, WGET, OURS = "Scrapy, nothing parsed", "Scrapy, selectors, upsert per item", "wget, WARC file", "this project"
BARE_REPLAY, OURS_REPLAY = "Scrapy, nothing parsed, by replay", "this project, by replay"


@dataclass(frozen=True)
class Cost:
    """What one process and its children needed. `memory`: the most of all of them at one time, in MB."""

    cpu: float  # seconds
    wall: float  # seconds
    memory: float


@dataclass(frozen=True)
class Result:
    """One way to crawl. `cpu`, `wall`: milliseconds a response. `cpu_ratio`, `wall_ratio`: to bare Scrapy in the same round."""

    name: str
    responses: int
    cpu: Spread
    wall: Spread
    memory: float
    cpu_ratio: Spread
    wall_ratio: Spread


def run(command: Sequence[str | Path], folder: Path) -> Cost:
    """Runs a command. Raises RuntimeError if it fails."""
    environment = own_environment()
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen([*map(str, command)], cwd=folder, env=environment, stdout=output, stderr=output)
        most = [0]
        watcher = Thread(target=_watch, args=(process.pid, most), daemon=True)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        watcher.join()
        if process.returncode not in (0, 8):  # wget: the server answered with an error to some requests
            output.seek(0)
            raise RuntimeError(f"{' '.join(map(str, command))}: exit code {process.returncode}\n{output.read().decode()}")
    # Not `ru_maxrss`: it counts what this process had before the command was loaded.
    return Cost(usage.ru_utime + usage.ru_stime, wall, most[0] / 1e6)


def _watch(pid: int, most: list[int]) -> None:
    while memory := memory_of(pid):
        most[0] = max(most[0], memory)
        time.sleep(_POLL)


# --- the site -----------------------------------------------------------------------------------------------


def recorded_pages(recording: Path, host: str) -> dict[str, bytes]:
    """Returns the pages of a recording by path with query, decoded."""
    found: dict[str, bytes] = {}
    opened = Recording([recording])
    for url in opened.urls():
        parts = urlsplit(url)
        one = opened.find(url, LIMIT)
        if parts.netloc == host and one is not None and one.response.status == 200:
            found[f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"] = decode(one.response, LIMIT).body
    opened.close()
    return found


def at_port(pages: Mapping[str, bytes], host: str, port: int) -> dict[str, bytes]:
    """Returns the pages with the URL of the served site instead of that of the recorded one."""
    named, here = re.compile(rb"(?:https?:)?//" + re.escape(host.encode())), f"http://127.0.0.1:{port}".encode()
    return {path: named.sub(here, body) for path, body in pages.items()}


def write_source(folder: Path, site: str, names: Sequence[str] = ("measured",)) -> None:
    """Writes `sources.toml` with the block of one or more sources of a site."""
    blocks = [f'[[source]]\nid = "{name}"\nname = "Sở đo"\nunit = "nghe-an"\nsite = "{site}"\ndelay = 0\n' for name in names]
    (folder / "sources.toml").write_text("\n".join(blocks), encoding="utf-8")


def ours(folder: Path, **settings: object) -> list[str | Path]:
    """Returns the command that crawls the source, into a new archive."""
    for old in ("archive.db", "archive.db-wal", "archive.db-shm"):
        (folder / old).unlink(missing_ok=True)
    shutil.rmtree(folder / "captures", ignore_errors=True)
    given = {"ARCHIVE": folder / "archive.db", "CAPTURES": folder / "captures", "SOURCES_EXTRA": folder / "sources.toml", "NOW": NOW}
    given |= {"DOWNLOAD_DELAY": 0, "CRAWLER_CONTACT": "bench@example.org"} | settings
    return [sys.executable, "-m", "scrapy", "crawl", "measured", *as_options(given)]


# --- measuring ----------------------------------------------------------------------------------------------


class Crawls:
    """All ways to crawl one served site. It crawls it once, for the URLs and for a recording. `folder`: for what they write."""

    def __init__(self, folder: Path, site: ServedSite) -> None:
        folder.mkdir()
        self._folder, self.site = folder, site
        write_source(folder, f"http://127.0.0.1:{site.port}")
        run(ours(folder), PROJECT)
        (folder / "captures" / "measured").rename(folder / "recording")
        at = f"http://127.0.0.1:{site.port}"
        self.urls = [f"{at}{path}" for _, _, path in site.requests]
        (folder / "urls.txt").write_text("\n".join(self.urls), encoding="utf-8")
        (folder / "bodies.pickle").write_bytes(pickle.dumps({f"{at}{path}": body for path, body in site.pages.items()}))
        self.ways: dict[str, Callable[[], list[str | Path]]] = {
            BARE: self._bare,
            UPSERT: lambda: self._bare("--upsert", self._fresh("items.db")),
            OURS: lambda: ours(folder),
            BARE_REPLAY: lambda: self._bare("--replay", folder / "bodies.pickle"),
            OURS_REPLAY: lambda: ours(folder, REPLAY=folder / "recording"),
        }
        if shutil.which("wget"):
            self.ways[WGET] = self._wget

    def _fresh(self, name: str) -> Path:
        for path in self._folder.glob(f"{name}*"):
            path.unlink()
        return self._folder / name

    def _bare(self, *options: str | Path) -> list[str | Path]:
        return [sys.executable, "-m", "benchmarks.bare_crawl", self._folder / "urls.txt", *options]

    def _wget(self) -> list[str | Path]:
        self._fresh("wget.warc")
        return ["wget", "-q", "-i", self._folder / "urls.txt", "-O", "/dev/null", f"--warc-file={self._folder / 'wget'}"]


def measure(large: Crawls, small: Crawls, rounds: int, only: Sequence[str] = ()) -> list[Result]:
    """Measures each way `rounds` times, in turn. What the small site costs is subtracted."""
    responses = len(large.urls) - len(small.urls)
    costs: dict[str, list[Cost]] = {}
    for _ in range(rounds):
        for name, command in large.ways.items():
            if name == BARE or not only or name in only:
                start, whole = run(small.ways[name](), PROJECT), run(command(), PROJECT)
                costs.setdefault(name, []).append(Cost(whole.cpu - start.cpu, whole.wall - start.wall, whole.memory))
    bare = costs[BARE]
    return [
        Result(
            name,
            responses,
            Spread.of([one.cpu * 1000 / responses for one in found]),
            Spread.of([one.wall * 1000 / responses for one in found]),
            max(one.memory for one in found),
            Spread.of([one.cpu / other.cpu for one, other in zip(found, bare, strict=True)]),
            Spread.of([one.wall / other.wall for one, other in zip(found, bare, strict=True)]),
        )
        for name, found in costs.items()
    ]


def served_site(recording: Path | None, host: str, articles: int) -> ServedSite:
    """Returns the site that is served: that of a recording, or a made-up one."""
    if recording is None:
        return make_site("site", articles, 7)
    site = ServedSite("site", 0)
    site.pages = recorded_pages(recording, host)
    return site


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recording", type=Path, help="a WARC file; without it, the site is made up")
    parser.add_argument("--host", default="", help="of the recorded site")
    parser.add_argument("--articles", type=int, default=600, help="of the made-up site (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="(default: %(default)s)")
    parser.add_argument("--only", nargs="*", default=(), help="ways to crawl, by their names")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    large, small = served_site(given.recording, given.host, given.articles), make_site("small", 12, 7)
    with tempfile.TemporaryDirectory() as name, Servers([large, small]):
        if given.recording is not None:
            large.pages = at_port(large.pages, given.host, large.port)
        results = measure(Crawls(Path(name) / "large", large), Crawls(Path(name) / "small", small), given.rounds, given.only)
    if given.json:
        print(json.dumps([asdict(one) for one in results], ensure_ascii=False))
        return
    print(f"{results[0].responses} responses, {given.rounds} rounds; in brackets the least and the most\n")
    print("| | CPU per response | times bare Scrapy | wall per response | rate beside bare Scrapy | memory |")
    print("|---|---:|---:|---:|---:|---:|")
    for one in results:
        rate = Spread(1 / one.wall_ratio.middle, 1 / one.wall_ratio.most, 1 / one.wall_ratio.least)
        print(
            f"| {one.name} | {one.cpu.middle:.1f} ms ({one.cpu.least:.1f} to {one.cpu.most:.1f}) | {_said(one.cpu_ratio)} |"
            f" {one.wall.middle:.1f} ms | {_said(rate)} | {one.memory:.0f} MB |"
        )


def _said(spread: Spread) -> str:
    return f"{spread.middle:.2f} ({spread.least:.2f} to {spread.most:.2f})"


if __name__ == "__main__":
    main()
