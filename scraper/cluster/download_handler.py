"""The download handler of a crawl with several machines. An answer that is in the shared store is given again, and no request is sent.

A worker that takes a unit over goes on in this way where the one before it ended, and the writer stores what a worker received.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.utils.defer import deferred_from_coro

from scraper import clock
from scraper.cluster.exchanges import Closed, Exchange, Problem, key_of
from scraper.cluster.handed_over_run import HandedOverRun
from scraper.cluster.lease import Superseded
from scraper.cluster.shared_store import StoreUnreachable
from scraper.crawl.politeness.download_handler import PoliteDownloadHandler
from scraper.crawl.politeness.host_closed import HostClosed, NotSent
from scraper.crawl.politeness.tls import InsecureConnection
from scraper.crawl.private_addresses import PrivateAddress
from scraper.crawl.request_purpose import purpose_of, set_answered_at, set_purpose
from scraper.store import runs
from scraper.warc import records
from scraper.warc.dates import moment, timestamp

_T = TypeVar("_T")
_KINDS: dict[str, type[Exception]] = {
    kind.__name__: kind
    for kind in (
        CannotResolveHostError,
        DownloadCancelledError,
        DownloadConnectionRefusedError,
        DownloadFailedError,
        DownloadTimeoutError,
        ResponseDataLossError,
        PrivateAddress,
    )
}


class HandedOverDownloadHandler(PoliteDownloadHandler):
    """Sends only the requests that are not answered in the shared store, and hands each answer over before it is used."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._of = crawler
        connected = self._pool.getConnection  # it calls the endpoint again if the host closed a kept connection

        def checked(key: Any, endpoint: Any) -> Any:
            return connected(key, _CheckedEndpoint(endpoint, self._checked))  # type: ignore[arg-type] # Twisted has no types for endpoints

        self._pool.getConnection = checked  # type: ignore[method-assign]

    async def download_request(self, request: Request) -> Response:
        """Returns the response.
        Raises: NotSent if no request may be sent; what Scrapy's handler raises.
        """
        run, key = self._run, key_of(request)
        earlier = await self._unless_given_up(run.exchanges.next(key))
        if earlier is not None:
            return self._again(run, request, earlier)
        if run.exchanges.complete:
            raise NotSent(f"no worker requested {request.url}")
        problem: Problem | None = None
        try:
            response = await self._unless_given_up(super().download_request(request))
        except Exception as error:
            if isinstance(error, NotSent) and not isinstance(error, HostClosed):
                raise
            problem = _problem_of(error)
            await self._unless_given_up(run.hand_over(key, self._exchange(run, request, clock.now(), problem=problem)))
            raise
        at = clock.now()
        set_answered_at(request, at)
        await self._unless_given_up(run.hand_over(key, self._exchange(run, request, at, response=response)))
        return response

    @property
    def _run(self) -> HandedOverRun:
        run = getattr(self._of.spider, "run", None)
        assert isinstance(run, HandedOverRun)
        return run

    async def _at_its_turn(self) -> None:
        # Not before: a turn may come many minutes later, and the hosts may be those of another worker then.
        await self._unless_given_up(self._run.hold())

    def _checked(self, connection: Any) -> Any:
        """Returns a new connection to which a request may be written at once. If the process was paused meanwhile, or the host took long to
        accept it, the lease is looked at once more, and the connection comes later.
        Raises: Superseded; StoreUnreachable.
        """
        return connection if self._run.may_send else deferred_from_coro(self._held(connection))

    async def _held(self, connection: Any) -> Any:
        try:
            await self._run.hold()
        except BaseException:
            connection.transport.abortConnection()
            raise
        return connection

    async def _unless_given_up(self, work: Awaitable[_T]) -> _T:
        """Returns the result of work with the shared store. If the unit is not ours any more, or the store unreachable for too long, the
        run ends.
        Raises: NotSent in that case; another attempt goes on.
        """
        try:
            return await work
        except (Superseded, StoreUnreachable) as error:
            run = self._run
            if not run.given_up:
                run.given_up = f"{error}"
                self._hosts.end()
                self._closing = asyncio.ensure_future(self._of.engine.close_spider_async(reason=runs.SHUTDOWN))
            raise NotSent(f"{error}") from error

    def _exchange(
        self, run: HandedOverRun, request: Request, at: datetime, *, response: Response | None = None, problem: Problem | None = None
    ) -> Exchange:
        queue = self._hosts.queue(request.url)
        closed = queue.closed if response is not None else None
        since = purpose_of(request).unchanged_since
        return Exchange(
            request.url,
            at,
            run.state_of(queue.host),
            queue.counts,
            _sent(request, response, at) if response is not None else None,
            tuple(response.flags) if response is not None else (),
            str(response.ip_address) if response is not None and response.ip_address else None,
            problem,
            _closed_of(closed) if closed is not None else None,
            timestamp(run.captures.time_of(since)) if since is not None else None,
        )

    def _again(self, run: HandedOverRun, request: Request, exchange: Exchange) -> Response:
        """Returns or raises the response or the exception of an earlier request."""
        run.answered(exchange)
        set_answered_at(request, exchange.at)
        queue = self._hosts.queue(request.url)
        queue.set_counts(exchange.counts)
        if exchange.problem is not None:
            error = _exception_of(exchange.problem)
            if isinstance(error, HostClosed):
                self._hosts.close(request.url, error)
            raise error
        if exchange.closed is not None:
            self._hosts.close(request.url, _host_closed(exchange.closed))
        sent = exchange.response
        if sent is None:
            raise DownloadFailedError(f"the worker handed over no response of {request.url}")
        purpose = purpose_of(request)
        if sent.status == records.NOT_MODIFIED and purpose.unchanged_since is None and exchange.unchanged_since is not None:
            unchanged_since = run.captures.at(request.url, moment(exchange.unchanged_since))
            set_purpose(request, replace(purpose, unchanged_since=unchanged_since))
        headers = Headers()
        for name, value in sent.headers:
            headers.appendlist(name, value)
        response_class = responsetypes.from_args(headers=headers, url=request.url, body=sent.body)
        return response_class(
            request.url,
            status=sent.status,
            headers=headers,
            body=sent.body,
            flags=[*exchange.flags],
            ip_address=ipaddress.ip_address(exchange.address) if exchange.address else None,
        )


