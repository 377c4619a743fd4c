"""The clock of the crawl and of the store. The setting NOW moves it, in tests and rehearsals only; then it runs on from there.

On the machine of a worker, it is corrected to that of the machine that has the archive.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

from scraper.model import UserError
from scraper.two_languages import Message

VIETNAM = timezone(timedelta(hours=7))

_moved = [timedelta(0)]  # by how much the clock is moved
_late = [0.0]  # seconds by which the clock of this machine is late; less than 0 if it is ahead


def now() -> datetime:
    """Returns the current time in UTC."""
    return _right() + _moved[0]


def real() -> float:
    """Returns the seconds since 1970, whatever NOW says."""
    return time.time() + _late[0]


def correct(late: float) -> None:
    """Says by how many seconds the clock of this machine is late; less than 0 if it is ahead."""
    _late[0] = late


def _right() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=_late[0])


def set_now(written: str) -> None:
    """Moves the clock to a time, from which it runs on: "2026-12-01T02:00:00+07:00". Without an offset, the time is that of Viet Nam.
    An empty text sets it back to the real time.
    Raises: UserError if the text is not a time.
    """
    if not written:
        _moved[0] = timedelta(0)
        return
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise UserError(
            Message(
                f"NOW={written}: is not a time; write it like NOW=2026-12-01T02:00:00+07:00",
                f"NOW={written}: không phải là thời điểm; hãy viết như NOW=2026-12-01T02:00:00+07:00",
            )
        ) from None
    _moved[0] = moment.replace(tzinfo=moment.tzinfo or VIETNAM) - _right()


def move_to(moment: datetime) -> None:
    """Moves the clock to an aware time, from which it runs on."""
    _moved[0] = moment - _right()


@contextmanager
def set_back_at_end() -> Iterator[None]:
    """Sets the clock back at the end of a block to how it was moved before, or not."""
    before = _moved[0]
    try:
        yield
    finally:
        _moved[0] = before
