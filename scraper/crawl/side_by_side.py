"""Crawls several sources side by side in one process. What goes wrong with one of them ends none of the others.

`scrapy crawl` uses it with one source, `scrapy update` with all that are due.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler

from scraper import stopping
from scraper.crawl.politeness.crawl_hosts import hosts_of
from scraper.crawl.run import Run, program_fault
from scraper.crawl.run_report import BROKEN, LOCKED, NOT_STARTED, Result, result_of
from scraper.crawl.source_lock import SourceLocked
from scraper.crawl.spider.arguments import SpiderArguments
from scraper.crawl.spider.news import NewsSpider
from scraper.crawl.spider.source_spider import spider_of
from scraper.model import Source, UserError
from scraper.store import runs
from scraper.two_languages import EMPTY, Bilingual, Message, as_message, message_of, same

logger = logging.getLogger(__name__)

_GRACE = 5.0  # seconds that responses in flight get after a signal; then there are some left to close the runs (stopping.LONGEST_END)
_LONGEST_RESPONSE = 90.0  # seconds that responses on their way get if the time is used; DOWNLOAD_TIMEOUT is 60
_POLL = 0.05  # seconds between two looks at a crawler that is not yet running
_REFRESH = 0.5  # seconds between two refreshes of what a person watches


@dataclass(frozen=True, slots=True)
class Crawling:
    """A crawl that is going on."""

    source: Source
    run: Run
    crawler: Crawler
    began: float  # time.monotonic()

    @property
    def requests(self) -> int:
        """Returns how many requests were sent so far."""
        stats = self.crawler._stats
        return int(stats.get_value("downloader/request_count", 0)) if stats is not None else 0


class NotNeeded(Exception):
    """There is no need to crawl a source any more. `state`: that of its result."""

    def __init__(self, state: str, why: str) -> None:
        super().__init__(why)
        self.state, self.why = state, why


class Watcher(Protocol):
    """Follows the crawls. All methods are called in the event loop."""

    def ended(self, result: Result) -> None:
        """Called when the crawl of a source has ended."""

    def refresh(self, going_on: Iterable[Crawling], waiting: int) -> None:
        """Called twice a second. `waiting`: the number of sources in the queue."""


class SideBySide:
    """Create it, then call `crawl` once."""

    def __init__(
        self,
        process: AsyncCrawlerProcess,
        open_run: Callable[[Source], Run],
        *,
        at_once: int,
        still_writable: Callable[[], None] = lambda: None,
        watcher: Watcher | None = None,
        most_seconds: float | None = None,
        spiders_of: Callable[[Run], Iterable[type[Spider]]] = lambda run: (spider_of(run.source, NewsSpider),),
    ) -> None:
        """`open_run`: makes the run of a source. `at_once`: the greatest number of crawls at a time; the other sources wait.
        `still_writable`: raises UserError if the archive of all runs cannot be written any more. `most_seconds`: after which nothing more
        begins, and the crawls that are going on end. `spiders_of`: the spiders of a run, which crawl one after the other until one of
        them has closed it.
        """
        self._process, self._open_run = process, open_run
        self._at_once, self._still_writable, self._watcher = at_once, still_writable, watcher
        self._most_seconds = most_seconds
        self._spiders_of = spiders_of
        self._queue: deque[Source] = deque()
        self._going_on: dict[str, Crawling] = {}
        self._results: list[Result] = []
        self._stops: set[asyncio.Task[None]] = set()
        self._signals = 0
        self.problem: str = ""  # why all crawls were ended before their time; empty if they were not

    def crawl(self, sources: Iterable[Source]) -> list[Result]:
        """Crawls the sources and returns how each one ended, in the order in which they ended. Blocks until all have ended."""
        self._queue.extend(sources)
        loop = asyncio.get_event_loop()
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

        def noted(number: int, frame: object) -> None:
            # Noted at once, for work that keeps the event loop waiting; handled as soon as that work ends.
            stopping.request()
            loop.call_soon_threadsafe(self._on_signal)

        for number in before:
            signal.signal(number, noted)
        faults = _FaultHandler(self._going_on)
        logging.root.addHandler(faults)
        if self._most_seconds is not None:
            loop.call_later(self._most_seconds, self._use_no_more_time)
        everything = loop.create_task(self._all())
        try:
            self._process.start(stop_after_crawl=False, install_signal_handlers=False)
        finally:
            logging.root.removeHandler(faults)
            for number, handler in before.items():
                signal.signal(number, handler)
        if everything.done():
            everything.result()
        return self._results

    async def _all(self) -> None:
        refreshing = asyncio.create_task(self._refresh_again_and_again())
        try:
            await asyncio.gather(*(self._crawl_from_queue() for _ in range(self._at_once)))
        finally:
            refreshing.cancel()
            self._end_loop()

    async def _crawl_from_queue(self) -> None:
        while self._queue:
            await self._crawl_one(self._queue.popleft())

    async def _crawl_one(self, source: Source) -> None:
        """Crawls a source. Whatever happens becomes its result."""
        began = time.monotonic()
        try:
            run = self._open_run(source)
        except NotNeeded as error:
            self._ended(Result(source.id, error.state, lines=(same(f"{source.id}: ") + as_message(error.why),)))
            return
        except SourceLocked as error:
            self._ended(Result(source.id, LOCKED, message_of(error)))
            return
        except UserError as error:
            self._ended(Result(source.id, BROKEN, message_of(error)))
            return
        except Exception as error:
            logger.exception("the run of %s could not begin", source.id)
            self._ended(Result(source.id, BROKEN, _not_begun(error)))
            self._end_all_if_not_writable()
            return
        await self._crawl_run(run, began)

    async def _crawl_run(self, run: Run, began: float) -> None:
        source = run.source
        try:
            for spider in self._spiders_of(run):
                crawler = self._process.create_crawler(spider)
                self._going_on[source.id] = Crawling(source, run, crawler, began)
                await crawler.crawl_async(run=run, arguments=SpiderArguments.of(run.arguments))
                if run.closed:
                    break
        except Exception as error:
            logger.exception("the crawl of %s failed", source.id)
            run.problem = program_fault(f"{type(error).__name__}: {error}")
        self._end_run(run, began, "start_error")

    def _end_run(self, run: Run, began: float, outcome: str, *, at_once: bool = False) -> None:
        """Closes a run, unless its spider has done it, and notes its result. `outcome`: if the spider has not closed it."""
        going_on = self._going_on.pop(run.source.id, None)
        if going_on is not None:
            run.counts.requests = going_on.requests
        run.close(outcome, at_once=at_once)
        if run.outcome == runs.NOT_WRITABLE:
            self._end_all_if_not_writable()
        self._ended(result_of(run, time.monotonic() - began))

    def _ended(self, result: Result) -> None:
        if self.problem:  # it is the same for all of them, and named once
            result = replace(result, attention=EMPTY)
        self._results.append(result)
        if self._watcher is not None:
            self._watcher.ended(result)

    async def _refresh_again_and_again(self) -> None:
        while self._watcher is not None:
            self._watcher.refresh(self._going_on.values(), len(self._queue))
            await asyncio.sleep(_REFRESH)

    # --- ending before the end ----------------------------------------------------------------------------

    def _on_signal(self) -> None:
        self._signals += 1
        if self._signals == 1:
            self._end_all(Bilingual("stopped by Ctrl-C or a signal", "đã dừng bằng Ctrl-C hoặc tín hiệu"))
        else:
            self._end_now()

    def _end_all_if_not_writable(self) -> None:
        """Ends all crawls if the archive itself cannot be written, and not only something that belongs to one source."""
        try:
            self._still_writable()
        except UserError as error:
            self._end_all(Bilingual(f"{error}", error.vietnamese or f"{error}"))

    def _use_no_more_time(self) -> None:
        """Begins nothing more, and ends the crawls that are going on: what they have not requested is requested next time."""
        self._leave_queue()
        for one in [*self._going_on.values()]:
            self._in_background(_close(one.crawler, runs.TIME_USED))
        asyncio.get_running_loop().call_later(_LONGEST_RESPONSE, self._end_now, runs.TIME_USED)

    def _leave_queue(self) -> None:
        while self._queue:
            self._ended(Result(self._queue.popleft().id, NOT_STARTED))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._stops.add(task)
        task.add_done_callback(self._stops.discard)

    def _end_all(self, problem: str) -> None:
        """Ends all crawls. Responses that are on their way get some time."""
        if self.problem:
            return
        self.problem = problem
        self._leave_queue()
        for one in self._going_on.values():
            self._in_background(_close(one.crawler, runs.SHUTDOWN))
        asyncio.get_running_loop().call_later(_GRACE, self._end_now)

    def _end_now(self, outcome: str = runs.SHUTDOWN) -> None:
        """Ends all crawls without waiting for anything. Every run writes its outcome."""
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # it would report each task that was not waited for
        for one in [*self._going_on.values()]:
            self._end_run(one.run, one.began, outcome, at_once=True)
        self._end_loop()

    def _end_loop(self) -> None:
        from twisted.internet import reactor  # imported here, because the import installs a reactor

        loop: Any = reactor
        if loop.running:
            loop.stop()


def _not_begun(error: Exception) -> Message:
    known = f"{type(error).__name__}: {error}"
    return Message(f"the run could not begin: {known}", f"không bắt đầu được lượt: {known}")


async def _close(crawler: Crawler, outcome: str) -> None:
    """Closes the spider of a crawler as soon as it runs: Scrapy cannot close one that is still starting. Responses that are on their way
    are waited for; requests that wait for their turn are not sent."""
    while crawler.crawling:
        if crawler._engine is not None and crawler._engine.running:
            hosts_of(crawler).end()
            await crawler._engine.close_spider_async(reason=outcome)
            return
        await asyncio.sleep(_POLL)


class _FaultHandler(logging.Handler):
    """Notes the errors that Scrapy caught and logged in the run of the spider that they belong to."""

    def __init__(self, going_on: dict[str, Crawling]) -> None:
        super().__init__(logging.ERROR)
        self._going_on = going_on

    def emit(self, record: logging.LogRecord) -> None:
        one = self._going_on.get(getattr(getattr(record, "spider", None), "name", ""))
        if one is not None:
            error = record.exc_info[1] if record.exc_info else None
            one.run.faults.append(f"{type(error).__name__}: {error}" if error is not None else record.getMessage().splitlines()[0])
