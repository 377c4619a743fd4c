"""Exchanges: what a server answered to a request, or why no answer came. They are all that machines hand over.

Each one is a name in the shared store: a WARC file with a metadata record, and with the record of the response if there was one. The name
has a number, the key of the request, so that a list of names says which requests were answered, and the mark of the worker, so that no
worker overwrites what another one received.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import logging
import zlib
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from scrapy import Request
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from scraper.cluster.shared_store import SharedStore
from scraper.crawl.politeness.host_state import HostState
from scraper.warc.dates import moment, timestamp
from scraper.warc.records import Response, WarcError, response_of
from scraper.warc.writing import encode, encode_metadata

logger = logging.getLogger(__name__)

_TYPE = "application/json"
_SUFFIX = ".warc.gz"
_LONGEST = 64 * 1024 * 1024  # bytes of a body, more than DOWNLOAD_MAXSIZE ever allows


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a host gets no further request (`HostClosed`)."""

    why: str
    outcome: str
    reason: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """The exception of a download. `kind`: the name of its class. `closed`: of a HostClosed."""

    kind: str
    message: str
    reason: str = ""  # of an InsecureConnection
    closed: Closed | None = None
    cause: Problem | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its response or its problem.

    `host`: the state of the host after it, and `counts` what its queue had counted. `closed`: the host was closed after the response.
    `unchanged_since`: of a conditional request, the time of the capture that it named.
    """

    url: str
    at: datetime
    host: HostState
    counts: tuple[int, int, int]
    response: Response | None = None
    flags: tuple[str, ...] = ()
    address: str | None = None
    problem: Problem | None = None
    closed: Closed | None = None
    unchanged_since: str | None = None


def key_of(request: Request) -> str:
    """Returns what identifies a request among those of a crawl: its method, URL and body."""
    digest = hashlib.sha1(f"{request.method} {request.url}\n".encode(), usedforsecurity=False)
    digest.update(request.body)
    return digest.hexdigest()[:20]


def encoded(exchange: Exchange) -> bytes:
    """Returns an exchange as a WARC file."""
    facts = {
        "url": exchange.url,
        "at": timestamp(exchange.at),
        "host": asdict(exchange.host),
        "counts": exchange.counts,
        "flags": exchange.flags,
        "address": exchange.address,
        "problem": asdict(exchange.problem) if exchange.problem is not None else None,
        "closed": asdict(exchange.closed) if exchange.closed is not None else None,
        "unchanged_since": exchange.unchanged_since,
    }
    metadata = encode_metadata(exchange.url, exchange.at, json.dumps(facts, ensure_ascii=False).encode(), _TYPE)
    response = encode(exchange.response, ip_address=exchange.address)[0] if exchange.response is not None else b""
    return metadata + response


def decoded(data: bytes) -> Exchange:
    """Returns the exchange in a WARC file. Raises: ValueError if it is not one."""
    facts: dict[str, Any] | None = None
    response = None
    try:
        for record in ArchiveIterator(io.BytesIO(data)):
            if record.rec_type == "metadata":
                facts = json.loads(record.raw_stream.read())
            elif record.rec_type == "response":
                response = response_of(record, _LONGEST)
    except (ArchiveLoadFailed, EOFError, WarcError, zlib.error) as error:
        raise ValueError(f"the file is damaged: {error}") from error
    if facts is None:
        raise ValueError("the file has no metadata record")
    return Exchange(
        url=facts["url"],
        at=moment(facts["at"]),
        host=HostState(**facts["host"]),
        counts=(facts["counts"][0], facts["counts"][1], facts["counts"][2]),
        response=response,
        flags=tuple(facts["flags"]),
        address=facts["address"],
        problem=_problem(facts["problem"]),
        closed=Closed(**facts["closed"]) if facts["closed"] is not None else None,
        unchanged_since=facts["unchanged_since"],
    )


def _problem(facts: dict[str, Any] | None) -> Problem | None:
    if facts is None:
        return None
    closed = Closed(**facts["closed"]) if facts["closed"] is not None else None
    return Problem(facts["kind"], facts["message"], facts["reason"], closed, _problem(facts["cause"]))


class ExchangeLog:
    """The exchanges of one source in one unit. Those that are there are given out in their order; new ones can be added."""

    def __init__(self, store: SharedStore, folder: str, *, mark: str | None) -> None:
        """`mark`: of the worker that adds to it. If it is None, nothing is added, so a request that is not there is never answered.
        Raises: StoreUnreachable.
        """
        self.complete = mark is None
        self.number = 0  # of exchanges
        self._mark = mark
        self._store, self._folder = store, folder
        self._names: defaultdict[str, deque[str]] = defaultdict(deque)
        self._last = 0
        for name in store.names(folder):
            number, key, _ = name.rpartition("/")[2].split("-")
            self._names[key].append(name)
            self._last = max(self._last, int(number))
            self.number += 1

    async def next(self, key: str) -> Exchange | None:
        """Returns the next exchange for a request that has a key, or None if there is none. Raises: StoreUnreachable."""
        found: Exchange | None = None
        names = self._names.get(key)
        while names and found is None:
            found = await asyncio.to_thread(self._get, names.popleft())
        return found

    async def add(self, key: str, exchange: Exchange) -> None:
        """Adds an exchange; it is in the store when this returns. Raises: StoreUnreachable."""
        self._last += 1
        name = f"{self._folder}/{self._last:08d}-{key}-{self._mark}{_SUFFIX}"
        await asyncio.to_thread(lambda: self._store.put(name, encoded(exchange)))
        self.number += 1

    def rest(self) -> Iterator[Exchange]:
        """Yields the exchanges that no request was given, in their order. Raises: StoreUnreachable."""
        names = sorted(name for names in self._names.values() for name in names)
        self._names.clear()
        yield from filter(None, map(self._get, names))

    def _get(self, name: str) -> Exchange | None:
        """Returns an exchange. One that is damaged counts as missing: its request is sent once more."""
        data = self._store.get(name)
        try:
            return decoded(data) if data is not None else None
        except ValueError as error:
            logger.warning("%s: %s", name, error)
            return None
