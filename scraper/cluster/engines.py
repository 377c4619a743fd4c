"""Engines: what runs the units of work, and gives their results as they end.

There are two, and the rest of the code does not know which one it has: `LocalEngine` runs them on this machine, `DaskEngine` on the workers
of a Dask scheduler. A unit may run twice, after its worker was lost; its function must allow for that.
"""

from __future__ import annotations

import logging
import time
import uuid
from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Generic, Protocol, TypeVar

from scraper.model import UserError

logger = logging.getLogger(__name__)

LOCAL = "local"
_POLL = 0.2  # seconds between two looks at the results
_CONNECT = 10.0  # seconds for one attempt to reach a scheduler

Work = TypeVar("Work")
Found = TypeVar("Found")


class EngineLost(UserError):
    """The scheduler was not reached for as long as it may be away."""


class Engine(Protocol[Work, Found]):
    """Runs units of work."""

    @abstractmethod
    def submit(self, work: Work) -> None:
        """Begins a unit of work, as soon as a worker is free."""

    @abstractmethod
    def ended(self, most_seconds: float) -> list[tuple[Work, Found | Exception]]:
        """Returns the units that ended since the last call, each with its result or what went wrong; waits for one at most so long.
        Raises: EngineLost.
        """

    @abstractmethod
    def close(self) -> None:
        """Begins nothing more, and forgets what is going on."""


class LocalEngine(Generic[Work, Found]):
    """Runs units in threads of this machine. `at_once`: how many at a time."""

    def __init__(self, function: Callable[[Work], Found], at_once: int) -> None:
        self._function = function
        self._pool = ThreadPoolExecutor(at_once)
        self._going_on: dict[Future[Found], Work] = {}

    def submit(self, work: Work) -> None:
        self._going_on[self._pool.submit(self._function, work)] = work

    def ended(self, most_seconds: float) -> list[tuple[Work, Found | Exception]]:
        done, _ = wait(self._going_on, most_seconds, return_when="FIRST_COMPLETED")
        found: list[tuple[Work, Found | Exception]] = []
        for one in done:
            error = one.exception()
            if error is not None and not isinstance(error, Exception):
                raise error
            found.append((self._going_on.pop(one), error if error is not None else one.result()))
        return found

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


class DaskEngine(Generic[Work, Found]):
    """Runs units on the workers of a Dask scheduler. If the scheduler is gone, it is looked for again, and gets the open units again."""

    def __init__(self, function: Callable[[Work], Found], address: str, patience: float) -> None:
        """`patience`: seconds for which the scheduler may be away.
        Raises: UserError if Dask is not installed; EngineLost if there is no scheduler.
        """
        try:
            import distributed
        except ImportError as error:
            raise UserError(
                f"--cluster {address} needs Dask ({error}); install it here and on each worker: pip install '.[cluster]'"
            ) from error
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what happens to the scheduler is said here
        self._distributed: Any = distributed
        self._function, self._address, self._patience = function, address, patience
        self._going_on: dict[Any, Work] = {}
        self._client: Any = None
        self._connect()

    @property
    def workers(self) -> int:
        """The number of workers at this moment."""
        return len(self._client.scheduler_info(n_workers=-1)["workers"])

    def submit(self, work: Work) -> None:
        # The key is new each time: a result must never come from an earlier attempt.
        future = self._client.submit(self._function, work, key=f"unit-{uuid.uuid4().hex}", pure=False)
        self._going_on[future] = work

    def ended(self, most_seconds: float) -> list[tuple[Work, Found | Exception]]:
        until = time.monotonic() + most_seconds
        while True:
            found: list[tuple[Work, Found | Exception]] = []
            again = []
            for future, work in [*self._going_on.items()]:
                if future.status in ("finished", "error"):
                    del self._going_on[future]
                    found.append((work, self._result_of(future)))
                elif future.status in ("cancelled", "lost"):
                    del self._going_on[future]
                    again.append(work)
            if again or self._client.status not in ("running", "connecting"):
                self._connect_again(again)
            if found or time.monotonic() >= until:
                return found
            time.sleep(_POLL)

    def close(self) -> None:
        self._close_client()

    def _result_of(self, future: Any) -> Found | Exception:
        try:
            found: Found = future.result(timeout=self._patience)
        except Exception as error:  # noqa: BLE001 (what the function raised, or the loss of a worker)
            return error
        return found

    def _connect_again(self, again: list[Work]) -> None:
        """Connects to the scheduler that was restarted, and submits what the one before it has forgotten."""
        logger.warning("the scheduler %s was lost; %d units are given to the next one", self._address, len(again) + len(self._going_on))
        again += self._going_on.values()
        self._going_on.clear()
        self._close_client()
        self._connect()
        for work in again:
            self.submit(work)

    def _connect(self) -> None:
        until = time.monotonic() + self._patience
        while True:
            try:
                self._client = self._distributed.Client(self._address, timeout=_CONNECT, set_as_default=False)
                return
            except (OSError, TimeoutError, ValueError) as error:
                if isinstance(error, ValueError) or time.monotonic() >= until:
                    raise EngineLost(f"{self._address}: there is no Dask scheduler ({error}); start one: dask scheduler") from error
                time.sleep(_POLL)

    def _close_client(self) -> None:
        try:
            self._client.close(timeout=2)
        except Exception as error:  # noqa: BLE001 (a connection that is gone cannot be closed)
            logger.debug("closing the connection to %s: %s", self._address, error)


def engine_of(address: str, function: Callable[[Work], Found], *, at_once: int, patience: float) -> Engine[Work, Found]:
    """Returns the engine of --cluster. `at_once`: units at a time, if they run on this machine.
    Raises: UserError if it is not a URL, or if Dask is not installed; EngineLost if there is no scheduler.
    """
    if address == LOCAL:
        return LocalEngine(function, at_once)
    if "://" not in address:
        raise UserError(f"--cluster {address}: must be the URL of a Dask scheduler, like tcp://192.0.2.1:8786, or {LOCAL}")
    return DaskEngine(function, address, patience)
