"""The date of publication out of several readings of one page: which is taken, and whether the others agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from scraper.model import DateReading, Moment, Precision
from scraper.parse.dates import VIETNAM, Stamp, localise, plausible


@dataclass(frozen=True, slots=True)
class Found:
    """A date on a page: as written, as read, and the rule that found it. `checks`: it only checks others, since it is often wrong."""

    text: str
    stamp: Stamp
    rule: str
    checks: bool = False


def choose(name: str, found: Sequence[Found], captured_at: datetime, zone: timezone = VIETNAM, zone_rule: str = "") -> Moment:
    """The first plausible reading, in the order of trust in which they are given; one that only checks is taken last.

    Every reading is kept with its verdict. Another reading of another day sets the flag `conflict`. `zone` is the one in
    which the page's times without a zone were rendered.
    """
    ordered = [*(one for one in found if not one.checks), *(one for one in found if one.checks)]
    taken: Found | None = None
    readings: list[DateReading] = []
    refused: list[str] = []
    for one in ordered:
        value = localise(one.stamp, zone)
        if not plausible(one.stamp, captured_at):
            verdict = "refused: before 1997" if value.year < 1997 else "refused: later than the page was fetched"
            refused.append(f"{value.date()} of {one.rule} {verdict}")
        elif taken is None:
            taken, verdict = one, "taken"
        else:
            verdict = "agrees" if _same_day(one.stamp, taken.stamp, zone) else "disagrees"
        readings.append(DateReading(one.text[:200], value, one.stamp.precision, one.rule, verdict))
    said = f"; {'; '.join(refused)}" if refused else ""
    if taken is None:
        return Moment(None, None, f"{name}: no date on the page{said}", readings=tuple(readings))
    rule, stamp = taken.rule, taken.stamp
    if stamp.precision is Precision.DAY and (finer := _with_time(taken, ordered, zone, captured_at)) is not None:
        # The page shows the day alone, and tells the time elsewhere.
        stamp, rule = finer.stamp, f"{rule}, its time from {finer.rule.partition(': ')[2] or finer.rule}"
    if zone != VIETNAM and stamp.value.tzinfo is None and stamp.precision is Precision.MINUTE:
        rule += f", rendered in {zone_rule}"
    conflict = any(reading.verdict == "disagrees" for reading in readings)
    return Moment(localise(stamp, zone), stamp.precision, rule + said, conflict, tuple(readings))


def _with_time(taken: Found, found: Sequence[Found], zone: timezone, captured_at: datetime) -> Found | None:
    """Another reading of the same day that has a time, and not the midnight that stands for none."""
    for one in found:
        value = localise(one.stamp, zone)
        if (
            one.stamp.precision is Precision.MINUTE
            and (value.hour or value.minute)
            and _same_day(one.stamp, taken.stamp, zone)
            and plausible(one.stamp, captured_at)
        ):
            return one
    return None


def _same_day(one: Stamp, other: Stamp, zone: timezone) -> bool:
    mine, theirs = localise(one, zone), localise(other, zone)
    if Precision.MONTH in (one.precision, other.precision):
        return (mine.year, mine.month) == (theirs.year, theirs.month)
    return mine.date() == theirs.date()
