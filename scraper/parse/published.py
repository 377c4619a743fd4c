"""The date of publication out of several readings of one page: which is taken, and whether the others agree."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone

from scraper.model import DateReading, Moment, Precision, Verdict
from scraper.parse.dates import VIETNAM, Stamp, localise, plausible

# A report of an event tells it within days; what lies further back was brought over from another site under a new date.
_LATEST_REPORT = 31  # days


@dataclass(frozen=True, slots=True)
class Found:
    """A date on a page: as written, as read, and the rule that found it. `checks`: it only checks others, since it is often wrong."""

    text: str
    stamp: Stamp
    rule: str
    checks: bool = False


def choose(name: str, found: Sequence[Found], captured_at: datetime, zone: timezone = VIETNAM, zone_rule: str = "") -> Moment:
    """Return the first plausible reading, in the order of trust in which they are given; one that only checks is taken last.

    Every reading is kept with its verdict. Another reading of another day sets the flag `conflict`. `zone` is the one in
    which the page's times without a zone were rendered, `zone_rule` what says so.

    Some sites print local time and mark it as GMT. If a time without a zone is the same on the clock as a time with
    another zone than Vietnam's, the latter is refused, and `conflict` is set.
    """
    ordered = [*(one for one in found if not one.checks), *(one for one in found if one.checks)]
    readings = [_reading(one, captured_at, zone, zone_rule) for one in ordered]
    if zone is VIETNAM and any(map(_marks_another_zone, ordered)):
        clocks = {_clock(one) for one in found if one.stamp.value.tzinfo is None} - {None}
        readings = [
            _with_verdict(reading, Verdict.LOCAL) if _marks_another_zone(one) and _clock(one) in clocks else reading
            for one, reading in zip(ordered, readings, strict=True)
        ]
    return _settle(name, readings)


_VIETNAM_OFFSET = VIETNAM.utcoffset(None)


def _clock(one: Found) -> datetime | None:
    """The day and minute that a reading names, whatever its zone; None if it names no time, or midnight, which stands for none."""
    clock = one.stamp.value.replace(second=0, microsecond=0, tzinfo=None)
    return clock if one.stamp.precision is Precision.MINUTE and (clock.hour or clock.minute) else None


def _marks_another_zone(one: Found) -> bool:
    zone = one.stamp.value.tzinfo
    return zone is not None and zone is not VIETNAM and zone.utcoffset(None) != _VIETNAM_OFFSET


def without_shared(moment: Moment, name: str, shared: Collection[tuple[str, str]]) -> Moment:
    """The moment without the readings that all pages of the site have in common: rule and value (ISO 8601) of each."""
    if not shared or not any((one.rule, one.value.isoformat(timespec="seconds")) in shared for one in moment.readings):
        return moment
    return _settle(
        name,
        [
            replace(one, verdict=Verdict.SHARED) if (one.rule, one.value.isoformat(timespec="seconds")) in shared else one
            for one in moment.readings
        ],
    )


def check_event(moment: Moment, event: date | None, rule: str | None) -> Moment:
    """The moment, checked against the day of the event that the text tells.

    An event long before the date of publication tells of a date of import; it becomes a reading that disagrees.
    """
    if event is None or moment.value is None or (moment.value.date() - event).days <= _LATEST_REPORT:
        return moment
    told = datetime(event.year, event.month, event.day, tzinfo=VIETNAM)
    reading = DateReading(event.isoformat(), told, Precision.DAY, f"text: {rule}", Verdict.DISAGREES)
    return replace(moment, conflict=True, readings=(*moment.readings, reading))


def _settle(name: str, readings: Sequence[DateReading]) -> Moment:
    """The moment that readings tell, the most trusted first. Those that are refused stay so; the others are judged anew."""
    taken: DateReading | None = None
    judged: list[DateReading] = []
    for one in readings:
        if one.verdict.is_refusal:
            judged.append(one)
        elif taken is None:
            taken = one
            judged.append(_with_verdict(one, Verdict.TAKEN))
        else:
            judged.append(_with_verdict(one, Verdict.AGREES if _same_day(one, taken) else Verdict.DISAGREES))
    refused = "".join(f"; {one.value.date()} of {one.rule} {one.verdict.value}" for one in judged if one.verdict.is_refusal)
    if taken is None:
        return Moment(None, None, f"{name}: no date on the page{refused}", readings=tuple(judged))
    value, precision, rule = taken.value, taken.precision, taken.rule
    if precision is Precision.DAY and (finer := _with_time(taken, judged)) is not None:
        # The page shows the day alone, and tells the time elsewhere.
        value, precision = finer.value, finer.precision
        rule = f"{rule}, its time from {finer.rule.partition(': ')[2] or finer.rule}"
    conflict = any(one.verdict in (Verdict.DISAGREES, Verdict.LOCAL) for one in judged)
    return Moment(value, precision, rule + refused, conflict, tuple(judged))


def _with_verdict(one: DateReading, verdict: Verdict) -> DateReading:
    return one if one.verdict is verdict else replace(one, verdict=verdict)


def _reading(one: Found, captured_at: datetime, zone: timezone, zone_rule: str) -> DateReading:
    value = localise(one.stamp, zone)
    verdict = Verdict.TAKEN
    if not plausible(one.stamp, captured_at):
        verdict = Verdict.TOO_EARLY if value.year < 1997 else Verdict.TOO_LATE
    moved = zone != VIETNAM and one.stamp.value.tzinfo is None and one.stamp.precision is Precision.MINUTE
    return DateReading(one.text[:200], value, one.stamp.precision, one.rule + (f", rendered in {zone_rule}" if moved else ""), verdict)


def _with_time(taken: DateReading, readings: Sequence[DateReading]) -> DateReading | None:
    """Another reading of the same day that has a time, and not the midnight that stands for none."""
    for one in readings:
        timed = one.precision is Precision.MINUTE and (one.value.hour or one.value.minute)
        if timed and _same_day(one, taken) and not one.verdict.is_refusal:
            return one
    return None


def _same_day(one: DateReading, other: DateReading) -> bool:
    if Precision.MONTH in (one.precision, other.precision):
        return (one.value.year, one.value.month) == (other.value.year, other.value.month)
    return one.value.date() == other.value.date()
