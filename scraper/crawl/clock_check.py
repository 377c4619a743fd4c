"""Whether the clock of this machine is wrong, as the servers and the archive show it.

A clock that is wrong makes wrong days of everything that is stored, and nobody notices until it is set right. One server may have a wrong
clock itself, and a cache may send an old time; several of them do not agree on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from statistics import median

from scraper.clock import VIETNAM
from scraper.two_languages import EMPTY, Message

HOURS, DAYS = Message("hours", "giờ"), Message("days", "ngày")
_FEWEST = 3  # hosts that must agree
_ALIKE = 600.0  # seconds between clocks that agree
_WRONG = 3600.0  # seconds; a smaller difference changes hardly any day
_CORRECTED = timedelta(minutes=5)  # by which a clock may be set back without a word


def ahead_of_us(date: bytes | None, now: float) -> float | None:
    """Returns by how many seconds the clock of a server is ahead of ours. `date`: its header Date; `now`: seconds since 1970. Returns None
    if it is not a time.
    """
    try:
        stated = parsedate_to_datetime(date.decode("ascii")) if date else None
    except (ValueError, UnicodeDecodeError, OverflowError):
        return None
    if stated is None:
        return None
    return (stated if stated.tzinfo else stated.replace(tzinfo=UTC)).timestamp() - now


def wrong_by(hosts: Mapping[str, float]) -> float | None:
    """Returns by how many seconds our clock is late (less than 0: ahead) if most of several servers agree that it is; else None. `hosts`:
    by how much the clock of each is ahead of ours.

    >>> wrong_by({"a": 86400.0, "b": 86402.0, "c": 86398.0, "d": 0.5}), wrong_by({"a": 86400.0, "b": -9999.0, "c": 0.0})
    (86399.0, None)
    """
    if len(hosts) < _FEWEST:
        return None
    middle = median(hosts.values())
    alike = sum(abs(one - middle) <= _ALIKE for one in hosts.values())
    return middle if alike >= max(_FEWEST, len(hosts) * 2 / 3) and abs(middle) > _WRONG else None


def wrong_clock(hosts: Mapping[str, float]) -> Message:
    """Returns the line that says so, or an empty message. `hosts`: as in `wrong_by`."""
    late = wrong_by(hosts)
    if late is None:
        return EMPTY
    number, unit = (abs(late) / 3600, HOURS) if abs(late) < 2 * 86400 else (abs(late) / 86400, DAYS)
    how = Message("late", "chậm") if late > 0 else Message("ahead", "chạy trước")
    return Message(
        f"the clock of this machine is {number:.0f} {unit.en} {how.en}, as {len(hosts)} sites say; what is stored has wrong days until you"
        " set it right (timedatectl)",
        f"đồng hồ của máy này {how.vi} {number:.0f} {unit.vi}, theo {len(hosts)} trang; ngày lưu trong kho sẽ sai cho đến khi chỉnh lại"
        " (timedatectl)",
    )


def ran_back(last_began: datetime | None, now: datetime) -> Message:
    """Returns the line that says that the clock ran back since the last run began, or an empty message."""
    if last_began is None or last_began <= now + _CORRECTED:
        return EMPTY
    before, at = (one.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M") for one in (last_began, now))
    return Message(
        f"the last run began on {before}, and now it is {at} (Viet Nam): the clock of this machine was ahead then, or it is late now; look"
        " at it (timedatectl). What was stored then keeps its time, and nothing waits for it",
        f"lượt trước bắt đầu {before}, mà bây giờ là {at} (giờ Việt Nam): lúc đó đồng hồ của máy chạy trước, hoặc nay đang chậm; hãy xem"
        " lại (timedatectl). Dữ liệu lưu lúc đó giữ nguyên giờ, và không có gì phải chờ tới giờ đó",
    )
