"""A simulation of a crawl of many hosts on several machines: how many days it takes, and what limits it. It sends no request.

    python -m benchmarks.schedule [--hosts 5000] [--pages 10000000] [--machines 1,2,4] [--at-once 100] [--gate]

The sizes of hosts, their delays and the times of their answers are drawn at random (the same for each call): sizes from a log-normal
distribution, since a few portals have most of the pages. All other numbers are options; docs/scale.md says which of them were measured.
With `--gate`, exit code 1 if the crawl ends before the longest of its three limits, which would be a fault of the simulation.
"""

from __future__ import annotations

import argparse
import heapq
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass

DAY = 86_400.0  # seconds
# Delays in seconds and the share of hosts that have them: ours for most, those of robots.txt files for some. Assumed, not measured.
_DELAYS = ((2.0, 0.90), (5.0, 0.06), (10.0, 0.03), (30.0, 0.01))
_SPREAD = 1.6  # of the logarithm of the sizes: the largest of 5,000 hosts then has about a hundredth of all pages


@dataclass(frozen=True)
class Host:
    """A host: its pages, and the seconds from the start of one request to the start of the next."""

    pages: int
    pace: float

    @property
    def seconds(self) -> float:
        """How long it takes, if it never waits for a place."""
        return self.pages * self.pace


def make_hosts(number: int, pages: int, seed: int = 16) -> list[Host]:
    """Returns hosts that have this number of pages together, but for rounding."""
    chance = random.Random(seed)
    sizes = [chance.lognormvariate(0.0, _SPREAD) for _ in range(number)]
    share = pages / sum(sizes)
    delays, weights = zip(*_DELAYS, strict=True)
    return [Host(max(1, round(size * share)), chance.choices(delays, weights)[0] + chance.uniform(0.2, 2.0)) for size in sizes]


def crawl(hosts: Sequence[Host], places: int) -> float:
    """Returns the seconds until the last host is done, if `places` are crawled at once, in the order given."""
    free = [0.0] * min(places, len(hosts))
    heapq.heapify(free)
    for host in hosts:
        heapq.heappush(free, heapq.heappop(free) + host.seconds)
    return max(free)


@dataclass(frozen=True)
class Limits:
    """What a crawl cannot be faster than, in seconds."""

    slowest_host: float
    places: float
    workers: float  # their processors
    writer: float  # one processor

    def longest(self) -> tuple[float, str]:
        """Returns the limit that holds, and its name."""
        named = {"slowest host": self.slowest_host, "places": self.places, "workers": self.workers, "writer": self.writer}
        name = max(named, key=lambda one: named[one])
        return named[name], name


def limits(hosts: Sequence[Host], places: int, cores: int, worker_ms: float, writer_ms: float) -> Limits:
    """Returns the limits of a crawl. `cores`: of all workers together. `worker_ms`, `writer_ms`: processor time for each page."""
    pages = sum(host.pages for host in hosts)
    return Limits(
        max(host.seconds for host in hosts),
        sum(host.seconds for host in hosts) / places,
        pages * worker_ms / 1000 / cores,
        pages * writer_ms / 1000,
    )


def main() -> int:
    """Prints a line for each number of machines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=5000)
    parser.add_argument("--pages", type=int, default=10_000_000)
    parser.add_argument("--machines", default="1,2,4,8,16", help="numbers of machines, separated by commas")
    parser.add_argument("--at-once", type=int, default=100, help="hosts at once on a machine (UPDATE_AT_ONCE)")
    parser.add_argument("--cores", type=int, default=2, help="of a machine")
    parser.add_argument("--worker-ms", type=float, default=26.0, help="processor time of a worker for each page")
    parser.add_argument("--writer-ms", type=float, default=26.0, help="processor time of the writer for each page")
    parser.add_argument("--gate", action="store_true")
    options = parser.parse_args()
    hosts = make_hosts(options.hosts, options.pages)
    largest_first = sorted(hosts, key=lambda host: -host.seconds)
    print(f"{len(hosts)} hosts, {sum(host.pages for host in hosts):,} pages; the largest has {max(host.pages for host in hosts):,}")
    print("machines  known sizes  unknown sizes  no less than  because of    (days)")
    is_wrong = False
    for number in map(int, options.machines.split(",")):
        found = limits(hosts, number * options.at_once, number * options.cores, options.worker_ms, options.writer_ms)
        least, why = found.longest()
        # The processors are a limit of their own: a page that waits for one is late.
        busy = max(found.workers, found.writer)
        known, unknown = (max(crawl(order, number * options.at_once), busy) for order in (largest_first, hosts))
        print(f"{number:8}  {known / DAY:11.1f}  {unknown / DAY:13.1f}  {least / DAY:12.1f}  {why}")
        is_wrong |= known < least - 1 or unknown < least - 1
    return 1 if is_wrong and options.gate else 0


if __name__ == "__main__":
    sys.exit(main())
