"""The lease of a unit: only the worker that claimed it last may contact its hosts.

The claim is one name in the shared store that holds the mark of the last worker. A worker looks at it at least once in `seconds` while it
sends requests, and stops when it finds another mark. A worker that takes over waits until the one before it must have looked, and its last
request has been answered or given up. So the clocks of two machines are never compared, and a dead worker needs no farewell.
"""

from __future__ import annotations

import asyncio
import time
import uuid

from scraper.cluster.shared_store import SharedStore

_RELEASED = b"released"


class Superseded(Exception):
    """Another worker has claimed the unit, or the update was ended."""


class Lease:
    """The lease of one attempt at a unit."""

    def __init__(self, store: SharedStore, folder: str, seconds: float) -> None:
        self._store, self._name, self._seconds = store, f"{folder}/claim", seconds
        self._mark = uuid.uuid4().hex.encode()
        self._looked = float("-inf")  # time.monotonic() before the last look at the store
        self._lock = asyncio.Lock()

    async def claim(self, last_request: float) -> None:
        """Claims the unit. If another worker had claimed it, waits until that one cannot send a request any more.
        `last_request`: the longest time in seconds from the start of a request until the next one may be sent.
        Raises: Superseded if another worker claims it meanwhile; StoreUnreachable.
        """
        before = await asyncio.to_thread(self._store.get, self._name)
        await asyncio.to_thread(self._store.put, self._name, self._mark)
        if before not in (None, _RELEASED):
            await asyncio.sleep(self._seconds + last_request)
        await self._look()

    async def hold(self) -> None:
        """Returns when a request may be sent. Raises: Superseded; StoreUnreachable."""
        async with self._lock:
            if time.monotonic() - self._looked > self._seconds / 2:
                await self._look()

    async def release(self) -> None:
        """Gives the unit back, so that another worker need not wait. Raises: StoreUnreachable."""
        if await asyncio.to_thread(self._store.get, self._name) == self._mark:
            await asyncio.to_thread(self._store.put, self._name, _RELEASED)

    async def _look(self) -> None:
        while True:
            before = time.monotonic()
            found = await asyncio.to_thread(self._store.get, self._name)
            if found != self._mark:
                raise Superseded("another worker has claimed the unit, or the update was ended")
            self._looked = before
            if time.monotonic() - before < self._seconds / 2:  # else the store answered too late: look again
                return


def revoke(store: SharedStore, folder: str) -> None:
    """Takes a unit from whoever has it: the worker sends no request any more, at the latest after its lease. Raises: StoreUnreachable."""
    store.put(f"{folder}/claim", b"revoked")
