"""The two runs of a source that several machines crawl: that of a worker, and that of the writer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from scraper import clock
from scraper.cluster.exchanges import Exchange, ExchangeLog
from scraper.cluster.lease import Lease
from scraper.cluster.seeds import restore
from scraper.cluster.shared_store import StoreUnreachable
from scraper.cluster.units import Ended
from scraper.crawl.article_files import ArticleFiles
from scraper.crawl.politeness.host_rules import host_key
from scraper.crawl.politeness.host_state import HostState, known_state, put_state
from scraper.crawl.run import Run
from scraper.crawl.shared_archive import SharedArchive
from scraper.crawl.stored_capture import StoredCapture
from scraper.model import Source
from scraper.reader import Reading
from scraper.store import articles, runs
from scraper.store.capture_writing import encode_capture
from scraper.warc.dates import timestamp

STORE_UNREACHABLE = "store-unreachable"  # the outcome of a run of the writer that could not read all answers


class HandedOverRun(Run):
    """A run whose answers come from the shared store, or go there. `exchanges`: the answers."""

    def __init__(
        self,
        settings: BaseSettings,
        source: Source,
        exchanges: ExchangeLog,
        *,
        hosts: Path,
        arguments: Mapping[str, Any],
        archive: SharedArchive,
    ) -> None:
        """`hosts`: the folder with the states of the hosts. Raises: UserError as `Run`."""
        self.exchanges = exchanges
        self.given_up = ""  # why the run was ended before its time; then another attempt goes on
        self._hosts = hosts
        super().__init__(settings, source, arguments=arguments, archive=archive, report=lambda line: None)
        # A worker stores no article, so it does not know their files. They are requested in a unit of their own, when the pages are stored.
        self.requests_files = self.files_only

    @abstractmethod
    async def hold(self) -> None:
        """Returns when a request may be sent."""

    @property
    @abstractmethod
    def may_send(self) -> bool:
        """Whether a request that was let through by `hold` may still be sent."""

    @abstractmethod
    async def hand_over(self, key: str, exchange: Exchange) -> None:
        """Hands over the answer to a request. `key`: that of the request."""

    def answered(self, exchange: Exchange) -> None:
        """Takes over the state of the host from an exchange that is given again."""
        put_state(self._hosts, host_key(exchange.url), exchange.host)

    def state_of(self, host: str) -> HostState:
        """Returns the state of a host, to hand it over."""
        return known_state(self._hosts, host) or HostState()


class WorkerRun(HandedOverRun):
    """The run of a worker, in an archive that is thrown away. It stores candidates, lists and captures, because the crawl depends on them,
    and no article.
    """

    def __init__(self, settings: BaseSettings, source: Source, exchanges: ExchangeLog, lease: Lease, **more: Any) -> None:
        """`more`: as for HandedOverRun."""
        self._lease = lease
        super().__init__(settings, source, exchanges, **more)

    async def hold(self) -> None:
        await self._lease.hold()

    @property
    def may_send(self) -> bool:
        return self._lease.is_fresh

    async def hand_over(self, key: str, exchange: Exchange) -> None:
        await self._lease.hold_answer()
        await self.exchanges.add(key, exchange)

    def _files_of(self, settings: BaseSettings) -> ArticleFiles:
        return _FilesOfWorker(self._archive, self.source, settings, is_live=True)

    def _prepare(self, reading: Reading) -> None:
        pass

    def _store_reading(self, reading: Reading, page: StoredCapture, captured_at: str) -> articles.Outcome:
        is_article = reading.page.article is not None
        self.captures.mark(page.id, "article" if is_article else reading.page.kind.value)
        return articles.Outcome("same" if is_article else reading.page.kind.value, reading.page)

    def _conclude(self) -> None:
        pass


class _FilesOfWorker(ArticleFiles):
    """The files that a worker requests: those that are wanted in its seed. The writer takes their text."""

    def decide(self) -> None:
        pass

    async def read(self, file_id: int, answer: StoredCapture) -> None:
        pass


class WriterRun(HandedOverRun):
    """The run of the writer: the crawl of a worker once more, with its answers at their times. Its clock is that of the worker.

    An answer that no request was given is stored, too: a capture is never thrown away. If the store cannot be read, the run ends, and a
    later one stores what is left.
    """

    def __init__(
        self,
        settings: BaseSettings,
        source: Source,
        exchanges: ExchangeLog,
        ended: Ended,
        opened: datetime,
        seed: Callable[[], bytes | None],
        *,
        archive: SharedArchive,
        **more: Any,
    ) -> None:
        """`ended`: how the worker's crawl ended. `opened`: when it began. `seed`: returns that of the unit. `more`: as for HandedOverRun.
        Raises: StoreUnreachable; UserError as `Run`.
        """
        self._ended, self._begun = ended, clock.now()
        restore(seed, archive.database.conn, source.id, timestamp(opened.replace(microsecond=0)))
        clock.move_to(opened)
        super().__init__(settings, source, exchanges, archive=archive, **more)

    def _latest(self) -> datetime:
        return self._begun  # a writer that was killed has stored what is later than `opened`

    async def hold(self) -> None:
        raise AssertionError("the writer sends no request")

    may_send = False

    async def hand_over(self, key: str, exchange: Exchange) -> None:
        raise AssertionError("the writer sends no request")

    def answered(self, exchange: Exchange) -> None:
        clock.move_to(exchange.at)
        super().answered(exchange)

    def close(self, outcome: str, *, at_once: bool = False) -> None:
        """Ends the run with the outcome that the worker's crawl had, unless the writer itself had to end."""
        if not self.closed:
            if outcome in ("finished", *runs.GOOD) and self._ended.outcome not in ("finished", ""):
                outcome, self.problem = self._ended.outcome, self.problem or self._ended.problem
            self.faults += [one for one in self._ended.faults if one not in self.faults]
            self.counts.requests = self._ended.requests
            if outcome != runs.SHUTDOWN:
                self._store_rest()
            if self.given_up:
                outcome, self.problem = STORE_UNREACHABLE, self.given_up
        super().close(outcome, at_once=at_once)

    def _store_rest(self) -> None:
        try:
            self._store_each()
        except StoreUnreachable as error:
            self.given_up = f"{error}"

    def _store_each(self) -> None:
        for exchange in self.exchanges.rest():
            if exchange.response is not None:
                self.captures.keep(exchange.response, encode_capture(exchange.response, self.longest_body, exchange.address))
            self.answered(exchange)
