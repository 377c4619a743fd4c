"""When a source is in force, and when its exceptions end. Pure. A day that is missing is unknown, so it excludes nothing."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from scraper.model import Source, TlsException


class Standing(StrEnum):
    """Whether a source is in force on a day. A missing first or last day is *unknown*, so it excludes nothing."""

    NOT_YET = "not-yet"  # it begins later
    IN_FORCE = "in-force"
    ENDED = "ended"


def standing(source: Source, day: date) -> Standing:
    """Returns whether a source is in force on a day of Viet Nam. Its first and its last day belong to it."""
    if source.valid_to is not None and day > source.valid_to:
        return Standing.ENDED
    if source.valid_from is not None and day < source.valid_from:
        return Standing.NOT_YET
    return Standing.IN_FORCE


def in_force(source: Source, day: date) -> bool:
    """Returns whether a source is in force on a day of Viet Nam: the ICT departments were until 28 February 2025."""
    return standing(source, day) is Standing.IN_FORCE


def overlap(one: Source, other: Source) -> bool:
    """Returns whether there may be a day on which both sources are in force. A missing day is unknown, so it may be any day."""
    return (one.valid_from or date.min) <= (other.valid_to or date.max) and (other.valid_from or date.min) <= (one.valid_to or date.max)


def tls_exception(source: Source, day: date) -> TlsException | None:
    """Returns what the connection to a source may lack on a day, or None: no exception, or its last day is over."""
    return source.tls if source.tls is not None and day <= source.tls.until else None


def tls_is_over(source: Source, day: date) -> bool:
    """Returns whether a source has an exception that is over. It is no longer applied; somebody must look at the site again."""
    return source.tls is not None and day > source.tls.until
