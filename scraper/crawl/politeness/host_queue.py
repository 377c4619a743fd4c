"""The queue of a host: one request at a time, no two closer together than the delay, in all crawlers of a process and in all processes.

A turn lasts from the wait before a request to the end of its response. Crawlers of one process wait in a fair queue. Between processes, the
turn goes to the one that finds the lock free when the delay is over; the lock is never waited for in a way that stops the event loop.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from scraper import clock
from scraper.crawl.politeness.host_closed import BLOCKED, BUDGET_USED, OUTSIDE_WINDOW, RATE_LIMITED, HostClosed, NotSent
from scraper.crawl.politeness.host_rules import HostRules
from scraper.crawl.politeness.host_state import HostFile, HostState, LockedState
from scraper.crawl.politeness.pauses import LONGEST_STATED, PauseLimits, growing_pause, lengthened
from scraper.crawl.politeness.window import next_opening
from scraper.two_languages import Bilingual

_LOOK_AGAIN = 0.1  # seconds between two looks at a lock that another process holds, and at whether the run ends
_LOOK_AGAIN_SOON = 0.005  # the same if the delay is short, as in tests
REFUSED, UNANSWERED = "refused", "did not answer"
_MOST_ERRORS = 5  # pages in a row whose connection failed; then the host is down


class HostQueue:
    """The queue of one host in this process. `queue_of` returns it."""

    def __init__(self, host: str, file: HostFile) -> None:
        self.host = host
        self.closed: HostClosed | None = None  # set when the host gets no further request from this process
        self._file = file
        self._turn = asyncio.Lock()  # serves the crawlers in the order in which they came
        self._held: LockedState | None = None  # during a turn
        self._ended = float("-inf")  # end of the last response, or call of `rest` (monotonic clock)
        self._robots_delay: float | None = None  # seconds; None until robots.txt was received
        self._not_before = 0.0  # seconds since 1970
        self._refusals = 0  # in a row, for any pages
        self._errors = 0  # connections that failed in a row, each for another page
        self._useless = 0  # pauses after which the host refused the same page again

    @asynccontextmanager
    async def turn(self, rules: HostRules, limits: PauseLimits, window_wait: float, is_ending: Callable[[], bool]) -> AsyncIterator[None]:
        """Waits for the turn of one request and holds it until the block ends.
        `window_wait`: the longest wait in seconds for a window to open. `is_ending`: whether the run ends.
        Raises: HostClosed if the host must get no request now; NotSent if the run ends.
        """
        async with self._turn:
            self._held = await self._wait(rules, limits, window_wait, is_ending)
            try:
                yield
            finally:
                held, self._held, self._ended = self._held, None, time.monotonic()
                held.state.last = clock.real()
                try:
                    held.write()
                finally:
                    held.release()

    def set_robots_delay(self, seconds: float) -> None:
        """Sets the delay that robots.txt requires, for all processes."""
        self._robots_delay = seconds
        with self._file.attempt() as locked:  # if another process holds it, the next turn writes the delay
            if locked is not None:
                locked.state.robots_delay = seconds
                locked.write()

    def rest(self) -> None:
        """Lets the host rest for a whole delay from now on: another machine may have requested it just now."""
        self._ended = time.monotonic()

    def answered(self) -> None:
        """Notes, during a turn, that the host answered a request as it should."""
        self._refusals = self._errors = 0

    def refused(self, stated: float | None, limits: PauseLimits, *, again: bool, how: str, reason: str) -> None:
        """Notes, during a turn, that the host refused a request or did not answer in time: no request is sent until a pause is over.

        `stated`: the pause in seconds that the host demands, if it states one. `again`: the same page was refused before. `how`: for the
        message, REFUSED or UNANSWERED. `reason`: that of a failure.
        """
        self._refusals += 1
        self._useless += again and stated is None
        if stated is not None and stated > limits.longest:
            self._pause(stated)
            why = Bilingual(
                f"{self.host} asks us to wait {stated:.0f} s, more than RETRY_AFTER_MAX ({limits.longest:.0f} s)",
                f"{self.host} yêu cầu chờ {stated:.0f} giây, hơn RETRY_AFTER_MAX ({limits.longest:.0f} giây)",
            )
            self.closed = HostClosed(why, RATE_LIMITED)
        elif self._refusals > limits.refusals:
            did = "từ chối" if how == REFUSED else "không trả lời"
            why = Bilingual(
                f"{self.host} {how} {self._refusals} requests in a row, in spite of growing pauses",
                f"{self.host} {did} {self._refusals} yêu cầu liên tiếp, dù khoảng nghỉ ngày càng dài",
            )
            # A page that was refused has a row; one that was not answered may still wait to be requested again.
            self.closed = HostClosed(why, BLOCKED, reason, url=f"//{self.host}/" if how != REFUSED else None)
        elif stated is not None:
            self._pause(stated)
        elif self.pauses_left(limits):
            self._pause(growing_pause(self._refusals, limits))

    def failed(self, reason: str, *, again: bool) -> None:
        """Notes, during a turn, that the connection to the host failed. `again`: for a page whose connection failed before."""
        self._errors += not again
        if self._errors >= _MOST_ERRORS:
            why = Bilingual(
                f"the connection to {self.host} failed for {self._errors} pages in a row",
                f"không kết nối được tới {self.host} với {self._errors} trang liên tiếp",
            )
            self.closed = HostClosed(why, BLOCKED, reason, url=f"//{self.host}/")

    @property
    def counts(self) -> tuple[int, int, int]:
        """What `refused` and `failed` have counted so far: for `set_counts`."""
        return self._refusals, self._errors, self._useless

    def set_counts(self, counts: Sequence[int]) -> None:
        """Takes over the counts of another process that sent the requests."""
        self._refusals, self._errors, self._useless = counts

    def pauses_left(self, limits: PauseLimits) -> bool:
        """Returns whether a refusal without a stated length still leads to a pause."""
        return self._useless < limits.useless

    def _pause(self, seconds: float) -> None:
        assert self._held is not None, "only during a turn"
        now = clock.now().timestamp()
        self._not_before = max(self._not_before, now + seconds)
        self._held.state.not_before, self._held.state.noted = self._not_before, now

    async def _wait(self, rules: HostRules, limits: PauseLimits, window_wait: float, is_ending: Callable[[], bool]) -> LockedState:
        """Returns the locked state when the next request may be sent."""
        delay = lengthened(1.0, limits)  # of the delay that applies then
        while True:
            with self._file.attempt() as locked:
                if locked is None:
                    wait = min(_LOOK_AGAIN, max(_LOOK_AGAIN_SOON, rules.delay / 10))
                else:
                    wait = self._remaining(locked.state, rules, limits, window_wait, delay)
                    if wait <= 0:
                        self._begin(locked)
                        return locked.keep()
            await self._sleep(wait, is_ending)

    async def _sleep(self, seconds: float, is_ending: Callable[[], bool]) -> None:
        until = time.monotonic() + seconds
        while True:
            if is_ending():
                raise NotSent(f"the run ended before {self.host} could be requested")
            if (left := until - time.monotonic()) <= 0:
                return
            await asyncio.sleep(min(left, _LOOK_AGAIN * 5))

    def _begin(self, locked: LockedState) -> None:
        state, today = locked.state, _today()
        state.sent = state.sent + 1 if state.day == today else 1
        state.day, state.last = today, clock.real()
        if self._robots_delay is not None:
            state.robots_delay = self._robots_delay
        locked.write()  # before the request, so that it counts if the process dies

    def _remaining(self, state: HostState, rules: HostRules, limits: PauseLimits, window_wait: float, factor: float) -> float:
        """Returns how many seconds must pass before the next request.
        Raises: HostClosed if that is not in this run.
        """
        if self.closed is not None:
            raise self.closed
        now = clock.now()
        self._check_budget(state, rules)
        robots_delay = state.robots_delay if self._robots_delay is None else self._robots_delay
        if robots_delay > limits.longest:
            why = Bilingual(
                f"the robots.txt of {self.host} asks for {robots_delay:.0f} s between two requests, more than RETRY_AFTER_MAX"
                f" ({limits.longest:.0f} s)",
                f"robots.txt của {self.host} đòi {robots_delay:.0f} giây giữa hai yêu cầu, hơn RETRY_AFTER_MAX ({limits.longest:.0f} giây)",
            )
            raise HostClosed(why, RATE_LIMITED)
        return max(
            self._until_allowed(state, now, limits),
            self._until_open(rules, now, window_wait),
            self._until_delay(state, max(rules.delay, robots_delay) * factor),
        )

    def _check_budget(self, state: HostState, rules: HostRules) -> None:
        if rules.budget is not None and state.day == _today() and state.sent >= rules.budget:
            why = Bilingual(
                f"{self.host}: the {rules.budget} requests per day that the key `budget` allows are used; the rest is for tomorrow",
                f"{self.host}: đã hết {rules.budget} yêu cầu mỗi ngày mà khóa `budget` cho phép; phần còn lại để ngày mai",
            )
            raise HostClosed(why, BUDGET_USED, url=f"//{self.host}/")

    def _until_allowed(self, state: HostState, now: datetime, limits: PauseLimits) -> float:
        """Returns the seconds until a pause that the host demanded is over."""
        stated = min(state.not_before, state.noted + LONGEST_STATED) if state.noted <= now.timestamp() else 0.0
        wait = max(self._not_before, stated) - now.timestamp()
        if wait > limits.longest:
            until, noted = (datetime.fromtimestamp(one, clock.VIETNAM).strftime("%Y-%m-%d %H:%M") for one in (stated, state.noted))
            why = Bilingual(
                f"{self.host} demanded on {noted} that no request is sent before {until} (Viet Nam)",
                f"ngày {noted}, {self.host} yêu cầu không gửi gì trước {until} (giờ Việt Nam)",
            )
            raise HostClosed(why, RATE_LIMITED, url=f"//{self.host}/")
        return wait

    def _until_open(self, rules: HostRules, now: datetime, window_wait: float) -> float:
        opening = next_opening(rules.windows, now)
        wait = (opening - now).total_seconds() if opening is not None else None
        if wait is not None and wait <= window_wait:
            return wait
        hours = [(f"{begins:%H:%M}", f"{ends:%H:%M}") for begins, ends in rules.windows]
        windows = " and ".join(f"{begins} to {ends}" for begins, ends in hours)
        when = f"crawl after {opening:%Y-%m-%d %H:%M}" if opening is not None else "they have no time in common, so change one"
        in_vietnamese = " và ".join(f"{begins} đến {ends}" for begins, ends in hours)
        next_time = f"hãy thu thập sau {opening:%Y-%m-%d %H:%M}" if opening is not None else "các khung giờ không giao nhau, hãy sửa một"
        why = Bilingual(
            f"{self.host} is requested only from {windows} (Viet Nam), as the key `window` says; {when}",
            f"{self.host} chỉ nhận yêu cầu từ {in_vietnamese} (giờ Việt Nam), theo khóa `window`; {next_time}",
        )
        raise HostClosed(why, OUTSIDE_WINDOW, url=f"//{self.host}/")

    def _until_delay(self, state: HostState, delay: float) -> float:
        here = self._ended + delay - time.monotonic()
        # Another process has no common clock but the real one, which may be set back; then the delay counts from now.
        elsewhere = min(delay, state.last + delay - clock.real())
        return max(here, elsewhere)


_QUEUES: dict[tuple[Path, str], HostQueue] = {}


def queue_of(folder: Path, host: str) -> HostQueue:
    """Returns the queue of a host, the same for all crawlers of this process. `folder`: where the states of the hosts are."""
    queue = _QUEUES.get((folder, host))
    if queue is None:
        queue = _QUEUES[folder, host] = HostQueue(host, HostFile(folder, host))
    return queue


def _today() -> str:
    return clock.now().astimezone(clock.VIETNAM).date().isoformat()
