"""How the time of a daily update grows with the past of its own source: `python -m benchmarks.old_source [--small 500] [--large 10000]`.

`benchmarks.growth` crawls a new source in a large archive. Here the source itself is old: a made-up site with so many articles is crawled
once. Then it publishes `--articles` more each day, and each day has one update. Prints the processor time of a day beside both pasts, and
the ratio of each round. With `--gate`, a missed goal is an error.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from benchmarks.growth import GOAL, count_articles
from benchmarks.nightly import ServedSite, Servers, article_page, headline, list_pages, night
from benchmarks.timing import Spread

A_DAY = 10  # articles that the site has published on each day of its past


class OldSite(ServedSite):
    """A site that goes on publishing."""

    def __init__(self, name: str, articles: int, until: date) -> None:
        super().__init__(name, 0)
        self._chance = random.Random(name)
        self._entries: list[tuple[str, str, date]] = []  # the newest first
        for number in range(articles):
            self._add(until - timedelta(days=(articles - 1 - number) // A_DAY))
        list_pages(self, self._entries)

    def publish(self, articles: int, day: date) -> None:
        """Publishes articles on a day, which is shown on the list pages."""
        for _ in range(articles):
            self._add(day)
        list_pages(self, self._entries)

    def _add(self, day: date) -> None:
        self.articles += 1
        title, path = headline(self._chance, self.articles), f"/tin-tuc/bai-viet-{self.name}-{self.articles}.html"
        self._entries.insert(0, (path, title, day))
        self.pages[path] = article_page(title, day, self._chance)


def measure(pasts: tuple[int, int], articles: int, rounds: int) -> tuple[Spread, Spread, Spread]:
    """Returns the processor time of a daily update beside a short and a long past, in seconds, and their ratio.

    Raises:
        RuntimeError: an update did not store all articles.
    """
    first = date(2026, 11, 1)
    sites = [OldSite(f"site-{past}", past, first) for past in pasts]
    seconds: dict[str, list[float]] = {site.name: [] for site in sites}
    with tempfile.TemporaryDirectory() as name, Servers(sites):
        for number in range(rounds + 1):
            for site in sites:
                day, folder = first + timedelta(days=number), Path(name) / site.name
                folder.mkdir(exist_ok=True)
                if number:
                    site.publish(articles, day)
                cpu = night(folder, [site], f"{day}T23:00:00+07:00", DOWNLOAD_DELAY=0).cpu
                if (stored := count_articles(folder / "archive.db")) != site.articles:
                    raise RuntimeError(f"{site.name}, {day}: {stored} articles are stored instead of {site.articles}")
                if number:
                    seconds[site.name].append(cpu)
    small, large = seconds.values()
    return Spread.of(small), Spread.of(large), Spread.of([two / one for one, two in zip(small, large, strict=True)])


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=500, help="articles of the short past (default: %(default)s)")
    parser.add_argument("--large", type=int, default=10_000, help="articles of the long past (default: %(default)s)")
    parser.add_argument("--articles", type=int, default=200, help="new ones of each day (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="days (default: %(default)s)")
    parser.add_argument("--gate", action="store_true", help="exit code 1 if the goal is missed")
    given = parser.parse_args()
    small, large, ratio = measure((given.small, given.large), given.articles, given.rounds)
    for past, one in ((given.small, small), (given.large, large)):
        print(f"a past of {past:,} articles: {one.middle:.1f} s for {given.articles} new ones ({one.least:.1f} to {one.most:.1f})")
    print(f"ratio: {ratio.middle:.2f} ({ratio.least:.2f} to {ratio.most:.2f}); the goal is {GOAL}")
    return 1 if given.gate and ratio.middle > GOAL else 0


if __name__ == "__main__":
    sys.exit(main())
