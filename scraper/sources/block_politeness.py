"""The keys of a block that say how a source is requested: delay, window, budget, cookies and exceptions for TLS."""

from __future__ import annotations

from datetime import time

from scraper.model import TlsException
from scraper.sources.block_values import BlockValues
from scraper.suggestions import suggestion

_TLS = ("old_protocol", "bad_certificate", "until")


def delay(block: BlockValues) -> float | None:
    """Returns the seconds between two requests, or None if the block does not say it."""
    return block.number_of("delay", block.block["delay"]) if "delay" in block.block else None


def window(block: BlockValues) -> tuple[time, time] | None:
    """Returns the times of the day between which requests are sent, in Viet Nam, or None for the whole day. The window of
    ["22:00", "06:00"] crosses midnight.
    """
    if "window" not in block.block:
        return None
    value = block.block["window"]
    if not isinstance(value, list) or len(value) != 2:
        raise block.error(
            "window",
            f'must be two times of the day in Viet Nam, like ["22:00", "06:00"], not {value!r}',
            f'phải là hai giờ trong ngày theo giờ Việt Nam, ví dụ ["22:00", "06:00"], không phải {value!r}',
        )
    first, last = (_time(block, item) for item in value)
    if first == last:
        raise block.error(
            "window",
            f"begins and ends at {first:%H:%M}; leave the line out if requests may be sent all day",
            f"bắt đầu và kết thúc đều lúc {first:%H:%M}; hãy bỏ dòng này nếu được gửi yêu cầu cả ngày",
        )
    return first, last


def _time(block: BlockValues, value: object) -> time:
    if isinstance(value, time):
        return value
    try:
        found = time.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise block.error(
            "window",
            f'{value!r} is not a time of the day; write it like "22:00"',
            f'{value!r} không phải là giờ trong ngày; hãy viết như "22:00"',
        ) from None
    if found.tzinfo is not None:
        raise block.error(
            "window",
            f'{value!r} has an offset; write the time of Viet Nam, like "22:00"',
            f'{value!r} có múi giờ; hãy viết giờ Việt Nam, ví dụ "22:00"',
        )
    return found


def budget(block: BlockValues) -> int | None:
    """Returns the number of requests a day, or None if there is no limit."""
    if "budget" not in block.block:
        return None
    number = block.number_of("budget", block.block["budget"], least=1)
    if number != int(number):
        raise block.error(
            "budget",
            f"must be a whole number, not {number}, like budget = 2000",
            f"phải là số nguyên, không phải {number}, ví dụ budget = 2000",
        )
    return int(number)


def tls(block: BlockValues) -> TlsException | None:
    """Returns what the connection may lack, or None if nothing. Its last day is required, so that somebody looks at the site again."""
    if "tls" not in block.block:
        return None
    value = block.block["tls"]
    example = '{ bad_certificate = true, until = "2027-06-30" }'
    if not isinstance(value, dict):
        raise block.error("tls", f"must be a table, like {example}", f"phải là một bảng, ví dụ {example}")
    for name in value:
        if name not in _TLS:
            hint, known = suggestion(name, _TLS), ", ".join(_TLS)
            raise block.error(
                "tls", f'unknown exception "{name}"{hint.en}; known are {known}', f'không có ngoại lệ "{name}"{hint.vi}; chỉ có {known}'
            )
    for name in _TLS[:2]:
        if not isinstance(value.get(name, False), bool):
            raise block.error(
                "tls",
                f"{name} must be true or false, without quotes, not {value[name]!r}",
                f"{name} phải là true (có) hoặc false (không), không có dấu ngoặc kép, không phải {value[name]!r}",
            )
    until = block.day("tls", value.get("until", ""))
    if until is None:
        raise block.error(
            "tls",
            f"the last day of the exception is missing; add until, like {example}",
            f"thiếu ngày cuối của ngoại lệ; hãy thêm until, ví dụ {example}",
        )
    exception = TlsException(until, value.get("old_protocol", False), value.get("bad_certificate", False))
    if not (exception.old_protocol or exception.bad_certificate):
        raise block.error(
            "tls",
            f"allows nothing; set old_protocol or bad_certificate to true, like {example}, or leave the line out",
            f"không cho phép gì; hãy đặt old_protocol hoặc bad_certificate là true, ví dụ {example}, hoặc bỏ dòng này",
        )
    return exception
