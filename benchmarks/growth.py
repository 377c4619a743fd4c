"""How the time to store 200 new articles grows with the archive: `python -m benchmarks.growth SMALL.db LARGE.db [--rounds 3]`.

`benchmarks.big_archive` writes both archives, for example of 10,000 and of 1,000,000 articles. This command adds rows to them, so give
it copies. A made-up site of `--articles` articles is served and crawled into each of them in turn, completely: capture, parse, cite,
store, index, conclusions, summaries. Each round is a new source. Prints the processor time and the ratio of each round. With `--gate`, a
missed goal is an error.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.forked_commands import PROJECT, as_options
from benchmarks.nightly import Servers, make_site
from benchmarks.pipeline import NOW, run
from benchmarks.timing import Spread

GOAL = 1.3  # times


@dataclass(frozen=True)
class Grown:
    """What a crawl of new articles needs in two archives. `small`, `large`: seconds of processor time. `ratio`: of the rounds."""

    articles: tuple[int, int]
    small: Spread
    large: Spread
    ratio: Spread


def measure(small: Path, large: Path, articles: int, rounds: int) -> Grown:
    """Crawls a new made-up site into each archive, `rounds` times."""
    before = (count_articles(small), count_articles(large))
    seconds: dict[Path, list[float]] = {small: [], large: []}
    with tempfile.TemporaryDirectory() as name:
        for number, command in enumerate(_crawls(Path(name), (small, large), articles, rounds)):
            seconds[(small, large)[number % 2]].append(run(command, PROJECT).cpu)
    for path, count in zip((small, large), before, strict=True):
        if count_articles(path) != count + rounds * articles:
            raise RuntimeError(f"{path}: has {count_articles(path) - count} new articles instead of {rounds * articles}")
    pairs = zip(seconds[small], seconds[large], strict=True)
    return Grown(before, Spread.of(seconds[small]), Spread.of(seconds[large]), Spread.of([two / one for one, two in pairs]))


def _crawls(folder: Path, archives: tuple[Path, Path], articles: int, rounds: int) -> Iterator[list[str | Path]]:
    """Yields the commands of all rounds while their sites are served."""
    for number in range(rounds):
        site = make_site(f"growth-{number}", articles, number)
        with Servers([site]):
            sources = folder / f"sources-{number}.toml"
            block = f'[[source]]\nid = "growth-{number}"\nname = "Sở đo"\nunit = "nghe-an"\nsite = "http://127.0.0.1:{site.port}"\n'
            sources.write_text(f"{block}delay = 0\n", encoding="utf-8")
            for archive in archives:
                captures = folder / archive.stem
                settings = {"ARCHIVE": archive, "CAPTURES": captures, "SOURCES_EXTRA": sources, "NOW": NOW, "DOWNLOAD_DELAY": 0}
                yield [sys.executable, "-m", "scrapy", "crawl", f"growth-{number}", *as_options(settings)]


def count_articles(archive: Path) -> int:
    """Returns how many articles an archive has."""
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as database:
        return int(database.execute("select count(*) from articles").fetchone()[0])


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("small", type=Path)
    parser.add_argument("large", type=Path)
    parser.add_argument("--articles", type=int, default=200, help="of each made-up site (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="(default: %(default)s)")
    parser.add_argument("--gate", action="store_true", help="exit code 1 if the goal is missed")
    given = parser.parse_args()
    found = measure(given.small.resolve(), given.large.resolve(), given.articles, given.rounds)
    for count, one in zip(found.articles, (found.small, found.large), strict=True):
        print(f"{count:,} articles: {one.middle:.1f} s for {given.articles} new ones ({one.least:.1f} to {one.most:.1f})")
    print(f"ratio: {found.ratio.middle:.2f} ({found.ratio.least:.2f} to {found.ratio.most:.2f}); the goal is {GOAL}")
    return 1 if given.gate and found.ratio.middle > GOAL else 0


if __name__ == "__main__":
    sys.exit(main())
