"""How long a host is left alone after it refused a request or did not answer. Pure, but for chance."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from scrapy.settings import BaseSettings

from scraper.warc.dates import parse_date

LONGEST_STATED = 30 * 86_400.0  # s; a host that states a longer wait is requested once more after it: no wait is for ever by a slip


@dataclass(frozen=True, slots=True)
class PauseLimits:
    """The settings of the pauses. Lengths are in seconds."""

    first: float  # after a refusal that states no length
    longest: float
    useless: int  # pauses of a length that the host did not state, and after which it refused the same page again
    refusals: int  # in a row, for any pages; one more, and the host is left alone for this run
    jitter: float  # share of a delay or a pause that is added at random

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Returns the limits in the settings."""
        return cls(
            first=settings.getfloat("RETRY_AFTER_DEFAULT"),
            longest=settings.getfloat("RETRY_AFTER_MAX"),
            useless=settings.getint("RETRY_AFTER_TIMES"),
            refusals=settings.getint("RETRY_AFTER_REFUSALS"),
            jitter=min(1.0, max(0.0, settings.getfloat("DOWNLOAD_DELAY_JITTER"))),
        )


def stated_seconds(header: bytes | None, now: datetime) -> float | None:
    """Returns the wait in seconds that a Retry-After header states, either as a number of seconds or as a date (RFC 9110, 10.2.3).
    Returns None if the header is missing, cannot be parsed, or is a date that no clock shows (before 1990, or after 2099). Another date
    before `now` gives 0, and a wait longer than LONGEST_STATED gives that.
    """
    if header is None:
        return None
    text = header.decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return min(LONGEST_STATED, float(text[:12]))  # more digits than any real length has
    until = parse_date(text)
    return min(LONGEST_STATED, max(0.0, (until - now).total_seconds())) if until is not None else None


def growing_pause(refusals: int, limits: PauseLimits) -> float:
    """Returns the pause in seconds after a number of refusals in a row: each twice as long as the one before, up to the longest."""
    return min(limits.longest, lengthened(limits.first * 2.0 ** (min(refusals, 30) - 1), limits))


def lengthened(seconds: float, limits: PauseLimits) -> float:
    """Returns a delay or a pause, lengthened at random, so that we do not stay in step with other robots. It is never shortened."""
    return seconds * random.uniform(1.0, 1.0 + limits.jitter)
