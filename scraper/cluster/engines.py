"""Engines: what runs the units of work, and gives their results as they end.

There are two, and the rest of the code does not know which one it has: `LocalEngine` runs them on this machine, `DaskEngine` on the workers
of a Dask scheduler. A unit may run twice, after its worker was lost; its function must allow for that.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Generic, Protocol, TypeVar

from scraper.model import UserError
from scraper.two_languages import Message, message_of
from scraper.version import program_version

logger = logging.getLogger(__name__)

LOCAL = "local"
_POLL = 0.2  # seconds between two looks at the results
_CONNECT = 10.0  # seconds for one attempt to reach a scheduler
_LOOK = 1.0  # seconds between two looks at which workers there are
_SILENT = 60.0  # seconds after which a scheduler that is connected, but does not answer, counts as lost
_FIRST = 1000  # the priority of the question for the version

Work = TypeVar("Work")
Found = TypeVar("Found")


class EngineLost(UserError):
    """The scheduler was not reached for as long as it may be away."""


class Unfit(UserError):
    """A worker cannot do the work as this machine would."""


def check_version(wanted: str) -> None:
    """Raises: Unfit if a worker, on which this runs, has another version of the project."""
    if program_version() != wanted:
        raise Unfit(
            Message(
                f"this worker has version {program_version()}, and the command {wanted}; install the same everywhere",
                f"máy này có phiên bản {program_version()}, còn lệnh có {wanted}; hãy cài cùng một phiên bản ở mọi nơi",
            )
        )


def _question(wanted: str) -> Callable[[], None]:
    """Returns what a worker runs to say whether it can do the work: it raises RuntimeError with the reason if not. A function in a function
    is sent as a whole, so it runs where this project is missing, too; Dask ends a worker that cannot import what it gets.
    """

    def answer() -> None:
        try:
            from scraper.version import program_version
        except ImportError as error:
            raise RuntimeError(f"it does not have this project, or an old version of it ({error})") from None
        if program_version() != wanted:
            raise RuntimeError(f"it has version {program_version()}, and the command {wanted}; install the same everywhere")

    return answer


class Engine(Protocol[Work, Found]):
    """Runs units of work. `unfit`: by the URL of a worker that gets no work, the reason."""

    unfit: dict[str, str]

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
        self.unfit: dict[str, str] = {}
        self._pool = ThreadPoolExecutor(at_once)
        self._going_on: dict[Future[Found], Work] = {}

    def submit(self, work: Work) -> None:
        self._going_on[self._pool.submit(self._function, work)] = work

    def ended(self, most_seconds: float) -> list[tuple[Work, Found | Exception]]:
        if not self._going_on:  # `wait` would return at once, and a loop around this would use a whole core
            time.sleep(min(most_seconds, _POLL))
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
    """Runs units on the workers of a Dask scheduler. If the scheduler is gone, it is looked for again, and gets the open units again.

    The version of the project is requested from each worker. One with another version, or without the project, gets no unit: it would
    refuse each one at once, be free again, and so draw all of them.
    """

    def __init__(
        self, function: Callable[[Work], Found], address: str, patience: float, *, say: Callable[[Message], object] = lambda line: None
    ) -> None:
        """`patience`: seconds for which the scheduler, or all workers, may be away. `say`: gets a line that a person may want to know.
        Raises: UserError if Dask is not installed; EngineLost if there is no scheduler.
        """
        try:
            import distributed
        except ImportError as error:
            raise UserError(
                Message(
                    f"--cluster {address} needs Dask ({error}); install it here and on each worker: pip install '.[cluster]'",
                    f"--cluster {address} cần Dask ({error}); hãy cài ở đây và ở mỗi máy của cụm: pip install '.[cluster]'",
                )
            ) from error
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what happens to the scheduler is said here
        self.unfit: dict[str, str] = {}
        self._distributed: Any = distributed
        self._version = program_version()
        self._function, self._address, self._patience, self._say = function, address, patience, say
        self._going_on: dict[Any, Work] = {}
        self._held: list[Work] = []  # units that no worker of now can do
        self._answers: dict[str, Any] = {}  # by the URL of each worker of now, the answer about its version
        self._came: dict[str, float] = {}  # by the URL of a worker, when it was seen first; time.monotonic()
        self._client: Any = None
        self._looked = self._heard = self._usable = 0.0  # time.monotonic()
        self._connect()

    @property
    def workers(self) -> int:
        """The number of workers that can do the work, at the last look."""
        return len(self._fit())

    def submit(self, work: Work) -> None:
        fit = self._fit()
        if len(fit) == len(self._answers):
            workers = None  # whichever there are when its turn comes
        elif fit:
            workers = fit
        else:
            self._held.append(work)
            return
        # The key is new each time: a result must never come from an earlier attempt.
        key = f"unit-{uuid.uuid4().hex}"
        # If all of these are gone by then, others may take it: those that came later.
        more = {"workers": workers, "allow_other_workers": True} if workers else {}
        self._going_on[self._client.submit(self._function, work, key=key, pure=False, **more)] = work

    def ended(self, most_seconds: float) -> list[tuple[Work, Found | Exception]]:
        until = time.monotonic() + most_seconds
        while True:
            self._look()
            found: list[tuple[Work, Found | Exception]] = []
            again = []
            for future, work in [*self._going_on.items()]:
                if future.status in ("finished", "error"):
                    del self._going_on[future]
                    result = self._result_of(future)
                    if isinstance(result, Unfit):  # its files changed since it answered, so all must say it once more
                        self._held.append(work)
                        self._answers.clear()
                        self._looked = 0.0
                    else:
                        found.append((work, result))
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

    # --- the workers --------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Looks which workers there are, and requests the version of new ones. Submits what was held, if there is a worker for it.
        Raises: EngineLost if there was no worker for too long, or if the scheduler is lost.
        """
        now = time.monotonic()
        if now - self._looked < _LOOK or self._client.status != "running":
            return
        self._looked = now
        try:
            info = self._client.sync(self._client.scheduler.identity, n_workers=-1, callback_timeout=_CONNECT)
        except Exception:  # noqa: BLE001 (Dask has many for a connection that ends meanwhile)
            if now - self._heard > _SILENT:  # it is paused, or the network lets nothing through
                self._connect_again([])
            return
        self._heard = now
        present = set(info["workers"])
        self._answers = {address: answer for address, answer in self._answers.items() if address in present}
        for address in sorted(present - self._answers.keys()):
            self._answers[address] = self._client.submit(
                _question(self._version), key=f"version-{uuid.uuid4().hex}", workers=[address], priority=_FIRST, pure=False
            )
            self._came[address] = now
        if self._fit():
            self._usable = now
            held, self._held = self._held, []
            for work in held:
                self.submit(work)
        elif now - self._usable > self._patience:
            why = "; ".join(f"{address}: {self.unfit[address]}" for address in sorted(self._answers.keys() & self.unfit.keys()))
            raise EngineLost(
                Message(
                    f"{self._address}: no worker for {self._patience:.0f} s"
                    + (f" that can do the work ({why})" if why else f"; start one: dask worker {self._address}"),
                    f"{self._address}: trong {self._patience:.0f} s không có máy nào của cụm"
                    + (f" làm được việc này ({why})" if why else f"; hãy chạy: dask worker {self._address}"),
                )
            )

    def _fit(self) -> list[str]:
        """Returns the workers of now that can do the work. One that has not answered for some seconds is busy, and counts, too."""
        for address, answer in self._answers.items():
            error = answer.exception() if answer.status == "error" else None
            if isinstance(error, RuntimeError) and address not in self.unfit:
                self.unfit[address] = f"{error}"
                self._say(
                    Message(
                        f"the worker {address} gets no work: {error}", f"máy {address} của cụm không được giao việc: {message_of(error).vi}"
                    )
                )
        now = time.monotonic()
        return [
            address
            for address, answer in self._answers.items()
            if answer.status == "finished" or (answer.status == "pending" and now - self._came[address] > _CONNECT)
        ]

    def _wait_for_answers(self) -> None:
        """Waits until the workers of now have said which version they have, for some seconds at most: a busy one answers later."""
        until = time.monotonic() + _CONNECT
        self._looked = 0.0
        self._look()
        while any(answer.status == "pending" for answer in self._answers.values()) and time.monotonic() < until:
            time.sleep(_POLL / 10)

    # --- the scheduler ------------------------------------------------------------------------------------

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
        began = time.monotonic()
        is_said = False
        while True:
            try:
                self._client = self._connected()
                break
            except Exception as error:
                # A wrong URL, or a web server: Dask takes what that says for the length of a message.
                is_hopeless = isinstance(error, ValueError | MemoryError)
                if is_hopeless or time.monotonic() - began >= self._patience:
                    why = f"{error}" or type(error).__name__
                    raise EngineLost(
                        Message(
                            f"{self._address}: there is no Dask scheduler ({why}); start one: dask scheduler",
                            f"{self._address}: không có bộ điều phối Dask ({why}); hãy chạy: dask scheduler",
                        )
                    ) from error
                if not is_said:
                    self._say(
                        Message(
                            f"{self._address}: no Dask scheduler answers; waiting up to {self._patience:.0f} s for it",
                            f"{self._address}: không bộ điều phối Dask nào trả lời; sẽ chờ đến {self._patience:.0f} s",
                        )
                    )
                    is_said = True
                time.sleep(_POLL)
        self._answers.clear()
        self._heard = self._usable = time.monotonic()
        self._wait_for_answers()

    def _connected(self) -> Any:
        """Returns a connection. Raises: what Dask raises; TimeoutError if it waits longer than it may, as for a paused scheduler."""
        made: Future[Any] = Future()

        def connect() -> None:
            try:
                made.set_result(self._distributed.Client(self._address, timeout=_CONNECT, set_as_default=False))
            except Exception as error:  # noqa: BLE001 (it is raised in the thread that waits)
                made.set_exception(error)

        threading.Thread(target=connect, daemon=True).start()
        try:
            return made.result(timeout=2 * _CONNECT)
        except TimeoutError as error:
            raise TimeoutError(f"{error}" or f"something accepts connections there, but said nothing for {2 * _CONNECT:.0f} s") from error

    def _close_client(self) -> None:
        try:
            self._client.close(timeout=2)
        except Exception as error:  # noqa: BLE001 (a connection that is gone cannot be closed)
            logger.debug("closing the connection to %s: %s", self._address, error)


def engine_of(
    address: str, function: Callable[[Work], Found], *, at_once: int, patience: float, say: Callable[[Message], object]
) -> Engine[Work, Found]:
    """Returns the engine of --cluster. `at_once`: units at a time, if they run on this machine. `say`: gets lines that people may want.
    Raises: UserError if it is not a URL, or if Dask is not installed; EngineLost if there is no scheduler.
    """
    if address == LOCAL:
        return LocalEngine(function, at_once)
    if "://" not in address:
        raise UserError(
            Message(
                f"--cluster {address}: must be the URL of a Dask scheduler, like tcp://192.0.2.1:8786, or {LOCAL}",
                f"--cluster {address}: phải là URL của bộ điều phối Dask, ví dụ tcp://192.0.2.1:8786, hoặc {LOCAL}",
            )
        )
    return DaskEngine(function, address, patience, say=say)