class _CheckedEndpoint:
    """An endpoint of Twisted whose connections are checked before anything is written to them."""

    def __init__(self, endpoint: Any, check: Callable[[Any], Any]) -> None:
        self._endpoint, self._check = endpoint, check

    def connect(self, protocolFactory: Any) -> Any:  # noqa: N803 (the name is Twisted's)
        """Returns a deferred connection that may be used."""
        return self._endpoint.connect(protocolFactory).addCallback(self._check)


def _sent(request: Request, response: Response, at: datetime) -> records.Response:
    """Returns a response as it is handed over: with the URL of its request, and its body as it was sent."""
    pairs = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, values in response.headers.items() for value in values or [])
    return records.Response(request.url, response.status, "", pairs, response.body, at, target=request.url)


def _problem_of(error: BaseException) -> Problem:
    closed = _closed_of(error) if isinstance(error, HostClosed) else None
    cause = _problem_of(error.__cause__) if error.__cause__ is not None else None
    return Problem(type(error).__name__, f"{error}"[:500], error.reason if isinstance(error, InsecureConnection) else "", closed, cause)


def _closed_of(closed: HostClosed) -> Closed:
    return Closed(closed.why, closed.outcome, closed.reason, closed.url)


def _host_closed(closed: Closed) -> HostClosed:
    return HostClosed(closed.why, closed.outcome, closed.reason, closed.url)


def _exception_of(problem: Problem) -> Exception:
    error: Exception
    if problem.closed is not None:
        error = _host_closed(problem.closed)
    elif problem.kind == InsecureConnection.__name__:
        error = InsecureConnection(problem.message, problem.reason)
    else:
        error = _KINDS.get(problem.kind, DownloadFailedError)(problem.message)
    # Only the causes that a reason of a failure depends on are made again.
    error.__cause__ = _exception_of(problem.cause) if problem.cause is not None and problem.cause.kind in _KINDS else None
    return error
