"""The lease of a unit: only the worker that claimed it last may contact its hosts.

The claim is one name in the shared store that holds the mark of the last worker. A worker looks at it at least once in `seconds` while it
sends requests, and stops when it finds another mark. Beside it is a name for each worker that may still be sending. A worker that takes
over from one of them waits until that one must have looked, and its last request has been answered or given up. So the clocks of two
machines are never compared, and a dead worker needs no farewell.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from functools import partial

from scraper.cluster.shared_store import SharedStore

# Seconds that go on while the machine is suspended, where the system counts them.
_elapsed = partial(time.clock_gettime, time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic


class Superseded(Exception):
    """Another worker has claimed the unit, or the update was ended."""


class Lease:
    """The lease of one attempt at a unit. `mark`: what no other one has."""

    def __init__(self, store: SharedStore, folder: str, seconds: float) -> None:
        self.mark = uuid.uuid4().hex
        self._store, self._seconds = store, seconds
        self._name, self._holders = _claim_name(folder), f"{folder}/holders"
        self._looked = float("-inf")  # _elapsed() before the last look at the store
        self._last_request = 0.0
        self._lock = asyncio.Lock()

    async def claim(self, last_request: float) -> bool:
        """Claims the unit, and returns whether another worker had it before. If that one may still be sending, waits until it cannot.
        `last_request`: the longest time in seconds from the start of a request to its end.
        Raises: Superseded if another worker claims it meanwhile; StoreUnreachable.
        """
        self._last_request = last_request
        before = await asyncio.to_thread(self._store.get, self._name)
        # In this order: of two workers that claim at once, one finds the mark of the other as the claim, or as that of a holder.
        await asyncio.to_thread(self._store.put, self._name, self.mark.encode())
        await asyncio.to_thread(self._store.put, f"{self._holders}/{self.mark}", self.mark.encode())
        holders = await asyncio.to_thread(self._store.names, self._holders)
        others = [name for name in holders if not name.endswith(self.mark)]
        if others:
            await asyncio.sleep(self._seconds + last_request)
        await self._look()
        return before is not None or bool(others)

    async def hold(self) -> None:
        """Returns when a request may be sent. Raises: Superseded; StoreUnreachable."""
        await self._look_after(self._seconds / 2)

    @property
    def is_fresh(self) -> bool:
        """Whether a request may be sent now without another look: one that takes over waits longer than this."""
        return _elapsed() - self._looked < self._seconds

    async def hold_answer(self) -> None:
        """Returns when the answer to a request may be handed over. A worker that took over reads the answers later than this, unless
        this process was paused.
        Raises: Superseded; StoreUnreachable.
        """
        await self._look_after(self._seconds / 2 + self._last_request)

    async def release(self) -> None:
        """Says that this worker sends nothing more, so that another one need not wait. Raises: StoreUnreachable."""
        await asyncio.to_thread(self._store.remove_name, f"{self._holders}/{self.mark}")

    async def _look_after(self, seconds: float) -> None:
        async with self._lock:
            if _elapsed() - self._looked > seconds:
                await self._look()

    async def _look(self) -> None:
        while True:
            before = _elapsed()
            found = await asyncio.to_thread(self._store.get, self._name)
            if found != self.mark.encode():
                raise Superseded("another worker has claimed the unit, or the update was ended")
            self._looked = before
            if _elapsed() - before < self._seconds / 2:  # else the store answered too late: look again
                return


def revoke(store: SharedStore, folder: str) -> None:
    """Takes a unit from whoever has it: the worker sends no request any more, at the latest after its lease. Raises: StoreUnreachable."""
    store.put(_claim_name(folder), b"revoked")


def _claim_name(folder: str) -> str:
    return f"{folder}/claim"
