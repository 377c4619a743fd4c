"""Four readers of the pages while a recording is crawled into the same archive: errors, and the times of the answers.

    python -m benchmarks.readers [--replay site.warc.gz --source ID --sources-extra mine.toml] [--seconds 20] [--gate]

Datasette serves an archive in one process. Four readers request the pages that people open, each with a pause of 0.2 s, first while nothing
else happens, then while `scrapy reparse` computes without writing, then while `scrapy crawl` writes. Prints the number of errors, and the
p99 of each phase as a multiple of the first. The second phase shows what the processor costs, the third what writing adds. Without
`--replay`, the archive has one source of the sample, and the others are crawled. With `--gate`, an error of a reader is an error; the
error "interrupted" means that a query took longer than settings.json allows.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks.datasette_server import serving

PROJECT = Path(__file__).resolve().parent.parent
READERS = 4
PAUSE = 0.2  # seconds between two requests of a reader
SEED = 20261129
SAMPLE = ("sample-mic", "sample-mst", "sample-nghe-an", "sample-ha-noi")
_WORDS = ("công nghệ", "chuyen doi so", "Nghệ An", "an toàn thông tin", "07/2008/CT-BTTTT")


@dataclass
class Phase:
    """What the readers met. `seconds`: of each answer. `errors`: what was not an answer."""

    name: str
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def p99(self) -> float:
        """Returns the time within which 99 % of the answers came, in seconds."""
        return sorted(self.seconds)[max(0, -(-len(self.seconds) * 99 // 100) - 1)]


def pages(archive: Path) -> list[str]:
    """Returns the pages that the readers open: those of the menu, searches, and some articles and documents."""
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as database:
        articles = [row[0] for row in database.execute("select id from articles order by id limit 200")]
        documents = [row[0] for row in database.execute("select id from documents where article_count > 0 order by id limit 200")]
    found = ["/", "/archive/articles?_sort_desc=published_at", "/archive/most_cited", "/archive/sources_crawled", "/archive/open_failures"]
    found += [f"/archive/search?q={quote(words)}" for words in _WORDS]
    found += [f"/archive/who_cited?number={quote('07/2008/CT-BTTTT')}", "/archive/articles_by_month.json"]
    chosen = random.Random(SEED)
    found += [f"/archive/articles/{one}" for one in chosen.sample(articles, min(10, len(articles)))]
    return found + [f"/archive/documents/{one}" for one in chosen.sample(documents, min(10, len(documents)))]


def read(url: str, paths: Sequence[str], phase: Phase, until: Callable[[], bool]) -> None:
    """Lets the readers request pages until `until` says so."""

    def reader(number: int) -> None:
        chosen = random.Random(SEED + number)
        while not until():
            path = chosen.choice(paths)
            began = time.perf_counter()
            try:
                connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
                connection.request("GET", path)
                answer = connection.getresponse()
                text = answer.read().decode("utf-8", "replace")
                connection.close()
                if answer.status == 200:
                    phase.seconds.append(time.perf_counter() - began)
                else:
                    said = re.search(r"(?i)interrupted|time limit|locked|malformed|no such \w+", text)
                    phase.errors.append(f"{path}: {answer.status} {said[0] if said else ''}")
            except (OSError, http.client.HTTPException) as error:
                phase.errors.append(f"{path}: {type(error).__name__}: {error}")
            time.sleep(PAUSE)

    threads = [threading.Thread(target=reader, args=(number,)) for number in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@dataclass(frozen=True)
class Place:
    """An archive with its captures, and what is crawled into it."""

    folder: Path
    settings: tuple[str, ...] = ()

    def command(self, *arguments: str) -> list[str]:
        """Returns a command on the archive."""
        given = (f"ARCHIVE={self.folder / 'archive.db'}", f"CAPTURES={self.folder / 'captures'}", *self.settings)
        return [sys.executable, "-m", "scrapy", *arguments, *(part for one in given for part in ("-s", one))]

    def run(self, *arguments: str) -> None:
        """Runs a command to its end."""
        subprocess.run(self.command(*arguments), cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def main() -> int:
    """Measures and prints. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, help="an archive to begin with; it is copied (default: one source of the sample)")
    parser.add_argument("--replay", help="the recording to crawl")
    parser.add_argument("--source", help="the source whose site the recording holds")
    parser.add_argument("--sources-extra", default="")
    parser.add_argument("--seconds", type=float, default=20.0, help="of the first two phases")
    parser.add_argument("--gate", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="readers-") as name:
        settings = [f"SOURCES_EXTRA={given.sources_extra}"] if given.sources_extra else []
        place = Place(Path(name), (*settings, *([f"REPLAY={given.replay}"] if given.replay else [])))
        if given.archive:
            with closing(sqlite3.connect(given.archive)) as source, closing(sqlite3.connect(place.folder / "archive.db")) as copy:
                source.backup(copy)
        else:
            Place(place.folder).run("crawl", SAMPLE[0])
        phases = measure(place, (given.source,) if given.source else SAMPLE[1:], given.seconds)
    for phase in phases:
        against = phase.p99 / phases[0].p99
        print(f"{phase.name}: {len(phase.seconds)} answers, {len(phase.errors)} errors, p99 {against:.2f} times that of the first phase")
        for error in phase.errors[:5]:
            print(f"  {error}")
    print(json.dumps({phase.name: {"errors": len(phase.errors), "p99": round(phase.p99, 4)} for phase in phases}))
    return 1 if given.gate and any(phase.errors for phase in phases) else 0


def measure(place: Place, sources: Sequence[str], seconds: float) -> list[Phase]:
    """Returns what the readers met while nothing happened, while another process computed, and while it wrote."""
    paths = pages(place.folder / "archive.db")
    with serving(place.folder) as url:
        read(url, paths, Phase("warm-up"), _after(min(seconds, 5.0)))
        idle, computing, writing = Phase("nothing else"), Phase("scrapy reparse computes"), Phase("scrapy crawl writes")
        read(url, paths, idle, _after(seconds))
        _meanwhile(url, paths, computing, lambda: _repeat(place, ("reparse", "--processes", "1", "--restart"), seconds))
        _meanwhile(url, paths, writing, lambda: _crawl(place, sources))
    return [idle, computing, writing]


def _crawl(place: Place, sources: Sequence[str]) -> None:
    for source in sources:
        place.run("crawl", source)


def _repeat(place: Place, command: Sequence[str], seconds: float) -> None:
    ends = _after(seconds)
    while not ends():
        place.run(*command)


def _after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def _meanwhile(url: str, paths: Sequence[str], phase: Phase, work: Callable[[], object]) -> None:
    """Lets the readers request pages while `work` is done."""
    worker = threading.Thread(target=work)
    worker.start()
    read(url, paths, phase, lambda: not worker.is_alive())


if __name__ == "__main__":
    os.chdir(PROJECT)
    sys.exit(main())
