"""Crawls side by side that come one after the other while others are going on: those of a worker, and those that the writer repeats."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from scrapy.crawler import AsyncCrawlerProcess

from scraper.crawl.run import Run
from scraper.crawl.run_report import Result
from scraper.crawl.side_by_side import SideBySide, Watcher
from scraper.model import Source

_POLL = 0.1  # seconds between two looks at whether all crawls were ended


@dataclass(frozen=True, slots=True)
class FedCrawl:
    """A crawl that is to come. `open_run`: makes its run. `around`: entered before that, and left after the end of the run."""

    source: Source
    open_run: Callable[[], Run]
    around: AbstractContextManager[None] = field(default_factory=nullcontext)
    result: Future[Result] = field(default_factory=Future)


class FedCrawls(SideBySide):
    """Create it, put crawls into it from any thread, and call `crawl([])`, which returns after `end`."""

    def __init__(
        self,
        process: AsyncCrawlerProcess,
        *,
        at_once: int,
        still_writable: Callable[[], None] = lambda: None,
        watcher: Watcher | None = None,
    ) -> None:
        """For the parameters see SideBySide."""
        self._waiting: deque[FedCrawl] = deque()
        self._fed: dict[str, FedCrawl] = {}  # by source; those that began
        self._is_ended = False
        super().__init__(process, self._open, at_once=at_once, still_writable=still_writable, watcher=watcher)

    def put(self, crawl: FedCrawl) -> None:
        """Adds a crawl. Its `result` comes when it has ended; it is cancelled if all crawls were ended before its turn."""
        self._waiting.append(crawl)

    def end(self) -> None:
        """Says that no further crawl comes."""
        self._is_ended = True

    def _open(self, source: Source) -> Run:
        return self._fed[source.id].open_run()

    async def _crawl_from_queue(self) -> None:
        while not (self.problem or (self._is_ended and not self._waiting)):
            if not self._waiting:
                await asyncio.sleep(_POLL)
                continue
            crawl = self._waiting.popleft()
            self._fed[crawl.source.id] = crawl
            with crawl.around:
                await self._crawl_one(crawl.source)

    def _ended(self, result: Result) -> None:
        super()._ended(result)
        crawl = self._fed.pop(result.source_id, None)
        if crawl is not None:
            crawl.result.set_result(result)

    def _leave_queue(self) -> None:
        super()._leave_queue()
        while self._waiting:
            self._waiting.popleft().result.cancel()
