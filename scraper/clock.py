"""The clock of the crawl and of the store. The setting NOW moves it, in tests and rehearsals only; then it runs on from there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

from scraper.model import UserError

VIETNAM = timezone(timedelta(hours=7))

_moved = [timedelta(0)]  # by how much the clock is moved


def now() -> datetime:
    """Returns the current time in UTC."""
    return datetime.now(UTC) + _moved[0]


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
        raise UserError(f"NOW={written}: is not a time; write it like NOW=2026-12-01T02:00:00+07:00") from None
    _moved[0] = moment.replace(tzinfo=moment.tzinfo or VIETNAM) - datetime.now(UTC)


def move_to(moment: datetime) -> None:
    """Moves the clock to an aware time, from which it runs on."""
    _moved[0] = moment - datetime.now(UTC)


@contextmanager
def set_back_at_end() -> Iterator[None]:
    """Sets the clock back at the end of a block to how it was moved before, or not."""
    before = _moved[0]
    try:
        yield
    finally:
        _moved[0] = before
