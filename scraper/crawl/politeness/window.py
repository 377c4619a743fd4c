"""The times of the day at which a host may be requested. Pure; times are in Viet Nam."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from scraper.clock import VIETNAM

Window = tuple[time, time]


def is_open(windows: Sequence[Window], now: datetime) -> bool:
    """Returns whether all windows are open at a moment. A window that ends before it begins goes on after midnight."""
    at = now.astimezone(VIETNAM).time()
    return all(_contains(window, at) for window in windows)


def next_opening(windows: Sequence[Window], now: datetime) -> datetime | None:
    """Returns the first moment from `now` on at which all windows are open, or None if they have no time in common.

    >>> next_opening([(time(22), time(5))], datetime(2026, 11, 29, 20, tzinfo=VIETNAM)).isoformat()
    '2026-11-29T22:00:00+07:00'
    """
    if is_open(windows, now):
        return now
    local = now.astimezone(VIETNAM)
    # All of them open only at the moment at which one of them opens.
    openings = (datetime.combine(local.date() + timedelta(day), begins, VIETNAM) for day in (0, 1) for begins, _ in windows)
    return min((moment for moment in openings if moment >= local and is_open(windows, moment)), default=None)


def _contains(window: Window, at: time) -> bool:
    begins, ends = window
    if begins == ends:
        return True
    return begins <= at < ends if begins < ends else at >= begins or at < ends
